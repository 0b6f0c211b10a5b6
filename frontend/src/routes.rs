//! Addresses within the page: what stands behind `#`.
//!
//! The page is served by static hosts as well, so everything is in the fragment, which is never
//! sent to a server.

use std::fmt;

use polyarch_core::scenarios::Part;

/// A place in the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Playground,
    /// `#/verify?ref=…&platform=…`: both may be empty.
    Verify {
        reference: String,
        platforms: String,
    },
    /// `#/rules` or `#/rules/NAME`.
    Rules {
        name: Option<String>,
    },
    /// `#/scenarios`: the gallery.
    Scenarios,
    /// `#/scenarios/NAME`: that one in the playground.
    Scenario(String),
    /// `#/learn`, `#/learn/LESSON` or `#/learn/LESSON/PART`.
    Learn {
        lesson: Option<String>,
        part: Option<Part>,
    },
    /// `#v1.…`: a project in a link.
    Shared(String),
    Unknown(String),
}

impl Route {
    /// Reads a fragment without its `#`. Total: what is no route is [`Route::Unknown`].
    pub(crate) fn parse(fragment: &str) -> Self {
        if fragment.is_empty() || fragment == "/" {
            return Self::Playground;
        }
        let Some(path) = fragment.strip_prefix('/') else {
            return Self::Shared(fragment.to_owned());
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        match path.trim_end_matches('/') {
            "verify" => Self::Verify {
                reference: parameter(query, "ref"),
                platforms: parameter(query, "platform"),
            },
            other => Self::parse_words(other).unwrap_or_else(|| Self::Unknown(fragment.to_owned())),
        }
    }

    /// A path without query, by its words.
    fn parse_words(path: &str) -> Option<Self> {
        let words: Vec<&str> = path.split('/').collect();
        let learn = |lesson: Option<&str>, part| Self::Learn {
            lesson: lesson.map(str::to_owned),
            part,
        };
        match words.as_slice() {
            ["rules"] => Some(Self::Rules { name: None }),
            ["rules", name] => Some(Self::Rules {
                name: Some((*name).to_owned()),
            }),
            ["scenarios"] => Some(Self::Scenarios),
            ["scenarios", name] => Some(Self::Scenario((*name).to_owned())),
            ["learn"] => Some(learn(None, None)),
            ["learn", lesson] => Some(learn(Some(lesson), None)),
            ["learn", lesson, part] => Some(learn(Some(lesson), Some(Part::find(part)?))),
            _ => None,
        }
    }

    /// Whether both stand under the same entry of the main menu.
    pub(crate) fn is_same_page(&self, other: &Self) -> bool {
        self.page() == other.page()
    }

    fn page(&self) -> u8 {
        match self {
            Self::Playground | Self::Shared(_) | Self::Scenarios | Self::Scenario(_) => 0,
            Self::Verify { .. } => 1,
            Self::Learn { .. } => 2,
            Self::Rules { .. } => 3,
            Self::Unknown(_) => 4,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Playground => f.write_str("/"),
            Self::Verify {
                reference,
                platforms,
            } if reference.is_empty() && platforms.is_empty() => f.write_str("/verify"),
            Self::Verify {
                reference,
                platforms,
            } => write!(
                f,
                "/verify?ref={}&platform={}",
                encode(reference),
                encode(platforms)
            ),
            Self::Scenarios => f.write_str("/scenarios"),
            Self::Scenario(name) => write!(f, "/scenarios/{name}"),
            Self::Learn { lesson, part } => {
                f.write_str("/learn")?;
                if let Some(lesson) = lesson {
                    write!(f, "/{lesson}")?;
                    if let Some(part) = part {
                        write!(f, "/{}", part.as_str())?;
                    }
                }
                Ok(())
            }
            Self::Rules { name: None } => f.write_str("/rules"),
            Self::Rules { name: Some(name) } => write!(f, "/rules/{name}"),
            Self::Shared(text) | Self::Unknown(text) => f.write_str(text),
        }
    }
}

fn parameter(query: &str, name: &str) -> String {
    let value = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name);
    value.map(|(_, value)| decode(value)).unwrap_or_default()
}

/// Percent-encodes what a query may not hold; `/`, `:`, `@` and `,` stay readable.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            use fmt::Write as _;
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The reverse; a broken escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        out.push(escaped.unwrap_or(byte));
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_survives_its_own_address() {
        for route in [
            Route::Playground,
            Route::Verify {
                reference: String::new(),
                platforms: String::new(),
            },
            Route::Verify {
                reference: "127.0.0.1:8080/demo/good:1".to_owned(),
                platforms: "linux/amd64, linux/arm/v7".to_owned(),
            },
            Route::Verify {
                reference: "a&b=% 中".to_owned(),
                platforms: "x".to_owned(),
            },
            Route::Rules { name: None },
            Route::Rules {
                name: Some("platform-missing".to_owned()),
            },
            Route::Shared("v1.abc".to_owned()),
            Route::Scenarios,
            Route::Scenario("job-ecr".to_owned()),
            Route::Learn {
                lesson: None,
                part: None,
            },
            Route::Learn {
                lesson: Some("builders".to_owned()),
                part: Some(Part::Change),
            },
            Route::Unknown("/learn/builders/nine".to_owned()),
        ] {
            assert_eq!(Route::parse(&route.to_string()), route);
        }
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        assert_eq!(decode("%"), "%");
        assert_eq!(decode("%zz%4"), "%zz%4");
        assert_eq!(decode("%中"), "%中");
        assert_eq!(decode("%41"), "A");
    }
}
