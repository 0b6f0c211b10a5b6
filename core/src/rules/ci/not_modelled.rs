//! `not-modelled`.

use crate::rules::{Findings, JobFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// Something in the file is not simulated.
    /// It is left out, and what depends on it is not known.
    /// ## Fails
    /// ```gitlab,fails
    /// include: {remote: "https://example.com/ci.yml"}
    /// build:
    ///   image: alpine:3.22
    ///   script: [echo hello]
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// build:
    ///   image: alpine:3.22
    ///   script: [echo hello]
    /// ```
    /// ## Sources
    /// The readers of this tool.
    pub NotModelled {
        name: "not-modelled",
        severity: Info,
        group: Job,
        title: "This is not simulated",
        title_zh: "此处未被模拟",
        since: "0.1.0",
    }
}

impl Rule for NotModelled {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        for item in job.unmodelled {
            let text = Text {
                what: format!("Left out: {}.", item.what),
                why: "The simulation cannot know what it brings.".into(),
                next: "Put what matters for the build into files that are at hand.".into(),
            };
            out.report(self, job.place(item.mark), text);
        }
    }
}
