//! Encodings and digests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha512};

use super::{Entry, Failure, Outcome, integer, real, text, whole};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("base64encode", "str:s", |a| {
        Ok(Value::Text(STANDARD.encode(text(&a[0]))))
    }),
    Entry("base64decode", "str:s", |a| {
        let bytes = STANDARD
            .decode(text(&a[0]))
            .map_err(|_| Failure::Argument(0, "failed to decode base64 data".to_owned()))?;
        String::from_utf8(bytes).map(Value::Text).map_err(|_| {
            let why = "the result of decoding the provided string is not valid UTF-8";
            Failure::Call(why.to_owned())
        })
    }),
    Entry("jsonencode", "val:A", |a| match a[0].unknown() {
        Some(why) => Ok(Value::Unknown(why.to_owned())),
        None => Ok(Value::Text(crate::ci::bake::print::escaped(
            a[0].to_json().to_string(),
        ))),
    }),
    Entry("jsondecode", "str:s", |a| {
        serde_json::from_str(text(&a[0]))
            .map(|json| Value::from_json(&json))
            .map_err(|_| Failure::Argument(0, "invalid JSON".to_owned()))
    }),
    Entry("csvdecode", "str:s", csv_decode),
    Entry("urlencode", "str:s", |a| Ok(Value::Text(url(text(&a[0]))))),
    Entry("sha256", "str:s", |a| {
        Ok(Value::Text(hex(&Sha256::digest(text(&a[0])))))
    }),
    Entry("sha512", "str:s", |a| {
        Ok(Value::Text(hex(&Sha512::digest(text(&a[0])))))
    }),
    // A text as bytes is what cty's buffer holds; nothing else of bake makes one.
    Entry("byteslen", "buf:s", |a| Ok(Value::count(text(&a[0]).len()))),
    Entry("bytesslice", "buf:s offset:n length:n", |a| {
        let start = whole(real(&a[1]));
        let end = start.saturating_add(usize::try_from(integer(real(&a[2]))).unwrap_or_default());
        text(&a[0])
            .get(start..end)
            .map(Value::text)
            .ok_or_else(|| Failure::Call("offset is greater than total buffer length".to_owned()))
    }),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// As a query holds it: spaces as `+`.
fn url(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b' ' => out.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => {
                out.push(char::from(byte));
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

/// Rows as maps by the first row's names.
fn csv_decode(arguments: &[Value]) -> Outcome {
    let mut rows = text(&arguments[0])
        .lines()
        .filter(|line| !line.is_empty())
        .map(fields);
    let Some(Some(header)) = rows.next() else {
        return Err(Failure::Argument(0, "missing header line".to_owned()));
    };
    let mut all = Vec::new();
    for row in rows {
        let row = row.filter(|row| row.len() == header.len());
        let Some(row) = row else {
            let why = "all rows must have the same number of fields";
            return Err(Failure::Argument(0, why.to_owned()));
        };
        let names = header.iter().cloned();
        let map: BTreeMap<String, Value> = names.zip(row.into_iter().map(Value::Text)).collect();
        all.push(Value::Map(map));
    }
    Ok(Value::List(all))
}

/// The fields of one line of comma-separated values; `None` where a quote is left open.
pub(in crate::ci::bake) fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    (!quoted).then_some(fields)
}
