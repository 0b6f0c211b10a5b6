//! Variables whose values name other variables, as GitLab expands them before the job runs.

use std::collections::BTreeMap;

/// Longest value.
const MAX_VALUE: usize = 16 << 10;

/// Expands `$NAME`, `${NAME}` and `%NAME%`-free text; `$$` is a dollar sign. Unknown names stay as
/// written, since the shell sees them.
pub(super) fn expand(text: &str, values: &BTreeMap<String, String>) -> String {
    expand_within(text, values, 0)
}

fn expand_within(text: &str, values: &BTreeMap<String, String>, depth: usize) -> String {
    if !text.contains('$') || depth > 10 {
        return text.to_owned();
    }
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if result.len() > MAX_VALUE {
            return result;
        }
        if let Some(after) = rest.strip_prefix('$') {
            result.push_str("$$");
            rest = after;
            continue;
        }
        let braced = rest.strip_prefix('{');
        let body = braced.unwrap_or(rest);
        let end = body
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(body.len());
        let (name, after) = body.split_at(end);
        let after = if braced.is_some() {
            after.strip_prefix('}')
        } else {
            Some(after)
        };
        match (values.get(name), after) {
            (Some(value), Some(after)) if !name.is_empty() => {
                let others: BTreeMap<String, String> = if value.contains('$') {
                    values
                        .iter()
                        .filter(|(k, _)| k.as_str() != name)
                        .map(|(k, v)| (k.clone(), v.clone()))
                        .collect()
                } else {
                    BTreeMap::new()
                };
                result.push_str(&expand_within(value, &others, depth + 1));
                rest = after;
            }
            _ => result.push('$'),
        }
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_expand_and_cycles_end() {
        let values: BTreeMap<String, String> = [("A", "x$B"), ("B", "y"), ("C", "$D"), ("D", "$C")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into();
        for (text, expected) in [
            ("$A-${B}", "xy-y"),
            ("$NO$", "$NO$"),
            ("$$A", "$$A"),
            ("$C", "$C"),
            ("${A", "${A"),
        ] {
            assert_eq!(expand(text, &values), expected, "{text}");
        }
    }
}
