//! Paths in an image: BuildKit's rules for Linux and Windows (`util/system/path.go`).

pub(super) use crate::dockerfile::context::clean;

/// Why a Windows path is refused; the texts are BuildKit's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PathError {
    #[error("No relative path specified in {0}")]
    NoRelativePath(String),
    #[error("UNC paths are not supported")]
    Unc,
    #[error("The specified path is not on the system drive (C:)")]
    Drive,
}

/// Go's `path.Join`: empty elements are skipped, the rest is cleaned.
pub(super) fn join(parent: &str, child: &str) -> String {
    match (parent.is_empty(), child.is_empty()) {
        (true, true) => String::new(),
        (true, false) => clean(child),
        (false, true) => clean(parent),
        (false, false) => clean(&format!("{parent}/{child}")),
    }
}

/// Go's `path.Base`.
pub(super) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        None | Some("") => "/",
        Some(last) => last,
    }
}

/// Backslashes become slashes on Windows.
pub(super) fn to_slash(path: &str, os: &str) -> String {
    if os == "windows" {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    }
}

/// `CheckSystemDriveAndRemoveDriveLetter`: Windows paths lose `C:`, and only that drive is
/// accepted; other systems' paths stay as they are.
pub(super) fn without_drive(path: &str, os: &str, keep_slash: bool) -> Result<String, PathError> {
    if os != "windows" {
        return Ok(path.to_owned());
    }
    let bytes = path.as_bytes();
    if bytes.len() == 2 && bytes.get(1) == Some(&b':') {
        let quoted = crate::dockerfile::quote(path);
        return Err(PathError::NoRelativePath(quoted));
    }
    if to_slash(path, os).starts_with("//") {
        return Err(PathError::Unc);
    }
    match path.split_once(':') {
        None => Ok(clean_keeping(path, keep_slash)),
        Some((drive, rest)) if drive.eq_ignore_ascii_case("c") => {
            Ok(clean_keeping(rest, keep_slash))
        }
        Some(_) => Err(PathError::Drive),
    }
}

fn clean_keeping(path: &str, keep_slash: bool) -> String {
    let slashed = path.replace('\\', "/");
    let mut cleaned = clean(&slashed);
    if keep_slash && cleaned.len() > 1 && slashed.ends_with('/') {
        cleaned.push('/');
    }
    cleaned
}

/// Whether a path is absolute; one that is refused is not.
pub(super) fn is_absolute(path: &str, os: &str) -> bool {
    if os != "windows" {
        return path.starts_with('/');
    }
    without_drive(path, os, false).is_ok_and(|path| to_slash(&path, os).starts_with('/'))
}

/// `NormalizePath`: absolute below `parent`, with slashes; with `keep_slash` a trailing `/` or
/// `/.` stays.
pub(super) fn normalise(
    parent: &str,
    path: &str,
    os: &str,
    keep_slash: bool,
) -> Result<String, PathError> {
    if os != "windows" {
        return Ok(normalise_slashes(parent, path, keep_slash));
    }
    let original = to_slash(path, os);
    let parent = match to_slash(parent, os) {
        parent if parent.is_empty() => "/".to_owned(),
        parent => parent,
    };
    let mut parent = without_drive(&parent, os, keep_slash)?;
    if !is_absolute(&parent, os) {
        parent = join("/", &parent);
    }
    let new = if original.is_empty() {
        parent.clone()
    } else {
        original.clone()
    };
    let mut new = without_drive(&new, os, keep_slash)?;
    if !is_absolute(&new, os) {
        new = join(&parent, &new);
    }
    if keep_slash {
        keep_end(&original, &mut new);
    }
    Ok(to_slash(&new, os))
}

/// [`normalise`] where slashes are all there is.
fn normalise_slashes(parent: &str, path: &str, keep_slash: bool) -> String {
    let base = |path: &str| match path {
        "" => "/".to_owned(),
        path if path.starts_with('/') => path.to_owned(),
        path => join("/", path),
    };
    let mut new = match path {
        "" => base(parent),
        path if path.starts_with('/') => path.to_owned(),
        path => join(&base(parent), path),
    };
    if keep_slash {
        keep_end(path, &mut new);
    }
    new
}

/// Gives a path the `/` or `/.` back that it was written with.
fn keep_end(original: &str, new: &mut String) {
    if original.ends_with('/') && !new.ends_with('/') {
        new.push('/');
    } else if original.ends_with("/.") {
        if new != "/" {
            new.push('/');
        }
        new.push('.');
    }
}

/// `NormalizeWorkdir`: like [`normalise`], but Windows gets its backslashes back.
pub(super) fn workdir(current: &str, path: &str, os: &str) -> Result<String, PathError> {
    let path = normalise(current, path, os, false)?;
    Ok(if os == "windows" {
        path.replace('/', "\\")
    } else {
        path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_paths_are_joined_and_mostly_kept() {
        assert_eq!(workdir("/a", "b/../c", "linux").unwrap(), "/a/c");
        // An absolute path is taken as it is written.
        assert_eq!(workdir("/a", "/w/", "linux").unwrap(), "/w/");
        assert_eq!(workdir("", "x", "linux").unwrap(), "/x");
        assert_eq!(normalise("/w", "d/.", "linux", true).unwrap(), "/w/d/.");
        assert_eq!(normalise("/w", "./", "linux", true).unwrap(), "/w/");
    }

    #[test]
    fn windows_paths_lose_their_drive() {
        assert_eq!(workdir("", r"C:\app", "windows").unwrap(), r"\app");
        assert_eq!(workdir(r"\app", "sub", "windows").unwrap(), r"\app\sub");
        assert_eq!(workdir("", r"D:\x", "windows"), Err(PathError::Drive));
        assert!(workdir("", "C:", "windows").is_err());
        assert_eq!(workdir("", r"\\host\x", "windows"), Err(PathError::Unc));
    }

    #[test]
    fn go_path_functions() {
        for (path, expected) in [
            ("", "."),
            ("/..", "/"),
            ("a//b/./..", "a"),
            ("../..", "../.."),
        ] {
            assert_eq!(clean(path), expected);
        }
        for (path, expected) in [("", "."), ("/", "/"), ("/a/b/", "b"), ("x", "x")] {
            assert_eq!(base(path), expected);
        }
    }
}
