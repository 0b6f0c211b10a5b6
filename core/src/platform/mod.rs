//! Platforms (`linux/arm64/v8`): parse, normalise, print, and the order in which containerd
//! prefers the entries of an index.
//!
//! Models `github.com/containerd/platforms` (`platforms.go`, `database.go`, `compare.go`), which
//! BuildKit and Docker use. The host's own platform is never looked up: where containerd would ask
//! the machine, `linux` and `amd64` stand in, since a registry's entry always says its own.

mod normalise;
mod preference;

use std::fmt;
use std::str::FromStr;

use crate::shown::shown;

pub use preference::{Matcher, select};

/// Operating system, architecture and variant of an image or a builder.
///
/// Parsed values are normalised; values that a document holds are kept as written until
/// [`Platform::normalised`] is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    pub os: String,
    pub architecture: String,
    /// `v7` in `linux/arm/v7`; empty where there is none.
    pub variant: String,
    /// Windows build number, such as `10.0.17763.4131`; empty elsewhere.
    pub os_version: String,
    pub os_features: Vec<String>,
}

/// Why a text is not a platform; the texts are containerd's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("{0:?}: wildcards not yet supported: invalid argument")]
    Wildcard(String),
    #[error(
        "{component:?} is an invalid component of {specifier:?}: platform specifier component must match {pattern:?}: invalid argument"
    )]
    BadComponent {
        component: String,
        specifier: String,
        pattern: &'static str,
    },
    #[error(
        "{component:?} is an invalid OS component of {specifier:?}: OSAndVersion specifier component must match {OS_COMPONENT:?}: invalid argument"
    )]
    BadOs {
        component: String,
        specifier: String,
    },
    #[error("{0:?}: unknown operating system or architecture: invalid argument")]
    Unknown(String),
    #[error("{0:?}: cannot parse platform specifier: invalid argument")]
    TooManyParts(String),
}

/// No real platform is longer.
const LONGEST: usize = 200;

/// What every component but the first must match.
const COMPONENT: &str = "^[A-Za-z0-9_.-]+$";
/// The first may carry the system's version and features in brackets.
const OS_COMPONENT: &str =
    r"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$";

impl Platform {
    /// A normalised platform without variant.
    pub fn new(os: &str, architecture: &str) -> Self {
        Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            ..Self::default()
        }
        .normalised()
    }

    /// `unknown/unknown`, under which BuildKit lists attestations.
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    /// The same platform with containerd's spelling: `aarch64` is `arm64`, `arm64/v8` is `arm64`,
    /// `arm` is `arm/v7`, `x86_64` is `amd64`, `amd64/v1` is `amd64`.
    pub fn normalised(&self) -> Self {
        let os = normalise::os(&self.os).into_owned();
        let (architecture, variant) = normalise::architecture(&self.architecture, &self.variant);
        let (architecture, variant) = (architecture.into_owned(), variant.into_owned());
        let mut os_features = self.os_features.clone();
        os_features.sort();
        os_features.dedup();
        Self {
            os,
            architecture,
            variant,
            os_version: self.os_version.clone(),
            os_features,
        }
    }

    /// Whether it is spelled as [`Platform::normalised`] would spell it.
    pub(crate) fn is_normal(&self) -> bool {
        let (architecture, variant) = normalise::architecture(&self.architecture, &self.variant);
        normalise::os(&self.os) == self.os.as_str()
            && architecture == self.architecture.as_str()
            && variant == self.variant.as_str()
            && self.os_features.is_sorted_by(|a, b| a < b)
    }

    /// Whether both name the same CPU and system, however they are spelled.
    ///
    /// Versions of the operating system are compared too: two Windows entries that differ only
    /// there are two platforms.
    pub fn is_same(&self, other: &Self) -> bool {
        if self.is_normal() && other.is_normal() {
            return self == other;
        }
        self.normalised() == other.normalised()
    }

    /// Whether programs for this platform start on a machine of `other`: its own, and 32-bit ones
    /// on their 64-bit successors. Variants are not compared.
    pub fn runs_on(&self, other: &Self) -> bool {
        let same = self.architecture == other.architecture;
        let older = matches!(
            (self.architecture.as_str(), other.architecture.as_str()),
            ("386", "amd64") | ("arm", "arm64")
        );
        self.os == other.os && (same || older)
    }

    /// `os/architecture[/variant]` without version and features, as BuildKit prints platforms.
    pub fn specifier(&self) -> String {
        let mut text = format!("{}/{}", self.os, self.architecture);
        if !self.variant.is_empty() {
            text.push('/');
            text.push_str(&self.variant);
        }
        text
    }
}

impl FromStr for Platform {
    type Err = ParseError;

    fn from_str(specifier: &str) -> Result<Self, ParseError> {
        if specifier.contains('*') {
            return Err(ParseError::Wildcard(specifier.to_owned()));
        }
        let parts: Vec<&str> = specifier.splitn(4, '/').collect();
        let first = os_component(parts[0]).ok_or_else(|| ParseError::BadOs {
            component: parts[0].to_owned(),
            specifier: specifier.to_owned(),
        })?;
        for component in &parts[1..] {
            if !is_component(component) {
                return Err(ParseError::BadComponent {
                    component: (*component).to_owned(),
                    specifier: specifier.to_owned(),
                    pattern: COMPONENT,
                });
            }
        }
        match parts[..] {
            [_] => first.alone(specifier),
            [_, architecture] => Ok(first.with(architecture, "")),
            [_, architecture, variant] => Ok(first.with(architecture, variant)),
            _ => Err(ParseError::TooManyParts(specifier.to_owned())),
        }
    }
}

/// `windows(10.0.17763+win32k)`, taken apart.
struct OsComponent {
    name: String,
    version: String,
    features: Vec<String>,
}

impl OsComponent {
    /// One word alone is an operating system or an architecture, whichever is known.
    fn alone(self, specifier: &str) -> Result<Platform, ParseError> {
        let os = normalise::os(&self.name);
        if normalise::is_known_os(&os) {
            return Ok(self.with("amd64", ""));
        }
        let (architecture, variant) = normalise::architecture(&self.name, "");
        if normalise::is_known_architecture(&architecture) {
            let os = "linux".to_owned();
            return Ok(Platform {
                os,
                architecture: architecture.into_owned(),
                variant: variant.into_owned(),
                ..Platform::default()
            });
        }
        Err(ParseError::Unknown(specifier.to_owned()))
    }

    fn with(self, architecture: &str, variant: &str) -> Platform {
        Platform {
            os: self.name,
            architecture: architecture.to_owned(),
            variant: variant.to_owned(),
            os_version: self.version,
            os_features: self.features,
        }
        .normalised()
    }
}

fn os_component(text: &str) -> Option<OsComponent> {
    let is_name = |s: &str| {
        !s.is_empty()
            && s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    let is_detail = |s: &str| {
        s.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'%'))
    };
    let (name, detail) = match text.split_once('(') {
        None => (text, None),
        Some((name, rest)) => (name, Some(rest.strip_suffix(')')?)),
    };
    let mut pieces = detail.unwrap_or_default().split('+');
    let version = pieces.next().unwrap_or_default().to_owned();
    let features: Vec<String> = pieces.map(str::to_owned).collect();
    let well_formed = is_name(name)
        && is_detail(&version)
        && features.iter().all(|f| !f.is_empty() && is_detail(f));
    well_formed.then(|| OsComponent {
        name: name.to_owned(),
        version,
        features,
    })
}

fn is_component(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

impl fmt::Display for Platform {
    /// `linux/arm/v7`, with a Windows version in brackets: `windows(10.0.17763.4131)/amd64`.
    ///
    /// Documents may say anything at all here, so it is shown, not quoted ([`crate::shown`]).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.os.clone();
        if !self.os_version.is_empty() || !self.os_features.is_empty() {
            text.push('(');
            text.push_str(&self.os_version);
            for feature in &self.os_features {
                text.push('+');
                text.push_str(feature);
            }
            text.push(')');
        }
        for part in [&self.architecture, &self.variant] {
            if !part.is_empty() {
                text.push('/');
                text.push_str(part);
            }
        }
        f.pad(&shown(&text, LONGEST))
    }
}

#[cfg(test)]
mod tests;
