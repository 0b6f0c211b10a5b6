//! Lint of the file's form, before anything is expanded (`dockerfile2llb/validations.go`,
//! `instructions/parse.go`).

use std::collections::BTreeSet;

use crate::dockerfile::{Instruction, Kind, quote};

use super::super::lint::LintRule;
use super::super::linter::Location;
use super::Converter;
use super::names::location;

impl Converter<'_> {
    /// Notes a fact about an instruction of the file, unless a comment above silences it.
    pub(super) fn lint(
        &mut self,
        rule: LintRule,
        at: usize,
        instruction: &Instruction,
        message: String,
    ) {
        let checks = self.linter.checks.with_comments(&instruction.comments);
        self.linter
            .run(&checks, rule, location(at, instruction), message);
    }

    /// Blank lines in continued instructions.
    pub(super) fn lint_continuations(&mut self) {
        let checks = self.linter.checks.clone();
        for found in &self.input.dockerfile.empty_continuations {
            let location = Location {
                line: found.line,
                instruction: None,
                span: Some(found.span),
            };
            let message = "Empty continuation line".to_owned();
            self.linter
                .run(&checks, LintRule::NoEmptyContinuation, location, message);
        }
    }

    /// What BuildKit notes while it types instructions, up to the one that it refuses.
    pub(super) fn lint_instructions(&mut self, refused: Option<usize>) {
        let dockerfile = self.input.dockerfile;
        for (at, instruction) in dockerfile.instructions.iter().enumerate() {
            let is_refused = refused == Some(at);
            match instruction.keyword.text.to_lowercase().as_str() {
                "maintainer" => {
                    let message =
                        "Maintainer instruction is deprecated in favor of using label".to_owned();
                    self.lint(LintRule::MaintainerDeprecated, at, instruction, message);
                }
                "from" => self.lint_from(at, instruction),
                _ => {}
            }
            if is_refused {
                return;
            }
            self.lint_description(at, instruction);
        }
    }

    fn lint_from(&mut self, at: usize, instruction: &Instruction) {
        let words = &instruction.arguments;
        if let [_, _, name] = words.as_slice()
            && name.text != name.text.to_lowercase()
        {
            let message = format!("Stage name '{}' should be lowercase", name.text);
            self.lint(LintRule::StageNameCasing, at, instruction, message);
        }
        let keyword = &instruction.keyword.text;
        let Some(second) = words.get(1).filter(|_| words.len() >= 3) else {
            return;
        };
        let expected = if *keyword == keyword.to_lowercase() {
            second.text.to_lowercase()
        } else if *keyword == keyword.to_uppercase() {
            second.text.to_uppercase()
        } else {
            return;
        };
        if second.text != expected {
            let message = format!(
                "'{}' and '{keyword}' keywords' casing do not match",
                second.text
            );
            self.lint(LintRule::FromAsCasing, at, instruction, message);
        }
    }

    fn lint_description(&mut self, at: usize, instruction: &Instruction) {
        let (what, keys): (&str, Vec<String>) = match &instruction.kind {
            Kind::From(from) => ("FROM", from.stage_name().into_iter().collect()),
            Kind::Arg(arguments) => (
                "ARG",
                arguments.iter().map(|arg| arg.key.text.clone()).collect(),
            ),
            _ => return,
        };
        let (Some(comment), Some(first)) = (instruction.comments.last(), keys.first()) else {
            return;
        };
        let word = comment.split(' ').next().unwrap_or_default();
        if keys.iter().any(|key| key == word) {
            return;
        }
        let name = if keys.len() > 1 { "<arg_key>" } else { first };
        let message =
            format!("Comment for {what} should follow the format: `# {name} <description>`");
        self.lint(
            LintRule::InvalidDefinitionDescription,
            at,
            instruction,
            message,
        );
    }

    /// Stage names that are reserved or taken.
    pub(super) fn validate_names(&mut self) {
        let checks = self.linter.checks.clone();
        let mut seen = BTreeSet::new();
        for (at, instruction) in self.froms() {
            let Kind::From(from) = &instruction.kind else {
                continue;
            };
            let Some(name) = from.stage_name() else {
                continue;
            };
            let place = location(at, instruction);
            if name == "context" || name == "scratch" {
                let message = format!(
                    "Stage name should not use the same name as reserved stage {}",
                    quote(&name)
                );
                self.linter
                    .run(&checks, LintRule::ReservedStageName, place, message);
            }
            if !seen.insert(name.clone()) {
                let message = format!(
                    "Duplicate stage name {}, stage names should be unique",
                    quote(&name)
                );
                self.linter
                    .run(&checks, LintRule::DuplicateStageName, place, message);
            }
        }
    }

    /// Keywords that differ in case from most others. ARGs before the first FROM do not count.
    pub(super) fn validate_casing(&mut self) {
        let checks = self.linter.checks.clone();
        let from = self.input.dockerfile.preamble().len();
        let instructions = self.input.dockerfile.instructions.get(from..);
        let instructions = instructions.unwrap_or_default();
        let (mut lower, mut upper) = (0_usize, 0_usize);
        for instruction in instructions {
            let keyword = &instruction.keyword.text;
            if *keyword == keyword.to_lowercase() {
                lower += 1;
            } else if *keyword == keyword.to_uppercase() {
                upper += 1;
            }
        }
        let mostly_lower = lower > upper;
        for (offset, instruction) in instructions.iter().enumerate() {
            let keyword = &instruction.keyword.text;
            let (right, case) = if mostly_lower {
                (keyword.to_lowercase(), "lowercase")
            } else {
                (keyword.to_uppercase(), "uppercase")
            };
            if *keyword != right {
                let message = format!(
                    "Command '{keyword}' should match the case of the command majority ({case})"
                );
                let place = location(from + offset, instruction);
                self.linter.run(
                    &checks,
                    LintRule::ConsistentInstructionCasing,
                    place,
                    message,
                );
            }
        }
    }
}

/// `SecretsUsedInArgOrEnv`: a word between underscores that names a secret, unless one says that
/// it is public.
pub(super) fn names_secret(key: &str) -> bool {
    let has = |words: &[&str]| {
        let key = key.to_lowercase();
        let mut parts = key.split('_');
        parts.any(|part| words.contains(&part))
    };
    has(&[
        "apikey",
        "auth",
        "credential",
        "credentials",
        "key",
        "password",
        "pword",
        "passwd",
        "secret",
        "token",
    ]) && !has(&["public", "file", "version"])
}
