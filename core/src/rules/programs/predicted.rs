//! Programs for another CPU in images that a build would give, where no other rule has said so.
//!
//! What is only guessed does not come here: a file's machine is known or the file is left out.

use std::collections::BTreeMap;

use super::{Places, judge, shown};
use crate::content::{Content, Label, Machine, Origin};
use crate::diagnostic::{Place, Severity, Span};
use crate::dockerfile::Instruction;
use crate::platform::Platform;
use crate::rules::{BuildFacts, Findings, Text};
use crate::verify::{Program, ProgramFormat};

/// Files of one platform that one instruction brings.
pub(in crate::rules) struct Foreign<'a> {
    pub(in crate::rules) instruction: &'a Instruction,
    pub(in crate::rules) platform: &'a Platform,
    pub(in crate::rules) severity: Severity,
    program: Program,
    files: Vec<&'a Content>,
}

/// What a look into the layers would object to after the push.
pub(in crate::rules) fn foreign<'a>(build: &BuildFacts<'a>, said: &Findings) -> Vec<Foreign<'a>> {
    let said: Vec<Span> = said
        .iter()
        .filter_map(|finding| match &finding.place {
            Place::Source { file, span, .. } if finding.severity == Severity::Error => {
                (file == build.file).then_some(*span)
            }
            _ => None,
        })
        .collect();
    let mut found: BTreeMap<(usize, String), Foreign<'a>> = BTreeMap::new();
    for (outcome, followed) in build.outcome.platforms.iter().zip(build.content) {
        let (Some(platform), Ok(image)) = (&outcome.platform, &outcome.result) else {
            continue;
        };
        let places = Places::of_build(&image.config);
        for entry in &followed.content {
            let Some((severity, program)) = grave(platform, &places, entry) else {
                continue;
            };
            let label = &entry.label;
            let Some(instruction) = build.instruction(label.instruction) else {
                continue;
            };
            if is_said(build, instruction, label, &said) {
                continue;
            }
            let foreign = Foreign {
                instruction,
                platform,
                severity,
                program,
                files: Vec::new(),
            };
            let key = (label.instruction, platform.to_string());
            let foreign = found.entry(key).or_insert(foreign);
            foreign.severity = foreign.severity.max(severity);
            foreign.files.push(entry);
        }
    }
    found.into_values().collect()
}

/// A program of an image that its platform does not run.
fn grave(platform: &Platform, places: &Places, entry: &Content) -> Option<(Severity, Program)> {
    let Machine::For(machine) = &entry.label.machine else {
        return None;
    };
    // Paths of archives say for whom their contents are; the archives themselves are data.
    if crate::content::is_archive(&entry.path) {
        return None;
    }
    let format = match machine.os.as_str() {
        "darwin" => ProgramFormat::MachO,
        "windows" => ProgramFormat::Pe,
        _ => ProgramFormat::Elf,
    };
    let program = Program {
        format,
        platform: machine.clone(),
        also: Vec::new(),
    };
    let severity = judge(&platform.normalised(), places, &entry.path, &program)?;
    (severity > Severity::Info).then_some((severity, program))
}

/// An error stands at the instruction that brings the file, or at the one that makes it.
fn is_said(build: &BuildFacts<'_>, brings: &Instruction, label: &Label, said: &[Span]) -> bool {
    let made = label
        .from
        .rsplit_once(':')
        .filter(|_| label.origin == Origin::Command);
    let line = made.and_then(|(_, line)| line.parse::<usize>().ok());
    let makes = build.dockerfile.instructions.iter();
    let mut makes = makes.filter(|instruction| Some(instruction.start_line) == line);
    let spans = [Some(brings), makes.next()];
    spans.into_iter().flatten().any(|instruction| {
        let within = instruction.span;
        said.iter()
            .any(|span| within.start <= span.start && span.start < within.end)
    })
}

impl Foreign<'_> {
    /// In the words that are said of a tag.
    pub(in crate::rules) fn text(&self) -> Text {
        // A program says more than the folder that it lies in.
        let (folders, files): (Vec<&Content>, Vec<&Content>) =
            self.files.iter().partition(|file| file.folder);
        let paths: Vec<&str> = files
            .iter()
            .chain(&folders)
            .map(|file| file.path.as_str())
            .collect();
        let (first, more) = paths
            .split_first()
            .map_or(("", 0), |(first, rest)| (*first, rest.len()));
        let others = match more {
            0 => String::new(),
            1 => ", and so is one more file".to_owned(),
            more => format!(", and so are {more} more files"),
        };
        let why = self
            .files
            .first()
            .map_or("", |file| file.label.why.as_str());
        Text {
            what: format!(
                "{first} in the image for {} is a program for {}{others}",
                self.platform,
                shown(&self.program)
            ),
            why: format!("It ends in `exec format error` there. How it comes about: {why}.").into(),
            next: "Build it in the Dockerfile for `$TARGETARCH`, or copy the file built for each \
                platform."
                .into(),
        }
    }
}
