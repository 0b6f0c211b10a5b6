//! `polyarch.toml` and `--allow`: what a team decided once, with reasons.
//!
//! A waiver names a rule that may be waived and says why; everything else is refused, so that a
//! slip of the keyboard does not silently waive nothing.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use polyarch_core::platform::Platform;
use polyarch_core::rules;
use polyarch_core::verify::{Depth, Waiver};
use serde::Deserialize;

use crate::error::CliError;

/// The file that is read by itself from the working directory.
pub(crate) const FILE: &str = "polyarch.toml";

/// A policy file, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) platforms: Vec<Platform>,
    pub(crate) exact: Option<bool>,
    pub(crate) depth: Option<Depth>,
    pub(crate) waivers: Vec<Waiver>,
}

/// `--allow RULE[:GLOB]=REASON`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allow(pub(crate) Waiver);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    verify: RawVerify,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawVerify {
    platforms: Vec<String>,
    exact: Option<bool>,
    deep: Option<RawDeep>,
    allow: Vec<RawAllow>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawDeep {
    Switch(bool),
    Word(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAllow {
    rule: String,
    path: Option<String>,
    platform: Option<String>,
    reason: String,
}

impl Policy {
    /// Reads and checks a file.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path).map_err(|source| CliError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text)
            .map_err(|problem| CliError::Usage(format!("{}: {problem}", path.display())))
    }

    /// The file in the working directory, if there is one.
    pub(crate) fn here() -> Option<PathBuf> {
        let path = PathBuf::from(FILE);
        path.is_file().then_some(path)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let raw: RawFile = toml::from_str(text).map_err(|error| error.to_string())?;
        let raw = raw.verify;
        Ok(Self {
            platforms: raw
                .platforms
                .iter()
                .map(|text| platform(text))
                .collect::<Result<_, _>>()?,
            exact: raw.exact,
            depth: raw.deep.map(RawDeep::depth).transpose()?,
            waivers: raw
                .allow
                .into_iter()
                .map(RawAllow::checked)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl RawDeep {
    fn depth(self) -> Result<Depth, String> {
        match self {
            Self::Switch(false) => Ok(Depth::Documents),
            Self::Switch(true) => Ok(Depth::AllLayers),
            Self::Word(word) => depth(&word),
        }
    }
}

/// `shared` or `all`.
pub(crate) fn depth(word: &str) -> Result<Depth, String> {
    match word {
        "shared" => Ok(Depth::SharedLayers),
        "all" => Ok(Depth::AllLayers),
        _ => Err(format!("`{word}` is no depth; write `shared` or `all`")),
    }
}

impl RawAllow {
    fn checked(self) -> Result<Waiver, String> {
        checked(Waiver {
            platform: self.platform.as_deref().map(platform).transpose()?,
            rule: self.rule,
            path: self.path,
            reason: self.reason,
        })
    }
}

fn platform(text: &str) -> Result<Platform, String> {
    text.parse::<Platform>().map_err(|error| error.to_string())
}

fn checked(waiver: Waiver) -> Result<Waiver, String> {
    let name = &waiver.rule;
    let rule = rules::find(name)
        .ok_or_else(|| format!("there is no rule `{name}`; `polyarch explain` lists all"))?;
    if !rule.metadata().waivable {
        return Err(format!(
            "`{name}` cannot be waived: what it finds is never right"
        ));
    }
    if waiver.reason.trim().is_empty() {
        return Err(format!("the waiver of `{name}` says no reason"));
    }
    if waiver
        .path
        .as_ref()
        .is_some_and(|glob| !glob.starts_with(['/', '*']))
    {
        return Err(format!(
            "the path of the waiver of `{name}` must begin with `/` or `**`: it is matched against \
             absolute paths in the image"
        ));
    }
    Ok(waiver)
}

impl FromStr for Allow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, reason) = text
            .split_once('=')
            .ok_or("expected RULE[:GLOB]=REASON; a waiver needs a reason")?;
        let (rule, path) = match what.split_once(':') {
            Some((rule, glob)) => (rule, Some(glob.to_owned())),
            None => (what, None),
        };
        checked(Waiver {
            rule: rule.to_owned(),
            path,
            platform: None,
            reason: reason.trim().to_owned(),
        })
        .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_example_is_read() {
        let policy = Policy::parse(
            r#"
            [verify]
            platforms = ["linux/amd64", "linux/arm64"]
            exact = false
            deep = "shared"
            [[verify.allow]]
            rule = "binary-platform-mismatch"
            path = "/usr/lib/firmware/**"
            platform = "linux/arm64"      # optional
            reason = "firmware for the DSP, never run by the CPU"
            "#,
        )
        .unwrap();
        assert_eq!(policy.platforms.len(), 2);
        assert_eq!(policy.exact, Some(false));
        assert_eq!(policy.depth, Some(Depth::SharedLayers));
        assert_eq!(
            policy.waivers[0].platform,
            Some(Platform::new("linux", "arm64"))
        );
    }

    #[test]
    fn slips_in_a_policy_are_refused_with_the_reason() {
        for (text, expected) in [
            ("[verify]\nplatform = []", "unknown field `platform`"),
            ("[verify]\nplatforms = [\"linux/\"]", "invalid component"),
            ("[verify]\ndeep = \"some\"", "`some` is no depth"),
            ("[verify]\ndeep = 3", "data did not match"),
            ("verify = 1", "invalid type"),
            ("[verify", "parse error"),
            (
                "[[verify.allow]]\nrule = \"nope\"\nreason = \"x\"",
                "there is no rule `nope`",
            ),
            (
                "[[verify.allow]]\nrule = \"platform-missing\"\nreason = \"x\"",
                "`platform-missing` cannot be waived",
            ),
            (
                "[[verify.allow]]\nrule = \"binary-platform-mismatch\"\nreason = \" \"",
                "says no reason",
            ),
            (
                "[[verify.allow]]\nrule = \"binary-platform-mismatch\"",
                "missing field `reason`",
            ),
        ] {
            let problem = Policy::parse(text).unwrap_err();
            assert!(problem.contains(expected), "{text}: {problem}");
        }
    }

    #[test]
    fn a_waiver_on_the_command_line_is_rule_glob_and_reason() {
        let shown = |text: &str| {
            Allow::from_str(text)
                .map(|Allow(waiver)| format!("{} {:?} {}", waiver.rule, waiver.path, waiver.reason))
        };
        assert_eq!(
            shown("binary-platform-mismatch:/opt/**=a=b").as_deref(),
            Ok("binary-platform-mismatch Some(\"/opt/**\") a=b")
        );
        assert_eq!(
            shown("binary-platform-mismatch=firmware").as_deref(),
            Ok("binary-platform-mismatch None firmware")
        );
        for text in [
            "binary-platform-mismatch",
            "binary-platform-mismatch=",
            "digest-mismatch=please",
            "nope=x",
            "binary-platform-mismatch:opt/x=relative",
        ] {
            assert!(shown(text).is_err(), "{text}");
        }
    }
}
