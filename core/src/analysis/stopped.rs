//! Builds that a RUN ends for certain, whatever its programs do: such as `test` and `exit`.

use std::borrow::Cow;

use crate::build::{BuildError, Outcome, Place, PlatformOutcome, place};
use crate::content::{Followed, Stuck};
use crate::dockerfile::{self, Dockerfile, Instruction, Kind};
use crate::environment::Environment;

/// The RUN that ends a platform's build, and how.
pub(super) struct Stopped<'a> {
    /// Position in `Dockerfile::instructions`.
    pub(super) at: usize,
    pub(super) instruction: &'a Instruction,
    /// BuildKit's text after `failed to solve: `.
    pub(super) text: String,
}

/// Where a platform's build ends for certain, if it does.
pub(super) fn stopped<'a>(
    file: &'a Dockerfile,
    platform: &PlatformOutcome,
    content: &Followed,
    environment: &Environment,
) -> Option<Stopped<'a>> {
    let Stuck { at, status } = content.stuck?;
    let status = status?;
    let instruction = file.instructions.get(at)?;
    let Kind::Run(run) = &instruction.kind else {
        return None;
    };
    let (command, _) = process(run, !instruction.heredocs.is_empty());
    let step = platform.effect(at).and_then(|effect| effect.step);
    let step = step.and_then(|step| platform.steps.get(step));
    let foreign = step
        .and_then(|step| step.platform.as_ref())
        .is_some_and(|on| {
            place(on, environment) == Place::Emulated
                && !environment.binfmt.contains(&on.architecture)
        });
    let command = if foreign {
        format!("/dev/.buildkit_qemu_emulator {command}")
    } else {
        command
    };
    Some(Stopped {
        at,
        instruction,
        text: format!("process {command:?} did not complete successfully: exit code: {status}"),
    })
}

/// The outcome with each platform failing at the RUN that ends it.
pub(super) fn with_stops<'o>(
    outcome: &'o Outcome,
    content: &[Followed],
    file: &Dockerfile,
    environment: &Environment,
) -> Cow<'o, Outcome> {
    let mut ended = Cow::Borrowed(outcome);
    for (at, (platform, content)) in outcome.platforms.iter().zip(content).enumerate() {
        let Some(stop) = stopped(file, platform, content, environment) else {
            continue;
        };
        if let Some(own) = ended.to_mut().platforms.get_mut(at) {
            own.result = Err(BuildError {
                text: stop.text,
                span: Some(stop.instruction.span),
                line: stop.instruction.start_line,
                instruction: Some(stop.at),
            });
        }
    }
    ended
}

/// The command line as BuildKit joins it, and the program that the kernel refuses.
pub(super) fn process(run: &dockerfile::Run, has_heredoc: bool) -> (String, String) {
    let words: Vec<&str> = run.command.words.iter().map(|w| w.text.as_str()).collect();
    if run.command.shell || has_heredoc {
        (
            format!("/bin/sh -c {}", words.join(" ")),
            "/bin/sh".to_owned(),
        )
    } else {
        (
            words.join(" "),
            words.first().copied().unwrap_or("/bin/sh").to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CellState, Project, Runs, VerdictKind, analyse};

    #[test]
    fn a_platform_whose_command_surely_fails_is_not_published() {
        let dockerfile = "FROM alpine\nRUN apk add curl\nARG TARGETARCH\n\
            RUN test $TARGETARCH = amd64\nRUN true\n";
        let analysis = analyse(&Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        });
        let verdict = &analysis.verdict;
        assert_eq!((verdict.kind, verdict.published), (VerdictKind::Fails, 0));
        let error = verdict.error.as_deref().unwrap_or_default();
        assert!(
            error.ends_with("did not complete successfully: exit code: 1"),
            "{error}"
        );
        let finding = verdict.finding.and_then(|at| analysis.diagnostics.get(at));
        let finding = finding.expect("a finding decides");
        assert_eq!(finding.rule, "run-always-fails");
        assert_eq!(
            finding.platform().map(ToString::to_string).as_deref(),
            Some("linux/arm64")
        );
        assert!(analysis.documents.is_empty(), "nothing is pushed");
        let rows = &analysis.stages[0].rows;
        let states: Vec<_> = rows
            .iter()
            .map(|row| &row.cells.last().unwrap().state)
            .collect();
        assert_eq!(states[1], &CellState::Runs(Runs::Emulated));
        assert!(matches!(states[3], CellState::Failed(_)), "{states:?}");
        assert_eq!(states[4], &CellState::NotRun);
    }

    #[test]
    fn what_may_pass_is_not_said_to_fail() {
        for command in [
            "make test",
            "test -f /app",
            "apk add x || exit 1",
            "false || true",
        ] {
            let analysis = analyse(&Project {
                dockerfile: format!("FROM alpine\nRUN {command}\n"),
                ..Project::default()
            });
            assert_eq!(analysis.verdict.kind, VerdictKind::Publishes, "{command}");
        }
    }
}
