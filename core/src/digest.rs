//! Content digests as the OCI image specification writes them: `sha256:<64 hex>`.
//!
//! A digest of an algorithm that polyarch cannot compute is still a digest: it parses, it can be
//! shown and compared, but [`Digest::check`] answers [`Check::Unsupported`] instead of guessing.
//! Source: image-spec `descriptor.md`, "Digests".

use std::fmt;
use std::str::FromStr;

use sha2::Digest as _;

/// `algorithm ":" encoded`, valid by the image specification's grammar.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    text: String,
    colon: usize,
}

/// What hashing some bytes says about a digest that claims to name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// The bytes hash to exactly this digest.
    Match,
    /// They hash to another one.
    Mismatch { actual: Digest },
    /// The algorithm is not one that polyarch computes; nothing is known.
    Unsupported,
}

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("`{0}` has no `algorithm:` in front, as in `sha256:…`")]
    NoAlgorithm(String),
    #[error(
        "`{0}` is not a digest algorithm's name (lower-case letters and digits, joined by one of `+._-`)"
    )]
    BadAlgorithm(String),
    #[error("`{0}` holds characters that the encoded part of a digest may not have")]
    BadEncoding(String),
    #[error(
        "a {algorithm} digest has {expected} lower-case hexadecimal digits, but `{text}` does not"
    )]
    BadHex {
        algorithm: &'static str,
        expected: usize,
        text: String,
    },
    #[error("a digest of {0} characters is too long to be one")]
    TooLong(usize),
}

/// No registered algorithm comes near this length; longer text is hostile.
const MAX_LENGTH: usize = 512;

/// Registered algorithms and the number of hexadecimal digits of each.
const REGISTERED: [(&str, usize); 3] = [("sha256", 64), ("sha512", 128), ("blake3", 64)];

impl Digest {
    /// The SHA-256 of `bytes`.
    pub fn sha256(bytes: &[u8]) -> Self {
        Self::from_hash("sha256", &sha2::Sha256::digest(bytes))
    }

    /// The algorithm's name, such as `sha256`.
    pub fn algorithm(&self) -> &str {
        &self.text[..self.colon]
    }

    /// What stands behind the colon.
    pub fn encoded(&self) -> &str {
        &self.text[self.colon + 1..]
    }

    /// The whole text, `sha256:…`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `sha256:` and the first twelve digits, for places with little room; never for comparing.
    pub fn short(&self) -> String {
        let encoded = self.encoded();
        format!("{}:{}", self.algorithm(), &encoded[..encoded.len().min(12)])
    }

    /// Whether [`Digest::check`] can give a real answer.
    pub fn is_supported(&self) -> bool {
        Hasher::new(self.algorithm()).is_some()
    }

    /// Hashes `bytes` with this digest's algorithm and compares.
    pub fn check(&self, bytes: &[u8]) -> Check {
        let Some(mut hasher) = Hasher::new(self.algorithm()) else {
            return Check::Unsupported;
        };
        hasher.update(bytes);
        let actual = hasher.finish();
        if actual == *self {
            Check::Match
        } else {
            Check::Mismatch { actual }
        }
    }

    fn from_hash(algorithm: &str, hash: &[u8]) -> Self {
        let mut text = String::with_capacity(algorithm.len() + 1 + hash.len() * 2);
        text.push_str(algorithm);
        text.push(':');
        for byte in hash {
            for nibble in [byte >> 4, byte & 0xf] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        Self {
            text,
            colon: algorithm.len(),
        }
    }
}

/// Hashes a stream in pieces; for layers, which are never held whole.
#[derive(Debug, Clone)]
pub struct Hasher(State);

#[derive(Debug, Clone)]
enum State {
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// A hasher for a registered algorithm, or `None` if polyarch cannot compute it.
    pub fn new(algorithm: &str) -> Option<Self> {
        match algorithm {
            "sha256" => Some(Self(State::Sha256(sha2::Sha256::new()))),
            "sha512" => Some(Self(State::Sha512(sha2::Sha512::new()))),
            _ => None,
        }
    }

    /// Takes the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(hasher) => hasher.update(bytes),
            State::Sha512(hasher) => hasher.update(bytes),
        }
    }

    /// The digest of all bytes taken.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(hasher) => Digest::from_hash("sha256", &hasher.finalize()),
            State::Sha512(hasher) => Digest::from_hash("sha512", &hasher.finalize()),
        }
    }
}

impl FromStr for Digest {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.len() > MAX_LENGTH {
            return Err(ParseError::TooLong(text.len()));
        }
        let Some((algorithm, encoded)) = text.split_once(':') else {
            return Err(ParseError::NoAlgorithm(text.to_owned()));
        };
        if !is_algorithm(algorithm) {
            return Err(ParseError::BadAlgorithm(algorithm.to_owned()));
        }
        let in_alphabet = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'=' | b'_' | b'-');
        if encoded.is_empty() || !encoded.bytes().all(in_alphabet) {
            return Err(ParseError::BadEncoding(encoded.to_owned()));
        }
        if let Some((algorithm, expected)) = REGISTERED.into_iter().find(|(a, _)| *a == algorithm) {
            let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            if encoded.len() != expected || !encoded.bytes().all(is_hex) {
                return Err(ParseError::BadHex {
                    algorithm,
                    expected,
                    text: encoded.to_owned(),
                });
            }
        }
        Ok(Self {
            text: text.to_owned(),
            colon: algorithm.len(),
        })
    }
}

/// `component [("+" | "." | "_" | "-") component]*` with components of lower-case letters and digits.
fn is_algorithm(text: &str) -> bool {
    text.split(['+', '.', '_', '-']).all(|component| {
        !component.is_empty()
            && component
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_specifications_examples_parse() {
        for text in [
            EMPTY,
            "sha512:401b09eab3c013d4ca54922bb802bec8fd5318192b0a75f201d8b3727429080fb337591abd3e44453b954555b7a0812e1081c39b740293f765eae731f5a65ed1",
            "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
            "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
        ] {
            assert_eq!(
                text.parse::<Digest>().map(|d| d.to_string()).as_deref(),
                Ok(text)
            );
        }
    }

    #[test]
    fn what_is_not_a_digest_is_refused() {
        for text in [
            "",
            "sha256",
            "sha256:",
            ":e3b0",
            "sha256:e3b0",
            "SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
            "sha256:../../etc/passwd",
            "sha256+:abc",
            "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "a:b c",
        ] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
        assert!(format!("a:{}", "b".repeat(600)).parse::<Digest>().is_err());
    }

    #[test]
    fn checking_tells_match_mismatch_and_unsupported_apart() {
        let digest: Digest = EMPTY.parse().unwrap();
        assert_eq!(digest.check(b""), Check::Match);
        assert!(matches!(digest.check(b"x"), Check::Mismatch { .. }));
        let blake: Digest = format!("blake3:{}", "0".repeat(64)).parse().unwrap();
        assert_eq!(blake.check(b""), Check::Unsupported);
        assert!(!blake.is_supported());
    }

    #[test]
    fn hashing_in_pieces_gives_the_same_digest() {
        let mut hasher = Hasher::new("sha256").unwrap();
        hasher.update(b"poly");
        hasher.update(b"arch");
        assert_eq!(hasher.finish(), Digest::sha256(b"polyarch"));
    }
}
