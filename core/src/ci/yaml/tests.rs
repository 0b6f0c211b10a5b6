//! Tables of small documents.

use super::*;

fn show(node: &Node) -> String {
    let tag = node
        .tag
        .as_ref()
        .map_or(String::new(), |t| format!("!{t} "));
    let value = match &node.kind {
        Kind::Scalar { text, .. } => format!("{text:?}"),
        Kind::Sequence(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
        }
        Kind::Mapping(entries) => {
            let entries = entries
                .iter()
                .map(|(k, v)| format!("{}:{}", show(k), show(v)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    };
    format!("{tag}{value}")
}

fn check(text: &str, expected: &str) {
    let got = match parse(0, text) {
        Ok(node) => show(&node),
        Err(error) => format!("line {}: {error}", error.mark.line),
    };
    assert_eq!(got, expected, "{text}");
}

#[test]
fn documents_become_trees() {
    check("a: 1\nb: [x, y]", r#"{"a":"1","b":["x","y"]}"#);
    check("a: !reference [x, y]", r#"{"a":!reference ["x","y"]}"#);
    check("a: |\n  one\n  two\n", r#"{"a":"one\ntwo\n"}"#);
    check("a: |\n  one\n  \ttwo: 2\n", r#"{"a":"one\n\ttwo: 2\n"}"#);
    check("", r#""""#);
}

#[test]
fn merge_keys_and_aliases_are_resolved() {
    check(
        "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3",
        r#"{"x":{"a":"1","b":"2"},"y":{"b":"3","a":"1"}}"#,
    );
    check(
        "x: &x {a: 1}\nz: &z {a: 2, c: 3}\ny:\n  <<: [*x, *z]",
        r#"{"x":{"a":"1"},"z":{"a":"2","c":"3"},"y":{"a":"1","c":"3"}}"#,
    );
    check("a: 1\na: 2", r#"{"a":"2"}"#);
}

#[test]
fn what_is_not_yaml_is_refused_at_its_line() {
    check(
        "a:\n  b: 1\n\tc: 2",
        "line 3: the file is not YAML: a tab stands where spaces must indent",
    );
    for text in ["a: *nope", "a: &a [*a]", "a: [1", "a: \"b\nc: d\n"] {
        assert!(parse(0, text).is_err(), "{text}");
    }
    let bomb: String = std::iter::once("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned())
        .chain((1..12).map(|n| {
            format!(
                "a{n}: &a{n} [{}]\n",
                vec![format!("*a{}", n - 1); 10].join(",")
            )
        }))
        .collect();
    assert!(parse(0, &bomb).unwrap_err().message.contains("50,000"));
    assert!(parse(0, &"[".repeat(100_000)).is_err());
}

#[test]
fn places_are_bytes_and_lines_of_the_file() {
    let text = "# 中\nkey: välue\n";
    let node = parse(0, text).unwrap();
    let value = node.get("key").unwrap();
    assert_eq!((value.mark.line, value.mark.span.of(text)), (2, "välue"));
}
