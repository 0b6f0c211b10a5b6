//! Why a request gave no usable answer, for the walk and for the retries.

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use polyarch_core::shown::{is_hidden, shown};
use polyarch_core::verify::{Failure, FailureKind};

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Never,
    Soon,
    After(Duration),
}

/// A failed request.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) kind: FailureKind,
    /// A fragment on one line, without secrets and control characters.
    pub(crate) detail: String,
    pub(crate) again: Again,
}

impl Fault {
    /// A failure that stands.
    pub(crate) fn lasting(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            again: Again::Never,
        }
    }

    /// A failure that may go away.
    pub(crate) fn passing(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            again: Again::Soon,
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::new(fault.kind, fault.detail)
    }
}

/// An error with its causes on one line, without the URL (whose query may be a signature).
pub(crate) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    // The outermost texts ("error sending request", "client error (Connect)") say nothing.
    let mut parts: Vec<String> = Vec::new();
    let mut cause: Option<&dyn Error> = Some(&error);
    while let Some(inner) = cause {
        parts.push(inner.to_string());
        cause = inner.source();
    }
    let said = if parts.len() > 2 {
        &parts[2..]
    } else {
        &parts[..]
    };
    let mut text = String::new();
    for part in said {
        if !text.contains(part.as_str()) {
            let glue = if text.is_empty() { "" } else { ": " };
            let _ = write!(text, "{glue}{part}");
        }
    }
    one_line(&text, 300)
}

/// Text from outside as it may be shown: no control or direction characters, no commands to what
/// reads the log, of bounded length.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count >= most {
            line.push('…');
            break;
        }
        line.push(if is_hidden(c) { ' ' } else { c });
    }
    shown(&line, usize::MAX).into_owned()
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn text_from_a_registry_cannot_paint_on_the_terminal() {
        assert_eq!(
            one_line("\x1b[31mred\r\nnext\u{202e}x", 99),
            " [31mred  next x"
        );
        assert_eq!(one_line(&"a".repeat(50), 3), "aaa…");
    }
}
