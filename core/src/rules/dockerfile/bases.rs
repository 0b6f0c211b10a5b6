//! What several rules ask about base images and the platform of the published stage.

use crate::build::ResolvedBase;
use crate::diagnostic::{Edit, Fix, Span};
use crate::dockerfile::{Instruction, Kind, Word};
use crate::platform::Platform;
use crate::rules::{BuildFacts, WrittenStage};

/// A single image used for a platform that it is not for.
pub(super) struct Mismatch<'a> {
    pub(super) base: &'a ResolvedBase,
    pub(super) span: Span,
    pub(super) platform: &'a Platform,
}

/// The FROM that decides which platform the published stage is for.
pub(super) struct Root<'a> {
    pub(super) instruction: &'a Instruction,
    pub(super) flag: &'a Word,
}

/// Images without index whose config names another CPU than was asked for, by platform.
pub(super) fn mismatches<'a>(build: &BuildFacts<'a>) -> Vec<Mismatch<'a>> {
    let mut found = Vec::new();
    for (platform, outcome) in build.platforms() {
        for base in &outcome.bases {
            let Some(config) = base.config.as_ref().filter(|_| base.bare) else {
                continue;
            };
            let config = config.normalised();
            let same =
                config.os == base.wanted.os && config.architecture == base.wanted.architecture;
            if !same {
                let instruction = base.instruction.and_then(|at| build.instruction(at));
                let span = instruction.map(|instruction| instruction.span);
                found.push(Mismatch {
                    base,
                    span: span.unwrap_or_default(),
                    platform,
                });
            }
        }
    }
    found
}

/// Follows the published stage's FROM to the stage that names an image, if that one has a
/// `--platform` flag.
pub(super) fn final_root<'a>(build: &BuildFacts<'a>) -> Option<Root<'a>> {
    let stages = build.stages();
    let mut stage: WrittenStage<'a> = build.final_stage()?;
    for _ in 0..stages.len() {
        let from = stage.from_kind()?;
        let earlier = stages.iter().filter(|other| other.at < stage.at);
        let mut named = earlier.filter(|other| other.name().as_deref() == Some(&from.image.text));
        if let Some(base) = named.next_back() {
            stage = *base;
            continue;
        }
        let flag = from.platform.as_ref();
        let flag = flag.filter(|flag| !flag.text.is_empty())?;
        return Some(Root {
            instruction: stage.from,
            flag,
        });
    }
    None
}

/// Platforms whose published stage is for another CPU.
pub(super) fn foreign_final(build: &BuildFacts<'_>) -> Vec<String> {
    let Some(stage) = build.final_stage() else {
        return Vec::new();
    };
    build
        .platforms()
        .filter(|(platform, outcome)| {
            let effect = outcome.effect(stage.at);
            effect.is_some_and(|effect| {
                let on = effect.stage_platform.normalised();
                on.os != platform.os || on.architecture != platform.architecture
            })
        })
        .map(|(platform, _)| platform.to_string())
        .collect()
}

/// An edit that takes `--platform` away from a FROM.
pub(super) fn without_flag(build: &BuildFacts<'_>, from: &Instruction) -> Fix {
    let flag = from.flags.iter().find(|flag| flag.name == "platform");
    let span = flag.map_or_else(Span::default, |flag| flag.span);
    let image = match &from.kind {
        Kind::From(from) => from.image.span.start,
        _ => span.end,
    };
    // The blanks behind the flag go with it, unless the line is continued there.
    let between = build.source.get(span.end..image).unwrap_or_default();
    let blanks = between.len() - between.trim_start_matches([' ', '\t']).len();
    Fix {
        title: "Drop --platform".to_owned(),
        edits: vec![Edit {
            file: build.file.to_owned(),
            span: Span::new(span.start, span.end + blanks),
            text: String::new(),
        }],
    }
}
