//! JSON text as Go's `encoding/json` writes it.
//!
//! Only what differs from serde_json is here: `<`, `>`, `&`, U+2028 and U+2029 are written as
//! escapes, in keys and values alike. Key order is the order in which the value serialises.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// `json.Marshal`: no blanks at all.
pub fn compact<T: Serialize>(value: &T) -> Vec<u8> {
    write(value, CompactFormatter)
}

/// `json.MarshalIndent(value, "", "  ")`: two spaces a level, no newline at the end.
pub fn indented<T: Serialize>(value: &T) -> Vec<u8> {
    indented_by(value, b"  ")
}

/// The same with another indentation.
pub fn indented_by<T: Serialize>(value: &T, indent: &[u8]) -> Vec<u8> {
    write(value, PrettyFormatter::with_indent(indent))
}

fn write<T: Serialize, F: Formatter>(value: &T, layout: F) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Escaping(layout));
    // Writing to memory cannot fail, and all types here have string keys.
    match value.serialize(&mut serializer) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// A formatter that adds Go's HTML escaping and leaves the layout to another one.
struct Escaping<F>(F);

/// What Go writes for a character that serde_json would leave as it is.
fn escape(character: char) -> Option<&'static [u8]> {
    match character {
        '<' => Some(b"\\u003c"),
        '>' => Some(b"\\u003e"),
        '&' => Some(b"\\u0026"),
        '\u{2028}' => Some(b"\\u2028"),
        '\u{2029}' => Some(b"\\u2029"),
        _ => None,
    }
}

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c| escape(c).is_some()) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut characters = tail.chars();
            if let Some(escaped) = characters.next().and_then(escape) {
                writer.write_all(escaped)?;
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_go_does() {
        let value = "a<b>&c \u{2028}\u{2029} \"q\" \\ \n\t\r \u{1} \u{8}\u{c} \u{7f} é 🐳";
        assert_eq!(
            text(compact(&value)),
            "\"a\\u003cb\\u003e\\u0026c \\u2028\\u2029 \\\"q\\\" \\\\ \\n\\t\\r \\u0001 \\b\\f \u{7f} é 🐳\""
        );
    }

    #[test]
    fn keys_are_escaped_and_empty_collections_stay_closed() {
        let value = BTreeMap::from([("<k>", Vec::new()), ("l", vec![1, 2])]);
        assert_eq!(
            text(indented(&value)),
            "{\n  \"\\u003ck\\u003e\": [],\n  \"l\": [\n    1,\n    2\n  ]\n}"
        );
    }
}
