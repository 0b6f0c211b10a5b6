//! Variables in the values of compose files: `$NAME`, `${NAME}`, `${NAME:-default}` and its kin,
//! `$$` for a dollar.
//!
//! Source: the compose specification's chapter on interpolation. A required variable that is not
//! set (`${NAME:?text}`) counts as empty here, where compose refuses the file.

/// Defaults can hold variables again; deeper ones stay as they are written.
const MAX_DEPTH: usize = 16;

/// A text with its variables replaced.
pub(super) fn interpolate(text: &str, variables: &dyn Fn(&str) -> Option<String>) -> String {
    replaced(text, variables, 0)
}

fn replaced(text: &str, variables: &dyn Fn(&str) -> Option<String>, depth: usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
        } else if let Some(inner) = rest.strip_prefix('{')
            && depth < MAX_DEPTH
        {
            let Some(end) = closing(inner) else {
                // Nothing behind it can be told apart any more, and to look again would take long.
                out.push('$');
                break;
            };
            out.push_str(&braced(&inner[..end], variables, depth));
            rest = &inner[end + 1..];
        } else {
            let name = name_of(rest);
            if name.is_empty() {
                out.push('$');
            } else {
                out.push_str(&variables(name).unwrap_or_default());
            }
            rest = &rest[name.len()..];
        }
    }
    out.push_str(rest);
    out
}

/// Where the brace that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 1 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

fn name_of(text: &str) -> &str {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let end = text.bytes().position(|b| !is_name(b));
    let name = &text[..end.unwrap_or(text.len())];
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        name
    }
}

/// What stands between the braces: a name, and what holds with or without a value.
fn braced(inner: &str, variables: &dyn Fn(&str) -> Option<String>, depth: usize) -> String {
    let name = name_of(inner);
    let modifier = &inner[name.len()..];
    // With a colon, an empty value is none.
    let (counts_empty, modifier) = match modifier.strip_prefix(':') {
        Some(modifier) => (false, modifier),
        None => (true, modifier),
    };
    let value = variables(name).filter(|value| counts_empty || !value.is_empty());
    let other = |word: &str| replaced(word, variables, depth + 1);
    match (modifier.split_at_checked(1), value) {
        (Some(("-", word)), None) => other(word),
        (Some(("+", word)), Some(_)) => other(word),
        (Some(("+", _)), None) => String::new(),
        (_, value) => value.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_as_the_specification_says() {
        let variables = |name: &str| match name {
            "TAG" => Some("1.0".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        for (text, expected) in [
            ("app:$TAG", "app:1.0"),
            ("app:${TAG}-x", "app:1.0-x"),
            ("${NONE:-dev}/${TAG:-dev}", "dev/1.0"),
            ("[${EMPTY-dev}][${EMPTY:-dev}]", "[][dev]"),
            ("${NONE:-${TAG}}", "1.0"),
            ("${TAG:+set}${NONE:+set}", "set"),
            ("${TAG:?needed}", "1.0"),
            ("$$TAG $ $1 ${", "$TAG $ $1 ${"),
            ("${NONE}ü", "ü"),
        ] {
            assert_eq!(replaced(text, &variables, 0), expected, "{text}");
        }
        let deep = "${A:-".repeat(5_000);
        assert!(!replaced(&deep, &variables, 0).is_empty());
        let deep = format!("{deep}{}", "}".repeat(5_000));
        assert!(!replaced(&deep, &variables, 0).is_empty());
    }
}
