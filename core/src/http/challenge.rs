//! `WWW-Authenticate`: which ways of logging in a registry offers.
//!
//! One header may hold several challenges, and there may be several headers (RFC 9110, 11.6.1).
//! Registries write all kinds of things here, so reading is lenient: what cannot be understood is
//! skipped, and nothing panics.

use std::collections::BTreeMap;

/// One way to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Lower case: `bearer`, `basic`.
    pub scheme: String,
    /// Keys in lower case; of a key that stands twice the first counts.
    pub parameters: BTreeMap<String, String>,
}

impl Challenge {
    /// A parameter that is there and not empty; `name` in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// All challenges of all header lines, in order.
pub fn parse<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut challenges = Vec::new();
    for header in headers {
        parse_line(header, &mut challenges);
    }
    challenges
}

fn parse_line(header: &str, challenges: &mut Vec<Challenge>) {
    let first_of_line = challenges.len();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        if rest.is_empty() {
            return;
        }
        let word;
        (word, rest) = take_token(rest);
        if word.is_empty() {
            // Not a token: nothing that could start here is known; go on behind the next comma.
            rest = rest.split_once(',').map_or("", |(_, after)| after);
            continue;
        }
        let after_space = rest.trim_start_matches([' ', '\t']);
        if let Some(value_start) = after_space.strip_prefix('=') {
            let value;
            (value, rest) = take_value(value_start.trim_start_matches([' ', '\t']));
            if let Some(challenge) = challenges[first_of_line..].last_mut() {
                let key = word.to_ascii_lowercase();
                challenge.parameters.entry(key).or_insert(value);
            }
        } else {
            challenges.push(Challenge {
                scheme: word.to_ascii_lowercase(),
                parameters: BTreeMap::new(),
            });
        }
    }
}

/// Splits off the characters that a token may have (RFC 9110, 5.6.2).
fn take_token(text: &str) -> (&str, &str) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !is_token(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// A quoted string with its escapes undone, or everything up to the next comma or space.
fn take_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text
            .find(|c: char| c == ',' || c.is_ascii_whitespace())
            .unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(headers: &[&str]) -> Vec<String> {
        parse(headers.iter().copied())
            .into_iter()
            .map(|challenge| {
                let parameters: Vec<String> = challenge
                    .parameters
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                format!("{} {}", challenge.scheme, parameters.join(";"))
            })
            .collect()
    }

    #[test]
    fn challenges_of_real_registries_are_read() {
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/alpine:pull""#;
        assert_eq!(
            shown(&[hub]),
            [
                "bearer realm=https://auth.docker.io/token;scope=repository:library/alpine:pull;service=registry.docker.io"
            ]
        );
        assert_eq!(
            shown(&[
                r#"Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com""#
            ]),
            ["basic realm=https://1.dkr.ecr.eu-west-1.amazonaws.com/;service=ecr.amazonaws.com"]
        );
    }

    #[test]
    fn several_challenges_and_several_lines_are_read() {
        assert_eq!(
            shown(&[
                r#"Negotiate, Basic realm="a, b", BEARER Realm=x , scope="p,q:pull""#,
                "Digest x=1"
            ]),
            [
                "negotiate ",
                "basic realm=a, b",
                "bearer realm=x;scope=p,q:pull",
                "digest x=1"
            ]
        );
    }

    #[test]
    fn strange_headers_do_no_harm() {
        for (header, expected) in [
            ("", vec![]),
            (",,, ,", vec![]),
            ("=x", vec![]),
            ("Bearer", vec!["bearer "]),
            (r#"Bearer realm="open"#, vec!["bearer realm=open"]),
            (r#"Bearer realm="a\"b\\""#, vec![r#"bearer realm=a"b\"#]),
            (r"Bearer realm=", vec!["bearer realm="]),
            (r#"Bearer realm="a",realm="b""#, vec!["bearer realm=a"]),
            ("Bearer realm = \"a\"", vec!["bearer realm=a"]),
            ("\u{e9}\u{e9}, Basic x=y", vec!["basic x=y"]),
            ("realm=\"lost\"", vec![]),
            ("Bearer realm=\"\u{e9}", vec!["bearer realm=\u{e9}"]),
        ] {
            assert_eq!(shown(&[header]), expected, "{header:?}");
        }
        let challenge = &parse(["Bearer realm=\"\""])[0];
        assert_eq!(challenge.parameter("realm"), None);
    }
}
