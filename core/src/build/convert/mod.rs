//! One conversion: a Dockerfile for one target platform into a graph, an image and lint facts
//! (`dockerfile2llb/convert.go`).
//!
//! The steps follow BuildKit's order, because it decides which of several errors is told.

mod arguments;
mod context;
mod copy;
mod dependencies;
mod dispatch;
mod epoch;
mod from;
mod ignore;
mod image;
mod names;
mod resolve;
mod run;
mod stage;
mod validate;

use std::collections::{BTreeMap, BTreeSet};

use crate::bases::Catalogue;
use crate::dockerfile::context::Ignore;
use crate::dockerfile::words::{Lexer, WordError};
use crate::dockerfile::{Dockerfile, ParseProblem, Phase};
use crate::platform::Platform;

use super::env::Env;
use super::graph::{Graph, Shared, VertexId};
use super::lint::Lint;
use super::linter::{Checks, Linter, Location};
use super::outcome::{BuildError, ResolvedBase};
use super::request::BuildRequest;

use image::Image;
use stage::{Stage, StageId};

/// What stays the same for all conversions of a build.
pub(super) struct Input<'a> {
    pub(super) source: &'a str,
    pub(super) dockerfile: &'a Dockerfile,
    pub(super) problems: &'a [ParseProblem],
    pub(super) request: &'a BuildRequest,
    pub(super) catalogue: &'a Catalogue,
}

/// For whom a conversion is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode<'a> {
    pub(super) target: &'a Platform,
    /// Several platforms are built: names carry the platform.
    pub(super) multi: bool,
    /// As `--check` converts: for the builder's platform, all stages unless a target is named.
    pub(super) check: bool,
    /// The linter warns: it does for the first platform only, and `error=true` needs it.
    pub(super) warns: bool,
}

/// What a conversion gives.
pub(super) struct Conversion {
    pub(super) result: Result<Converted, BuildError>,
    pub(super) lint: Vec<Lint>,
    pub(super) effects: Vec<Reached>,
    pub(super) bases: Vec<ResolvedBase>,
    pub(super) graph: Graph,
    /// It succeeded and no stage was left out.
    pub(super) is_whole: bool,
}

/// The target stage in the end.
pub(super) struct Converted {
    pub(super) image: Image,
    pub(super) root: Option<VertexId>,
}

/// What an instruction became.
pub(super) struct Reached {
    pub(super) instruction: usize,
    pub(super) vertex: Option<VertexId>,
    pub(super) history: String,
    pub(super) platform: Platform,
    pub(super) cross: Option<Platform>,
    pub(super) sets: Vec<(String, String)>,
    pub(super) directory: Option<String>,
}

/// A refusal on its way up; the place is added where it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    text: String,
    location: Option<Location>,
}

type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    fn at(self, location: Location) -> Self {
        Self {
            location: self.location.or(Some(location)),
            ..self
        }
    }

    /// The place is this one, whatever was known.
    fn set(self, location: Location) -> Self {
        Self {
            location: Some(location),
            ..self
        }
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self {
            text,
            location: None,
        }
    }
}

impl From<&str> for Refusal {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<WordError> for Refusal {
    fn from(error: WordError) -> Self {
        error.to_string().into()
    }
}

struct Converter<'a> {
    input: &'a Input<'a>,
    mode: Mode<'a>,
    shared: &'a mut Shared,
    graph: Graph,
    lexer: Lexer,
    linter: Linter,
    /// Values given with `--build-arg`, as far as they are still in force.
    build_args: BTreeMap<String, String>,
    /// Automatic variables and the ARGs before the first FROM.
    globals: Env,
    /// Names declared before the first FROM.
    declared: BTreeSet<String>,
    /// Seconds since 1970 that `SOURCE_DATE_EPOCH` sets.
    epoch: Option<i64>,
    stages: Vec<Stage<'a>>,
    by_name: BTreeMap<String, StageId>,
    /// The vertex of the build context, once something reads it.
    context: Option<VertexId>,
    context_paths: BTreeSet<String>,
    ignore: Option<Ignore>,
    effects: Vec<Reached>,
    bases: Vec<ResolvedBase>,
}

/// Converts for one platform.
pub(super) fn convert<'a>(
    input: &'a Input<'a>,
    mode: Mode<'a>,
    shared: &'a mut Shared,
) -> Conversion {
    let mut converter = Converter {
        input,
        mode,
        shared,
        graph: Graph::default(),
        lexer: Lexer::new(input.dockerfile.escape),
        linter: Linter::default(),
        build_args: input.request.build_args.clone(),
        globals: Env::default(),
        declared: BTreeSet::new(),
        epoch: None,
        stages: Vec::new(),
        by_name: BTreeMap::new(),
        context: None,
        context_paths: BTreeSet::new(),
        ignore: None,
        effects: Vec::new(),
        bases: Vec::new(),
    };
    let result = converter.convert();
    let result = result.map_err(|refusal| {
        let location = refusal.location.unwrap_or_default();
        BuildError {
            text: refusal.text,
            span: location.span,
            line: location.line,
            instruction: location.instruction,
        }
    });
    converter.graph.context_paths = converter.followed_paths();
    let every_stage = converter
        .stages
        .iter()
        .all(|stage| stage.dispatched && stage.context.is_none());
    let is_whole = result.is_ok() && (every_stage || converter.requested_target().is_some());
    Conversion {
        result,
        lint: converter.linter.found,
        effects: converter.effects,
        bases: converter.bases,
        graph: converter.graph,
        is_whole,
    }
}

impl Converter<'_> {
    fn convert(&mut self) -> Outcome<Converted> {
        if self.input.source.is_empty() {
            return Err("the Dockerfile cannot be empty".into());
        }
        self.linter.checks = self.file_checks()?;
        self.parse_phase()?;
        self.validate_names();
        self.validate_casing();
        self.global_arguments()?;
        self.resolve_epoch()?;
        self.build_stages()?;
        let target = self.target()?;
        self.dependencies()?;
        let reachable = self.resolve_stages(target)?;
        self.dispatch_stages(&reachable)?;
        self.finish(target)
    }

    /// `# check=` at the head of the file, or the build argument that replaces it.
    fn file_checks(&self) -> Outcome<Checks> {
        const ARGUMENT: &str = "BUILDKIT_DOCKERFILE_CHECK";
        if let Some(text) = self.input.request.build_args.get(ARGUMENT) {
            return Checks::parse(text).map_err(|why| {
                Refusal::from(format!("failed to parse build-arg:{ARGUMENT}: {why}"))
            });
        }
        let directive = self
            .input
            .dockerfile
            .directive(crate::dockerfile::DirectiveName::Check);
        let text = directive.map_or("", |directive| &directive.value.text);
        Checks::parse(text)
            .map_err(|why| Refusal::from(format!("failed to parse check options: {why}")))
    }

    /// What the parser found, told after the lint that comes before it.
    fn parse_phase(&mut self) -> Outcome<()> {
        let syntax = self
            .input
            .problems
            .iter()
            .find(|p| p.phase == Phase::Syntax);
        if let Some(problem) = syntax {
            return Err(problem_refusal(problem));
        }
        self.lint_continuations();
        let first = self
            .input
            .problems
            .iter()
            .filter(|p| p.phase != Phase::Syntax)
            .min_by_key(|p| p.instruction);
        let stop = first.and_then(|problem| problem.instruction);
        self.lint_instructions(stop);
        match first {
            Some(problem) => Err(problem_refusal(problem)),
            None if self.input.dockerfile.stages().is_empty() => {
                Err("dockerfile contains no stages to build".into())
            }
            None => Ok(()),
        }
    }

    fn finish(&mut self, target: StageId) -> Outcome<Converted> {
        if let Some(text) = self.linter.error().filter(|_| self.mode.warns) {
            return Err(text.into());
        }
        let stage = &self.stages[target];
        let mut image = stage.image.clone();
        if !self.mode.check {
            image.export_for(self.mode.target);
        }
        Ok(Converted {
            image,
            root: stage.state.output,
        })
    }

    /// The paths of the context that are read; none where all of it is.
    fn followed_paths(&self) -> Vec<String> {
        if self.context_paths.contains("/") {
            return Vec::new();
        }
        self.context_paths
            .iter()
            .map(|path| super::paths::join(".", path))
            .collect()
    }
}

fn problem_refusal(problem: &ParseProblem) -> Refusal {
    Refusal {
        text: problem.text(),
        location: Some(Location {
            line: problem.line,
            instruction: problem.instruction,
            span: Some(problem.span),
        }),
    }
}
