//! Which words of an instruction start heredocs (`[fd]<<[-]NAME`).

use super::escape::Escape;
use super::words::{Lexer, NoVariables, WordError};

/// A heredoc's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) expand: bool,
    pub(super) chomp: bool,
}

/// The heredocs that a whole instruction starts. Always read with `\` as the escape character, as
/// BuildKit does; a line whose quotes do not close has none.
pub(super) fn heads(line: &str) -> Result<Vec<Head>, WordError> {
    let lexer = Lexer {
        escape: Escape::Backslash,
        raw_quotes: true,
        raw_escapes: true,
        skip_unset: true,
        ..Lexer::default()
    };
    let mut heads = Vec::new();
    for word in lexer.words(line, &NoVariables).unwrap_or_default() {
        heads.extend(head(&word)?);
    }
    Ok(heads)
}

/// Whether a whole text is one heredoc word, such as `<<EOF`.
pub fn is_heredoc(text: &str) -> bool {
    matches!(head(text), Ok(Some(_)))
}

/// The heredoc that one word starts. The word's white space after `<<` does not count.
pub(super) fn head(word: &str) -> Result<Option<Head>, WordError> {
    let after = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let Some(after) = after.strip_prefix("<<") else {
        return Ok(None);
    };
    let (chomp, rest) = match after.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, after),
    };
    let rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
    if rest.is_empty() || rest.contains('<') {
        return Ok(None);
    }
    let mut lexer = Lexer {
        skip_unset: true,
        ..Lexer::default()
    };
    let names = lexer.words(rest, &NoVariables)?;
    lexer.raw_quotes = true;
    let raw = lexer.words(rest, &NoVariables)?;
    let ([name], [raw]) = (names.as_slice(), raw.as_slice()) else {
        return Ok(None);
    };
    Ok(Some(Head {
        name: name.clone(),
        // A quote that reading removed means that some part was quoted.
        expand: quotes(name) == quotes(raw),
        chomp,
    }))
}

fn quotes(text: &str) -> usize {
    text.matches(['\'', '"']).count()
}
