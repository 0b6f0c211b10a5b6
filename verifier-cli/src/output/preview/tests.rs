//! The formats that other programs read, of a Dockerfile with a finding at a known line.

use polyarch_core::analysis::{Project, alternatives, analyse};
use serde_json::Value;

use super::{Shown, gitlab, human, json, sarif};
use crate::exit_code::ExitCode;
use crate::output::columns::width_of;

/// Renders the same build once for each target.
fn rendered(targets: &[Option<&str>], render: fn(&[Shown<'_>]) -> String) -> Value {
    let project = Project {
        dockerfile: "FROM alpine\nRUNN make\n".to_owned(),
        dockerfile_name: "my app/Dockerfile".to_owned(),
        ..Project::default()
    };
    let analysis = analyse(&project);
    let shown: Vec<Shown<'_>> = targets
        .iter()
        .map(|target| Shown {
            target: *target,
            project: &project,
            analysis: &analysis,
            alternatives: Vec::new(),
            job: None,
            only_findings: false,
            code: ExitCode::Failed,
        })
        .collect();
    serde_json::from_str(&render(&shown)).unwrap()
}

#[test]
fn sarif_places_results_in_the_file_and_names_their_rules() {
    let document = rendered(&[None], sarif::render);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    let results = run["results"].as_array().unwrap();
    let errors: Vec<&Value> = results.iter().filter(|r| r["level"] == "error").collect();
    assert!(!errors.is_empty(), "{document:#}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20app/Dockerfile");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let print = result["partialFingerprints"]["polyarch/v1"].as_str();
        assert_eq!(print.unwrap().len(), 64);
    }
    let place = &errors[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 2);
}

#[test]
fn gitlab_reads_issues_with_path_line_and_weight() {
    let issues = rendered(&[None], gitlab::render);
    let issues = issues.as_array().unwrap();
    let grave: Vec<&Value> = issues
        .iter()
        .filter(|issue| issue["severity"] == "critical")
        .collect();
    assert_eq!(grave[0]["location"]["path"], "my app/Dockerfile");
    assert_eq!(grave[0]["location"]["lines"]["begin"], 2);
    for issue in issues {
        for key in ["description", "check_name", "fingerprint"] {
            assert!(issue[key].is_string(), "{key} of {issue}");
        }
    }
}

#[test]
fn several_targets_are_a_list_and_one_is_a_plain_document() {
    let two = rendered(&[Some("a"), Some("b")], json::render);
    assert_eq!(two["schemaVersion"], 1);
    assert_eq!(two["targets"][1]["target"], "b");
    assert!(two["targets"][1]["platforms"].is_array());
    let one = rendered(&[Some("a")], json::render);
    assert!(one["targets"].is_null() && one["platforms"].is_array());
}

/// The width of the widest line that no tool wrote and that could have been broken.
fn widest(dockerfile: &str, platforms: &[&str]) -> (usize, String) {
    let mut project = Project {
        dockerfile: dockerfile.to_owned(),
        ..Project::default()
    };
    project.settings.platforms = platforms.iter().map(|&p| p.to_owned()).collect();
    let analysis = analyse(&project);
    let shown = Shown {
        target: Some("app"),
        project: &project,
        analysis: &analysis,
        alternatives: alternatives(&project),
        job: None,
        only_findings: false,
        code: ExitCode::Pass,
    };
    let text = anstream::adapter::strip_str(&human::text(&shown, 80)).to_string();
    let lines = text.lines().filter(|line| {
        let is_the_tools = line.starts_with("  ERROR: failed to build: ");
        !is_the_tools && line.trim().contains(' ')
    });
    let widths = lines.map(|line| (width_of(line), line.to_owned()));
    widths.max().unwrap_or_default()
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let long = "x".repeat(300);
    let stages = "FROM alpine AS a-stage-that-nothing-needs\n".repeat(10);
    let wide = "构建".repeat(9);
    let files = [
        "FROM --platform=$BUILDPLATFORM golang:1.26 AS build\nARG TARGETARCH\n\
         RUN GOARCH=$TARGETARCH go build -o /out/app ./cmd/app\n\
         FROM alpine\nRUN apk add curl\nCOPY --from=build /out/app /usr/local/bin/app\n"
            .to_owned(),
        format!("FROM alpine AS {long}\nRUN echo {long} {wide}\n"),
        format!(
            "FROM golang:1.20\nRUN go build -o /{long} .\n\
             COPY {long} /{long}/{long}\nRUNN {long}\n"
        ),
        format!(
            "FROM amd64/alpine\nLABEL a=\"\u{1b}[31m\"\n\
             RUN curl -o /bin/x https://e.org/x-amd64\n{stages}"
        ),
        String::new(),
    ];
    let all = [
        "linux/amd64",
        "linux/arm64",
        "linux/arm/v7",
        "linux/riscv64",
        "windows(10.0.17763.4131)/amd64",
        "linux/s390x",
        "linux/ppc64le",
        "no/such/platform/at-all",
    ];
    for file in &files {
        for count in 1..=all.len() {
            let (width, line) = widest(file, &all[..count]);
            assert!(width <= 80, "{width} columns: {line}");
        }
    }
}
