//! Text that is never shown: passwords, tokens, `Authorization` values.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A secret; `Debug` says only that there is one, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Takes the text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that sends it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Knows every secret that was sent, and takes it out of texts that servers send back.
#[derive(Default)]
pub(crate) struct Redactor(Mutex<BTreeSet<String>>);

/// Shorter secrets would take ordinary words out of messages.
const SHORTEST: usize = 4;

impl Redactor {
    /// Remembers a secret before it is sent.
    pub(crate) fn learn(&self, secret: &Secret) {
        if secret.expose().len() >= SHORTEST {
            self.secrets().insert(secret.expose().to_owned());
        }
    }

    /// The text without any secret in it.
    pub(crate) fn clean(&self, text: &str) -> String {
        let secrets = self.secrets();
        // Longest first, so that a secret inside another does not leave the rest of it.
        let mut by_length: Vec<&String> = secrets.iter().collect();
        by_length.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        by_length.into_iter().fold(text.to_owned(), |text, secret| {
            text.replace(secret.as_str(), "[redacted]")
        })
    }

    fn secrets(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show() {
        let secret = Secret::new("hunter22");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        let redactor = Redactor::default();
        redactor.learn(&secret);
        redactor.learn(&Secret::new("hunter22222"));
        redactor.learn(&Secret::new("abc"));
        assert_eq!(
            redactor.clean("bad login hunter22, hunter22222 and abc"),
            "bad login [redacted], [redacted] and abc"
        );
    }
}
