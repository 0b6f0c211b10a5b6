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
