//! Bake files against what `docker buildx bake --print` (v0.36.0) answered for them, and what no
//! answer is needed for: bounds, and values that only a run can tell.
//!
//! `recorded.jsonl` has a case a line: files, arguments, environment, and what was printed or
//! refused. Where several files are not named with `-f`, all are read in buildx's order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::{BakeFile, DEFAULT_FILES};
use crate::ci::{BakeError, BakeRequest, BakeTarget, bake_print, bake_targets};

/// The file as one `docker-bake.hcl`, without an environment.
fn targets(text: &str) -> Result<Vec<BakeTarget>, BakeError> {
    let files = [BakeFile {
        name: "docker-bake.hcl",
        text,
    }];
    let request = BakeRequest {
        files: &files,
        targets: &[],
        overrides: &[],
    };
    bake_targets(&request, &|_| None)
}

fn refusal(text: &str) -> String {
    targets(text).expect_err("is refused").to_string()
}

#[test]
fn buildx_prints_the_same() {
    let rows = include_str!("recorded.jsonl").lines();
    let rows: Vec<Value> = rows
        .map(|row| serde_json::from_str(row).expect("a case"))
        .collect();
    assert!(rows.len() >= 100, "{} cases", rows.len());
    for row in &rows {
        let found = answer(row);
        let name = &row["name"];
        match (&row["prints"], found) {
            (Value::Null, Err(text)) => assert_eq!(text, row["refuses"], "{name}"),
            (Value::Null, Ok(text)) => panic!("{name}: is not refused but prints {text}"),
            (_, Err(text)) => panic!("{name}: {text}"),
            (expected, Ok(text)) => {
                let found: Value = serde_json::from_str(&text).expect("JSON");
                assert_eq!(&found, expected, "{name}");
                let pretty = serde_json::to_string_pretty(expected).expect("JSON");
                assert_eq!(text.lines().count(), pretty.lines().count(), "{name}");
            }
        }
    }
}

fn answer(row: &Value) -> Result<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all: Vec<(String, String)> = row["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|pair| (text(&pair[0]), text(&pair[1])))
        .collect();
    let mut variables: BTreeMap<String, String> = row["environment"]
        .as_object()
        .expect("variables")
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let (mut named, mut wanted, mut set) = (Vec::new(), Vec::new(), Vec::new());
    let mut words = row["arguments"]
        .as_array()
        .expect("arguments")
        .iter()
        .map(text);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-f" => named.extend(words.next()),
            "--set" => set.extend(words.next()),
            "--var" => {
                let pair = words.next().unwrap_or_default();
                let (name, value) = pair.split_once('=').expect("a pair");
                variables.insert(name.to_owned(), value.to_owned());
            }
            _ => wanted.push(word),
        }
    }
    if named.is_empty() {
        named = DEFAULT_FILES.map(str::to_owned).to_vec();
    }
    if wanted.is_empty() {
        wanted.push("default".to_owned());
    }
    let files: Vec<BakeFile<'_>> = named
        .iter()
        .filter_map(|wanted| all.iter().find(|(name, _)| name == wanted))
        .map(|(name, text)| BakeFile { name, text })
        .collect();
    let request = BakeRequest {
        files: &files,
        targets: &wanted,
        overrides: &set,
    };
    bake_print(&request, &|name| variables.get(name).cloned()).map_err(|error| match error {
        BakeError::UnknownTarget { wanted, .. } => format!("failed to find target {wanted}"),
        other => other.to_string(),
    })
}

#[test]
fn what_only_a_run_can_tell_is_left_out_with_its_line() {
    let text = "target \"default\" {\n  tags = [\"a:1\"]\n  labels = {\n    created = timestamp()\n    \
                title = \"x\"\n  }\n  args = { SUM = md5(\"x\"), LEN = strlen(\"${uuidv4()}\") }\n  \
                platform = [\"linux/arm64\"]\n}\n";
    let found = targets(text).expect("targets");
    let told: Vec<_> = found[0]
        .unread
        .iter()
        .map(|unread| (unread.field.as_str(), unread.line, unread.is_ignored))
        .collect();
    assert_eq!(
        told,
        [
            ("platform", Some(8), true),
            ("labels.created", Some(3), false),
            ("args.LEN", Some(7), false),
            ("args.SUM", Some(7), false),
        ]
    );
    assert!(found[0].unread[0].why.contains("\"platforms\""));
    assert_eq!(
        found[0].invocation.labels,
        [("title".to_owned(), "x".to_owned())]
    );
    assert_eq!(found[0].invocation.tags, ["a:1"]);
}

#[test]
fn what_has_no_end_comes_to_one() {
    let deep = format!(
        "target \"default\" {{ args = {{ A = {}1{} }} }}\n",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    assert!(refusal(&deep).contains("Too much nesting"));
    let long = format!(
        "target \"default\" {{ args = {{ A = {}1 }} }}\n",
        "1+".repeat(5_000)
    );
    assert!(refusal(&long).contains("Too long an expression"));
    let strings = format!(
        "target \"default\" {{ context = {} }}\n",
        "\"${".repeat(5_000)
    );
    assert!(refusal(&strings).contains("Too much nesting"));
    let directives = "%{ if true }".repeat(5_000);
    assert!(
        refusal(&format!(
            "target \"default\" {{ context = \"{directives}\" }}\n"
        ))
        .contains("Too much nesting")
    );
    let mut doubling = "variable \"V0\" { default = \"0123456789\" }\n".to_owned();
    for n in 1..60 {
        let before = n - 1;
        doubling +=
            &format!("variable \"V{n}\" {{ default = \"${{V{before}}}${{V{before}}}\" }}\n");
    }
    assert!(refusal(&doubling).contains("Too much work"));
    let mut chain = "variable \"V0\" { default = \"\" }\n".to_owned();
    for n in 1..1_000 {
        // The alphabet asks for the last one first.
        chain += &format!("variable \"A{:04}\" {{ default = A{:04} }}\n", n, n + 1);
    }
    chain += "variable \"A1000\" { default = \"\" }\n";
    assert!(refusal(&chain).contains("Too much nesting"));
    let wide = "target \"a\" {\n  name = \"a-${x}-${y}\"\n  matrix = { x = range(1000), y = range(1000) }\n}\n";
    assert!(refusal(wide).contains("Too many targets"));
    let mut groups = String::new();
    for n in 0..200 {
        groups += &format!("group \"g{n}\" {{ targets = [\"g{}\"] }}\n", n + 1);
    }
    groups += "group \"default\" { targets = [\"g0\"] }\n";
    assert!(refusal(&groups).contains("at most 60 groups"));
    let mut parents = String::new();
    for n in 0..200 {
        parents += &format!("target \"t{n}\" {{ inherits = [\"t{}\"] }}\n", n + 1);
    }
    parents += "target \"default\" { inherits = [\"t0\"] }\n";
    assert!(refusal(&parents).contains("at most 60 parents"));
    let pattern = "target \"default\" { args = { A = regex_replace(\"aaaaaaaaaaaaaaaaaaaaaaaa\", \"(a*)*b\", \"\") } }\n";
    assert!(targets(pattern).is_ok());
}

#[test]
fn a_secret_and_a_key_of_ssh_are_written_as_buildx_takes_them() {
    let text = "target \"default\" {\n  ssh = [\"default\", { id = \"k\", paths = [\"a\", \"b\"] }, \"q=p1,p2\"]\n}\n";
    let files = [BakeFile {
        name: "docker-bake.hcl",
        text,
    }];
    let request = BakeRequest {
        files: &files,
        targets: &[],
        overrides: &["default.ssh+=q=p3".to_owned()],
    };
    let printed = bake_print(&request, &|_| None).expect("JSON");
    let json: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(
        json["target"]["default"]["ssh"],
        serde_json::json!([{"id": "default"}, {"id": "k", "paths": ["a", "b"]}, {"id": "q", "paths": ["p3"]}])
    );
}

/// Pieces that a bake file is made of, whole ones and broken ones.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "target",
        "group",
        "variable",
        "function",
        "\"a\"",
        "\"default\"",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "=",
        "\n",
        " ",
        ",",
        "args",
        "tags",
        "matrix",
        "name",
        "inherits",
        "default",
        "params",
        "result",
        "${",
        "%{ if ",
        "%{ endif }",
        "\"",
        "upper",
        "format",
        "for x in ",
        ": ",
        "x",
        "=>",
        "...",
        "?",
        "1",
        "-",
        "==",
        "<<EOT\n",
        "EOT\n",
        "null",
        "true",
        "[*]",
        ".",
        "target.a.tags",
        "\\",
        "é",
        "#",
        "/*",
    ])
}

proptest! {
    #[test]
    fn any_text_gives_targets_or_a_refusal(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = pieces.concat();
        let _ = targets(&text);
        let inside = format!("target \"default\" {{\n  args = {{ A = {text} }}\n}}\n");
        let _ = targets(&inside);
        let files = [BakeFile { name: "bake", text: &text }];
        let request = BakeRequest { files: &files, targets: &[], overrides: std::slice::from_ref(&text) };
        let _ = bake_targets(&request, &|_| None);
    }

    #[test]
    fn any_pattern_comes_to_an_end(pattern in "[ab(|)*+?\\[\\]^$.\\\\{}1,-]{0,20}", text in "[ab1]{0,30}") {
        let quoted = |text: &str| Value::from(text).to_string();
        let file = format!("target \"default\" {{ args = {{ A = regex_replace({}, {}, \"-\") }} }}\n", quoted(&text), quoted(&pattern));
        let _ = targets(&file);
    }
}
