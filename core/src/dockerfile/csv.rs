//! One line of comma-separated values, as the flags of RUN are written.

/// Why a line is refused, in the texts of Go's `encoding/csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    #[error("EOF")]
    Empty,
    /// `column` counts bytes from 1.
    #[error("parse error on line 1, column {column}: bare \" in non-quoted field")]
    BareQuote { column: usize },
    /// `column` counts bytes from 1.
    #[error("parse error on line 1, column {column}: extraneous or missing \" in quoted-field")]
    Quote { column: usize },
}

/// The fields of a line.
///
/// # Errors
/// An empty line, and quotes in wrong places.
pub fn fields(line: &str) -> Result<Vec<String>, CsvError> {
    let line = line
        .strip_suffix('\n')
        .map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() {
        return Err(CsvError::Empty);
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let at = line.len() - rest.len();
        let next = if let Some(quoted) = rest.strip_prefix('"') {
            let (field, after) = quoted_field(quoted, at + 1)?;
            fields.push(field);
            after
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (field, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if let Some(quote) = field.find('"') {
                return Err(CsvError::BareQuote {
                    column: at + quote + 1,
                });
            }
            fields.push(field.to_owned());
            after
        };
        match next.strip_prefix(',') {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

/// Behind the opening quote, which ends at byte `start`.
fn quoted_field(text: &str, start: usize) -> Result<(String, &str), CsvError> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let at = start + text.len() - rest.len();
        let Some((part, after)) = rest.split_once('"') else {
            return Err(CsvError::Quote { column: at + 1 });
        };
        field.push_str(part);
        if let Some(after) = after.strip_prefix('"') {
            field.push('"');
            rest = after;
        } else if after.is_empty() || after.starts_with(',') {
            return Ok((field, after));
        } else {
            return Err(CsvError::Quote {
                column: at + part.len() + 1,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_line() {
        let some = |fields: &[&str]| Ok(fields.iter().map(|field| (*field).to_owned()).collect());
        for (line, want) in [
            ("type=bind,ro", some(&["type=bind", "ro"])),
            ("a,", some(&["a", ""])),
            ("\"a,b\",c", some(&["a,b", "c"])),
            ("\"a\"\"b\"", some(&["a\"b"])),
            ("", Err(CsvError::Empty)),
            ("\n", Err(CsvError::Empty)),
            ("a\"b", Err(CsvError::BareQuote { column: 2 })),
            ("x,a\"b", Err(CsvError::BareQuote { column: 4 })),
            ("\"a\"b", Err(CsvError::Quote { column: 3 })),
            ("\"ab", Err(CsvError::Quote { column: 2 })),
        ] {
            assert_eq!(fields(line), want, "{line}");
        }
    }
}
