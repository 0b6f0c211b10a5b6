//! Runs the recorded conversions in `cases/`, and any text at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::*;
use crate::bases::{Catalogue, ContainerConfig};
use crate::dockerfile;

mod logs;

const CASES: &str = include_str!("../cases/cases.jsonl");
const GENERATED: &str = include_str!("../cases/generated.jsonl");
const BASES: &str = include_str!("../cases/bases.json");

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

fn pairs(value: &Value) -> BTreeMap<String, String> {
    let object = value.as_object().into_iter().flatten();
    object
        .map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

fn catalogue(case: &Value, bases: &Value) -> Catalogue {
    let named: serde_json::Map<String, Value> = pairs(&case["bases"])
        .into_iter()
        .map(|(reference, name)| (reference, bases[name.as_str()].clone()))
        .collect();
    let (catalogue, errors) = crate::bases::read(&Value::Object(named).to_string());
    assert_eq!(errors, []);
    catalogue
}

fn run(case: &Value, bases: &Value) -> Outcome {
    let text = case["dockerfile"].as_str().unwrap();
    let (file, problems) = dockerfile::parse(text);
    let build_platform = case["buildPlatform"].as_str().unwrap_or("linux/amd64");
    let request = BuildRequest {
        platforms: texts(&case["platforms"]),
        build_platforms: vec![build_platform.parse().unwrap()],
        build_args: pairs(&case["buildArgs"]),
        target: case["target"].as_str().map(str::to_owned),
        dockerignore: case["files"][".dockerignore"].as_str().map(str::to_owned),
        ..BuildRequest::default()
    };
    predict(text, &file, &problems, &request, &catalogue(case, bases))
}

/// The config as the cases write it: empty fields left out.
fn config_json(config: &ContainerConfig) -> Value {
    let mut object = serde_json::Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = match &value {
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::Null => true,
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !empty {
            object.insert(key.to_owned(), value);
        }
    };
    put("Env", json!(config.env));
    put("Entrypoint", json!(config.entrypoint));
    put("Cmd", json!(config.cmd));
    put("WorkingDir", json!(config.working_dir));
    put("User", json!(config.user));
    put("ExposedPorts", json!(config.exposed_ports));
    put("Labels", json!(config.labels));
    put("Volumes", json!(config.volumes));
    put("StopSignal", json!(config.stop_signal));
    put("Shell", json!(config.shell));
    put("OnBuild", json!(config.on_build));
    if let Some(check) = &config.healthcheck {
        let mut fields = serde_json::Map::new();
        fields.insert("Test".to_owned(), json!(check.test));
        for (key, number) in [
            ("Interval", check.interval),
            ("Timeout", check.timeout),
            ("StartPeriod", check.start_period),
            ("StartInterval", check.start_interval),
            ("Retries", check.retries),
        ] {
            if number != 0 {
                fields.insert(key.to_owned(), json!(number));
            }
        }
        put("Healthcheck", Value::Object(fields));
    }
    Value::Object(object)
}

fn lint_texts(lint: &[Lint]) -> Value {
    let mut texts: Vec<String> = lint
        .iter()
        .map(|lint| format!("{} {} {}", lint.line, lint.rule, lint.message))
        .collect();
    texts.sort();
    json!(texts)
}

fn step_texts(steps: &[Step]) -> Value {
    let mut texts: Vec<String> = steps
        .iter()
        .map(|step| {
            let kind = match step.kind {
                StepKind::Source => "source",
                StepKind::Exec => "exec",
                StepKind::File => "file",
            };
            let platform = step
                .platform
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string);
            format!("{kind} {platform} {}", step.name)
        })
        .collect();
    texts.sort();
    json!(texts)
}

fn got(platform: &PlatformOutcome) -> BTreeMap<&'static str, Value> {
    let image = match &platform.result {
        Err(error) => return BTreeMap::from([("error", json!(error.text))]),
        Ok(image) => image,
    };
    let history = image.history.iter().skip(image.base_history);
    let history: Vec<&String> = history.map(|entry| &entry.created_by).collect();
    BTreeMap::from([
        ("export", json!(image.export.to_string())),
        ("specifier", json!(image.export.specifier())),
        ("configPlatform", json!(image.platform.specifier())),
        ("config", config_json(&image.config)),
        ("history", json!(history)),
        ("steps", step_texts(&platform.steps)),
    ])
}

/// The order of a list does not count.
fn sorted(value: &Value) -> Value {
    let mut items = texts(value);
    items.sort();
    json!(items)
}

/// Every difference, one a line.
fn differences(case: &Value, outcome: &Outcome) -> String {
    let mut out = String::new();
    let mut compare = |what: String, expected: &Value, got: &Value| {
        if expected != got {
            writeln!(out, "  {what}\n    expected {expected}\n    got      {got}").unwrap();
        }
    };
    let expected = case["expected"].as_array().unwrap();
    assert_eq!(expected.len(), outcome.platforms.len());
    for (wanted, platform) in expected.iter().zip(&outcome.platforms) {
        let got = got(platform);
        let fails = got.contains_key("error");
        let keys: &[&str] = if fails || !wanted["error"].is_null() {
            &["error"]
        } else {
            &["export", "configPlatform", "config", "history", "steps"]
        };
        for &key in keys {
            let mut value = &wanted[key];
            if value.is_null() && !fails {
                value = &expected[0][key];
            }
            if value.is_null() && key == "configPlatform" {
                value = &got["specifier"];
            }
            if value.is_null() && key == "error" {
                value = &expected[0][key];
            }
            let value = if key == "steps" {
                sorted(value)
            } else {
                value.clone()
            };
            let got = got.get(key).unwrap_or(&Value::Null);
            compare(format!("{key} for {}", platform.requested), &value, got);
        }
    }
    let first = outcome.platforms.first().unwrap();
    compare(
        "warnings".to_owned(),
        &sorted(&case["warnings"]),
        &lint_texts(&first.lint),
    );
    compare(
        "check".to_owned(),
        &sorted(&case["check"]),
        &lint_texts(&outcome.check.lint),
    );
    let error = outcome.check.error.as_ref().map(|error| &error.text);
    compare("check error".to_owned(), &case["checkError"], &json!(error));
    out
}

#[test]
fn recorded_conversions_are_exact() {
    let bases: Value = serde_json::from_str(BASES).unwrap();
    let mut failures = String::new();
    let (mut count, mut failed) = (0, 0);
    for line in CASES.lines().chain(GENERATED.lines()) {
        let case: Value = serde_json::from_str(line).unwrap();
        let found = differences(&case, &run(&case, &bases));
        count += 1;
        if !found.is_empty() {
            failed += 1;
            writeln!(failures, "{}\n{found}", case["name"].as_str().unwrap()).unwrap();
        }
    }
    assert!(count > 400, "the cases are there");
    assert!(
        failures.is_empty(),
        "{failed} of {count} differ\n{failures}"
    );
}

/// How long this takes is a benchmark's business (`benches/analysis.rs`), not a test's.
#[test]
fn large_files_are_converted() {
    for line in [
        "RUN echo {n}\n",
        "ENV A{n}=x\n",
        "COPY a{n} /x/\n",
        "ARG A{n}=x\n",
        "LABEL a{n}=x\n",
        "FROM alpine AS s{n}\n",
        "EXPOSE {n}\n",
        "COPY --from=alpine /x /y{n}\n",
        "RUN --mount=type=cache,target=/c{n} true\n",
        "ENV P=$P:/x\nRUN a{n}\n",
    ] {
        let mut text = String::from("FROM alpine\n");
        for n in 0..1000 {
            text.push_str(&line.replace("{n}", &n.to_string()));
        }
        let (file, problems) = dockerfile::parse(&text);
        let request = BuildRequest {
            platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
            ..BuildRequest::default()
        };
        let outcome = predict(&text, &file, &problems, &request, &Catalogue::embedded());
        let built = outcome.platforms.iter().filter(|p| p.result.is_ok());
        assert_eq!(built.count(), 2, "{line:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_converted_without_a_panic(
        lines in proptest::collection::vec(LINE, 0..12),
        platform in "(linux/amd64|linux/arm64/v8|windows/amd64|x|)",
    ) {
        let text = lines.join("\n");
        let (file, problems) = dockerfile::parse(&text);
        let request = BuildRequest {
            platforms: vec!["linux/amd64".to_owned(), platform],
            ..BuildRequest::default()
        };
        let outcome = predict(&text, &file, &problems, &request, &Catalogue::embedded());
        for platform in &outcome.platforms {
            for step in &platform.steps {
                proptest::prop_assert!(step.inputs.iter().all(|at| *at < platform.steps.len()));
            }
        }
    }
}

/// Lines that mean something to BuildKit, and some that do not.
const LINE: &str = "(FROM (--platform=[$a-zA-Z/]{0,9} )?(scratch|alpine|a|b|[$@:a-z]{1,5})( AS [ab])?)\
    |(COPY|ADD) (--from=(a|b|0|1|x) |--chmod=[0-9ux+]{1,4} |--link )?[$./a-z{}:@]{1,6} [./a-z$]{1,4}\
    |RUN (--mount=type=(cache|bind|secret|ssh|tmpfs),(target|from|id)=[/a-z]{0,3} )?[a-z$<]{0,6}\
    |(ENV|ARG|LABEL) [A-Z]{1,2}(=[$a-z{}:-]{0,6})?\
    |(WORKDIR|USER|EXPOSE|VOLUME|STOPSIGNAL|SHELL|CMD) [a-z0-9/:$\\[\\]\\\",-]{0,8}\
    |ONBUILD (RUN a|COPY --from=a x y|ENV A=b|FROM x)\
    |HEALTHCHECK [A-Z]{2,5} [a-z]{0,3}\
    |.{0,12}";
