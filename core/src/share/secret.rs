//! What must not get into a link: credentials, as far as they can be told.
//!
//! The model has no field for one. Build arguments are judged by name, as BuildKit's rule
//! `SecretsUsedInArgOrEnv` does, and every text by the prefixes that token issuers document. It
//! is a safety net: a password without a telling name passes.

use super::LinkError;
use crate::analysis::Project;

/// Words of a name, between underscores, that make it a secret's (BuildKit's linter).
const SECRET_WORDS: [&str; 10] = [
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
];
/// Words that make it harmless again.
const HARMLESS_WORDS: [&str; 3] = ["public", "file", "version"];

/// Prefix of a token, how many characters of `[A-Za-z0-9_-]` follow at least, and whose it is.
const TOKENS: [(&str, usize, &str); 14] = [
    ("ghp_", 30, "a GitHub personal access token"),
    ("gho_", 30, "a GitHub OAuth token"),
    ("ghs_", 30, "a GitHub app's token"),
    ("ghr_", 30, "a GitHub refresh token"),
    ("github_pat_", 30, "a GitHub personal access token"),
    ("glpat-", 20, "a GitLab personal access token"),
    ("gldt-", 20, "a GitLab deploy token"),
    ("glcbt-", 20, "a GitLab job token"),
    ("dckr_pat_", 20, "a Docker Hub access token"),
    ("dckr_oat_", 20, "a Docker Hub organisation token"),
    ("npm_", 30, "an npm access token"),
    ("pypi-AgEIcHlwaS5vcmc", 20, "a PyPI token"),
    ("AKIA", 16, "an AWS access key"),
    ("xoxb-", 20, "a Slack token"),
];

const ADVICE_ARG: &str =
    "clear its value before sharing (the name alone may stay), and use `RUN --mount=type=secret`";
const ADVICE_TEXT: &str =
    "take it out before sharing, and revoke it if it ever was in a file that others can read";

/// The first credential found.
pub(super) fn find(project: &Project) -> Option<LinkError> {
    for (name, value) in &project.settings.build_args {
        let why = if value.is_empty() {
            None
        } else if is_secret_name(name) {
            Some("its name says so")
        } else {
            token(value)
        };
        if let Some(why) = why {
            return Some(LinkError::Secret {
                place: format!("the build argument {name}"),
                why,
                advice: ADVICE_ARG,
            });
        }
    }
    let texts = project.files.iter().filter_map(|file| {
        let text = std::str::from_utf8(file.bytes.as_deref()?).ok()?;
        Some((file.path.as_str(), text))
    });
    let name = project.dockerfile_name.as_str();
    let texts = texts.chain([(name, project.dockerfile.as_str())]);
    let bases = project.bases.as_deref();
    let texts = texts.chain(bases.map(|text| ("the base-image catalogue", text)));
    let job = project.job.iter();
    let texts = texts.chain(
        job.clone()
            .map(|job| (job.file.as_str(), job.text.as_str())),
    );
    let switches = job.flat_map(|job| &job.settings);
    let texts = texts.chain(switches.map(|(key, value)| (key.as_str(), value.as_str())));
    for (place, text) in texts {
        if let Some(why) = token(text) {
            return Some(LinkError::Secret {
                place: format!("a text in {place}"),
                why,
                advice: ADVICE_TEXT,
            });
        }
    }
    None
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| name.split('_').any(|word| words.contains(&word));
    has(&SECRET_WORDS) && !has(&HARMLESS_WORDS)
}

/// Whose token stands in `text`, if one does.
fn token(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    TOKENS.into_iter().find_map(|(prefix, length, whose)| {
        let mut places = text.match_indices(prefix);
        let found = places.any(|(at, _)| {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = text.get(at + prefix.len()..).unwrap_or_default();
            let tail = after.bytes().take_while(|b| is_token_byte(*b)).take(length);
            !before.is_some_and(char::is_alphanumeric) && tail.count() == length
        });
        found.then_some(whose)
    })
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
