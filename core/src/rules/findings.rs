//! Where rules put what they find.

use std::borrow::Cow;

use super::{Metadata, Rule};
use crate::diagnostic::{Diagnostic, Fix, Place, Severity};

/// What rules have found so far, in the order in which they reported it.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<(Diagnostic, &'static Metadata)>,
}

/// The three parts of every message.
#[derive(Debug, Clone)]
pub struct Text {
    /// What is wrong, as a sentence.
    pub what: String,
    /// Why that matters, or how it comes about.
    pub why: Cow<'static, str>,
    /// What to do next.
    pub next: Cow<'static, str>,
}

impl Findings {
    /// Reports with the rule's own severity.
    pub fn report(&mut self, rule: &dyn Rule, place: Place, text: Text) {
        self.report_as(rule, rule.metadata().severity, place, text, None);
    }

    /// Reports with another severity, or with a fix.
    pub fn report_as(
        &mut self,
        rule: &dyn Rule,
        severity: Severity,
        place: Place,
        text: Text,
        fix: Option<Fix>,
    ) {
        let metadata = rule.metadata();
        let Text { what, why, next } = text;
        let rule = metadata.name;
        let diagnostic = Diagnostic {
            rule,
            severity,
            place,
            message: what,
            why,
            next,
            fix,
        };
        self.found.push((diagnostic, metadata));
    }

    /// Everything reported so far.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter().map(|(diagnostic, _)| diagnostic)
    }

    /// Everything reported, with the metadata of the rule that did.
    pub fn into_found(self) -> Vec<(Diagnostic, &'static Metadata)> {
        self.found
    }

    /// Everything reported.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
            .into_iter()
            .map(|(diagnostic, _)| diagnostic)
            .collect()
    }
}
