//! Facts that BuildKit's lint rules warn of, with BuildKit's texts (`linter/ruleset.go`).
//!
//! What is done with them is the rules' business; the names here are BuildKit's own, because
//! `# check=skip=` names them.

use crate::diagnostic::Span;

/// One finding of BuildKit's linter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lint {
    /// First line of the place, from 1; 0 where BuildKit has none.
    pub line: usize,
    pub rule: LintRule,
    pub message: String,
    /// The tokens concerned, where known.
    pub span: Option<Span>,
    /// Position in `Dockerfile::instructions`.
    pub instruction: Option<usize>,
}

macro_rules! lint_rules {
    ($($(#[$doc:meta])* $name:ident $url:literal,)*) => {
        /// BuildKit's rules.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum LintRule {
            $($(#[$doc])* $name,)*
        }

        impl LintRule {
            /// In BuildKit's order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// BuildKit's CamelCase name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The last part of the rule's page under
            /// `https://docs.docker.com/go/dockerfile/rule/`; empty where there is no page.
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$name => $url,)*
                }
            }
        }
    };
}

lint_rules! {
    StageNameCasing "stage-name-casing",
    FromAsCasing "from-as-casing",
    NoEmptyContinuation "no-empty-continuation",
    ConsistentInstructionCasing "consistent-instruction-casing",
    DuplicateStageName "duplicate-stage-name",
    ReservedStageName "reserved-stage-name",
    JSONArgsRecommended "json-args-recommended",
    MaintainerDeprecated "maintainer-deprecated",
    UndefinedArgInFrom "undefined-arg-in-from",
    WorkdirRelativePath "workdir-relative-path",
    UndefinedVar "undefined-var",
    MultipleInstructionsDisallowed "multiple-instructions-disallowed",
    LegacyKeyValueFormat "legacy-key-value-format",
    InvalidBaseImagePlatform "",
    RedundantTargetPlatform "redundant-target-platform",
    SecretsUsedInArgOrEnv "secrets-used-in-arg-or-env",
    InvalidDefaultArgInFrom "invalid-default-arg-in-from",
    FromPlatformFlagConstDisallowed "from-platform-flag-const-disallowed",
    CopyIgnoredFile "copy-ignored-file",
    /// Experimental: off unless a check directive asks for it.
    InvalidDefinitionDescription "invalid-definition-description",
    ExposeProtoCasing "expose-proto-casing",
    ExposeInvalidFormat "expose-invalid-format",
}

impl std::fmt::Display for LintRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
