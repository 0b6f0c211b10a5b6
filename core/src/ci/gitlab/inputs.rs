//! `spec: inputs` of an included file: values from `include: inputs` or defaults, put in where the
//! file says `$[[ inputs.NAME ]]`.
//!
//! Functions behind a `|` are not applied; the value is put in as it is.

use super::model::Refusal;
use crate::ci::regex;
use crate::ci::yaml::{Kind, Mark, Node};

/// The header of a file, and the text with blanks in its place, so that every mark stays.
/// A file without a header is its own body.
pub(super) fn split(text: &str, header: &Node) -> Option<(Node, String)> {
    let entries = header.as_mapping()?;
    let (key, spec) = entries.iter().find(|(k, _)| k.as_str() == Some("spec"))?;
    let end = text.get(key.mark.span.start..)?.find("\n---")?;
    let end = key.mark.span.start + end + "\n---".len();
    let blanks = text.get(..end)?.bytes();
    let blanks = blanks.map(|byte| if byte == b'\n' { '\n' } else { ' ' });
    let body = blanks.chain(text.get(end..)?.chars()).collect();
    Some((spec.clone(), body))
}

/// The body with every input put in. `place` is the include, where what is wrong is told;
/// `None` for the CI file itself, whose inputs whoever starts the pipeline may give.
pub(super) fn filled(
    body: &Node,
    spec: &Node,
    given: Option<&Node>,
    place: Option<Mark>,
) -> Result<Node, Refusal> {
    let declared = spec.get("inputs").and_then(Node::as_mapping);
    let declared = declared.unwrap_or_default();
    let given = given.and_then(Node::as_mapping).unwrap_or_default();
    let mut values: Vec<(&str, Node)> = Vec::new();
    for (name, options) in declared {
        let Some(name) = name.as_str() else { continue };
        let own = given.iter().find(|(k, _)| k.as_str() == Some(name));
        let value = own.map(|(_, v)| v).or_else(|| options.get("default"));
        let Some(value) = value else {
            if let Some(mark) = place {
                let message = format!("`{name}` input: required value has not been provided");
                return Err(refused(mark, message));
            }
            continue;
        };
        if let (Some(mark), Some(wrong)) = (place, wrong(value, options)) {
            return Err(refused(mark, format!("`{name}` input: {wrong}")));
        }
        values.push((name, value.clone()));
    }
    let unknown = given.iter().filter_map(|(k, _)| k.as_str());
    let mut unknown = unknown.filter(|k| !declared.iter().any(|(n, _)| n.as_str() == Some(k)));
    if let (Some(mark), Some(name)) = (place, unknown.next()) {
        return Err(refused(mark, format!("unknown input arguments: {name}")));
    }
    Ok(put_in(body, &values))
}

/// What a value breaks of what its input asks for.
fn wrong(value: &Node, options: &Node) -> Option<String> {
    let kind = options.get("type").and_then(Node::as_str);
    let fits = match kind.unwrap_or("string") {
        "array" => value.as_sequence().is_some(),
        "boolean" => matches!(value.as_str(), Some("true" | "false")),
        "number" => value.as_str().is_some_and(|v| v.parse::<f64>().is_ok()),
        _ => matches!(value.kind, Kind::Scalar { .. }),
    };
    if !fits {
        return Some(format!(
            "provided value is not a {}",
            kind.unwrap_or("string")
        ));
    }
    let text = value.as_str().unwrap_or_default();
    let allowed = options.get("options").map(Node::texts);
    if allowed.is_some_and(|allowed| !allowed.contains(&text)) {
        return Some(format!("`{text}` is not in the list of allowed options"));
    }
    let pattern = options.get("regex").and_then(Node::as_str);
    let fails = pattern.is_some_and(|pattern| regex::search(pattern, text) == Some(false));
    fails.then(|| "provided value does not match required RegEx pattern".to_owned())
}

fn refused(mark: Mark, message: String) -> Refusal {
    Refusal {
        mark,
        file: None,
        message,
    }
}

fn put_in(node: &Node, values: &[(&str, Node)]) -> Node {
    let kind = match &node.kind {
        Kind::Scalar { text, plain } => match whole(text, values) {
            Some(value) => value.kind.clone(),
            None => Kind::Scalar {
                text: inside(text, values),
                plain: *plain,
            },
        },
        Kind::Sequence(items) => {
            Kind::Sequence(items.iter().map(|item| put_in(item, values)).collect())
        }
        Kind::Mapping(entries) => Kind::Mapping(
            entries
                .iter()
                .map(|(k, v)| (put_in(k, values), put_in(v, values)))
                .collect(),
        ),
    };
    Node {
        mark: node.mark,
        tag: node.tag.clone(),
        kind,
    }
}

/// The value where a text is one input and nothing else, which keeps lists as they are.
fn whole<'v>(text: &str, values: &'v [(&str, Node)]) -> Option<&'v Node> {
    let inner = text.trim().strip_prefix("$[[")?.strip_suffix("]]")?;
    find(inner, values)
}

fn find<'v>(inner: &str, values: &'v [(&str, Node)]) -> Option<&'v Node> {
    let name = inner.split('|').next()?.trim().strip_prefix("inputs.")?;
    let found = values.iter().find(|(own, _)| *own == name);
    found.map(|(_, value)| value)
}

fn inside(text: &str, values: &[(&str, Node)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$[[") {
        out.push_str(before);
        let found = after.split_once("]]");
        let value = found.and_then(|(inner, _)| find(inner, values));
        if let (Some((_, behind)), Some(value)) = (found, value.map(Node::as_str)) {
            out.push_str(value.unwrap_or_default());
            rest = behind;
        } else {
            out.push_str("$[[");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
