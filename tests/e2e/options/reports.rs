//! `--format`, `-v`, and the reports of several runs.

use std::fs;

use serde_json::Value;

use super::{Demo, file, scratch, verify};
use crate::real::polyarch::polyarch;

#[test]
fn every_format_goes_to_a_file_and_one_to_standard_output() {
    let demo = Demo::start();
    let folder = scratch();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let formats = [
        "human", "json", "junit", "sarif", "github", "gitlab", "markdown",
    ];
    let options: Vec<String> = formats
        .iter()
        .map(|format| format!("--format={format}={}", path(format)))
        .collect();
    let image = demo.image("missing-platform");
    let mut args = vec![image.as_str()];
    args.extend(options.iter().map(String::as_str));
    let run = verify(&args);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.contains("FAIL "),
        "a person still sees the verdict: {run:?}"
    );
    for format in formats {
        let text = fs::read_to_string(path(format)).expect("a report");
        assert!(text.contains("platform-missing"), "{format}: {text}");
        assert!(!text.contains('\u{1b}'), "{format} has no colours");
    }
    let json: Value = serde_json::from_str(&fs::read_to_string(path("json")).unwrap()).unwrap();
    assert_eq!(json["results"][0]["verdict"], "fail");
    let only = verify(&[&image, "--format", "json"]);
    assert_eq!(only.json()["schemaVersion"], 1);
}

#[test]
fn a_format_that_is_none_or_two_on_standard_output_are_refused() {
    let demo = Demo::start();
    let good = demo.image("good");
    for formats in [
        &["--format=xml"][..],
        &["--format=json="],
        &["--format=json", "--format=sarif"],
        &["--format=json=/nowhere/report.json"],
    ] {
        let mut args = vec![good.as_str()];
        args.extend(formats);
        let run = verify(&args);
        assert_eq!(run.code, Some(2), "{formats:?}: {run:?}");
        assert!(run.stderr.starts_with("error: "), "{run:?}");
    }
}

#[test]
fn the_last_line_names_what_was_verified() {
    let demo = Demo::start();
    let run = verify(&[&demo.image("good"), "-v"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let expected = format!("PASS {}/demo@{}", demo.host, demo.digest("good"));
    assert_eq!(lines.last(), Some(&expected.as_str()));
    let cost = lines[lines.len() - 2];
    assert!(
        cost.starts_with("9 requests, ") && cost.ends_with("3 round trips"),
        "{cost}"
    );
}

#[test]
fn shards_are_merged_into_one_report_with_one_exit_code() {
    let demo = Demo::start();
    let folder = scratch();
    let list = [
        "good",
        "missing-platform",
        "private",
        "nested",
        "good-docker",
    ]
    .map(|tag| demo.image(tag))
    .join("\n");
    let list = file(&folder, "list", &list);
    let mut files = Vec::new();
    for shard in 1..=3 {
        let path = folder
            .path()
            .join(format!("{shard}.json"))
            .display()
            .to_string();
        let format = format!("--format=json={path}");
        verify(&[
            "--from-file",
            &list,
            "--shard",
            &format!("{shard}/3"),
            &format,
        ]);
        files.push(path);
    }
    let mut args = vec!["report", "merge"];
    args.extend(files.iter().map(String::as_str));
    let merged = polyarch(&args);
    assert_eq!(merged.code, Some(1), "{merged:?}");
    let references: Vec<String> = merged.json()["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|result| result["reference"].as_str().map(str::to_owned))
        .collect();
    let whole = verify(&["--from-file", &list, "--format", "json"]);
    assert_eq!(merged.json(), whole.json());
    assert_eq!(references.len(), 5);
    let refused = polyarch(["report", "merge", list.as_str()]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[test]
fn a_report_fits_the_schema_that_is_printed() {
    let schema = polyarch(["report", "schema"]).json();
    let demo = Demo::start();
    let run = verify(&[&demo.image("missing-platform"), "--format", "json"]);
    let result = &schema["$defs"]["JsonResult"];
    let json = run.json();
    for name in result["required"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        assert!(
            !json["results"][0][name].is_null() || name == "resolved",
            "{name}"
        );
    }
    for name in json["results"][0].as_object().unwrap().keys() {
        assert!(
            result["properties"][name].is_object(),
            "{name} is not in the schema"
        );
    }
}
