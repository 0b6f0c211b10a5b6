//! Runs the conversions of a build and puts their answers together: one for each platform, and
//! one as `--check` makes it.

use std::collections::BTreeMap;

use crate::bases::Catalogue;
use crate::dockerfile::{Dockerfile, ParseProblem};
use crate::platform::Platform;

use super::convert::{Conversion, Converted, Input, Mode, convert};
use super::graph::Shared;
use super::lint::Lint;
use super::outcome::{BuildError, BuiltImage, Check, Effect, Outcome, PlatformOutcome, Step};
use super::remote::truth;
use super::request::BuildRequest;

/// Predicts a build. `source` is the text that `dockerfile` and `problems` were read from.
pub fn predict(
    source: &str,
    dockerfile: &Dockerfile,
    problems: &[ParseProblem],
    request: &BuildRequest,
    catalogue: &Catalogue,
) -> Outcome {
    let input = Input {
        source,
        dockerfile,
        problems,
        request,
        catalogue,
    };
    let native = request.build_platforms.first().cloned().unwrap_or_default();
    let Planned { platforms, checked } = platforms(&input, &native);
    Outcome {
        platforms,
        check: checked.unwrap_or_else(|| check(&input, &native)),
    }
}

/// What [`predict`] says of the platforms, without the separate look that `--check` takes.
pub fn plan(
    source: &str,
    dockerfile: &Dockerfile,
    problems: &[ParseProblem],
    request: &BuildRequest,
    catalogue: &Catalogue,
) -> Vec<PlatformOutcome> {
    let input = Input {
        source,
        dockerfile,
        problems,
        request,
        catalogue,
    };
    let native = request.build_platforms.first().cloned().unwrap_or_default();
    platforms(&input, &native).platforms
}

struct Planned {
    platforms: Vec<PlatformOutcome>,
    /// What `--check` finds, where the first platform's conversion has found just that.
    checked: Option<Check>,
}

fn platforms(input: &Input<'_>, native: &Platform) -> Planned {
    let request = input.request;
    let mut shared = Shared::default();
    let mut checked = None;
    let requested = match request.platforms.as_slice() {
        [] => vec![native.to_string()],
        platforms => platforms.to_vec(),
    };
    let multi = match request.build_args.get("BUILDKIT_MULTI_PLATFORM") {
        Some(text) if !text.is_empty() => truth(text).unwrap_or(false),
        _ => requested.len() > 1,
    };
    let platforms = requested
        .into_iter()
        .enumerate()
        .map(|(at, requested)| match parse_target(&requested) {
            Ok(platform) => {
                let mode = Mode {
                    target: &platform,
                    multi,
                    check: false,
                    warns: at == 0,
                };
                let conversion = convert(input, mode, &mut shared);
                if at == 0 && platform == *native && conversion.is_whole {
                    checked = Some(found(&conversion.lint));
                }
                outcome(requested, platform, conversion, &mut shared)
            }
            Err(text) => refused(requested, text),
        })
        .collect();
    let mut planned = Planned { platforms, checked };
    mark_shared(&mut planned.platforms);
    planned
}

/// A conversion that went through every stage for the builder's own platform is what `--check`
/// makes: names of steps are all that differs.
fn found(lint: &[Lint]) -> Check {
    let mut lint = lint.to_vec();
    lint.sort();
    Check { lint, error: None }
}

/// `--platform` as BuildKit's frontend reads it.
fn parse_target(text: &str) -> Result<Platform, String> {
    let text = text.trim();
    text.parse::<Platform>()
        .map(|platform| platform.normalised())
        .map_err(|error| format!("failed to parse target platform {text}: {error}"))
}

fn refused(requested: String, text: String) -> PlatformOutcome {
    PlatformOutcome {
        requested,
        platform: None,
        result: Err(BuildError {
            text,
            span: None,
            line: 0,
            instruction: None,
        }),
        steps: Vec::new(),
        lint: Vec::new(),
        effects: Vec::new(),
        bases: Vec::new(),
    }
}

fn check(input: &Input<'_>, native: &Platform) -> Check {
    let mode = Mode {
        target: native,
        multi: false,
        check: true,
        warns: true,
    };
    let mut conversion = convert(input, mode, &mut Shared::default());
    conversion.lint.sort();
    Check {
        lint: conversion.lint,
        error: conversion.result.err(),
    }
}

fn outcome(
    requested: String,
    platform: Platform,
    conversion: Conversion,
    shared: &mut Shared,
) -> PlatformOutcome {
    let Conversion {
        result,
        mut lint,
        effects,
        bases,
        graph,
        is_whole: _,
    } = conversion;
    lint.sort();
    let root = result.as_ref().ok().and_then(|converted| converted.root);
    let mut steps = Vec::new();
    let mut positions = Vec::new();
    let result = match result {
        Err(error) => Err(error),
        Ok(converted) => match graph.marshal(root, shared) {
            Ok(marshalled) => {
                steps = marshalled.steps;
                positions = marshalled.positions;
                Ok(image(converted, &platform))
            }
            Err(why) => Err(BuildError {
                text: format!("failed to marshal LLB definition: {why}"),
                span: None,
                line: 0,
                instruction: None,
            }),
        },
    };
    let effects = effects.into_iter().map(|reached| Effect {
        instruction: reached.instruction,
        step: reached
            .vertex
            .and_then(|vertex| positions.get(vertex).copied().flatten()),
        history: reached.history,
        stage_platform: reached.platform,
        cross: reached.cross,
        sets: reached.sets,
        directory: reached.directory,
    });
    let mut effects: Vec<Effect> = effects.collect();
    effects.sort_by_key(|effect| effect.instruction);
    PlatformOutcome {
        requested,
        platform: Some(platform),
        result,
        steps,
        lint,
        effects,
        bases,
    }
}

fn image(converted: Converted, target: &Platform) -> BuiltImage {
    let image = converted.image;
    let mut export = target.clone();
    // Windows images keep the build number that the base names.
    if export.os == "windows" && image.platform.os == export.os {
        if export.os_version.is_empty() {
            export.os_version.clone_from(&image.platform.os_version);
        }
        if export.os_features.is_empty() {
            export.os_features.clone_from(&image.platform.os_features);
        }
    }
    BuiltImage {
        export: export.normalised(),
        platform: image.platform,
        author: image.author,
        config: image.config,
        history: image.history,
        base_history: image.base_history,
        base: image.base,
        exact: image.exact,
    }
}

fn mark_shared(platforms: &mut [PlatformOutcome]) {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    for step in platforms.iter().flat_map(|platform| &platform.steps) {
        *count.entry(step.id).or_default() += 1;
    }
    let is_shared = |step: &Step| count.get(&step.id).is_some_and(|count| *count > 1);
    for step in platforms
        .iter_mut()
        .flat_map(|platform| &mut platform.steps)
    {
        step.shared = is_shared(step);
    }
}
