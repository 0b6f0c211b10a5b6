//! One pattern of `.dockerignore`.
//!
//! moby/patternmatcher compiles it to one of four forms, and their differences show: a leading
//! `**` that nothing else special follows compares the end of the path only.

/// A pattern, cleaned and compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Without `!`.
    pub(super) text: String,
    /// Written with `!`: what matches stays.
    pub(super) exception: bool,
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Exact,
    /// `x**`: paths that begin with `x`.
    Prefix(String),
    /// `**x`: paths that end in `x`.
    Suffix(String),
    Pieces(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(char),
    /// `?`.
    Any,
    /// `*`.
    Star,
    /// `**/`: nothing, or whole directories.
    Directories,
    /// `**` at the end.
    Rest,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Pattern {
    pub(super) fn new(text: String, exception: bool) -> Self {
        let form = compile(&text);
        Self {
            text,
            exception,
            form,
        }
    }

    /// Whether a whole path matches.
    pub(super) fn matches(&self, path: &str) -> bool {
        match &self.form {
            Form::Exact => path == self.text,
            Form::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Form::Suffix(suffix) => {
                path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path)
            }
            Form::Pieces(pieces) => matches(pieces, path),
        }
    }
}

fn compile(text: &str) -> Form {
    let mut pieces = Vec::new();
    let mut form = Form::Exact;
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let special = match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                if chars.peek().is_some() {
                    pieces.push(Piece::Directories);
                } else {
                    pieces.push(Piece::Rest);
                }
                if first {
                    form = Form::Suffix(text.get(2..).unwrap_or_default().to_owned());
                    first = false;
                    continue;
                }
                if chars.peek().is_none() && form == Form::Exact {
                    let end = text.len().saturating_sub(2);
                    form = Form::Prefix(text.get(..end).unwrap_or_default().to_owned());
                    continue;
                }
                true
            }
            '*' => {
                pieces.push(Piece::Star);
                true
            }
            '?' => {
                pieces.push(Piece::Any);
                true
            }
            '[' => {
                pieces.push(class(&mut chars));
                true
            }
            '\\' => {
                let escaped = chars.next();
                pieces.push(Piece::Literal(escaped.unwrap_or('\\')));
                escaped.is_some()
            }
            _ => {
                pieces.push(Piece::Literal(c));
                c == ']'
            }
        };
        if special {
            form = Form::Pieces(Vec::new());
        }
        first = false;
    }
    match form {
        Form::Pieces(_) => Form::Pieces(pieces),
        other => other,
    }
}

/// Behind `[`. The syntax has been checked as `filepath.Match` does.
fn class(chars: &mut std::iter::Peekable<std::str::Chars>) -> Piece {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges: Vec<(char, char)> = Vec::new();
    while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
        let Some(low) = class_char(chars) else {
            break;
        };
        let high = match chars.next_if_eq(&'-') {
            Some(_) => class_char(chars).unwrap_or(low),
            None => low,
        };
        ranges.push((low, high));
    }
    Piece::Class { negated, ranges }
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars>) -> Option<char> {
    match chars.next()? {
        '\\' => chars.next(),
        c => Some(c),
    }
}

/// Follows all ways at once, so that many stars cost no more than their number.
fn matches(pieces: &[Piece], path: &str) -> bool {
    let path: Vec<char> = path.chars().collect();
    let mut reached = vec![false; path.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for piece in pieces {
        reached = step(piece, &path, &reached);
    }
    reached.last().copied().unwrap_or_default()
}

fn step(piece: &Piece, path: &[char], reached: &[bool]) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    // A star that is open, and what it may not pass.
    let mut open = false;
    for (at, cell) in next.iter_mut().enumerate() {
        let here = reached.get(at).copied().unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| path.get(at)).copied();
        let came = at
            .checked_sub(1)
            .and_then(|at| reached.get(at))
            .copied()
            .unwrap_or_default();
        *cell = match (piece, before) {
            (Piece::Literal(literal), Some(c)) => came && *literal == c,
            (Piece::Any, Some(c)) => came && c != '/',
            (Piece::Class { negated, ranges }, Some(c)) => {
                came && ranges.iter().any(|(low, high)| *low <= c && c <= *high) != *negated
            }
            (Piece::Literal(_) | Piece::Any | Piece::Class { .. }, None) => false,
            (Piece::Star, _) => {
                open = here || (open && before != Some('/'));
                open
            }
            (Piece::Directories, _) => {
                let ends = open && before == Some('/');
                open |= here;
                here || ends
            }
            (Piece::Rest, _) => {
                open |= here;
                open
            }
        };
    }
    next
}
