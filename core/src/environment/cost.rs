//! How long a step takes, roughly: what the estimates of previews and of played jobs stand on.
//!
//! Nothing is measured. Each kind of work has a usual duration on a CPU of its own kind, and a
//! factor by which an emulator is slower at it; `docs/cost-model.md` says where they come from.
//! What matters is what they compare: work under an emulator with the same work without.

/// What a step spends its time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// An image or other source is fetched.
    Pull,
    /// Files are made or copied; the context counts as files too.
    Files,
    /// A compiler or a build tool runs.
    Compile,
    /// A package manager installs.
    Packages,
    /// Any other program runs.
    Command,
}

/// The kinds of work with what emulation does to them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CostModel {
    /// How many times slower every program is under an emulator; `None` for each kind's own
    /// factor ([`Work::emulation_factor`]).
    pub emulation_factor: Option<u32>,
}

/// Words of a command that tell a compiler or a build tool. Their first letters stand below.
const COMPILERS: [&str; 8] = [
    "go build",
    "cargo",
    "make",
    "gcc",
    "mvn",
    "gradle",
    "npm run build",
    "dotnet",
];

/// Words of a command that tell a package manager.
const PACKAGE_MANAGERS: [&str; 7] = [
    "apt-get",
    "apk ",
    "yum",
    "dnf",
    "pip install",
    "npm ",
    "yarn",
];

/// The largest factor that can be set.
const MAX_FACTOR: u32 = 1000;

impl Work {
    /// What a command line, or a step's name that holds one, is busy with.
    pub fn of_command(text: &str) -> Self {
        let mut packages = false;
        // One pass: this is asked of every step of every platform.
        for at in 0..text.len() {
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            if !rest.first().is_some_and(|b| b"acdgmnpy".contains(b)) {
                continue;
            }
            let begins = |word: &&str| rest.starts_with(word.as_bytes());
            if COMPILERS.iter().any(begins) {
                return Self::Compile;
            }
            packages = packages || PACKAGE_MANAGERS.iter().any(begins);
        }
        if packages {
            Self::Packages
        } else {
            Self::Command
        }
    }

    /// Milliseconds on a CPU of its own kind.
    pub fn milliseconds(self) -> u64 {
        match self {
            Self::Pull => 2_000,
            Self::Files => 100,
            Self::Compile => 40_000,
            Self::Packages => 8_000,
            Self::Command => 500,
        }
    }

    /// How many times slower it is under an emulator; 1 where no program runs.
    pub fn emulation_factor(self) -> u32 {
        match self {
            Self::Pull | Self::Files => 1,
            Self::Compile => 10,
            Self::Packages | Self::Command => 4,
        }
    }

    fn is_program(self) -> bool {
        matches!(self, Self::Compile | Self::Packages | Self::Command)
    }
}

impl CostModel {
    /// A factor as people write it: a whole number from 1 to 1000.
    pub fn factor(text: &str) -> Option<u32> {
        let factor: u32 = text.trim().parse().ok()?;
        (1..=MAX_FACTOR).contains(&factor).then_some(factor)
    }

    /// Milliseconds of a piece of work, under an emulator or not.
    pub fn milliseconds(self, work: Work, emulated: bool) -> u64 {
        let factor = match (emulated && work.is_program(), self.emulation_factor) {
            (false, _) => 1,
            (true, Some(factor)) => factor,
            (true, None) => work.emulation_factor(),
        };
        work.milliseconds() * u64::from(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emulation_is_dear_where_a_program_runs_and_only_there() {
        let usual = CostModel::default();
        let at = |model: CostModel, work| {
            (
                model.milliseconds(work, false),
                model.milliseconds(work, true),
            )
        };
        assert_eq!(
            at(usual, Work::of_command("RUN go build ./...")),
            (40_000, 400_000)
        );
        assert_eq!(
            at(usual, Work::of_command("RUN apk add curl")),
            (8_000, 32_000)
        );
        assert_eq!(at(usual, Work::of_command("RUN true")), (500, 2_000));
        assert_eq!(at(usual, Work::Files), (100, 100));
        let slow = CostModel {
            emulation_factor: CostModel::factor("25"),
        };
        assert_eq!(at(slow, Work::Compile), (40_000, 1_000_000));
        assert_eq!(at(slow, Work::Pull), (2_000, 2_000));
    }

    #[test]
    fn every_word_is_found() {
        for word in COMPILERS {
            assert_eq!(Work::of_command(&format!("RUN é; {word}")), Work::Compile);
        }
        for word in PACKAGE_MANAGERS {
            assert_eq!(
                Work::of_command(&format!("RUN x && {word}")),
                Work::Packages
            );
        }
    }

    #[test]
    fn a_factor_is_a_whole_number_from_one() {
        assert_eq!(CostModel::factor(" 1000 "), Some(1000));
        for text in ["0", "-1", "1.5", "1001", "", "ten", "99999999999"] {
            assert_eq!(CostModel::factor(text), None, "{text}");
        }
    }
}
