//! `.dockerignore` as a whole.

use super::glob::check;
use super::path::clean;
use super::pattern::Pattern;

/// The patterns of a `.dockerignore`, in order; later ones win.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
}

/// A line that BuildKit refuses; displayed in its words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct IgnoreError {
    /// From 1.
    pub line: usize,
    pub fault: IgnoreFault,
}

/// Why a line is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IgnoreFault {
    #[error("syntax error in pattern")]
    Syntax,
    #[error("illegal exclusion pattern: \"!\"")]
    LoneException,
    #[error(
        "failed to read dockerignore patterns: failed parsing .dockerignore: \
             bufio.Scanner: token too long"
    )]
    TooLong,
}

/// Go's scanner gives up at lines of this many bytes.
const MAX_LINE: usize = 65_535;

impl Ignore {
    /// Reads the file's text. The first bad line makes BuildKit refuse the build.
    pub fn parse(text: &str) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // The file is read to its end before any pattern is looked at.
        if let Some(at) = text.split('\n').position(|line| line.len() > MAX_LINE) {
            let fault = IgnoreFault::TooLong;
            return Err(IgnoreError {
                line: at + 1,
                fault,
            });
        }
        let mut patterns = Vec::new();
        for (at, line) in text.split('\n').enumerate() {
            let pattern = pattern(line).map_err(|fault| IgnoreError {
                line: at + 1,
                fault,
            })?;
            patterns.extend(pattern);
        }
        Ok(Self { patterns })
    }

    /// There is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Some pattern begins with `!`.
    pub fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.exception)
    }

    /// Whether a path, or a directory above it, is excluded: patternmatcher's
    /// `MatchesOrParentMatches`. The path is clean and relative.
    pub fn excludes(&self, path: &str) -> bool {
        self.try_excludes(path).unwrap_or_default()
    }

    fn try_excludes(&self, path: &str) -> Option<bool> {
        let mut excluded = false;
        for pattern in &self.patterns {
            if pattern.exception == excluded {
                let above = || parents(path).any(|path| pattern.matches(path) == Some(true));
                excluded ^= pattern.matches(path)? || above();
            }
        }
        Some(excluded)
    }

    /// Whether a file reaches the builder: fsutil's walk, which remembers for each directory which
    /// patterns matched. The path is clean and relative.
    pub fn keeps(&self, path: &str) -> bool {
        let mut above = vec![false; self.patterns.len()];
        let mut excluded = false;
        for path in parents(path).chain([path]) {
            excluded = false;
            for (pattern, above) in self.patterns.iter().zip(&mut above) {
                if !*above {
                    *above = pattern.exception == excluded && pattern.matches(path) == Some(true);
                }
                if *above {
                    excluded = !pattern.exception;
                }
            }
        }
        !excluded
    }

    /// What BuildKit's `CopyIgnoredFile` warning names for a COPY or ADD source, if it warns: the
    /// cleaned path. It never warns if there are exceptions.
    pub fn ignored_source(&self, source: &str) -> Option<String> {
        if self.is_empty() || self.has_exceptions() {
            return None;
        }
        let path = clean(source);
        let root = matches!(path.as_str(), "." | "/");
        let everything = |pattern: &Pattern| matches!(pattern.text.as_str(), "*" | "**" | "**/*");
        if root && !self.patterns.iter().any(everything) {
            return None;
        }
        self.excludes(&path).then_some(path)
    }
}

fn pattern(line: &str) -> Result<Option<Pattern>, IgnoreFault> {
    if line.starts_with('#') {
        return Ok(None);
    }
    let line = line.trim();
    if line.is_empty() {
        return Ok(None);
    }
    let (exception, text) = match line.strip_prefix('!') {
        Some(text) => (true, text.trim()),
        None => (false, line),
    };
    if text.is_empty() {
        return Err(IgnoreFault::LoneException);
    }
    let text = clean(text);
    let text = match text.strip_prefix('/') {
        Some(rest) if !rest.is_empty() => rest,
        _ => &text,
    };
    // The list of patterns is cleaned once more, `!` included: `!..` stays, `x/..` is gone.
    let whole = if exception {
        format!("!{text}")
    } else {
        text.to_owned()
    };
    let whole = clean(whole.trim());
    let (exception, text) = match whole.strip_prefix('!') {
        Some("") => return Err(IgnoreFault::LoneException),
        Some(text) => (true, text),
        None => (false, whole.as_str()),
    };
    check(text).map_err(|_| IgnoreFault::Syntax)?;
    Ok(Some(Pattern::new(text.to_owned(), exception)))
}

/// The directories above a path, outermost first. As in Go, the first one above a path with a
/// leading slash is empty, and `*` matches that.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    let root = path.rfind('/') == Some(0) && path.len() > 1;
    path.match_indices('/')
        .filter_map(|(at, _)| path.get(..at))
        .chain(root.then_some("/"))
}
