//! Sources of ADD that are not files: git repositories and URLs, told apart as BuildKit does
//! (`dfgitutil.ParseGitRef`, `gitutil.ParseURL`).

use crate::dockerfile::quote;

/// What a source text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A path in the context or stage.
    Path,
    /// An HTTP or HTTPS resource, and the file name it gets.
    Http {
        file_name: String,
    },
    Git(GitSource),
}

/// A repository and what of it is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct GitSource {
    pub(super) remote: String,
    pub(super) reference: String,
    pub(super) subdirectory: String,
    pub(super) checksum: String,
    pub(super) keep_git_dir: Option<bool>,
    pub(super) skip_submodules: bool,
    pub(super) fetch_by_commit: bool,
}

/// Takes a source text apart; a refusal is BuildKit's text.
pub(super) fn source(text: &str) -> Result<Source, String> {
    if text.starts_with("./") || text.starts_with("../") || text.starts_with("github.com/") {
        return Ok(Source::Path);
    }
    let Some((scheme, rest)) = scheme(text) else {
        return match scp_style(text) {
            Some((remote, query, fragment)) => git(remote, query, fragment).map(Source::Git),
            None => Ok(Source::Path),
        };
    };
    let is_http = matches!(scheme.as_str(), "http" | "https");
    if !is_http && !matches!(scheme.as_str(), "ssh" | "git") {
        return Ok(Source::Path);
    }
    let url = Url::new(rest);
    // BuildKit looks for exactly this ending.
    let is_repository = url.path.strip_suffix(".git").is_some();
    if !is_http || is_repository {
        let remote = text.split(['?', '#']).next().unwrap_or_default();
        return git(remote.to_owned(), url.query, url.fragment).map(Source::Git);
    }
    // Only these prefixes, in lower case, make a URL.
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Ok(Source::Path);
    }
    let name = super::paths::base(url.path);
    let file_name = match name {
        "." | "/" => "__unnamed__".to_owned(),
        name => name.to_owned(),
    };
    Ok(Source::Http { file_name })
}

/// `^[a-zA-Z0-9]+://`, in lower case, and what follows.
fn scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let well_formed = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    well_formed.then(|| (scheme.to_ascii_lowercase(), rest))
}

struct Url<'a> {
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Url<'a> {
    /// What follows `scheme://`.
    fn new(rest: &'a str) -> Self {
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = rest.find('/').and_then(|at| rest.get(at..));
        Self {
            path: path.unwrap_or_default(),
            query,
            fragment,
        }
    }
}

/// `user@host:path?query#fragment`.
fn scp_style(text: &str) -> Option<(String, &str, &str)> {
    let (user, rest) = text.split_once('@')?;
    let (host, rest) = rest.split_once(':')?;
    let is_word = |text: &str, more: &[u8]| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    if !is_word(user, b"-_") || !is_word(host, b"-.") || text.contains('\n') {
        return None;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((format!("{user}@{host}:{path}"), query, fragment))
}

fn git(remote: String, query: &str, fragment: &str) -> Result<GitSource, String> {
    let (reference, subdirectory) = fragment.split_once(':').unwrap_or((fragment, ""));
    let mut source = GitSource {
        remote,
        reference: reference.to_owned(),
        subdirectory: super::paths::join("/", subdirectory)
            .trim_start_matches('/')
            .to_owned(),
        ..GitSource::default()
    };
    let (mut tag, mut branch) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match key {
            "tag" if !value.is_empty() => tag = Some(value),
            "branch" if !value.is_empty() => branch = Some(value),
            _ => source.option(key, value)?,
        }
    }
    if let Some(tag) = tag {
        source.full_reference("refs/tags/", tag)?;
    }
    match (tag, branch) {
        (Some(_), Some(_)) => Err("branch conflicts with tag".to_owned()),
        (None, Some(branch)) => {
            source.full_reference("refs/heads/", branch)?;
            Ok(source)
        }
        (_, None) => Ok(source),
    }
}

impl GitSource {
    fn option(&mut self, key: &str, value: &str) -> Result<(), String> {
        let truth = || match value {
            "" => Ok(true),
            value => truth(value).ok_or_else(|| format!("invalid {key} value: {}", quote(value))),
        };
        match key {
            "submodules" => self.skip_submodules = !truth()?,
            "keep-git-dir" => self.keep_git_dir = Some(truth()?),
            "fetch-by-commit" => self.fetch_by_commit = truth()?,
            _ if value.is_empty() => return Err(format!("query {} has no value", quote(key))),
            "ref" => unless_other("ref", &mut self.reference, value)?,
            "subdir" => unless_other("subdir", &mut self.subdirectory, value)?,
            "checksum" | "commit" => value.clone_into(&mut self.checksum),
            "mtime" if matches!(value, "checkout" | "commit") => {}
            "mtime" => {
                return Err(format!(
                    "invalid mtime value: {} (must be \"checkout\" or \"commit\")",
                    quote(value)
                ));
            }
            _ => return Err(format!("unexpected query {}", quote(key))),
        }
        Ok(())
    }

    fn full_reference(&mut self, prefix: &str, name: &str) -> Result<(), String> {
        let full = if name.starts_with(prefix) {
            name.to_owned()
        } else {
            format!("{prefix}{name}")
        };
        unless_other("ref", &mut self.reference, &full)
    }
}

fn unless_other(what: &str, slot: &mut String, value: &str) -> Result<(), String> {
    if !slot.is_empty() && slot != value {
        let (old, new) = (quote(slot), quote(value));
        return Err(format!("{what} conflicts: {old} vs {new}"));
    }
    value.clone_into(slot);
    Ok(())
}

/// Go's `strconv.ParseBool`.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        match source(text) {
            Ok(Source::Path) => "path".to_owned(),
            Ok(Source::Http { file_name }) => format!("http {file_name}"),
            Ok(Source::Git(git)) => {
                format!("git {} {} {}", git.remote, git.reference, git.subdirectory)
            }
            Err(error) => error,
        }
    }

    #[test]
    fn sources_are_told_apart_as_buildkit_does() {
        for (text, expected) in [
            ("a/b", "path"),
            ("./x@y:z", "path"),
            ("github.com/a/b.git", "path"),
            ("ftp://h/x", "path"),
            ("https://h/a/b.tgz?x=1", "http b.tgz"),
            ("https://h", "http __unnamed__"),
            ("https://h/r.git#v1:sub", "git https://h/r.git v1 sub"),
            ("git@h:o/r.git#main", "git git@h:o/r.git main "),
            ("git://h/r", "git git://h/r  "),
            (
                "https://h/r.git?tag=v1",
                "git https://h/r.git refs/tags/v1 ",
            ),
            ("https://h/r.git?x=1", "unexpected query \"x\""),
            (
                "https://h/r.git?tag=a&branch=b",
                "branch conflicts with tag",
            ),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
