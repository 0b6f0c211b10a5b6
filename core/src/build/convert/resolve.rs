//! Which stages are needed, and what their base images are (`resolveStages`,
//! `resolveReachableStages`, `resolveBaseImage`).

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::bases::{Entry, Image as BaseImage, Lookup};
use crate::dockerfile::{Kind, parse_trigger, quote, with_suggestion};
use crate::platform::Platform;
use crate::reference::Reference;

use super::super::graph::{Content, Vertex};
use super::super::lint::LintRule;
use super::super::outcome::{BaseKnowledge, ResolvedBase, StepKind};
use super::from::SCRATCH;
use super::image::Image;
use super::names::numbered;
use super::stage::{Command, StageId, State};
use super::{Converter, Outcome, Refusal};

/// Repositories whose names are suggested for a misspelt image.
const COMMON: [&str; 7] = [
    "alpine", "busybox", "centos", "debian", "golang", "ubuntu", "fedora",
];

/// Triggers can bring in stages whose bases have triggers again; BuildKit would go on for ever.
const MAX_ROUNDS: usize = 1000;

/// What a reference resolved to.
pub(super) struct Resolved {
    pub(super) entry: Option<Entry>,
    bare: bool,
    known: BaseKnowledge,
}

impl<'a> Converter<'a> {
    /// The stages that the target needs, with bases resolved and triggers fired.
    pub(super) fn resolve_stages(&mut self, target: StageId) -> Outcome<BTreeSet<StageId>> {
        for _ in 0..MAX_ROUNDS {
            let reachable = self.reachable(target);
            self.resolve_bases(&reachable)?;
            let mut new_stages = false;
            for &id in &reachable {
                self.inherit(id);
                let triggers = self.triggers(id);
                if triggers.is_empty() {
                    continue;
                }
                let location = self.stages[id].location;
                new_stages |= self
                    .fire(id, &triggers)
                    .map_err(|refusal| refusal.set(location))?;
                self.stages[id].image.config.on_build.clear();
            }
            if !new_stages {
                return Ok(reachable);
            }
        }
        Ok(self.reachable(target))
    }

    fn reachable(&self, target: StageId) -> BTreeSet<StageId> {
        let mut reachable = BTreeSet::new();
        let mut stack = vec![target];
        while let Some(id) = stack.pop() {
            if reachable.insert(id) {
                stack.extend(self.stages[id].base);
                stack.extend(&self.stages[id].deps);
            }
        }
        reachable
    }

    /// `--check` without a target judges every stage.
    pub(super) fn all_stages(&self) -> bool {
        self.mode.check && self.requested_target().is_none()
    }

    /// BuildKit resolves the bases at the same time: one that fails does not keep the others from
    /// warning. Which of several failures it tells is a race, which the last one mostly wins.
    fn resolve_bases(&mut self, reachable: &BTreeSet<StageId>) -> Outcome<()> {
        let mut refused = Ok(());
        for id in 0..self.stages.len() {
            let needed = reachable.contains(&id) || self.all_stages();
            let stage = &mut self.stages[id];
            if stage.base.is_some() || stage.dispatched || stage.resolved {
                continue;
            }
            stage.resolved = needed;
            if stage.base_name == SCRATCH && stage.context.is_none() {
                stage.state = State::default();
                stage.image = Image::scratch(self.mode.target);
                stage.platform = Some(self.mode.target.clone());
                stage.dispatched |= stage.unregistered;
                continue;
            }
            let location = stage.location;
            let result = self.resolve_base(id, needed);
            self.stages[id].dispatched |= self.stages[id].unregistered;
            if let Err(refusal) = result {
                refused = Err(refusal.at(location));
            }
        }
        refused
    }

    fn resolve_base(&mut self, id: StageId, needed: bool) -> Outcome<()> {
        let name = self.stages[id].base_name.clone();
        let reference: Reference = name.parse().map_err(|error| {
            let error: crate::reference::ParseError = error;
            format!("failed to parse stage name {}: {error}", quote(&name))
        })?;
        let reference = reference.with_default_tag();
        let target = self.mode.target.clone();
        let mut platform = self.stages[id].platform.clone().unwrap_or(target);
        self.stages[id].base_name = reference.to_string();
        let mut resolved = None;
        if needed {
            if self.use_context(id, &platform)? {
                return Ok(());
            }
            let found = self.look_up(&name, &reference, &platform)?;
            let image = Image::of_base(found.entry.as_ref(), &platform);
            if self.stages[id].platform.is_none() && self.mode.check {
                platform = self.detect_platform(&image.platform, platform);
            }
            if let Some(digest) = self.input.catalogue.digest(&reference) {
                let pinned = Reference {
                    digest: Some(digest.clone()),
                    ..reference.clone()
                };
                self.stages[id].base_name = pinned.to_string();
            }
            self.note_base(id, &name, &platform, &found);
            self.stages[id].image = image;
            resolved = Some(found);
        }
        let entry = resolved.as_ref().and_then(|found| found.entry.as_ref());
        if entry.is_some_and(is_empty) {
            self.stages[id].state = State::default();
        } else {
            self.stages[id].state = self.image_state(id, &platform);
            if needed {
                self.lint_base_platform(id, &name, &platform);
            }
        }
        self.stages[id].platform = Some(platform);
        Ok(())
    }

    /// The vertex that pulls a stage's base image.
    fn image_state(&mut self, id: StageId, platform: &Platform) -> State {
        let multi = self.mode.multi.then_some(platform);
        let stage = &mut self.stages[id];
        let name = numbered(
            stage,
            &format!("FROM {}", stage.base_name.clone()),
            multi,
            None,
        );
        let mut content = Content::new("image");
        content.text(&stage.base_name).platform(platform);
        let output = self.graph.add(Vertex {
            kind: StepKind::Source,
            name,
            platform: Some(platform.normalised()),
            content,
            inputs: Vec::new(),
            links: Vec::new(),
            instruction: stage.location.instruction,
            listed: true,
            grouped: false,
            fault: None,
        });
        State {
            output: Some(output),
            platform: Some(platform.normalised()),
            ..State::default()
        }
    }

    /// Resolves what FROM or `--from` names; a refusal begins with the name as written and may
    /// suggest another.
    fn look_up(&self, name: &str, reference: &Reference, platform: &Platform) -> Outcome<Resolved> {
        self.find(reference, platform).map_err(|refusal| {
            // BuildKit forgets the slash in two of the four.
            let common: Vec<String> = COMMON
                .iter()
                .flat_map(|image| {
                    let full = format!("docker.io/library{image}");
                    let latest = [format!("{image}:latest"), format!("{full}:latest")];
                    [(*image).to_owned(), full].into_iter().chain(latest)
                })
                .collect();
            let options = self.stage_names().chain(common.iter().map(String::as_str));
            let text = format!("{name}: {}", refusal.text);
            Refusal::from(with_suggestion(text, name, options, true))
        })
    }

    /// Resolves a reference for a platform.
    pub(super) fn find(&self, reference: &Reference, platform: &Platform) -> Outcome<Resolved> {
        let failed = |why: &str| {
            Refusal::from(format!(
                "failed to resolve source metadata for {reference}: {why}"
            ))
        };
        let select = |image: &BaseImage, known| match image.select(platform) {
            Some(entry) => Ok(Resolved {
                entry: Some(entry.clone()),
                bare: matches!(image, BaseImage::Manifest(_)),
                known,
            }),
            None => Err(failed("no match for platform in manifest: not found")),
        };
        match self.input.catalogue.lookup(reference) {
            Lookup::Known(image) => select(image, BaseKnowledge::Full),
            Lookup::Official(image) => select(&image, BaseKnowledge::Platforms),
            Lookup::Assumed => Ok(Resolved {
                entry: None,
                bare: false,
                known: BaseKnowledge::Assumed,
            }),
            Lookup::Absent => Err(failed(&format!("{reference}: not found"))),
        }
    }

    /// `autoDetectPlatform`: where no platform was asked for, one of the builder's that the image
    /// is for.
    fn detect_platform(&self, image: &Platform, wanted: Platform) -> Platform {
        let same = |p: &Platform| p.os == image.os && p.architecture == image.architecture;
        if same(&wanted) {
            return wanted;
        }
        let mut builders = self.input.request.build_platforms.iter().take(1);
        builders.find(|p| same(p)).cloned().unwrap_or(wanted)
    }

    pub(super) fn note_base(
        &mut self,
        id: StageId,
        name: &str,
        wanted: &Platform,
        found: &Resolved,
    ) {
        let stage = &self.stages[id];
        let entry = found.entry.as_ref();
        self.bases.push(ResolvedBase {
            name: name.to_owned(),
            reference: stage.base_name.clone(),
            wanted: wanted.normalised(),
            entry: entry.and_then(|entry| entry.platform.clone()),
            config: entry.and_then(Entry::own_platform).cloned(),
            bare: found.bare,
            known: found.known,
            instruction: stage.location.instruction,
        });
    }

    fn lint_base_platform(&mut self, id: StageId, name: &str, expected: &Platform) {
        let stage = &self.stages[id];
        let actual = &stage.image.platform;
        if expected.os == actual.os && expected.architecture == actual.architecture {
            return;
        }
        let message = format!(
            "Base image {name} was pulled with platform {}, expected {} for current build",
            quote(&actual.normalised().to_string()),
            quote(&expected.normalised().to_string()),
        );
        let (checks, location) = (self.linter.checks.clone(), stage.location);
        self.linter.run(
            &checks,
            LintRule::InvalidBaseImagePlatform,
            location,
            message,
        );
    }

    /// Takes over what the base stage has so far.
    pub(super) fn inherit(&mut self, id: StageId) {
        let Some(base) = self.stages[id].base else {
            return;
        };
        let from = &self.stages[base];
        let (files, platform) = (from.state.clone(), from.platform.clone());
        let (mut image, workdir_set) = (from.image.clone(), from.workdir_set);
        let arguments = from.build_args.clone();
        image.config.on_build.clear();
        let stage = &mut self.stages[id];
        stage.state = files;
        stage.platform = platform;
        stage.image = image;
        stage.workdir_set = workdir_set;
        stage.build_args.extend(arguments);
    }

    /// Triggers of the base image, or of the base stage, which fire once.
    fn triggers(&mut self, id: StageId) -> Vec<String> {
        let mut triggers = self.stages[id].image.config.on_build.clone();
        let Some(base) = self.stages[id].base else {
            return triggers;
        };
        if std::mem::replace(&mut self.stages[id].onbuild_done, true) {
            return triggers;
        }
        for command in &self.stages[base].commands {
            if let Kind::Onbuild(onbuild) = &command.instruction.kind {
                triggers.push(onbuild.expression.clone());
            }
        }
        triggers
    }

    /// Puts triggers before a stage's own instructions; tells whether they read other stages.
    fn fire(&mut self, id: StageId, triggers: &[String]) -> Outcome<bool> {
        let mut fired: Vec<Command<'a>> = Vec::with_capacity(triggers.len());
        let mut new_stages = false;
        for trigger in triggers {
            let mut command = trigger_command(trigger)?;
            command.location = self.stages[id].location;
            command.sources = self.sources(&command)?;
            new_stages |= !command.sources.is_empty();
            let sources = command.sources.clone();
            self.depend(id, &sources);
            fired.push(command);
        }
        let stage = &mut self.stages[id];
        stage.total += fired.len();
        fired.append(&mut stage.commands);
        stage.commands = fired;
        Ok(new_stages)
    }
}

/// It has no layers at all.
fn is_empty(entry: &Entry) -> bool {
    entry.diff_ids.as_ref().is_some_and(Vec::is_empty)
        && entry.history.iter().all(|history| history.empty_layer)
}

/// The instruction that a trigger's text is.
fn trigger_command<'a>(text: &str) -> Outcome<Command<'a>> {
    Ok(Command {
        instruction: Cow::Owned(parse_trigger(text)?),
        location: super::Location::default(),
        sources: Vec::new(),
        trigger: true,
    })
}
