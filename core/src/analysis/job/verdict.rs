//! Answers a build that a job makes, with what the core's own build says.

use std::collections::{BTreeMap, BTreeSet};

use super::super::stopped::{self, process};
use super::super::{DocumentKind, Project, input, predicted_documents};
use super::project::of_invocation;
use crate::build::{Outcome, Place, StepKind, place, predict};
use crate::ci::build::{self as asked, Failure, Image, Invocation, Verdict};
use crate::content::{self, follow};
use crate::dockerfile::{self, Dockerfile, Instruction, Kind};
use crate::environment::{Driver, Environment};
use crate::platform::Platform;

pub(super) fn of(project: &Project, invocation: &Invocation, environment: &Environment) -> Verdict {
    let own = of_invocation(project, invocation, environment);
    let (file, problems) = dockerfile::parse(&own.dockerfile);
    let request = input::request(&own);
    let (catalogue, _) = input::catalogue(&own);
    let outcome = predict(&own.dockerfile, &file, &problems, &request, &catalogue);
    let multi = outcome.platforms.len() > 1;
    let mut verdict = Verdict {
        loads: loads(&outcome, multi),
        ..Verdict::default()
    };
    let positions = steps(&outcome, environment, &mut verdict);
    verdict.failure = conversion_failure(&outcome)
        .or_else(|| missing_source(&file, invocation, &outcome, &positions))
        .or_else(|| not_executable(&file, &outcome, environment, &positions))
        .or_else(|| failing_run(&own, &file, &outcome, environment, &positions));
    if let Some(lint) = outcome.platforms.first().map(|p| &p.lint) {
        let warnings = super::super::columns::warnings(lint);
        verdict.warnings = warnings
            .into_iter()
            .map(|w| (w.line, w.rule, w.message))
            .collect();
    }
    if verdict.failure.is_some() {
        return verdict;
    }
    match predicted_documents(&own, &outcome, environment) {
        Ok(documents) => images(&documents, &mut verdict),
        Err(error) => {
            verdict.failure = Some(Failure {
                text: error.to_string(),
                step: None,
                output: Vec::new(),
                line: None,
                no_emulator: false,
            });
        }
    }
    verdict
}

/// Each base image is asked for once a platform; the prefix is there only where there are several.
fn loads(outcome: &Outcome, multi: bool) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut loads = Vec::new();
    for platform in &outcome.platforms {
        for base in &platform.bases {
            let prefix = if multi {
                format!("[{} internal]", base.wanted.specifier())
            } else {
                "[internal]".to_owned()
            };
            let name = format!("{prefix} load metadata for {}", base.reference);
            if seen.insert(name.clone()) {
                loads.push(name);
            }
        }
    }
    loads
}

/// All steps once; gives for each platform and its step the position in the verdict.
fn steps(outcome: &Outcome, environment: &Environment, verdict: &mut Verdict) -> Vec<Vec<usize>> {
    let mut known: BTreeMap<usize, usize> = BTreeMap::new();
    let mut positions = Vec::new();
    for (lane, platform) in outcome.platforms.iter().enumerate() {
        let mut own = Vec::new();
        for step in &platform.steps {
            let at = *known.entry(step.id).or_insert_with(|| {
                let emulated = step.kind == StepKind::Exec
                    && step
                        .platform
                        .as_ref()
                        .is_some_and(|p| place(p, environment) == Place::Emulated);
                verdict.steps.push(asked::Step {
                    name: step.name.clone(),
                    kind: match step.kind {
                        StepKind::Source => asked::StepKind::Source,
                        StepKind::Exec => asked::StepKind::Exec,
                        StepKind::File => asked::StepKind::File,
                    },
                    platform: step.platform.clone(),
                    emulated,
                    lanes: Vec::new(),
                });
                verdict.steps.len() - 1
            });
            if let Some(shown) = verdict.steps.get_mut(at) {
                shown.lanes.push(lane);
            }
            own.push(at);
        }
        positions.push(own);
    }
    positions
}

fn conversion_failure(outcome: &Outcome) -> Option<Failure> {
    let error = outcome
        .platforms
        .iter()
        .find_map(|p| p.result.as_ref().err())?;
    Some(Failure {
        text: error.text.clone(),
        step: None,
        output: Vec::new(),
        line: (error.line > 0).then_some(error.line),
        no_emulator: false,
    })
}

/// A COPY of something that the context does not hold, where the context is known.
fn missing_source(
    file: &Dockerfile,
    invocation: &Invocation,
    outcome: &Outcome,
    positions: &[Vec<usize>],
) -> Option<Failure> {
    if !invocation.context_is_known {
        return None;
    }
    for (platform, own) in outcome.platforms.iter().zip(positions) {
        for (step, at) in platform.steps.iter().zip(own) {
            let Some(instruction) = step.instruction.and_then(|n| file.instructions.get(n)) else {
                continue;
            };
            let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else {
                continue;
            };
            if transfer.from.is_some() || step.kind != StepKind::File {
                continue;
            }
            let missing = transfer
                .sources
                .iter()
                .find(|s| is_missing(&s.text, invocation));
            if let Some(missing) = missing {
                let path = missing
                    .text
                    .trim_start_matches("./")
                    .trim_start_matches('/')
                    .trim_end_matches('/');
                let reference = "r0000000000000000000000000::s0000000000000000000000000";
                return Some(Failure {
                    text: format!(
                        "failed to compute cache key: failed to calculate checksum of ref {reference}: \"/{path}\": not found"
                    ),
                    step: Some(*at),
                    output: Vec::new(),
                    line: Some(instruction.start_line),
                    no_emulator: false,
                });
            }
        }
    }
    None
}

fn is_missing(source: &str, invocation: &Invocation) -> bool {
    if source.contains(['$', '*', '?', '[', '\\', '"'])
        || source.contains("://")
        || source.starts_with("git@")
    {
        return false;
    }
    let path = source.trim_start_matches("./").trim_matches('/');
    if path.is_empty() || path == "." || path.contains("..") {
        return false;
    }
    let inside = format!("{path}/");
    !invocation
        .context
        .keys()
        .any(|name| name == path || name.starts_with(&inside))
}

/// The first RUN for a platform that nothing here can execute.
fn not_executable(
    file: &Dockerfile,
    outcome: &Outcome,
    environment: &Environment,
    positions: &[Vec<usize>],
) -> Option<Failure> {
    for (platform, own) in outcome.platforms.iter().zip(positions) {
        for (step, at) in platform.steps.iter().zip(own) {
            let blocked = step.kind == StepKind::Exec
                && step
                    .platform
                    .as_ref()
                    .is_some_and(|p| place(p, environment) == Place::Unsupported);
            if !blocked {
                continue;
            }
            let instruction = step.instruction.and_then(|n| file.instructions.get(n));
            if let Some(text) = step.platform.as_ref().and_then(|p| beyond(p, environment)) {
                return Some(Failure {
                    text,
                    step: Some(*at),
                    output: Vec::new(),
                    line: instruction.map(|i| i.start_line),
                    no_emulator: true,
                });
            }
            let (process, program) = match instruction.map(|i| &i.kind) {
                Some(Kind::Run(run)) => {
                    process(run, instruction.is_some_and(|i| !i.heredocs.is_empty()))
                }
                _ => ("/bin/sh -c".to_owned(), "/bin/sh".to_owned()),
            };
            return Some(Failure {
                text: format!("process {process:?} did not complete successfully: exit code: 1"),
                step: Some(*at),
                output: vec![format!("exec {program}: exec format error")],
                line: instruction.map(|i| i.start_line),
                no_emulator: true,
            });
        }
    }
    None
}

/// BuildKit's refusal of a level of amd64 (`solver/llbsolver`, `getEmulator`); with neither an own
/// CPU of the kind nor an emulator it tries the kernel instead.
fn beyond(platform: &Platform, environment: &Environment) -> Option<String> {
    let platform = platform.normalised();
    let is_level =
        platform.architecture == "amd64" && !matches!(platform.variant.as_str(), "" | "v2");
    if !is_level || environment.driver == Driver::Legacy {
        return None;
    }
    let native = environment.native();
    let emulated = environment.binfmt.iter().any(|a| a == "amd64");
    let supported = if native.architecture == "amd64" {
        "linux/amd64, linux/amd64/v2"
    } else if emulated {
        "linux/amd64"
    } else {
        ""
    };
    Some(format!(
        "no support for running processes with {platform} platform, supported: {supported}"
    ))
}

/// A RUN whose script ends with a failure whatever its programs do, such as `test` or `exit`.
fn failing_run(
    own: &Project,
    file: &Dockerfile,
    outcome: &Outcome,
    environment: &Environment,
    positions: &[Vec<usize>],
) -> Option<Failure> {
    if !file.instructions.iter().any(may_fail) {
        return None;
    }
    let sources = input::sources(own);
    let content = follow(&content::Project {
        dockerfile: file,
        request: &input::request(own),
        outcome,
        files: &sources,
    });
    let mut platforms = outcome.platforms.iter().zip(positions).zip(&content);
    platforms.find_map(|((platform, own), content)| {
        let end = stopped::stopped(file, platform, content, environment)?;
        let step = platform.effect(end.at).and_then(|effect| effect.step);
        Some(Failure {
            text: end.text,
            step: step.and_then(|step| own.get(step).copied()),
            output: Vec::new(),
            line: Some(end.instruction.start_line),
            no_emulator: false,
        })
    })
}

/// Whether a RUN has a word that can end a script by itself: files are followed only then.
fn may_fail(instruction: &Instruction) -> bool {
    let words = ["exit", "false", "test", "[", "return"];
    matches!(instruction.kind, Kind::Run(_))
        && (!instruction.heredocs.is_empty()
            || words.iter().any(|word| instruction.code.contains(word)))
}

fn images(documents: &[super::super::DocumentView], verdict: &mut Verdict) {
    verdict.exact = !documents.is_empty() && documents.iter().all(|d| !d.simulated);
    for (at, document) in documents.iter().enumerate() {
        match document.kind {
            DocumentKind::Index => verdict.index = Some(document.digest.clone()),
            DocumentKind::Manifest => {
                let config = documents
                    .get(at + 1)
                    .filter(|d| d.kind == DocumentKind::Config);
                let (Some(platform), Some(config)) = (&document.platform, config) else {
                    continue;
                };
                verdict.images.push(Image {
                    platform: platform.clone(),
                    manifest: document.digest.clone(),
                    config: config.digest.clone(),
                    attestation: None,
                });
            }
            DocumentKind::AttestationManifest => {
                let open = verdict.images.iter_mut().find(|image| {
                    image.attestation.is_none()
                        && document
                            .platform
                            .as_ref()
                            .is_none_or(|p| p.is_same(&image.platform))
                });
                if let Some(image) = open {
                    image.attestation = Some(document.digest.clone());
                }
            }
            DocumentKind::Config | DocumentKind::AttestationConfig => {}
        }
    }
}
