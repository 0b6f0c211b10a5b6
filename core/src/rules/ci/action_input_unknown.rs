//! `action-input-unknown`.

use super::{Text, sentence};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// An input that an action does not declare is ignored with a warning in the log.
    /// `platform` for `platforms` publishes the runner's own platform alone, and the job passes.
    /// ## Fails
    /// ```github,fails
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - {uses: docker/setup-buildx-action@v3}
    ///       - {uses: docker/build-push-action@v6, with: {platform: "linux/amd64,linux/arm64", tags: acme/app, outputs: "type=oci,dest=image.tar"}}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - {uses: docker/setup-buildx-action@v3}
    ///       - {uses: docker/build-push-action@v6, with: {platforms: "linux/amd64,linux/arm64", tags: acme/app, outputs: "type=oci,dest=image.tar"}}
    /// ```
    /// ## Sources
    /// BerriAI/litellm#2060, where `platform` built one platform.
    pub ActionInputUnknown {
        name: "action-input-unknown",
        severity: Warning,
        group: Job,
        title: "An action ignores this input",
        title_zh: "该 action 会忽略此输入",
        since: "0.1.0",
    }
}

impl Rule for ActionInputUnknown {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        for incident in job.incidents(Self::METADATA.name) {
            let next = match incident
                .facts
                .get("meant")
                .filter(|meant| !meant.is_empty())
            {
                Some(meant) => format!("Write `{meant}`."),
                None => {
                    "Take it out, or use the name that the action's `action.yml` has.".to_owned()
                }
            };
            let text = Text {
                what: sentence(&incident.message),
                why: "The step runs as if the line were not there.".into(),
                next: next.into(),
            };
            out.report_as(
                self,
                Self::METADATA.severity,
                job.place(incident.mark),
                text,
                None,
            );
        }
    }
}
