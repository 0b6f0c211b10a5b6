//! `Warning` headers: what a registry wants its users to know. Shown once, never acted upon.
//!
//! Source: distribution-spec, "Warnings": `299 - "text"`.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::fault::one_line;

/// The longest warning that is shown, in characters.
const LONGEST: usize = 1_000;

/// Most different warnings that are kept.
const MOST: usize = 20;

/// All warnings of a run, each once.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<BTreeSet<String>>);

impl Warnings {
    /// Takes a header of `host` if it has the form of a warning.
    pub(crate) fn take(&self, host: &str, header: &str) {
        let Some(text) = header
            .strip_prefix("299 - \"")
            .and_then(|rest| rest.strip_suffix('"'))
        else {
            return;
        };
        let text = text.replace("\\\"", "\"").replace("\\\\", "\\");
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.insert(format!("{host} says: {}", one_line(&text, LONGEST)));
        }
    }

    /// The warnings, in order of their text.
    pub(crate) fn all(&self) -> Vec<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_kept_once_and_other_codes_are_not() {
        let warnings = Warnings::default();
        for header in [
            "299 - \"old \\\"API\\\"\"",
            "299 - \"old \\\"API\\\"\"",
            "110 - \"stale\"",
            "299 - open",
        ] {
            warnings.take("r.example", header);
        }
        assert_eq!(warnings.all(), ["r.example says: old \"API\""]);
    }
}
