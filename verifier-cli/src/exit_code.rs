//! The exit codes that pipelines rely on; they do not change their meaning.

use std::process;

/// What the process answers with. The order is not the order of severity: see [`ExitCode::worst`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// 0: everything that was asked for holds.
    Pass,
    /// 1: at least one error finding.
    Failed,
    /// 2: usage error, or an input that cannot be read.
    Usage,
    /// 3: nothing was disproved, but something could not be established.
    Inconclusive,
}

impl ExitCode {
    /// The number that the shell sees.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Inconclusive => 3,
        }
    }

    /// The code of a run over several references: 2, then 1, then 3, then 0.
    pub(crate) fn worst(self, other: Self) -> Self {
        let rank = |code: Self| match code {
            Self::Usage => 3,
            Self::Failed => 2,
            Self::Inconclusive => 1,
            Self::Pass => 0,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode::{Failed, Inconclusive, Pass, Usage};

    #[test]
    fn several_references_end_with_the_worst_code() {
        for (codes, expected) in [
            (vec![Pass, Pass], 0),
            (vec![Pass, Inconclusive], 3),
            (vec![Inconclusive, Failed, Pass], 1),
            (vec![Failed, Usage, Inconclusive], 2),
        ] {
            let worst = codes.iter().fold(Pass, |worst, code| worst.worst(*code));
            assert_eq!(worst.number(), expected, "{codes:?}");
        }
    }
}
