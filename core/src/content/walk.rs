//! Goes through the instructions of one platform, stage by stage.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::label::{Label, Libc, Machine, Origin};
use super::run::Kitchen;
use super::transfer::{Words, copy_tree};
use super::tree::Tree;
use super::{Content, SourceFile, start};
use crate::build::{BaseKnowledge, BuildRequest, Outcome, PlatformOutcome, ResolvedBase};
use crate::ci::trace::Texts;
use crate::dockerfile::context::{Ignore, clean};
use crate::dockerfile::mount::{Mount, MountKind};
use crate::dockerfile::words::Lexer;
use crate::dockerfile::{Dockerfile, Instruction, Kind, Run, Transfer};
use crate::platform::Platform;

/// What is followed.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    pub dockerfile: &'a Dockerfile,
    pub request: &'a BuildRequest,
    pub outcome: &'a Outcome,
    pub files: &'a [SourceFile<'a>],
}

/// What one platform's image holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followed {
    /// By path; empty where the platform cannot be built.
    pub content: Vec<Content>,
    /// The C library of the final image, where it is known.
    pub libc: Option<Libc>,
    /// The instruction that cannot succeed.
    pub stuck: Option<Stuck>,
}

/// Where a platform's build ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stuck {
    /// Position in `Dockerfile::instructions`.
    pub at: usize,
    /// Exit status of the script of a RUN that fails whatever its programs do. Without one a file
    /// is not there, as far as the files are known.
    pub status: Option<i32>,
}

/// An instruction that cannot succeed; the exit status as in [`Stuck`].
pub(super) struct Stop(pub(super) Option<i32>);

/// A stage on the way.
#[derive(Debug, Clone, Default)]
pub(super) struct Stage {
    pub(super) name: Option<String>,
    pub(super) tree: Tree,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) directory: String,
    pub(super) machine: Option<Platform>,
    pub(super) libc: Option<Libc>,
    pub(super) shell: Option<Vec<String>>,
    /// Where bundler was told to put gems.
    pub(super) gems: Option<String>,
    /// What commands wrote into files, to the letter.
    pub(super) texts: Texts,
}

pub(super) struct Walker<'a> {
    pub(super) project: Project<'a>,
    outcome: &'a PlatformOutcome,
    /// For each file of the context whether it reaches the builder.
    pub(super) kept: &'a [bool],
    /// By position of FROM.
    stages: Vec<(usize, Stage)>,
}

/// Follows the files of every platform, in the order of the outcome.
pub fn follow(project: &Project<'_>) -> Vec<Followed> {
    let ignore = project.request.dockerignore.as_deref();
    let ignore = ignore
        .and_then(|text| Ignore::parse(text).ok())
        .unwrap_or_default();
    let kept: Vec<bool> = project
        .files
        .iter()
        .map(|file| ignore.keeps(file.path))
        .collect();
    project
        .outcome
        .platforms
        .iter()
        .map(|outcome| {
            let walker = Walker {
                project: *project,
                outcome,
                kept: &kept,
                stages: Vec::new(),
            };
            walker.walk()
        })
        .collect()
}

impl Walker<'_> {
    fn walk(mut self) -> Followed {
        let Ok(image) = &self.outcome.result else {
            return Followed::default();
        };
        for effect in &self.outcome.effects {
            let Some(instruction) = self.project.dockerfile.instructions.get(effect.instruction)
            else {
                continue;
            };
            if let Kind::From(_) = &instruction.kind {
                let stage = self.enter(effect.instruction, instruction);
                self.stages.push((effect.instruction, stage));
            }
            let Some((from, mut stage)) = self.stages.pop() else {
                continue;
            };
            for (key, value) in &effect.sets {
                stage.environment.insert(key.clone(), value.clone());
            }
            if let Some(directory) = &effect.directory {
                stage.directory.clone_from(directory);
                if !matches!(instruction.kind, Kind::From(_)) {
                    stage.tree.make_folder(directory);
                }
            }
            stage.tree.now = effect.instruction;
            let done = self.step(effect.instruction, instruction, &mut stage);
            self.stages.push((from, stage));
            if let Err(Stop(status)) = done {
                return Followed {
                    stuck: Some(Stuck {
                        at: effect.instruction,
                        status,
                    }),
                    ..Followed::default()
                };
            }
        }
        let Some((_, stage)) = self.final_stage() else {
            return Followed::default();
        };
        let mut content: BTreeMap<String, Content> = BTreeMap::new();
        for (path, node) in &stage.tree.nodes {
            if path.is_empty() || path == "/" {
                continue;
            }
            let label = if node.mixed && node.label.machine != Machine::Unknown {
                let why = "the folder holds files of the image below too";
                node.label.with(Machine::Unknown, why)
            } else {
                (*node.label).clone()
            };
            let entry = Content {
                path: path.clone(),
                label,
                folder: node.folder,
                put_at: Some(node.put_at),
            };
            content.insert(path.clone(), entry);
        }
        if let Some(path) = start::program(&image.config, &stage.tree)
            && let (None, Some(label)) = (content.get(&path), stage.tree.find(&path))
        {
            let label = (*label).clone();
            let folder = false;
            content.insert(
                path.clone(),
                Content {
                    path,
                    label,
                    folder,
                    put_at: None,
                },
            );
        }
        Followed {
            content: content.into_values().collect(),
            libc: stage.libc,
            stuck: None,
        }
    }

    /// The stage that is exported.
    fn final_stage(&self) -> Option<&(usize, Stage)> {
        let target = self
            .project
            .request
            .target
            .as_deref()
            .filter(|t| !t.is_empty());
        match target {
            None => self.stages.last(),
            Some(target) => {
                let target = target.to_lowercase();
                let mut named = self.stages.iter().rev();
                named
                    .find(|(_, stage)| stage.name.as_deref() == Some(&target))
                    .or(self.stages.last())
            }
        }
    }

    /// What FROM begins with.
    fn enter(&self, at: usize, instruction: &Instruction) -> Stage {
        let Kind::From(from) = &instruction.kind else {
            return Stage::default();
        };
        let name = from.stage_name();
        let resolved = self
            .outcome
            .bases
            .iter()
            .find(|base| base.instruction == Some(at));
        if let Some(base) = resolved {
            let label = image_label(base, at);
            let machine = machine_of(&label);
            return Stage {
                name,
                tree: Tree {
                    base: Some(Rc::new(label)),
                    ..Tree::default()
                },
                directory: "/".to_owned(),
                machine,
                libc: libc_of(&base.reference),
                ..Stage::default()
            };
        }
        let image = self.global(&from.image.text).to_lowercase();
        if image == "scratch" {
            return Stage {
                name,
                directory: "/".to_owned(),
                ..Stage::default()
            };
        }
        let mut earlier = self.stages.iter().rev();
        match earlier.find(|(_, stage)| stage.name.as_deref() == Some(&image)) {
            Some((_, base)) => Stage {
                name,
                ..base.clone()
            },
            None => Stage {
                name,
                tree: Tree {
                    base: Some(Rc::new(unknown_image(&image, at))),
                    ..Tree::default()
                },
                directory: "/".to_owned(),
                ..Stage::default()
            },
        }
    }

    /// A word of FROM with the variables before the first FROM.
    fn global(&self, text: &str) -> String {
        let lexer = Lexer::new(self.project.dockerfile.escape);
        let mut globals: BTreeMap<String, String> = BTreeMap::new();
        let target = self.outcome.platform.clone().unwrap_or_default();
        globals.insert("TARGETARCH".to_owned(), target.architecture.clone());
        globals.insert("TARGETOS".to_owned(), target.os.clone());
        globals.insert("TARGETVARIANT".to_owned(), target.variant.clone());
        for instruction in self.project.dockerfile.preamble() {
            let Kind::Arg(arguments) = &instruction.kind else {
                continue;
            };
            for argument in arguments {
                let key = &argument.key.text;
                let given = self.project.request.build_args.get(key).cloned();
                let default = argument.value.as_ref();
                let default = default.and_then(|word| lexer.word(&word.text, &globals).ok());
                if let Some(value) = given.or(default) {
                    globals.insert(key.clone(), value);
                }
            }
        }
        lexer
            .word(text, &globals)
            .unwrap_or_else(|_| text.to_owned())
    }

    fn step(&self, at: usize, instruction: &Instruction, stage: &mut Stage) -> Result<(), Stop> {
        match &instruction.kind {
            Kind::Copy(transfer) => self.transfer(at, transfer, false, stage),
            Kind::Add(transfer) => self.transfer(at, transfer, true, stage),
            Kind::Run(run) => self.run(at, instruction, run, stage),
            Kind::Shell(words) => {
                stage.shell = Some(words.iter().map(|word| word.text.clone()).collect());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn expand(&self, text: &str, stage: &Stage) -> String {
        let lexer = Lexer::new(self.project.dockerfile.escape);
        lexer
            .word(text, &stage.environment)
            .unwrap_or_else(|_| text.to_owned())
    }

    fn transfer(
        &self,
        at: usize,
        transfer: &Transfer,
        add: bool,
        stage: &mut Stage,
    ) -> Result<(), Stop> {
        let destination = self.expand(&transfer.destination.text, stage);
        let destination = if destination.starts_with('/') {
            destination
        } else if matches!(destination.as_str(), "" | "." | "./") {
            format!("{}/", stage.directory.trim_end_matches('/'))
        } else {
            format!("{}/{destination}", stage.directory.trim_end_matches('/'))
        };
        let sources = transfer
            .sources
            .iter()
            .map(|source| self.expand(&source.text, stage));
        let words = Words {
            sources: sources.collect(),
            destination,
            at,
        };
        let from = transfer.from.as_ref().filter(|from| !from.text.is_empty());
        let done = match from {
            None => self.copy_context(transfer, &words, add, &mut stage.tree),
            Some(from) => {
                let source = self.source(&from.text, at);
                copy_tree(&source, transfer, &words, &mut stage.tree)
            }
        };
        // What was copied may lie on top of what a command wrote.
        let nodes = &stage.tree.nodes;
        let is_written = |path: &String| {
            let node = nodes.get(path);
            node.is_some_and(|node| {
                node.label.origin == Origin::Command && node.label.instruction < at
            })
        };
        stage.texts.retain(|path, _| is_written(path));
        done
    }

    /// The files of a stage or image that `--from` names.
    fn source(&self, name: &str, at: usize) -> Cow<'_, Tree> {
        let lower = name.to_lowercase();
        let mut stages = self.stages.iter().rev();
        if let Some((_, stage)) = stages.find(|(_, stage)| stage.name.as_deref() == Some(&lower)) {
            return Cow::Borrowed(&stage.tree);
        }
        if let Ok(number) = name.parse::<usize>() {
            let from = self.project.dockerfile.preamble().len();
            let mut froms = self
                .project
                .dockerfile
                .instructions
                .iter()
                .enumerate()
                .skip(from);
            let nth = froms.by_ref().filter(|(_, i)| i.is_from()).nth(number);
            let stage = nth.and_then(|(at, _)| self.stages.iter().find(|(from, _)| *from == at));
            if let Some((_, stage)) = stage {
                return Cow::Borrowed(&stage.tree);
            }
        }
        let bases = &self.outcome.bases;
        let of_image = |base: &&ResolvedBase| {
            let from = base
                .instruction
                .and_then(|at| self.project.dockerfile.instructions.get(at));
            !from.is_some_and(Instruction::is_from)
        };
        let resolved = bases
            .iter()
            .find(|base| base.instruction == Some(at))
            .or_else(|| bases.iter().filter(of_image).find(|base| base.name == name));
        let label = match resolved {
            Some(base) => image_label(base, at),
            None => unknown_image(name, at),
        };
        Cow::Owned(Tree {
            base: Some(Rc::new(label)),
            ..Tree::default()
        })
    }

    fn run(
        &self,
        at: usize,
        instruction: &Instruction,
        run: &Run,
        stage: &mut Stage,
    ) -> Result<(), Stop> {
        let mut mounted = Vec::new();
        for word in &run.mounts {
            let mut expand = |value: &str| Ok(self.expand(value, stage));
            let Ok(mount) = Mount::parse(&word.text, &mut expand) else {
                continue;
            };
            if !matches!(
                mount.kind,
                MountKind::Bind | MountKind::Cache | MountKind::Tmpfs
            ) {
                continue;
            }
            let target = if mount.target.starts_with('/') {
                clean(&mount.target)
            } else {
                clean(&format!("{}/{}", stage.directory, mount.target))
            };
            let before = stage.tree.clone();
            let words = Words {
                sources: vec![mount.source.clone()],
                destination: format!("{target}/"),
                at,
            };
            if mount.kind == MountKind::Bind {
                let transfer = Transfer::default();
                let done = if mount.from.is_empty() {
                    self.copy_context(&transfer, &words, false, &mut stage.tree)
                } else {
                    let source = self.source(&mount.from, at);
                    copy_tree(&source, &transfer, &words, &mut stage.tree)
                };
                if done.is_err() && !mount.source.is_empty() {
                    return Err(Stop(None));
                }
            }
            mounted.push((target, before));
        }
        let done = Kitchen::new(self, at, instruction, stage).run(run);
        // What lies below a mount is not part of the image.
        for (target, before) in mounted.into_iter().rev() {
            stage.tree.remove(&target);
            let inside = format!("{target}/");
            for (path, node) in before.below(&inside) {
                stage.tree.put_node(path, node);
            }
            if let Some(node) = before.nodes.get(&target) {
                stage.tree.put_node(&target, node);
            }
        }
        done
    }
}

/// The platform that a label names.
fn machine_of(label: &Label) -> Option<Platform> {
    match &label.machine {
        Machine::For(platform) => Some(platform.clone()),
        Machine::Any | Machine::Unknown => None,
    }
}

fn image_label(base: &ResolvedBase, at: usize) -> Label {
    let known = base.config.as_ref().or(base.entry.as_ref());
    let assumed = (base.known == BaseKnowledge::Assumed).then_some(&base.wanted);
    let platform = known.or(assumed).map(Platform::normalised);
    let why = match (&platform, base.bare) {
        (Some(_), true) => "the image has one manifest, which every platform gets",
        (Some(_), false) => "it comes from the image for that platform",
        (None, _) => "the platform of the image is not known",
    };
    Label {
        machine: platform.map_or(Machine::Unknown, Machine::For),
        origin: Origin::Image,
        from: base.reference.clone(),
        why: why.to_owned(),
        libc: None,
        made_on: None,
        instruction: at,
    }
}

fn unknown_image(name: &str, at: usize) -> Label {
    Label {
        machine: Machine::Unknown,
        origin: Origin::Image,
        from: name.to_owned(),
        why: "nothing is known of the image".to_owned(),
        libc: None,
        made_on: None,
        instruction: at,
    }
}

/// The C library that an image's name tells.
fn libc_of(reference: &str) -> Option<Libc> {
    let (repository, tag) = reference.rsplit_once(':').unwrap_or((reference, ""));
    let name = repository.rsplit('/').next().unwrap_or(repository);
    let musl = name.contains("alpine") || tag.contains("alpine") || tag.contains("musl");
    let glibc = [
        "debian",
        "ubuntu",
        "bookworm",
        "trixie",
        "bullseye",
        "slim",
        "fedora",
        "rockylinux",
        "almalinux",
        "amazonlinux",
        "ubi",
        "noble",
        "jammy",
        "azurelinux",
    ];
    if musl {
        return Some(Libc::Musl);
    }
    let official = [
        "golang",
        "rust",
        "gcc",
        "node",
        "python",
        "ruby",
        "php",
        "openjdk",
        "nginx",
        "amazoncorretto",
    ];
    let is_glibc = glibc
        .iter()
        .any(|word| name.contains(word) || tag.contains(word))
        || official.contains(&name);
    is_glibc.then_some(Libc::Glibc)
}
