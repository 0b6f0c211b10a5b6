//! Shell patterns of `${name#…}`, `${name%…}` and `${name/…/…}`: `*`, `?` and escapes.
//!
//! BuildKit turns them into Go regular expressions in which `.` does not match a line break. The
//! same answers come here without backtracking: a star never leaves its line, so the leftmost
//! place of each part between stars is always as good as any other.

use crate::dockerfile::quote::{is_digit, is_letter};

use super::error::Fault;

/// A compiled pattern.
pub(super) struct Pattern {
    /// The parts between stars; at least one.
    parts: Vec<Vec<Piece>>,
    /// Stars take as much as they can.
    greedy: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Literal(char),
    /// `?`: any character but a line break.
    Any,
}

impl Pattern {
    pub(super) fn new(pattern: &str, greedy: bool) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut part = Vec::new();
        let text = pattern.strip_prefix('\u{feff}').unwrap_or(pattern);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '*' => parts.push(std::mem::take(&mut part)),
                '?' => part.push(Piece::Any),
                // `\}` and `\/` only keep the substitution open.
                '\\' if matches!(chars.peek(), Some('}' | '/')) => {}
                '\\' => match chars.next() {
                    Some(escaped @ ('*' | '?' | '\\')) => part.push(Piece::Literal(escaped)),
                    other => {
                        return Err(Fault::InvalidPattern {
                            pattern: pattern.to_owned(),
                            escaped: other.unwrap_or(char::REPLACEMENT_CHARACTER),
                        });
                    }
                },
                _ => part.push(Piece::Literal(c)),
            }
        }
        parts.push(part);
        Ok(Self { parts, greedy })
    }

    /// `value` without what matches at its start.
    pub(super) fn trim_start<'v>(&self, value: &'v str) -> &'v str {
        self.end(value, 0)
            .and_then(|end| value.get(end..))
            .unwrap_or(value)
    }

    pub(super) fn replace_first(&self, value: &str, replacement: &str) -> String {
        match self.find(value, 0) {
            Some((start, end)) => {
                let before = value.get(..start).unwrap_or_default();
                let after = value.get(end..).unwrap_or_default();
                format!("{before}{replacement}{after}")
            }
            None => value.to_owned(),
        }
    }

    /// Replaces every match as Go's `ReplaceAllString` does, `$0` in the replacement included.
    pub(super) fn replace_all(&self, value: &str, replacement: &str) -> String {
        let mut out = String::new();
        let mut last_end = 0;
        let mut at = 0;
        while at <= value.len() {
            let Some((start, end)) = self.find(value, at) else {
                break;
            };
            out.push_str(value.get(last_end..start).unwrap_or_default());
            // No replacement for an empty match right after another match.
            if end > last_end || start == 0 {
                push_template(
                    &mut out,
                    replacement,
                    value.get(start..end).unwrap_or_default(),
                );
            }
            last_end = end;
            let step = value
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8);
            at = end.max(at + step);
        }
        out.push_str(value.get(last_end..).unwrap_or_default());
        out
    }

    /// The leftmost match at or after `from`.
    fn find(&self, value: &str, from: usize) -> Option<(usize, usize)> {
        let first = self.parts.first()?;
        let mut from = from;
        loop {
            let start = leftmost(first, value, from, None)?;
            if let Some(end) = self.end(value, start) {
                return Some((start, end));
            }
            // A later start in the same line can reach no more than this one.
            let line = value.get(start..)?.find('\n')?;
            from = if first.contains(&Piece::Literal('\n')) {
                start + value.get(start..)?.chars().next()?.len_utf8()
            } else {
                start + line + 1
            };
        }
    }

    /// The end of the match that starts at `start`.
    fn end(&self, value: &str, start: usize) -> Option<usize> {
        let (first, rest) = self.parts.split_first()?;
        let mut at = start + length_at(first, value.get(start..)?)?;
        for (index, part) in rest.iter().enumerate() {
            let line = value
                .get(at..)?
                .find('\n')
                .map_or(value.len(), |end| at + end);
            let last = index + 1 == rest.len();
            let found = if last && self.greedy {
                rightmost(part, value, at, line)?
            } else {
                leftmost(part, value, at, Some(line))?
            };
            at = found + length_at(part, value.get(found..)?)?;
        }
        Some(at)
    }
}

/// How many bytes `part` takes at the start of `text`, if it matches there.
fn length_at(part: &[Piece], text: &str) -> Option<usize> {
    let mut chars = text.chars();
    for piece in part {
        let c = chars.next()?;
        let matches = match piece {
            Piece::Literal(literal) => *literal == c,
            Piece::Any => c != '\n',
        };
        if !matches {
            return None;
        }
    }
    Some(text.len() - chars.as_str().len())
}

/// The first place of `part` in `from..=to`.
fn leftmost(part: &[Piece], value: &str, from: usize, to: Option<usize>) -> Option<usize> {
    let to = to.unwrap_or(value.len());
    if let Some(literal) = literal(part) {
        let at = from + value.get(from..)?.find(&literal)?;
        return (at <= to).then_some(at);
    }
    places(value, from, to).find(|at| matches_at(part, value, *at))
}

/// The last place of `part` in `from..=to`.
fn rightmost(part: &[Piece], value: &str, from: usize, to: usize) -> Option<usize> {
    if let Some(literal) = literal(part)
        && !literal.contains('\n')
    {
        return Some(from + value.get(from..to)?.rfind(&literal)?);
    }
    places(value, from, to)
        .filter(|at| matches_at(part, value, *at))
        .last()
}

fn literal(part: &[Piece]) -> Option<String> {
    part.iter()
        .map(|piece| match piece {
            Piece::Literal(c) => Some(*c),
            Piece::Any => None,
        })
        .collect()
}

fn places(value: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    (from..=to).filter(|at| value.is_char_boundary(*at))
}

fn matches_at(part: &[Piece], value: &str, at: usize) -> bool {
    value
        .get(at..)
        .is_some_and(|rest| length_at(part, rest).is_some())
}

/// Go's `Regexp.Expand` for an expression without groups.
fn push_template(out: &mut String, template: &str, matched: &str) {
    let mut rest = template;
    while let Some(dollar) = rest.find('$') {
        out.push_str(rest.get(..dollar).unwrap_or_default());
        let after = rest.get(dollar + 1..).unwrap_or_default();
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = template_name(after) {
            if name == "0" {
                out.push_str(matched);
            }
            rest = after;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
}

fn template_name(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = match text.strip_prefix('{') {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let end = text
        .find(|c| !(is_letter(c) || is_digit(c) || c == '_'))
        .unwrap_or(text.len());
    let (name, rest) = text
        .split_at_checked(end)
        .filter(|(name, _)| !name.is_empty())?;
    if braced {
        return Some((name, rest.strip_prefix('}')?));
    }
    Some((name, rest))
}
