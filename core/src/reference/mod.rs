//! Image references as Docker reads them: `[host/]path[:tag][@digest]`.
//!
//! Models `github.com/distribution/reference` (`normalize.go`, `regexp.go`, `reference.go`): Docker
//! Hub is the host where none is named, `library/` its folder for official images, `latest` the
//! tag. Error texts are that library's, since BuildKit prints them.

mod grammar;

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;

/// The host that stands for Docker Hub in full references.
pub const DOCKER_HUB: &str = "docker.io";

/// The machine that answers for [`DOCKER_HUB`].
const DOCKER_HUB_REGISTRY: &str = "registry-1.docker.io";

/// A full reference: host and path are always present, tag and digest as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// Host with port where one is given; `docker.io` for Docker Hub.
    pub host: String,
    /// Repository, such as `library/alpine`.
    pub path: String,
    pub tag: Option<String>,
    pub digest: Option<Digest>,
}

/// Why a text is not a reference; the texts are the library's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("invalid reference format")]
    Format,
    #[error("invalid reference format: repository name ({0}) must be lowercase")]
    UpperCase(String),
    #[error("invalid repository name ({0}), cannot specify 64-byte hexadecimal strings")]
    Identifier(String),
    #[error("repository name must not be more than 255 characters")]
    NameTooLong,
    #[error("invalid checksum digest length")]
    DigestLength,
    #[error("unsupported digest algorithm")]
    DigestAlgorithm,
}

impl Reference {
    /// `host/path`, without tag and digest.
    pub fn name(&self) -> String {
        format!("{}/{}", self.host, self.path)
    }

    /// As people write it: `alpine` for `docker.io/library/alpine`.
    pub fn familiar_name(&self) -> String {
        if self.host != DOCKER_HUB {
            return self.name();
        }
        self.path
            .strip_prefix("library/")
            .filter(|p| !p.contains('/'))
            .unwrap_or(&self.path)
            .to_owned()
    }

    /// The host to connect to, with its port where one is given.
    pub fn registry(&self) -> &str {
        if self.host == DOCKER_HUB {
            DOCKER_HUB_REGISTRY
        } else {
            &self.host
        }
    }

    /// The digest if there is one, else the tag, else `latest`: what a manifest is asked for by.
    pub fn target(&self) -> Target {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => Target::Digest(digest.clone()),
            (None, Some(tag)) => Target::Tag(tag.clone()),
            (None, None) => Target::Tag("latest".to_owned()),
        }
    }

    /// The same reference with `latest` where it has neither tag nor digest.
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }

    /// The same repository at a digest, `host/path@sha256:…`.
    pub fn at(&self, digest: &Digest) -> Self {
        Self {
            tag: None,
            digest: Some(digest.clone()),
            ..self.clone()
        }
    }
}

/// What names a manifest within its repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Tag(String),
    Digest(Digest),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => f.pad(tag),
            Self::Digest(digest) => f.pad(digest.as_str()),
        }
    }
}

impl FromStr for Reference {
    type Err = ParseError;

    /// `ParseNormalizedNamed`: adds Docker Hub and `library/`, adds no tag.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        if grammar::is_identifier(text) {
            return Err(ParseError::Identifier(text.to_owned()));
        }
        let (host, remainder) = split_host(text);
        let path_end = remainder.find([':', '@']).unwrap_or(remainder.len());
        let name = &remainder[..path_end];
        if name.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(ParseError::UpperCase(name.to_owned()));
        }
        let (name_and_tag, digest) = match remainder.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (remainder.as_str(), None),
        };
        let (path, tag) = match name_and_tag.split_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (name_and_tag, None),
        };
        if !grammar::is_host(&host) || !grammar::is_path(path) || !tag.is_none_or(grammar::is_tag) {
            return Err(ParseError::Format);
        }
        if host.len() + 1 + path.len() > grammar::MAX_NAME {
            return Err(ParseError::NameTooLong);
        }
        let digest = digest.map(grammar::digest).transpose()?;
        Ok(Self {
            host,
            path: path.to_owned(),
            tag: tag.map(str::to_owned),
            digest,
        })
    }
}

/// `splitDockerDomain`: what stands before the first slash is a host if it looks like one.
fn split_host(text: &str) -> (String, String) {
    let is_host = |first: &str| {
        first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first
    };
    let (host, mut remainder) = match text.split_once('/') {
        Some((first, rest)) if is_host(first) => (first.to_owned(), rest.to_owned()),
        _ => (DOCKER_HUB.to_owned(), text.to_owned()),
    };
    let host = if host == "index.docker.io" {
        DOCKER_HUB.to_owned()
    } else {
        host
    };
    if host == DOCKER_HUB && !remainder.contains('/') {
        remainder = format!("library/{remainder}");
    }
    (host, remainder)
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.path)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
