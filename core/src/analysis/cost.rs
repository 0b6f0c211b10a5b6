//! How long a build takes, roughly: per step, per platform, as a whole, and by other ways to build
//! the same.
//!
//! The durations are [`CostModel`]'s. A platform's work is the sum of its steps; it is over when
//! the longest chain of steps that wait for each other is, since BuildKit runs at the same time
//! what does not depend on each other. Neither caches nor the number of CPUs count.

use std::collections::BTreeMap;

use super::{Project, input};
use crate::build::{self, Outcome, Place, PlatformOutcome, Step, place, plan};
use crate::dockerfile::{self, Dockerfile, Kind};
use crate::environment::{CostModel, Environment, Work};

/// An estimate, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// All steps one after the other; a step that platforms share counts once.
    pub work: u64,
    /// Until the last step is done, where whatever can runs at the same time.
    pub elapsed: u64,
}

/// One way to get the images of all platforms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub way: Way,
    /// In the order of the request.
    pub platforms: Vec<Cost>,
    pub whole: Cost,
}

/// Where the programs of a build run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// As the Dockerfile and the builder are.
    AsWritten,
    /// One builder, with every stage on the platform that the image is for, the foreign ones
    /// under QEMU.
    Emulate,
    /// One builder, with all stages but the last on the builder's own platform
    /// (`FROM --platform=$BUILDPLATFORM`): only the last stage's commands are emulated.
    CrossCompile,
    /// A builder of its own kind for each platform, at the same time; the images are put together
    /// with `docker buildx imagetools create`.
    NativeRunners,
}

impl Way {
    /// The word of the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsWritten => "as-written",
            Self::Emulate => "emulate",
            Self::CrossCompile => "cross-compile",
            Self::NativeRunners => "native-runners",
        }
    }
}

/// The model that a project's settings choose.
pub(super) fn model(project: &Project) -> CostModel {
    CostModel {
        emulation_factor: project.settings.emulation_factor,
    }
}

/// What a step is busy with.
fn work(step: &Step) -> Work {
    match step.kind {
        build::StepKind::Exec => Work::of_command(&step.name),
        build::StepKind::Source if step.name.contains("FROM ") => Work::Pull,
        build::StepKind::Source | build::StepKind::File => Work::Files,
    }
}

/// What a build as it is costs, with the parts.
pub(super) struct Estimate {
    /// Milliseconds of each step, for each platform.
    pub(super) steps: Vec<Vec<u64>>,
    pub(super) platforms: Vec<Cost>,
    pub(super) whole: Cost,
}

/// Estimates a build as it is.
pub(super) fn estimate(outcome: &Outcome, environment: &Environment, model: CostModel) -> Estimate {
    let costs = costs(&outcome.platforms, |platform| {
        steps(platform, environment, model)
    });
    Estimate {
        whole: whole(&costs),
        platforms: costs
            .iter()
            .map(|(steps, cost)| of_platform(steps, cost))
            .collect(),
        steps: costs.into_iter().map(|(_, cost)| cost).collect(),
    }
}

/// Milliseconds of each step of a platform. A step that cannot run takes none.
fn steps(platform: &PlatformOutcome, environment: &Environment, model: CostModel) -> Vec<u64> {
    let steps = platform.steps.iter();
    let cost = steps.map(|step| {
        let at = step.platform.as_ref().map(|on| place(on, environment));
        match (step.kind, at) {
            (build::StepKind::Exec, Some(Place::Unsupported)) => 0,
            (_, at) => model.milliseconds(work(step), at == Some(Place::Emulated)),
        }
    });
    cost.collect()
}

/// A platform's estimate from those of its steps.
fn of_platform(steps: &[Step], cost: &[u64]) -> Cost {
    // Inputs stand before what reads them.
    let mut done: Vec<u64> = Vec::with_capacity(steps.len());
    for (step, cost) in steps.iter().zip(cost) {
        let inputs = step.inputs.iter().filter_map(|at| done.get(*at));
        done.push(inputs.max().copied().unwrap_or(0) + cost);
    }
    Cost {
        work: cost.iter().sum(),
        elapsed: done.into_iter().max().unwrap_or(0),
    }
}

/// The whole build's: platforms side by side, shared steps once.
fn whole(platforms: &[(&[Step], Vec<u64>)]) -> Cost {
    let mut unique: BTreeMap<usize, u64> = BTreeMap::new();
    let mut elapsed = 0;
    for (steps, cost) in platforms {
        unique.extend(steps.iter().map(|step| step.id).zip(cost.iter().copied()));
        elapsed = elapsed.max(of_platform(steps, cost).elapsed);
    }
    Cost {
        work: unique.values().sum(),
        elapsed,
    }
}

/// What the ways to build a project would cost, as it is written first. Empty where a platform's
/// build fails.
pub fn alternatives(project: &Project) -> Vec<Alternative> {
    let (file, problems) = dockerfile::parse(&project.dockerfile);
    let request = input::request(project);
    let (catalogue, _) = input::catalogue(project);
    let environment = input::environment(&project.settings);
    let platforms = plan(&project.dockerfile, &file, &problems, &request, &catalogue);
    if platforms.iter().any(|platform| platform.result.is_err()) {
        return Vec::new();
    }
    let plans = Plans {
        file: &file,
        target: request.target.as_deref().filter(|t| !t.is_empty()),
        platforms: &platforms,
        environment: &environment,
        model: model(project),
    };
    let ways = [
        Way::AsWritten,
        Way::Emulate,
        Way::CrossCompile,
        Way::NativeRunners,
    ];
    ways.into_iter().map(|way| plans.alternative(way)).collect()
}

struct Plans<'a> {
    file: &'a Dockerfile,
    target: Option<&'a str>,
    platforms: &'a [PlatformOutcome],
    environment: &'a Environment,
    model: CostModel,
}

impl Plans<'_> {
    fn alternative(&self, way: Way) -> Alternative {
        let costs = costs(self.platforms, |platform| self.steps(platform, way));
        let platforms = costs.iter().map(|(steps, cost)| of_platform(steps, cost));
        let platforms: Vec<Cost> = platforms.collect();
        let whole = match way {
            Way::AsWritten | Way::CrossCompile => whole(&costs),
            // No platform has anything in common with another.
            Way::Emulate | Way::NativeRunners => Cost {
                work: platforms.iter().map(|cost| cost.work).sum(),
                elapsed: platforms.iter().map(|cost| cost.elapsed).max().unwrap_or(0),
            },
        };
        Alternative {
            way,
            platforms,
            whole,
        }
    }

    fn steps(&self, platform: &PlatformOutcome, way: Way) -> Vec<u64> {
        if way == Way::AsWritten {
            return steps(platform, self.environment, self.model);
        }
        let target = platform.platform.as_ref();
        let foreign = target.is_some_and(|target| place(target, self.environment) != Place::Native);
        let last = self.last_stage();
        let steps = platform.steps.iter();
        let cost = steps.map(|step| {
            let emulated = match way {
                Way::AsWritten | Way::NativeRunners => false,
                Way::Emulate => foreign,
                Way::CrossCompile => {
                    foreign
                        && step
                            .instruction
                            .is_some_and(|at| at >= last.0 && at < last.1)
                }
            };
            self.model.milliseconds(work(step), emulated)
        });
        cost.collect()
    }

    /// Where the stage that is exported begins and ends, in instructions.
    fn last_stage(&self) -> (usize, usize) {
        let instructions = &self.file.instructions;
        let froms: Vec<usize> = instructions
            .iter()
            .enumerate()
            .filter_map(|(at, instruction)| match (&instruction.kind, self.target) {
                (Kind::From(_), None) => Some(at),
                (Kind::From(from), Some(target)) => {
                    let name = from.stage_name();
                    name.is_some_and(|name| name.eq_ignore_ascii_case(target))
                        .then_some(at)
                }
                _ => None,
            })
            .collect();
        let from = froms.last().copied().unwrap_or(0);
        let mut behind = instructions.iter().enumerate().skip(from + 1);
        let end = behind.find(|(_, instruction)| instruction.is_from());
        (from, end.map_or(instructions.len(), |(at, _)| at))
    }
}

fn costs(
    platforms: &[PlatformOutcome],
    steps: impl Fn(&PlatformOutcome) -> Vec<u64>,
) -> Vec<(&[Step], Vec<u64>)> {
    let platforms = platforms.iter();
    platforms
        .map(|platform| (platform.steps.as_slice(), steps(platform)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(dockerfile: &str, factor: Option<u32>) -> Vec<(&'static str, Vec<u64>, u64, u64)> {
        let mut project = Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        };
        project.settings.emulation_factor = factor;
        let all = alternatives(&project).into_iter();
        all.map(|alternative| {
            let platforms = alternative.platforms.iter().map(|cost| cost.elapsed / 1000);
            let whole = alternative.whole;
            let way = alternative.way.as_str();
            (
                way,
                platforms.collect(),
                whole.work / 1000,
                whole.elapsed / 1000,
            )
        })
        .collect()
    }

    const COMPILED: &str = "FROM golang AS build\nRUN go build -o /app .\nFROM alpine\n\
        RUN apk add curl\nCOPY --from=build /app /app\n";

    #[test]
    fn emulating_a_compiler_is_what_cross_compiling_saves() {
        assert_eq!(
            seconds(COMPILED, None),
            [
                ("as-written", vec![42, 402], 488, 402),
                ("emulate", vec![42, 402], 488, 402),
                ("cross-compile", vec![42, 42], 128, 42),
                ("native-runners", vec![42, 42], 104, 42),
            ]
        );
        let crossed = COMPILED.replace("FROM golang", "FROM --platform=$BUILDPLATFORM golang");
        // The stage is one for both platforms, so that it runs once.
        let as_written = seconds(&crossed, None).swap_remove(0);
        assert_eq!(as_written, ("as-written", vec![42, 42], 86, 42));
    }

    #[test]
    fn the_factor_is_the_users() {
        let emulated = seconds("FROM alpine\nRUN true\n", Some(100)).swap_remove(1);
        assert_eq!(emulated, ("emulate", vec![2, 52], 54, 52));
    }

    #[test]
    fn a_build_that_fails_has_no_cost() {
        assert_eq!(seconds("FROM alpine\nRUNN x\n", None), []);
    }
}
