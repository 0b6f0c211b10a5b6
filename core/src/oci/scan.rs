//! A strict reading of JSON: what one decoder takes for one thing and another for a second is
//! refused.
//!
//! RFC 7493 (I-JSON), which the image specification asks for, forbids duplicate names. Go's decoder
//! matches names without regard to case and lets the last one win, Rust's matches exactly: so a
//! name that differs from a field's only in case is as ambiguous as a duplicate.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 128;

/// Why a document cannot be read safely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    #[error("it is not JSON: {0}")]
    NotJson(String),
    #[error("it is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("`{path}` holds the name `{name}` twice")]
    Duplicate { path: String, name: String },
}

/// Reads `bytes` as one JSON value; the order of names is kept.
pub fn scan(bytes: &[u8]) -> Result<Value, ScanError> {
    let mut problem = Problem::default();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    // serde_json counts depth itself, one level less than this does; ours is the one that speaks.
    let seed = Seed {
        depth: 0,
        problem: &mut problem,
    };
    let result = seed.deserialize(&mut deserializer).and_then(|value| {
        deserializer.end()?;
        Ok(value)
    });
    match (result, problem.told()) {
        (_, Some(problem)) => Err(problem),
        (Ok(value), None) => Ok(value),
        (Err(error), None) if error.to_string().contains("recursion limit") => {
            Err(ScanError::TooDeep)
        }
        (Err(error), None) => Err(ScanError::NotJson(error.to_string())),
    }
}

/// The first of `value`'s names that equals one of `fields` in all but case, or that stands beside
/// another such name. `value` is an object whose names are fields, not data.
pub fn case_variant(value: &Value, fields: &[&str]) -> Option<String> {
    let object = value.as_object()?;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for name in object.keys() {
        // A field in its own spelling can only meet a variant, which is found as one.
        if fields.contains(&name.as_str()) {
            continue;
        }
        let is_variant = fields.iter().any(|f| f.eq_ignore_ascii_case(name));
        if is_variant || !seen.insert(name.to_ascii_lowercase()) {
            return Some(name.clone());
        }
    }
    None
}

/// What is wrong, and on the way out where: `manifests[1].platform`, its last part first.
#[derive(Default)]
struct Problem {
    error: Option<ScanError>,
    path: Vec<Part>,
}

/// One step down into the document.
enum Part {
    Name(String),
    Item(usize),
}

impl Problem {
    fn told(self) -> Option<ScanError> {
        let mut error = self.error?;
        if let ScanError::Duplicate { path, .. } = &mut error {
            for part in self.path.into_iter().rev() {
                match part {
                    Part::Item(at) => path.push_str(&format!("[{at}]")),
                    Part::Name(name) => {
                        path.push_str(if path.is_empty() { "" } else { "." });
                        path.push_str(&name);
                    }
                }
            }
            if path.is_empty() {
                path.push_str("the document");
            }
        }
        Some(error)
    }
}

struct Seed<'a> {
    depth: usize,
    problem: &'a mut Problem,
}

impl Seed<'_> {
    fn below(&mut self) -> Seed<'_> {
        Seed {
            depth: self.depth + 1,
            problem: self.problem,
        }
    }

    fn refuse<E: serde::de::Error>(&mut self, problem: ScanError) -> E {
        self.problem.error = Some(problem);
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        if self.depth >= MAX_DEPTH {
            return Err(self.refuse(ScanError::TooDeep));
        }
        let mut items = Vec::new();
        loop {
            match access.next_element_seed(self.below()) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Value::Array(items)),
                Err(error) => {
                    self.problem.path.push(Part::Item(items.len()));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        if self.depth >= MAX_DEPTH {
            return Err(self.refuse(ScanError::TooDeep));
        }
        let mut map = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if map.contains_key(&name) {
                let path = String::new();
                return Err(self.refuse(ScanError::Duplicate { path, name }));
            }
            match access.next_value_seed(self.below()) {
                Ok(value) => map.insert(name, value),
                Err(error) => {
                    self.problem.path.push(Part::Name(name));
                    return Err(error);
                }
            };
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_found_at_any_level() {
        let error = scan(br#"{"manifests":[{"a":1},{"platform":{"os":"x","os":"y"}}]}"#);
        let path = "manifests[1].platform".to_owned();
        assert_eq!(
            error,
            Err(ScanError::Duplicate {
                path,
                name: "os".into()
            })
        );
        assert!(scan(br#"{"a":1,"A":2}"#).is_ok(), "data may differ in case");
    }

    #[test]
    fn names_that_differ_in_case_are_variants() {
        let value = scan(br#"{"manifests":[],"Layers":[]}"#).unwrap();
        assert_eq!(case_variant(&value, &["layers"]).as_deref(), Some("Layers"));
        let value = scan(br#"{"x":1,"X":2}"#).unwrap();
        assert_eq!(case_variant(&value, &[]).as_deref(), Some("X"));
        let value = scan(br#"{"layers":[]}"#).unwrap();
        assert_eq!(case_variant(&value, &["layers"]), None);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for bytes in [
            &b""[..],
            b"{",
            b"{}x",
            b"\xef\xbb\xbf{}",
            b"{\"a\":\"\xff\"}",
            b"{'a':1}",
            b"[1,]",
            b"NaN",
        ] {
            assert!(
                matches!(scan(bytes), Err(ScanError::NotJson(_))),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(scan(deep(100).as_bytes()).is_ok());
        assert_eq!(scan(deep(200).as_bytes()), Err(ScanError::TooDeep));
        assert_eq!(
            scan("[".repeat(100_000).as_bytes()),
            Err(ScanError::TooDeep)
        );
    }
}
