//! `# name=value` lines at the head of a Dockerfile.

use super::ast::DirectiveName;

/// A directive within a line, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) name: DirectiveName,
    pub(super) value: &'a str,
}

/// The directive of a line that has no blanks in front; `None` ends the head of the file.
///
/// BuildKit's form: `#`, blanks, `[a-zA-Z][a-zA-Z0-9]*`, blanks, `=`, blanks, the rest.
pub(super) fn find<'a>(line: &'a str, comment: &str) -> Option<Found<'a>> {
    let rest = line.strip_prefix(comment)?.trim_start();
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (name, rest) = rest.split_at_checked(end)?;
    let rest = rest.trim_start_matches(SPACES).strip_prefix('=')?;
    let value = match rest.trim_matches(SPACES) {
        // A value of blanks alone: the last of them is the value.
        "" => rest.get(rest.len().checked_sub(1)?..)?,
        value => value,
    };
    let name = [
        DirectiveName::Syntax,
        DirectiveName::Escape,
        DirectiveName::Check,
    ]
    .into_iter()
    .find(|known| known.as_str().eq_ignore_ascii_case(name))?;
    Some(Found { name, value })
}

/// `\s` of Go's regular expressions.
const SPACES: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];
