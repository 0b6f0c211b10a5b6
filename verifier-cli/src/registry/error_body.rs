//! What a registry says about an error: distribution-spec's `{"errors":[{"code","message"}]}`, and
//! the shapes that proxies and token servers use instead.

use serde_json::Value;

use super::fault::one_line;

/// The longest piece of a server's text that is shown, in characters.
const LONGEST: usize = 200;

/// `CODE: message` of the first error, if the body says something of that kind.
pub(crate) fn summary(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let text = |value: &Value, key: &str| {
        let text = value.get(key)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let first = value.get("errors").and_then(|errors| errors.get(0));
    let (code, message) = match first {
        Some(first) => (text(first, "code"), text(first, "message")),
        None => (
            text(&value, "error"),
            text(&value, "error_description")
                .or_else(|| text(&value, "details"))
                .or_else(|| text(&value, "message")),
        ),
    };
    let summary = match (code, message) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => return None,
    };
    Some(one_line(&summary, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn errors_in_any_usual_shape_are_summed_up() {
        for (body, expected) in [
            (
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{}}]}"#,
                Some("MANIFEST_UNKNOWN: manifest unknown"),
            ),
            (r#"{"errors":[{"code":"DENIED"}]}"#, Some("DENIED")),
            (
                r#"{"details":"incorrect username or password"}"#,
                Some("incorrect username or password"),
            ),
            (
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                Some("invalid_grant: expired"),
            ),
            (r#"{"errors":[]}"#, None),
            (r#"{"errors":"no"}"#, None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(summary(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }
}
