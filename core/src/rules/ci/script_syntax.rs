//! `script-syntax`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A quote or a keyword is not closed.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   script:
    ///     - if true; then echo yes
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   script:
    ///     - if true; then echo yes; fi
    /// ```
    /// ## Sources
    /// POSIX shell grammar.
    pub ScriptSyntax {
        name: "script-syntax",
        severity: Error,
        group: Job,
        title: "The shell cannot read the line",
        title_zh: "shell 无法解析该行",
        since: "0.1.0",
    }
}

impl Rule for ScriptSyntax {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The line fails before anything in it runs.",
            next: "Close the quote, or add the missing word.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
