//! The grammar of `distribution/reference/regexp.go`, written out by hand.

use super::ParseError;
use crate::digest::Digest;

/// Longest `host/path`, both counted.
pub(super) const MAX_NAME: usize = 255;

/// `domain-name | IPv4address | "[" IPv6-address "]"`, then an optional port.
pub(super) fn is_host(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return false;
        };
        let is_address =
            !address.is_empty() && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
        return is_address && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    port.is_none_or(is_port) && name.split('.').all(is_host_component)
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_host_component(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// `path-component *["/" path-component]`.
pub(super) fn is_path(text: &str) -> bool {
    text.split('/').all(is_path_component)
}

/// Runs of letters and digits joined by `.`, `_`, `__` or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let is_alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let start = at;
        while at < bytes.len() && is_alphanumeric(bytes[at]) {
            at += 1;
        }
        if at == start {
            return false;
        }
        if at == bytes.len() {
            return true;
        }
        let separator_start = at;
        while at < bytes.len() && !is_alphanumeric(bytes[at]) {
            at += 1;
        }
        let separator = &bytes[separator_start..at];
        let is_separator =
            matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|b| *b == b'-');
        if !is_separator {
            return false;
        }
    }
}

/// A word character, then at most 127 of word characters, `.` and `-`.
pub(super) fn is_tag(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|b| is_word(b) || b == b'.' || b == b'-')
}

/// An image identifier, which is no name.
pub(super) fn is_identifier(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The part behind `@`, refused with the library's words.
pub(super) fn digest(text: &str) -> Result<Digest, ParseError> {
    let Some((algorithm, encoded)) = text.split_once(':') else {
        return Err(ParseError::Format);
    };
    let shaped = algorithm
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic())
        && algorithm
            .split(['-', '_', '+', '.'])
            .all(|c| !c.is_empty() && c.bytes().all(|b| b.is_ascii_alphanumeric()))
        && encoded.len() >= 32
        && encoded.bytes().all(|b| b.is_ascii_hexdigit());
    if !shaped {
        return Err(ParseError::Format);
    }
    let length = match algorithm {
        "sha256" | "blake3" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err(ParseError::DigestAlgorithm),
    };
    if encoded.len() != length {
        return Err(ParseError::DigestLength);
    }
    text.parse().map_err(|_| ParseError::Format)
}
