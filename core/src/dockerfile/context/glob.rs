//! Go's `filepath.Match`, and the files that a COPY source means.

use super::path::clean;

/// Go's `ErrBadPattern`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub struct BadPattern;

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Any characters but `/`.
    Star,
    /// One character but `/`.
    Any,
    Literal(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// Whether the whole of `name` matches: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are
/// classes, `\` escapes.
pub fn glob_matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    Ok(matches(&pieces(pattern)?, name))
}

/// Whether `filepath.Match` takes a pattern for the name `.`, which is all that patternmatcher
/// asks: the parts between stars are only looked at as far as that name goes.
pub(super) fn check(pattern: &str) -> Result<(), BadPattern> {
    let mut rest = pattern;
    let mut name = ".";
    loop {
        rest = rest.trim_start_matches('*');
        let part = rest.get(..part_end(rest)).unwrap_or(rest);
        let pieces = pieces(part)?;
        rest = rest.get(part.len()..).unwrap_or_default();
        // What follows is looked at only if the name matched so far; it does so once.
        if rest.is_empty() || !matches(&pieces, name) {
            return Ok(());
        }
        name = "";
    }
}

/// Where the part up to the next star ends; a star in brackets is none.
fn part_end(text: &str) -> usize {
    let mut in_class = false;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '*' if !in_class => return at,
            _ => {}
        }
    }
    text.len()
}

/// The files of a context that one COPY source takes, by name: the file itself, or what lies in
/// the directory, for every match of the pattern. Paths have no leading slash.
pub fn sources<'f>(source: &str, files: &[&'f str]) -> Result<Vec<&'f str>, BadPattern> {
    let source = clean(&format!("/{source}"));
    let pieces = pieces(source.trim_start_matches('/'))?;
    let taken = |file: &&'f str| {
        if pieces.is_empty() {
            return true;
        }
        let ends = file
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([file.len()]);
        ends.filter_map(|end| file.get(..end))
            .any(|path| matches(&pieces, path))
    };
    Ok(files.iter().copied().filter(|file| taken(file)).collect())
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, BadPattern> {
    let mut pieces = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        pieces.push(match c {
            '*' => Piece::Star,
            '?' => Piece::Any,
            '[' => class(&mut chars)?,
            '\\' => Piece::Literal(chars.next().ok_or(BadPattern)?),
            _ => Piece::Literal(c),
        });
    }
    Ok(pieces)
}

fn class(chars: &mut std::str::Chars) -> Result<Piece, BadPattern> {
    let mut ranges = Vec::new();
    let negated = skip(chars, '^');
    while ranges.is_empty() || !skip(chars, ']') {
        let low = class_char(chars)?;
        let high = if skip(chars, '-') {
            class_char(chars)?
        } else {
            low
        };
        ranges.push((low, high));
    }
    Ok(Piece::Class { negated, ranges })
}

/// A character of a class, which never is the pattern's last.
fn class_char(chars: &mut std::str::Chars) -> Result<char, BadPattern> {
    let c = match chars.next() {
        None | Some('-' | ']') => return Err(BadPattern),
        Some('\\') => chars.next().ok_or(BadPattern)?,
        Some(c) => c,
    };
    if chars.as_str().is_empty() {
        return Err(BadPattern);
    }
    Ok(c)
}

fn skip(chars: &mut std::str::Chars, c: char) -> bool {
    let found = chars.as_str().starts_with(c);
    if found {
        chars.next();
    }
    found
}

/// Walks both, and goes back to the last star only, which is enough.
fn matches(pieces: &[Piece], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut piece, mut at) = (0, 0);
    let mut retry = None;
    loop {
        let step = match (pieces.get(piece), name.get(at)) {
            (None, None) => return true,
            (Some(Piece::Star), _) => {
                retry = Some((piece, at));
                piece += 1;
                continue;
            }
            (Some(Piece::Any), Some(c)) => *c != '/',
            (Some(Piece::Literal(literal)), Some(c)) => literal == c,
            (Some(Piece::Class { negated, ranges }), Some(c)) => {
                ranges.iter().any(|(low, high)| low <= c && c <= high) != *negated
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        if step {
            piece += 1;
            at += 1;
            continue;
        }
        match retry {
            Some((star, from)) if name.get(from).is_some_and(|c| *c != '/') => {
                retry = Some((star, from + 1));
                piece = star + 1;
                at = from + 1;
            }
            _ => return false,
        }
    }
}
