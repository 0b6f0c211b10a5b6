//! `dockerfile-refused`.

use crate::diagnostic::Span;
use crate::rules::{BuildFacts, Findings, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// BuildKit refuses the Dockerfile before anything runs: an unknown instruction, a base image that does
    /// not exist, a platform that an image lacks.
    /// One platform that is refused ends the build for all of them, so nothing is pushed.
    /// The message is BuildKit's own, after `failed to solve: `.
    /// ## Fails
    /// ```dockerfile,fails
    /// FROM alpine
    /// RUNN true
    /// ```
    /// ```dockerfile,fails
    /// FROM Alpine
    /// ```
    /// ## Passes
    /// ```dockerfile,passes
    /// FROM alpine
    /// RUN true
    /// ```
    /// ## Sources
    /// BuildKit `frontend/dockerfile` at 73ed6825.
    pub DockerfileRefused {
        name: "dockerfile-refused",
        severity: Error,
        group: Dockerfile,
        title: "BuildKit refuses the Dockerfile",
        title_zh: "BuildKit 拒绝该 Dockerfile",
        since: "0.1.0",
    }
}

impl Rule for DockerfileRefused {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        let failed: Vec<_> = build
            .outcome
            .platforms
            .iter()
            .filter_map(|outcome| Some((outcome, outcome.result.as_ref().err()?)))
            // A rule of its own tells of those.
            .filter(|(_, error)| !error.text.contains("no match for platform in manifest"))
            .collect();
        let all = failed.len() == build.outcome.platforms.len();
        let mut told: Vec<&str> = Vec::new();
        for (outcome, error) in &failed {
            // What stops every platform is said once, without one.
            let same = failed.iter().all(|(_, other)| other.text == error.text);
            let platform = outcome.platform.as_ref().filter(|_| !(all && same));
            if platform.is_none() && told.contains(&error.text.as_str()) {
                continue;
            }
            told.push(&error.text);
            let place = build.place(error.span.unwrap_or_else(Span::default), platform);
            let why = "BuildKit stops before anything runs, for all platforms.";
            out.report(
                self,
                place,
                Text {
                    what: error.text.clone(),
                    why: why.into(),
                    next: next(&error.text).into(),
                },
            );
        }
    }
}

/// What to do about a refusal.
fn next(text: &str) -> &'static str {
    if text.contains("failed to resolve source metadata") {
        "Check the image's name and tag; a private image needs a login to its registry."
    } else if text.contains("did you mean") {
        "Use the suggested spelling."
    } else {
        "Correct the line; the rest of the file is still shown as far as it can be understood."
    }
}
