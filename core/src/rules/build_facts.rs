//! What a rule about a Dockerfile and its build may look at.

use crate::build::{BuildRequest, Outcome, PlatformOutcome};
use crate::content::{Followed, SourceFile};
use crate::diagnostic::{Place, Span};
use crate::dockerfile::{Dockerfile, Instruction, Kind, ParseProblem};
use crate::environment::Environment;
use crate::platform::Platform;

/// A build, predicted.
#[derive(Debug, Clone, Copy)]
pub struct BuildFacts<'a> {
    /// Name of the Dockerfile as the user knows it.
    pub file: &'a str,
    pub source: &'a str,
    pub dockerfile: &'a Dockerfile,
    pub problems: &'a [ParseProblem],
    pub request: &'a BuildRequest,
    pub environment: &'a Environment,
    pub outcome: &'a Outcome,
    /// Paths of the build context, where they are known.
    pub files: &'a [String],
    /// The files of the context with their bytes, where they are known.
    pub sources: &'a [SourceFile<'a>],
    /// What each platform's image holds, in the order of `outcome.platforms`.
    pub content: &'a [Followed],
    /// Why buildx refuses to export the result, in its words.
    pub output_refusal: Option<&'a str>,
}

/// A stage as it is written.
#[derive(Debug, Clone, Copy)]
pub struct WrittenStage<'a> {
    /// Position of its FROM in `Dockerfile::instructions`.
    pub at: usize,
    pub from: &'a Instruction,
    /// The instructions after FROM.
    pub body: &'a [Instruction],
}

impl<'a> BuildFacts<'a> {
    /// A span of the Dockerfile as a finding's place.
    pub fn place(&self, span: Span, platform: Option<&Platform>) -> Place {
        Place::Source {
            file: self.file.to_owned(),
            span,
            platform: platform.cloned(),
        }
    }

    /// The stages in file order.
    pub fn stages(&self) -> Vec<WrittenStage<'a>> {
        let mut at = self.dockerfile.preamble().len();
        let mut stages = Vec::new();
        for instructions in self.dockerfile.stages() {
            if let Some((from, body)) = instructions.split_first() {
                stages.push(WrittenStage { at, from, body });
            }
            at += instructions.len();
        }
        stages
    }

    /// The stage that is exported: the target, or the last one.
    pub fn final_stage(&self) -> Option<WrittenStage<'a>> {
        let stages = self.stages();
        let target = self.request.target.as_deref().filter(|t| !t.is_empty());
        match target {
            None => stages.last().copied(),
            Some(target) => stages
                .into_iter()
                .rfind(|stage| stage.name().is_some_and(|n| n.eq_ignore_ascii_case(target))),
        }
    }

    /// The instruction at a position.
    pub fn instruction(&self, at: usize) -> Option<&'a Instruction> {
        self.dockerfile.instructions.get(at)
    }

    /// Platforms that were understood, each with its outcome.
    pub fn platforms(&self) -> impl Iterator<Item = (&'a Platform, &'a PlatformOutcome)> {
        let outcomes = self.outcome.platforms.iter();
        outcomes.filter_map(|outcome| Some((outcome.platform.as_ref()?, outcome)))
    }

    /// Platforms that were understood, each with the files of its image.
    pub fn contents(&self) -> impl Iterator<Item = (&'a Platform, &'a Followed)> {
        let outcomes = self.outcome.platforms.iter().zip(self.content);
        outcomes.filter_map(|(outcome, content)| Some((outcome.platform.as_ref()?, content)))
    }

    /// The builder's own platform.
    pub fn native(&self) -> Platform {
        let native = self.request.build_platforms.first();
        native.cloned().unwrap_or_else(|| self.environment.native())
    }
}

impl<'a> WrittenStage<'a> {
    /// The lower-case name after AS.
    pub fn name(&self) -> Option<String> {
        match &self.from.kind {
            Kind::From(from) => from.stage_name(),
            _ => None,
        }
    }

    /// FROM's own part.
    pub fn from_kind(&self) -> Option<&'a crate::dockerfile::From> {
        match &self.from.kind {
            Kind::From(from) => Some(from),
            _ => None,
        }
    }
}
