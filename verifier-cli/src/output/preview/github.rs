//! Findings as workflow commands, which GitHub shows beside the lines of a change.

use std::fmt::Write as _;

use polyarch_core::diagnostic::Severity;

use super::Shown;
use super::place::Places;

/// One command for each finding.
pub(crate) fn render(shown: &Shown<'_>) -> String {
    let places = Places::new(shown);
    let mut out = String::new();
    for found in &shown.analysis.diagnostics {
        let level = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let place = places.spot(found).map_or(String::new(), |spot| {
            let file = property(&spot.file);
            format!("file={file},line={},col={},", spot.line, spot.column)
        });
        let platform = found
            .platform()
            .map_or(String::new(), |p| format!(" ({p})"));
        let text = format!("{}{platform}\n{}\n{}", found.message, found.why, found.next);
        let _ = writeln!(
            out,
            "::{level} {place}title={}::{}",
            property(found.rule),
            data(&text)
        );
    }
    out
}

/// Percent-encoding as the runner decodes it in messages.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// And in properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_end_a_command() {
        assert_eq!(data("50%\na:b"), "50%25%0Aa:b");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
