//! What a REF on the command line can be.

use std::path::PathBuf;
use std::str::FromStr;

use polyarch_core::reference::Reference;

use crate::error::CliError;

/// A REF, read but not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// `host/repo:tag`, `host/repo@sha256:…`, a short Docker Hub name.
    Registry(Reference),
    /// `oci-layout:DIR[:tag]`.
    Layout {
        folder: PathBuf,
        tag: Option<String>,
    },
    /// `oci-archive:FILE.tar[:tag]`.
    Archive { file: PathBuf, tag: Option<String> },
    /// `docker-archive:FILE.tar`.
    DockerArchive { file: PathBuf },
    /// `-`.
    Stdin,
}

impl Location {
    /// The place without tag and digest, as it stands before `@sha256:…`.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Registry(reference) => reference.name(),
            Self::Layout { folder, .. } => format!("oci-layout:{}", folder.display()),
            Self::Archive { file, .. } => format!("oci-archive:{}", file.display()),
            Self::DockerArchive { file } => format!("docker-archive:{}", file.display()),
            Self::Stdin => "-".to_owned(),
        }
    }
}

impl FromStr for Location {
    type Err = CliError;

    fn from_str(text: &str) -> Result<Self, CliError> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        if let Some(rest) = text.strip_prefix("oci-layout:") {
            let (folder, tag) = path_and_tag(text, rest)?;
            return Ok(Self::Layout { folder, tag });
        }
        if let Some(rest) = text.strip_prefix("oci-archive:") {
            let (file, tag) = path_and_tag(text, rest)?;
            return Ok(Self::Archive { file, tag });
        }
        if let Some(rest) = text.strip_prefix("docker-archive:") {
            let (file, _) = path_and_tag(text, rest)?;
            return Ok(Self::DockerArchive { file });
        }
        let reference = Reference::from_str(text).map_err(|source| CliError::Reference {
            text: text.to_owned(),
            source,
        })?;
        Ok(Self::Registry(reference))
    }
}

/// Splits a tag off, unless what is there has that whole name: `oci-layout:a:b` may be either.
fn path_and_tag(text: &str, rest: &str) -> Result<(PathBuf, Option<String>), CliError> {
    if rest.is_empty() {
        return Err(CliError::Usage(format!(
            "`{text}` names no file; write the path behind the colon"
        )));
    }
    let whole = PathBuf::from(rest);
    if whole.exists() {
        return Ok((whole, None));
    }
    match rest.rsplit_once(':') {
        Some((path, tag)) if !path.is_empty() && !tag.is_empty() && !tag.contains('/') => {
            Ok((PathBuf::from(path), Some(tag.to_owned())))
        }
        _ => Ok((whole, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_ref_is_understood() {
        for (text, expected) in [
            ("alpine", "Registry docker.io/library/alpine None"),
            ("oci-layout:out", "Layout oci-layout:out None"),
            ("oci-layout:out:v1", "Layout oci-layout:out Some(\"v1\")"),
            ("oci-layout:./a:b/c", "Layout oci-layout:./a:b/c None"),
            (
                "oci-archive:a.tar:v1",
                "Archive oci-archive:a.tar Some(\"v1\")",
            ),
            (
                "docker-archive:a.tar",
                "DockerArchive docker-archive:a.tar None",
            ),
            ("-", "Stdin - None"),
        ] {
            let location: Location = text.parse().unwrap();
            let (kind, tag) = match &location {
                Location::Registry(_) => ("Registry", None),
                Location::Layout { tag, .. } => ("Layout", tag.clone()),
                Location::Archive { tag, .. } => ("Archive", tag.clone()),
                Location::DockerArchive { .. } => ("DockerArchive", None),
                Location::Stdin => ("Stdin", None),
            };
            assert_eq!(format!("{kind} {} {tag:?}", location.name()), expected);
        }
        for text in ["oci-layout:", "ghcr.io/UPPER", "a b", ""] {
            assert!(Location::from_str(text).is_err(), "{text}");
        }
    }
}
