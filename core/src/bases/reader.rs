//! Reads a `--bases` file. Everything wrong is told with its place; nothing wrong is guessed at.

use serde_json::Value;

use crate::digest::Digest;
use crate::platform::Platform;
use crate::reference::Reference;

use super::{Catalogue, ContainerConfig, Entry, HistoryEntry, Image, Otherwise};

/// Why a `--bases` file cannot be used as it is. `place` is the path of keys to the spot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error(
        "line {line}, column {column}: not JSON: {reason}; write an object of references, such as {{\"docker.io/library/alpine:3.20\":{{\"index\":[]}}}}"
    )]
    NotJson {
        line: usize,
        column: usize,
        reason: String,
    },
    #[error(
        "{place}: {found} where {expected} is needed; the form is {{\"REF\":{{\"index\":[{{\"platform\":\"linux/amd64\"}}]}}}} or {{\"REF\":{{\"manifest\":{{…}}}}}}"
    )]
    Shape {
        place: String,
        found: &'static str,
        expected: &'static str,
    },
    #[error("{place}: not a reference: {reason}; write host/repository:tag")]
    Reference { place: String, reason: String },
    #[error("{place}: {reason}; write os/architecture[/variant]")]
    Platform { place: String, reason: String },
}

/// Key of what holds for references that the file does not list; `"embedded"` leaves them to the
/// embedded catalogue. Without it they do not exist.
const OTHERS: &str = "*";

/// `{"absent": true}`: the image is known not to exist.
fn absent(value: &Value) -> Option<bool> {
    value.get("absent")?.as_bool()
}

/// Reads the text of a `--bases` file. Entries with errors are left out of the catalogue.
pub fn read(text: &str) -> (Catalogue, Vec<ReadError>) {
    let mut catalogue = Catalogue {
        otherwise: Otherwise::Absent,
        ..Catalogue::default()
    };
    let mut errors = Vec::new();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => {
            for (name, value) in &object {
                if name == OTHERS {
                    if value.as_str() == Some("embedded") {
                        catalogue.otherwise = Otherwise::Official;
                    } else {
                        errors.push(shape(name, value, "the word \"embedded\""));
                    }
                    continue;
                }
                if let (Some(true), Ok(reference)) = (absent(value), name.parse::<Reference>()) {
                    let reference = reference.with_default_tag();
                    catalogue.absent.insert(reference.to_string());
                    continue;
                }
                match entry(name, value, &mut errors) {
                    Some((reference, image)) => {
                        let digest = value.get("digest").and_then(Value::as_str);
                        if let Some(digest) = digest.and_then(|text| text.parse().ok()) {
                            catalogue.digests.insert(reference.clone(), digest);
                        }
                        catalogue.images.insert(reference, image);
                    }
                    None => debug_assert!(!errors.is_empty(), "a refusal says why"),
                }
            }
        }
        Ok(other) => errors.push(shape("the file", &other, "an object of references")),
        Err(error) => errors.push(ReadError::NotJson {
            line: error.line(),
            column: error.column(),
            reason: reason(&error),
        }),
    }
    (catalogue, errors)
}

/// serde_json's text without the place that it appends.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}

fn entry(name: &str, value: &Value, errors: &mut Vec<ReadError>) -> Option<(String, Image)> {
    let reference: Reference = match name.parse() {
        Ok(reference) => reference,
        Err(error) => {
            let error: crate::reference::ParseError = error;
            errors.push(ReadError::Reference {
                place: name.to_owned(),
                reason: error.to_string(),
            });
            return None;
        }
    };
    let image = image(name, value, errors)?;
    Some((reference.with_default_tag().to_string(), image))
}

fn image(place: &str, value: &Value, errors: &mut Vec<ReadError>) -> Option<Image> {
    if let Some(index) = value.get("index") {
        let place = format!("{place}.index");
        let Some(entries) = index.as_array() else {
            errors.push(shape(&place, index, "a list of entries"));
            return None;
        };
        let entries = entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| image_entry(&format!("{place}[{at}]"), entry, errors))
            .collect();
        return Some(Image::Index(entries));
    }
    let Some(manifest) = value.get("manifest") else {
        errors.push(shape(
            place,
            value,
            "an object with \"index\" or \"manifest\"",
        ));
        return None;
    };
    image_entry(&format!("{place}.manifest"), manifest, errors).map(Image::Manifest)
}

fn image_entry(place: &str, value: &Value, errors: &mut Vec<ReadError>) -> Option<Entry> {
    if !value.is_object() {
        errors.push(shape(place, value, "an object"));
        return None;
    }
    let platform = raw_platform(place, value, "platform", errors)?;
    let config_platform = raw_platform(place, value, "configPlatform", errors)?;
    let list = |key: &str| value.get(key).and_then(Value::as_array);
    Some(Entry {
        platform,
        config_platform,
        config: Some(
            value
                .get("config")
                .map(ContainerConfig::from_json)
                .unwrap_or_default(),
        ),
        history: list("history")
            .into_iter()
            .flatten()
            .map(HistoryEntry::from_json)
            .collect(),
        diff_ids: list("diffIds").map(|ids| {
            let ids = ids.iter().filter_map(Value::as_str);
            ids.map(str::to_owned).collect()
        }),
        layers: list("layers").cloned(),
        digest: value
            .get("digest")
            .and_then(Value::as_str)
            .and_then(|digest| digest.parse::<Digest>().ok()),
    })
}

/// A platform with the spelling it has in the file, as an index keeps it: `linux/arm64/v8` stays.
///
/// The outer `None` is an error; the inner one an absent field.
#[expect(clippy::option_option, reason = "absent and wrong differ")]
fn raw_platform(
    place: &str,
    value: &Value,
    key: &str,
    errors: &mut Vec<ReadError>,
) -> Option<Option<Platform>> {
    let place = format!("{place}.{key}");
    let text = match value.get(key) {
        None | Some(Value::Null) => return Some(None),
        Some(Value::String(text)) => text,
        Some(other) => {
            errors.push(shape(&place, other, "a platform"));
            return None;
        }
    };
    match text.parse::<Platform>() {
        Ok(parsed) => {
            let mut parts = text.split('/').skip(1).map(str::to_owned);
            Some(Some(match parts.next() {
                Some(architecture) => Platform {
                    architecture,
                    variant: parts.next().unwrap_or_default(),
                    ..parsed
                },
                None => parsed,
            }))
        }
        Err(error) => {
            errors.push(ReadError::Platform {
                place,
                reason: error.to_string(),
            });
            None
        }
    }
}

fn shape(place: &str, found: &Value, expected: &'static str) -> ReadError {
    ReadError::Shape {
        place: place.to_owned(),
        found: match found {
            Value::Null => "null",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        },
        expected,
    }
}
