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
    /// A regular expression. patternmatcher forgets to escape `|`, so that there can be several:
    /// only the first is held to the start of the path, and only the last to its end.
    Alternatives {
        alternatives: Vec<Vec<Piece>>,
        /// A backslash at the end escapes the `$` that patternmatcher puts there.
        open_end: bool,
    },
    /// A regular expression that Go cannot compile: matching is an error.
    Broken,
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
    /// `^`, which patternmatcher does not escape either: the start of the path.
    Start,
    /// `\b`, or `\B` if negated: the edge of a word.
    Edge {
        negated: bool,
    },
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

    /// Whether a whole path matches; `None` if the pattern cannot be used, which BuildKit notices
    /// only here.
    pub(super) fn matches(&self, path: &str) -> Option<bool> {
        Some(match &self.form {
            Form::Exact => path == self.text,
            Form::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Form::Suffix(suffix) => {
                path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path)
            }
            Form::Alternatives {
                alternatives,
                open_end,
            } => {
                let last = alternatives.len().saturating_sub(1);
                let path: Vec<char> = path.chars().collect();
                alternatives
                    .iter()
                    .enumerate()
                    .any(|(at, pieces)| matches(pieces, &path, at == 0, at == last && !open_end))
            }
            Form::Broken => return None,
        })
    }
}

/// Which form a pattern takes, as far as it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guess {
    Exact,
    Prefix,
    Suffix,
    Expression,
}

fn compile(text: &str) -> Form {
    let mut alternatives = vec![Vec::new()];
    let mut guess = Guess::Exact;
    let mut chars = text.chars().peekable();
    let mut first = true;
    let mut broken = false;
    let mut open_end = false;
    while let Some(c) = chars.next() {
        let (piece, special) = match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                chars.next_if_eq(&'/');
                let end = chars.peek().is_none();
                guess = match (first, end, guess) {
                    (true, _, _) => Guess::Suffix,
                    (_, true, Guess::Exact) => Guess::Prefix,
                    _ => Guess::Expression,
                };
                (if end { Piece::Rest } else { Piece::Directories }, false)
            }
            '*' => (Piece::Star, true),
            '?' => (Piece::Any, true),
            '[' => (class(&mut chars, &mut broken), true),
            '\\' => {
                if let Some(escaped) = chars.next() {
                    (escaped_piece(escaped, &mut broken), true)
                } else {
                    open_end = true;
                    (Piece::Literal('$'), false)
                }
            }
            '|' => {
                alternatives.push(Vec::new());
                first = false;
                continue;
            }
            '^' => (Piece::Start, false),
            _ => (Piece::Literal(c), c == ']'),
        };
        if special {
            guess = Guess::Expression;
        }
        if let Some(pieces) = alternatives.last_mut() {
            pieces.push(piece);
        }
        first = false;
    }
    match guess {
        Guess::Exact => Form::Exact,
        Guess::Prefix => {
            let end = text.len().saturating_sub(2);
            Form::Prefix(text.get(..end).unwrap_or_default().to_owned())
        }
        Guess::Suffix => Form::Suffix(text.get(2..).unwrap_or_default().to_owned()),
        Guess::Expression if broken => Form::Broken,
        Guess::Expression => Form::Alternatives {
            alternatives,
            open_end,
        },
    }
}

/// An escape goes into the regular expression as it is written, so that letters mean what they
/// mean there; only the ones that name one class or character are followed.
fn escaped_piece(escaped: char, broken: &mut bool) -> Piece {
    let class = |negated, ranges: &[(char, char)]| Piece::Class {
        negated,
        ranges: ranges.to_vec(),
    };
    let word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    let space = [('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')];
    match escaped {
        'd' | 'D' => class(escaped == 'D', &[('0', '9')]),
        'w' | 'W' => class(escaped == 'W', &word),
        's' | 'S' => class(escaped == 'S', &space),
        'a' => Piece::Literal('\u{7}'),
        'f' => Piece::Literal('\u{c}'),
        'n' => Piece::Literal('\n'),
        'r' => Piece::Literal('\r'),
        't' => Piece::Literal('\t'),
        'v' => Piece::Literal('\u{b}'),
        'A' => Piece::Start,
        'b' | 'B' => Piece::Edge {
            negated: escaped == 'B',
        },
        _ => {
            *broken |= !escaped.is_ascii_punctuation() && escaped != ' ';
            Piece::Literal(escaped)
        }
    }
}

/// Behind `[`.
fn class(chars: &mut std::iter::Peekable<std::str::Chars>, broken: &mut bool) -> Piece {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges: Vec<(char, char)> = Vec::new();
    while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
        let Some(low) = class_char(chars) else {
            *broken = true;
            break;
        };
        let high = match chars.next_if_eq(&'-') {
            Some(_) => class_char(chars).unwrap_or(low),
            None => low,
        };
        *broken |= high < low;
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
fn matches(pieces: &[Piece], path: &[char], from_start: bool, to_end: bool) -> bool {
    let mut reached = vec![!from_start; path.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for piece in pieces {
        reached = step(piece, path, &reached);
    }
    if to_end {
        reached.last().copied().unwrap_or_default()
    } else {
        reached.contains(&true)
    }
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
            (Piece::Start, _) => here && at == 0,
            (Piece::Edge { negated }, _) => {
                here && (in_word(before) != in_word(path.get(at).copied())) != *negated
            }
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

fn in_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
}
