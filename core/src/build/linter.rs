//! Collects lint facts, and honours `# check=` directives (`linter/linter.go`).

use std::collections::BTreeSet;

use crate::diagnostic::Span;

use super::lint::{Lint, LintRule};
use super::remote::truth;

/// Which rules are off or on in a part of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Checks {
    skip_all: bool,
    skip: BTreeSet<String>,
    experimental_all: bool,
    experimental: BTreeSet<String>,
    error: bool,
}

/// Where a fact belongs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Location {
    /// From 1; 0 where BuildKit has none.
    pub(super) line: usize,
    pub(super) instruction: Option<usize>,
    pub(super) span: Option<Span>,
}

/// The facts of one conversion.
#[derive(Debug, Clone, Default)]
pub(super) struct Linter {
    pub(super) checks: Checks,
    /// BuildKit gives only the first platform's conversion a linter that warns.
    pub(super) found: Vec<Lint>,
}

impl Checks {
    /// `skip=A,B;error=true;experimental=all`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut checks = Self::default();
        let text = text.trim();
        if text.is_empty() {
            return Ok(checks);
        }
        for part in text.splitn(3, ';') {
            let invalid = |what: &str| {
                let what = crate::dockerfile::quote(what);
                format!("invalid check option {what}")
            };
            let (key, value) = part.split_once('=').ok_or_else(|| invalid(part))?;
            let names = || {
                value
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect()
            };
            match (key.trim(), value.trim()) {
                ("skip", "all") => checks.skip_all = true,
                ("skip", _) => checks.skip = names(),
                ("experimental", "all") => checks.experimental_all = true,
                ("experimental", _) => checks.experimental = names(),
                ("error", value) => {
                    checks.error = truth(value).ok_or_else(|| {
                        let (part, value) =
                            (crate::dockerfile::quote(part), crate::dockerfile::quote(value));
                        format!(
                            "failed to parse check option {part}: strconv.ParseBool: parsing {value}: invalid syntax"
                        )
                    })?;
                }
                (key, _) => return Err(invalid(key)),
            }
        }
        Ok(checks)
    }

    /// With what the comments above an instruction add. The first `check=` among them counts; one
    /// that is wrong counts for nothing.
    pub(super) fn with_comments(&self, comments: &[String]) -> Self {
        let value = comments.iter().find_map(|comment| check_directive(comment));
        let value = value.map(|value| value.split(' ').next().unwrap_or_default());
        let Some(Ok(more)) = value.map(Self::parse) else {
            return self.clone();
        };
        let mut checks = self.clone();
        checks.skip_all |= more.skip_all;
        checks.experimental_all |= more.experimental_all;
        checks.skip.extend(more.skip);
        checks.experimental.extend(more.experimental);
        checks
    }

    fn allow(&self, rule: LintRule) -> bool {
        if rule == LintRule::InvalidDefinitionDescription {
            return self.experimental_all || self.experimental.contains(rule.as_str());
        }
        !self.skip_all && !self.skip.contains(rule.as_str())
    }
}

/// The value of `check = …`, by the directive parser's expression.
fn check_directive(comment: &str) -> Option<&str> {
    let (name, value) = comment.trim_start().split_once('=')?;
    let value = value.trim();
    let is_check = name
        .trim_end_matches(['\t', '\n', '\u{c}', '\r', ' '])
        .eq_ignore_ascii_case("check");
    (is_check && !value.is_empty()).then_some(value)
}

impl Linter {
    /// Notes a fact unless `checks` silence its rule.
    pub(super) fn run(
        &mut self,
        checks: &Checks,
        rule: LintRule,
        location: Location,
        message: String,
    ) {
        if checks.allow(rule) {
            self.found.push(Lint {
                line: location.line,
                rule,
                message,
                span: location.span,
                instruction: location.instruction,
            });
        }
    }

    /// The error of `error=true`, once something was found.
    pub(super) fn error(&self) -> Option<String> {
        if !self.checks.error || self.found.is_empty() {
            return None;
        }
        let mut names: Vec<&str> = Vec::new();
        for lint in &self.found {
            if !names.contains(&lint.rule.as_str()) {
                names.push(lint.rule.as_str());
            }
        }
        let names = names.join(", ");
        Some(format!("lint violation found for rules: {names}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_silence_and_enable() {
        let checks = Checks::parse("skip=UndefinedVar, StageNameCasing;error=true").unwrap();
        assert!(!checks.allow(LintRule::StageNameCasing));
        assert!(checks.allow(LintRule::FromAsCasing));
        assert!(!checks.allow(LintRule::InvalidDefinitionDescription));
        let comments = ["text".to_owned(), "check=skip=all reason".to_owned()];
        assert!(
            !checks
                .with_comments(&comments)
                .allow(LintRule::FromAsCasing)
        );
        let wrong = ["check=foo".to_owned()];
        assert_eq!(checks.with_comments(&wrong), checks);
        assert_eq!(
            Checks::parse("foo"),
            Err("invalid check option \"foo\"".to_owned())
        );
    }
}
