//! Files, what they become, and what is refused.

use std::collections::BTreeMap;

use super::*;

fn jobs(text: &str) -> String {
    let given = BTreeMap::from([(
        "ci/base.yml".to_owned(),
        ".base:\n  script: [echo base]\n  stage: build\n".to_owned(),
    )]);
    match read(".gitlab-ci.yml", text, &given) {
        Ok(pipeline) => pipeline
            .jobs
            .iter()
            .map(|job| {
                let script: Vec<&str> = job
                    .before_script
                    .iter()
                    .chain(&job.script)
                    .map(|e| e.text.as_str())
                    .collect();
                let variables: Vec<String> = job
                    .variables
                    .iter()
                    .map(|(k, v)| format!("{k}={v}"))
                    .collect();
                let image = job.image.as_ref().map_or("-", |i| i.name.as_str());
                format!(
                    "{} {} {image} [{}] {{{}}}",
                    job.name,
                    job.stage,
                    script.join("; "),
                    variables.join(",")
                )
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Err(refusal) => format!("line {}: {refusal}", refusal.mark.line),
    }
}

#[test]
fn jobs_are_merged_as_gitlab_does() {
    for (text, expected) in [
        ("a:\n  script: echo 1\n", "a test - [echo 1] {}"),
        (
            "default: {image: alpine}\nvariables: {X: 1}\na:\n  variables: {X: 2, Y: 3}\n  script: [[echo 1, [echo 2]], echo 3]\n",
            "a test alpine [echo 1; echo 2; echo 3] {X=1,X=2,Y=3}",
        ),
        (
            ".x: {before_script: [b], variables: {A: 1, B: 1}}\n.y: {extends: .x, variables: {B: 2}}\na: {extends: [.y], script: [s]}\n",
            "a test - [b; s] {A=1,B=2}",
        ),
        (
            ".x: {script: [one, two]}\na: {script: [!reference [.x, script], three]}\n",
            "a test - [one; two; three] {}",
        ),
        (
            "include: /ci/base.yml\na: {extends: .base}\n",
            "a build - [echo base] {}",
        ),
        (
            "a: {parallel: {matrix: [{ARCH: [amd64, arm64], V: 1}]}, script: s}\n",
            "a: [amd64, 1] test - [s] {ARCH=amd64,V=1}\na: [arm64, 1] test - [s] {ARCH=arm64,V=1}",
        ),
    ] {
        assert_eq!(jobs(text), expected, "{text}");
    }
}

#[test]
fn what_gitlab_refuses_is_refused_at_its_line() {
    for (text, expected) in [
        (
            "a: {image: x}\n",
            "line 1: jobs:a config should implement the script:, run:, or trigger: keyword",
        ),
        (
            "a: {extends: .nope, script: s}\n",
            "line 1: a: unknown keys in `extends` (.nope)",
        ),
        (
            ".x: {extends: .y}\n.y: {extends: .x}\na: {extends: .x, script: s}\n",
            "line 1: .x: circular dependency detected in `extends`",
        ),
        (
            "include: {local: no.yml}\na: {script: s}\n",
            "line 1: Local file `no.yml` does not exist!",
        ),
        (
            "a: {script: s, needs: [b]}\n",
            "line 1: a job: undefined need: b",
        ),
        (
            "a:\n  script:\n    - echo \"x: y\"\n",
            "line 3: jobs:a:script config should be a string or a nested array of strings up to 10 levels deep",
        ),
        (
            "a:\n  scrip: s\n  script: s\n",
            "line 2: jobs:a config contains unknown keys: scrip",
        ),
        (
            "a: {script: [!reference [a, script]]}\n",
            "line 1: `!reference` is nested too deep or refers to itself",
        ),
        (
            "a: {stage: x, script: s}\n",
            "line 1: a job: chosen stage x does not exist; available stages are .pre, build, test, deploy, .post",
        ),
        ("- a\n", "line 1: the file is no mapping of jobs"),
    ] {
        assert_eq!(jobs(text), expected, "{text}");
    }
}

#[test]
fn what_is_left_out_is_named_at_its_line() {
    let text = "include:
  - remote: https://example.com/ci.yml
  - https://example.com/more.yml
  - template: Jobs/Build.gitlab-ci.yml
  - project: acme/ci
    file: /image.yml
  - component: $CI_SERVER_FQDN/acme/image@1
a:
  script: s
child:
  trigger:
    include: ci/child.yml
";
    let pipeline = read(".gitlab-ci.yml", text, &BTreeMap::new()).unwrap();
    let told: Vec<String> = pipeline
        .unmodelled
        .iter()
        .map(|u| format!("{} {}", u.mark.line, u.what))
        .collect();
    assert_eq!(
        told,
        [
            "2 an include of kind remote",
            "3 a remote include",
            "4 an include of kind template",
            "5 an include of kind project",
            "7 an include of kind component",
            "11 the child pipeline of job child",
        ]
    );
}

#[test]
fn includes_with_inputs_are_filled_in() {
    let given = |text: &str| BTreeMap::from([("a.yml".to_owned(), text.to_owned())]);
    let file = "# A header.
spec:
  inputs:
    name: {default: gate}
    lines: {type: array, default: [echo one, echo two]}
    stage: {options: [build, test], default: test}
---
$[[ inputs.name ]]-job:
  stage: $[[ inputs.stage ]]
  script: $[[ inputs.lines ]]
  variables: {TEXT: \"is $[[ inputs.name | truncate(0,1) ]].\"}
";
    let run = |inputs: &str| {
        let text = format!("include:\n  - local: a.yml\n    inputs: {inputs}\n");
        read(".gitlab-ci.yml", &text, &given(file))
    };
    let pipeline = run("{name: own}").unwrap();
    let job = &pipeline.jobs[0];
    assert_eq!((job.name.as_str(), job.stage.as_str()), ("own-job", "test"));
    assert_eq!(job.mark.line, 8, "lines count from the file's own first");
    let script: Vec<&str> = job.script.iter().map(|e| e.text.as_str()).collect();
    assert_eq!(script, ["echo one", "echo two"]);
    assert_eq!(job.variables, [("TEXT".to_owned(), "is own.".to_owned())]);
    for (inputs, message) in [
        (
            "{stage: deploy}",
            "`stage` input: `deploy` is not in the list of allowed options",
        ),
        (
            "{lines: one}",
            "`lines` input: provided value is not a array",
        ),
        ("{other: 1}", "unknown input arguments: other"),
    ] {
        assert_eq!(run(inputs).unwrap_err().message, message);
    }
    let required = given("spec: {inputs: {x: }}\n---\na: {script: s}\n");
    let refused = read(".gitlab-ci.yml", "include: a.yml\n", &required).unwrap_err();
    assert_eq!(
        refused.message,
        "`x` input: required value has not been provided"
    );
}

#[test]
fn the_gate_s_component_brings_its_job() {
    let text = "include:
  - component: $CI_SERVER_FQDN/tools/polyarch/verify@0
    inputs: {platforms: linux/arm64, deep: all}
verify: {needs: [build]}
build: {stage: build, script: docker build .}
";
    let pipeline = read(".gitlab-ci.yml", text, &BTreeMap::new()).unwrap();
    assert_eq!(pipeline.unmodelled, []);
    let gate = pipeline
        .jobs
        .iter()
        .find(|job| job.name == "verify")
        .unwrap();
    assert_eq!(gate.needs, Some(vec!["build".to_owned()]));
    let variable = |name: &str| gate.variables.iter().find(|(k, _)| k == name).unwrap();
    assert_eq!(variable("POLYARCH_PLATFORMS").1, "linux/arm64");
    assert_eq!(variable("POLYARCH_DEEP").1, "all");
    let wrong = text.replace("linux/arm64,", "arm 64,");
    let refused = read(".gitlab-ci.yml", &wrong, &BTreeMap::new()).unwrap_err();
    assert!(refused.message.contains("RegEx"), "{}", refused.message);
}
