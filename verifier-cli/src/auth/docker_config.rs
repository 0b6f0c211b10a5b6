//! Docker's `config.json` and podman's `auth.json`: one format, read leniently.
//!
//! Only what logging in needs is read. Passwords leave this file as [`Secret`]s.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::keychain::Credential;
use super::secret::Secret;

/// A login file holds a few kilobytes; one of this size is something else.
const LARGEST: u64 = 1024 * 1024;

/// The parts of a file that are about logging in.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Key (host, URL, or host with a path) to its entry.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Host to the name of its helper.
    pub(crate) helpers: BTreeMap<String, String>,
    /// The helper for all hosts.
    pub(crate) store: Option<String>,
}

/// What is stored under one key.
#[derive(Debug, Clone)]
pub(crate) struct Entry(Option<Credential>);

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct RawConfig {
    auths: BTreeMap<String, Option<RawEntry>>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawEntry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl Config {
    /// Reads a file; `None` if there is none. An error is a fragment that names the file.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, String> {
        let shown = path.display();
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if bytes.len() as u64 > LARGEST => {
                Err(format!("{shown} is larger than a login file may be"))
            }
            Ok(_) => Self::parse(&bytes)
                .map(Some)
                .map_err(|problem| format!("{shown} {problem}")),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(format!("{shown} cannot be read: {error}")),
        }
    }

    /// Parses the text; an error says what is wrong without showing any of it.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let raw: RawConfig = serde_json::from_slice(bytes).map_err(|error| {
            // The message of serde_json may quote values; position and class do not.
            format!(
                "is not a login file: {:?} error at line {}, column {}",
                error.classify(),
                error.line(),
                error.column()
            )
        })?;
        let entries = raw.auths.into_iter().map(|(key, entry)| {
            let credential = entry.and_then(RawEntry::credential);
            (key, Entry(credential))
        });
        Ok(Self {
            entries: entries.collect(),
            helpers: raw.cred_helpers,
            store: raw.creds_store.filter(|name| !name.is_empty()),
        })
    }
}

impl Entry {
    /// The login, if the entry holds one (an entry for a credential store is empty).
    pub(crate) fn credential(&self) -> Option<Credential> {
        self.0.clone()
    }
}

impl RawEntry {
    fn credential(self) -> Option<Credential> {
        let set = |text: Option<String>| text.filter(|text| !text.is_empty());
        let encoded = set(self.auth).and_then(|auth| decode(&auth));
        let username = encoded
            .as_ref()
            .map(|(user, _)| user.clone())
            .or(set(self.username));
        if let Some(token) = set(self.registrytoken) {
            return Some(Credential::RegistryToken(Secret::new(token)));
        }
        if let Some(token) = set(self.identitytoken) {
            return Some(Credential::IdentityToken {
                username: username.unwrap_or_else(|| "<token>".to_owned()),
                token: Secret::new(token),
            });
        }
        let password = encoded
            .map(|(_, password)| password)
            .or(set(self.password))?;
        Some(Credential::Basic {
            username: username?,
            password: Secret::new(password),
        })
    }
}

/// `base64(user:password)`; the password may hold further colons.
fn decode(auth: &str) -> Option<(String, String)> {
    let bytes = STANDARD.decode(auth.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    // `docker login` of old padded with NUL bytes.
    Some((user.to_owned(), password.trim_matches('\0').to_owned()))
}
