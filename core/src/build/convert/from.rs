//! FROM: stages with their base names and platforms expanded (`buildDispatchStates`).

use std::fmt::Write as _;

use std::collections::BTreeSet;

use crate::dockerfile::words::Processed;
use crate::dockerfile::{From, Instruction, Kind, quote, suggest, with_suggestion};
use crate::platform::Platform;

use super::super::lint::LintRule;
use super::names::location;
use super::stage::{Command, Stage, StageId};
use super::{Converter, Outcome, Refusal};

/// FROM's name for an empty file system.
pub(super) const SCRATCH: &str = "scratch";

impl<'a> Converter<'a> {
    /// The FROM instructions with their positions in the file.
    pub(super) fn froms(&self) -> impl Iterator<Item = (usize, &'a Instruction)> + use<'a> {
        let instructions = self.input.dockerfile.instructions.iter().enumerate();
        instructions.filter(|(_, instruction)| instruction.is_from())
    }

    /// Makes the stages, in file order.
    pub(super) fn build_stages(&mut self) -> Outcome<()> {
        let dockerfile = self.input.dockerfile;
        let mut at = dockerfile.preamble().len();
        for instructions in dockerfile.stages() {
            let start = at;
            at += instructions.len();
            let Some((first, rest)) = instructions.split_first() else {
                continue;
            };
            let Kind::From(from) = &first.kind else {
                continue;
            };
            let commands = rest.iter().enumerate().map(|(offset, instruction)| {
                let at = start + 1 + offset;
                Command {
                    instruction: std::borrow::Cow::Borrowed(instruction),
                    location: location(at, instruction),
                    sources: Vec::new(),
                    trigger: false,
                }
            });
            self.build_stage(start, first, from, commands.collect())?;
        }
        Ok(())
    }

    fn build_stage(
        &mut self,
        at: usize,
        instruction: &'a Instruction,
        from: &'a From,
        commands: Vec<Command<'a>>,
    ) -> Outcome<()> {
        let place = location(at, instruction);
        let base = self.lexer.process(&from.image.text, &self.globals);
        self.lint_undeclared(&base.unmatched, at, instruction);
        let base_name = base.text.map_err(|error| Refusal::from(error).at(place))?;
        if base_name.is_empty() {
            let text = format!("base name ({}) should not be blank", from.image.text);
            return Err(Refusal::from(text).at(place));
        }
        let platform = self.stage_platform(at, instruction, from)?;
        let name = from.stage_name().unwrap_or_default();
        let number = self.stages.len();
        let context = match name.as_str() {
            "" => None,
            name => self.named_context(name, platform.as_ref())?,
        };
        let replaced = context.is_some();
        let mut stage = Stage {
            base_name,
            stage_name: name.clone(),
            name,
            location: place,
            platform,
            commands,
            context,
            ..Stage::default()
        };
        if stage.name.is_empty() {
            stage.stage_name = format!("stage-{number}");
        }
        let id = self.add_stage(stage);
        let stage = &mut self.stages[id];
        if replaced {
            stage.base = None;
            return Ok(());
        }
        stage.total = stage
            .commands
            .iter()
            .filter(|c| is_counted(&c.instruction))
            .count();
        if stage.base_name != SCRATCH && stage.base.is_none() {
            stage.total += 1;
        }
        Ok(())
    }

    /// The value of `--platform`, expanded and parsed.
    fn stage_platform(
        &mut self,
        at: usize,
        instruction: &'a Instruction,
        from: &'a From,
    ) -> Outcome<Option<Platform>> {
        let Some(flag) = from.platform.as_ref().filter(|flag| !flag.text.is_empty()) else {
            return Ok(None);
        };
        let place = location(at, instruction);
        let processed = self.lexer.process(&flag.text, &self.globals);
        self.lint_undeclared(&processed.unmatched, at, instruction);
        self.lint_platform(at, instruction, from, &processed);
        let unmatched = processed.unmatched;
        let text = processed.text.map_err(|error| {
            Refusal::from(format!(
                "failed to process arguments for platform : {error}"
            ))
            .at(place)
        })?;
        if text.is_empty() {
            let text = format!("empty platform value from expression {}", flag.text);
            return Err(Refusal::from(self.with_suggestion(text, &unmatched)).at(place));
        }
        match parse_platform(&text) {
            Ok(platform) => Ok(Some(platform)),
            Err(why) => {
                let why = self.with_suggestion(why, &unmatched);
                let text = format!("failed to parse platform {}: {why}", flag.text);
                Err(Refusal::from(text).at(place))
            }
        }
    }

    /// Suggests a variable for one of those that are not set.
    fn with_suggestion(&self, text: String, unmatched: &BTreeSet<String>) -> String {
        let found = unmatched
            .iter()
            .find_map(|name| suggest(name, self.globals.keys(), true));
        match found {
            Some(option) => format!("{text} (did you mean {option}?)"),
            None => text,
        }
    }

    fn lint_undeclared(
        &mut self,
        unmatched: &BTreeSet<String>,
        at: usize,
        instruction: &'a Instruction,
    ) {
        if unmatched.is_empty() {
            return;
        }
        let known = self.known_in_from();
        for name in unmatched.difference(&known) {
            let mut message = format!("FROM argument '{name}' is not declared");
            if let Some(option) = suggest(name, known.iter().map(String::as_str), true) {
                let _ = write!(message, " (did you mean {option}?)");
            }
            self.lint(LintRule::UndefinedArgInFrom, at, instruction, message);
        }
    }

    fn lint_platform(
        &mut self,
        at: usize,
        instruction: &'a Instruction,
        from: &'a From,
        processed: &Processed,
    ) {
        let text = processed.text.as_deref().unwrap_or_default();
        let written = from.platform.as_ref().map_or("", |flag| &flag.text);
        let is_target = processed.matched.len() == 1
            && processed.unmatched.is_empty()
            && processed.matched.contains("TARGETPLATFORM");
        if is_target && self.globals.get("TARGETPLATFORM") == Some(text) {
            let message = format!(
                "Setting platform to predefined {written} in FROM is redundant as this is the default behavior"
            );
            self.lint(LintRule::RedundantTargetPlatform, at, instruction, message);
        }
        if !processed.matched.is_empty() || !processed.unmatched.is_empty() {
            return;
        }
        let Ok(platform) = text.parse::<Platform>() else {
            return;
        };
        let name = from.stage_name().unwrap_or_default();
        if !name.contains(&platform.os) && !name.contains(&platform.architecture) {
            let message = format!(
                "FROM --platform flag should not use constant value {}",
                quote(text)
            );
            self.lint(
                LintRule::FromPlatformFlagConstDisallowed,
                at,
                instruction,
                message,
            );
        }
    }

    /// Appends a stage and finds the stage that its base names.
    pub(super) fn add_stage(&mut self, mut stage: Stage<'a>) -> StageId {
        let id = self.stages.len();
        stage.base = self.by_name.get(&stage.base_name).copied();
        if !stage.name.is_empty() {
            self.by_name.insert(stage.name.to_lowercase(), id);
        }
        self.stages.push(stage);
        id
    }

    /// The stage that the command line asks for, or the last one.
    pub(super) fn target(&self) -> Outcome<StageId> {
        let Some(name) = self.requested_target() else {
            return self
                .stages
                .len()
                .checked_sub(1)
                .ok_or_else(|| "dockerfile contains no stages to build".into());
        };
        self.by_name
            .get(&name.to_lowercase())
            .copied()
            .ok_or_else(|| {
                let text = format!("target stage {} could not be found", quote(name));
                with_suggestion(text, name, self.stage_names(), true).into()
            })
    }

    /// Names of all stages, for suggestions.
    pub(super) fn stage_names(&self) -> impl Iterator<Item = &str> {
        let names = self.stages.iter().map(|stage| stage.stage_name.as_str());
        names.filter(|name| !name.is_empty())
    }
}

/// It counts as a step.
fn is_counted(instruction: &Instruction) -> bool {
    matches!(
        instruction.kind,
        Kind::Add(_) | Kind::Copy(_) | Kind::Run(_) | Kind::Workdir(_)
    )
}

/// containerd's `platforms.Parse`, which spells `arm64` with three parts `arm64/v8`, and `arm` with
/// fewer without its variant.
pub(super) fn parse_platform(text: &str) -> Result<Platform, String> {
    let mut platform: Platform = text
        .parse()
        .map_err(|error: crate::platform::ParseError| error.to_string())?;
    let three_parts = text.matches('/').count() == 2;
    if three_parts && platform.architecture == "arm64" && platform.variant.is_empty() {
        "v8".clone_into(&mut platform.variant);
    }
    if !three_parts && platform.architecture == "arm" && platform.variant == "v7" {
        platform.variant.clear();
    }
    Ok(platform)
}
