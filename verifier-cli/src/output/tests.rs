//! Each format of the same three outcomes: a pass, a failure with a waiver, an open question.

use std::sync::Arc;

use polyarch_core::demo::Recipe;
use polyarch_core::platform::Platform;
use polyarch_core::reference::Target;
use polyarch_core::rules::judge;
use polyarch_core::verify::{Expectation, Limits, Waiver, Walk};
use serde_json::Value;

use super::outcome::{Outcome, Run, Unreadable};
use super::*;
use crate::registry::counters::Counters;

/// Verifies a demo image in memory.
fn outcome(reference: &str, recipe: &str, expectation: &Expectation) -> Outcome {
    let mut registry = Recipe::parse(recipe).unwrap().build_as("t");
    let target = Target::Tag("t".to_owned());
    let mut walk = Walk::new(target, expectation.depth, Limits::default());
    while let Some(request) = walk.poll() {
        let answer = registry.answer("demo", &request.ask);
        walk.handle(request.id, answer);
    }
    let report = judge(&walk.finish(), expectation);
    Outcome {
        reference: reference.to_owned(),
        resolved: report
            .digest
            .as_ref()
            .map(|digest| format!("r.example/app@{digest}")),
        report,
        cost: Arc::new(Counters::default()).cost(),
    }
}

fn run() -> Run {
    let mut three = Expectation::default();
    three.platforms.push(Platform::new("linux", "s390x"));
    three.waivers.push(Waiver {
        rule: "attestation-present".to_owned(),
        path: None,
        platform: None,
        reason: "we know, <b>really</b>".to_owned(),
    });
    let both = "image linux/amd64 linux/arm64";
    Run {
        outcomes: vec![
            outcome("r.example/app:good", both, &Expectation::default()),
            outcome("r.example/app:bad", &format!("{both}\nattest"), &three),
            outcome(
                "r.example/app:private",
                &format!("{both}\nunauthorized"),
                &three,
            ),
        ],
        unreadable: Vec::new(),
        policy: Some("polyarch.toml".to_owned()),
        verbose: true,
    }
}

#[test]
fn json_has_the_contracts_shape() {
    let value: Value = serde_json::from_str(&json::render(&run())).unwrap();
    assert_eq!(value["schemaVersion"], 1);
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let bad = &value["results"][1];
    assert_eq!(
        keys(bad),
        [
            "reference",
            "resolved",
            "verdict",
            "platforms",
            "findings",
            "requests",
            "bytes",
            "depth"
        ]
    );
    assert_eq!(bad["verdict"], "fail");
    assert_eq!(bad["depth"], "default");
    let missing = &bad["platforms"][2];
    assert_eq!(keys(missing), ["platform", "digest", "verdict"]);
    assert_eq!(missing["verdict"], "missing");
    assert_eq!(missing["digest"], Value::Null);
    let finding = &bad["findings"][0];
    assert_eq!(
        keys(finding),
        [
            "rule", "severity", "platform", "subject", "message", "waived"
        ]
    );
    assert_eq!(finding["rule"], "platform-missing");
    assert_eq!(finding["platform"], "linux/s390x");
    assert_eq!(finding["waived"], Value::Null);
    let waived: Vec<&Value> = bad["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["waived"] != Value::Null)
        .collect();
    assert_eq!(waived[0]["waived"], "we know, <b>really</b>");
    assert_eq!(value["results"][2]["verdict"], "inconclusive");
}

#[test]
fn every_format_shows_the_waiver_and_the_verified_digest() {
    let run = run();
    let digest = run.outcomes[0].report.digest.clone().unwrap().to_string();
    for (name, text) in [
        ("human", human::render(&run)),
        ("json", json::render(&run)),
        ("junit", junit::render(&run)),
        ("sarif", sarif::render(&run)),
        ("github", github::render(&run)),
        ("gitlab", gitlab::render(&run)),
        ("markdown", markdown::render(&run)),
    ] {
        assert!(text.contains("we know, "), "{name}: {text}");
        assert!(text.contains("platform-missing"), "{name}");
        // GitLab's format has findings only.
        assert!(
            name == "gitlab" || name == "sarif" || text.contains(&digest),
            "{name}"
        );
        assert!(text.ends_with('\n'), "{name}");
    }
}

#[test]
fn a_pass_says_that_layers_were_not_examined_and_ends_with_the_digest() {
    let mut run = run();
    run.outcomes.truncate(1);
    run.policy = None;
    let text = anstream::adapter::strip_str(&human::render(&run)).to_string();
    assert!(
        text.contains("Layer\n  contents were not examined."),
        "{text}"
    );
    let resolved = run.outcomes[0].resolved.clone().unwrap();
    assert_eq!(text.lines().last().unwrap(), format!("PASS {resolved}"));
}

#[test]
fn many_references_get_a_line_each_and_a_summary() {
    let mut run = run();
    let again = run.outcomes.clone();
    run.outcomes.extend(again);
    let text = anstream::adapter::strip_str(&human::render(&run)).to_string();
    assert_eq!(
        text.lines().last().unwrap(),
        "6 references: 2 passed, 2 failed, 2 inconclusive"
    );
    let passes = text.lines().filter(|line| line.starts_with("PASS "));
    assert_eq!(passes.count(), 2);
}

#[test]
fn junit_tells_failures_from_errors() {
    let text = junit::render(&run());
    assert!(
        text.contains("tests=\"3\" failures=\"1\" errors=\"1\""),
        "{text}"
    );
    assert!(text.contains("&lt;b&gt;"), "{text}");
}

#[test]
fn sarif_has_rules_levels_places_and_suppressions() {
    let value: Value = serde_json::from_str(&sarif::render(&run())).unwrap();
    let run = &value["runs"][0];
    assert_eq!(value["version"], "2.1.0");
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(uri.as_str().unwrap().starts_with("oci://r.example/app:"));
        assert_eq!(
            result["suppressions"] != Value::Null,
            result["ruleId"] == "attestation-present"
        );
    }
}

#[test]
fn gitlab_issues_are_stable_and_distinct() {
    let first: Vec<Value> = serde_json::from_str(&gitlab::render(&run())).unwrap();
    let second: Vec<Value> = serde_json::from_str(&gitlab::render(&run())).unwrap();
    assert_eq!(first, second);
    let prints: std::collections::BTreeSet<&str> = first
        .iter()
        .filter_map(|issue| issue["fingerprint"].as_str())
        .collect();
    assert_eq!(prints.len(), first.len());
}

#[test]
fn github_commands_stay_on_one_line() {
    for line in github::render(&run()).lines() {
        assert!(line.starts_with("::"), "{line}");
        let properties = line.split("::").nth(1).unwrap();
        assert!(
            !properties
                .split_once("title=")
                .unwrap()
                .1
                .contains([':', ',']),
            "{line}"
        );
    }
}

#[test]
fn every_format_names_what_could_not_be_read() {
    let mut run = run();
    run.unreadable.push(Unreadable {
        reference: "not a reference".to_owned(),
        problem: "the name holds a space".to_owned(),
    });
    for (name, text) in [
        ("json", json::render(&run)),
        ("junit", junit::render(&run)),
        ("sarif", sarif::render(&run)),
        ("github", github::render(&run)),
        ("gitlab", gitlab::render(&run)),
        ("markdown", markdown::render(&run)),
    ] {
        assert!(text.contains("not a reference"), "{name}: {text}");
        assert!(text.contains("the name holds a space"), "{name}: {text}");
    }
    let sarif: Value = serde_json::from_str(&sarif::render(&run)).unwrap();
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!(invocation["exitCode"], 2);
    assert_eq!(invocation["executionSuccessful"], false);
    assert!(junit::render(&run).contains("tests=\"4\" failures=\"1\" errors=\"2\""));
}

#[test]
fn people_see_ten_alike_and_how_many_more_and_programs_see_all() {
    let mut run = run();
    run.outcomes.truncate(2);
    run.outcomes.remove(0);
    let findings = &mut run.outcomes[0].report.findings;
    let missing = findings[0].clone();
    findings.extend(std::iter::repeat_n(missing, 32));
    let human = anstream::adapter::strip_str(&human::render(&run)).to_string();
    let markdown = markdown::render(&run);
    let more = "and 23 more: error platform-missing linux/s390x; --format json lists all";
    for (text, heading) in [
        (&human, "error platform-missing linux/s390x\n"),
        (&markdown, "- **error** `platform-missing` linux/s390x: "),
    ] {
        assert_eq!(text.matches(heading).count(), 10, "{text}");
        assert_eq!(text.matches(more).count(), 1, "{text}");
        assert!(
            text.contains("attestation-present"),
            "others are shown still"
        );
    }
    let json: Value = serde_json::from_str(&json::render(&run)).unwrap();
    let listed = json["results"][0]["findings"].as_array().unwrap();
    let missing = listed.iter().filter(|f| f["rule"] == "platform-missing");
    assert_eq!(missing.count(), 33);
}
