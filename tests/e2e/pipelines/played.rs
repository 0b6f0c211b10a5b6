//! Pipelines with the gate in them, played through by our own simulation: nothing above info where
//! all is right, and the gate's job fails where the push lost a platform.

use polyarch_core::ci::gate;
use serde_json::Value;

use crate::options::{file, scratch};
use crate::real::polyarch::{Run, polyarch_as};
use crate::tree::text;

const DOCKERFILE: &str = "FROM alpine:3.22\nRUN apk add --no-cache curl\n";

const GITLAB: &str = r#"
build:
  stage: build
  image: docker:29
  services: [docker:29-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: "1"
    DOCKER_CERT_PATH: /certs/client
  script:
    - until docker info >/dev/null 2>&1; do sleep 1; done
    - docker run --privileged --rm tonistiigi/binfmt --install arm64
    - docker context create tls-env
    - docker buildx create --name multi --driver docker-container --use tls-env
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker buildx build --platform linux/amd64,linux/arm64 -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA" --push .
"#;

const GITHUB: &str = r"
on: {push: {branches: [main]}}
jobs:
  image:
    runs-on: ubuntu-24.04
    permissions: {contents: read, packages: write}
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-qemu-action@v3
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - uses: docker/build-push-action@v6
        with:
          context: .
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/acme/app:${{ github.sha }}
";

/// Previews a CI file in a project with a Dockerfile and our own action.
fn preview(name: &str, ci: &str, args: &[&str]) -> Run {
    let folder = scratch();
    file(&folder, "Dockerfile", DOCKERFILE);
    file(&folder, "action.yml", &text("action.yml"));
    let ci = file(&folder, name, ci);
    let all = ["preview", "--format", "json", "--ci", &ci];
    polyarch_as(all.iter().chain(args), |command| {
        command.current_dir(folder.path());
    })
}

/// Findings above info, and the outcome of the job.
fn told(run: &Run) -> (Vec<String>, Value) {
    let json = run.json();
    let findings = json["diagnostics"].as_array().expect("diagnostics").iter();
    let grave = findings.filter(|finding| finding["severity"] != "info");
    let grave = grave.map(|finding| format!("{} {}", finding["rule"], finding["message"]));
    (grave.collect(), json["job"].clone())
}

fn last_output(job: &Value) -> &str {
    let steps = job["steps"].as_array().expect("steps");
    steps.last().expect("a step")["output"]
        .as_str()
        .expect("an output")
}

#[test]
fn a_pipeline_with_the_component_is_gated() {
    let file = gate::gitlab(&[("reference", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA")]) + GITLAB;
    for job in ["build", "verify"] {
        let run = preview(".gitlab-ci.yml", &file, &["--job", job]);
        let (grave, played) = told(&run);
        assert_eq!(grave, Vec::<String>::new(), "{run:?}");
        assert_eq!(played["outcome"], "passes");
    }
    let (_, job) = told(&preview(".gitlab-ci.yml", &file, &["--job", "verify"]));
    assert!(
        last_output(&job).contains("\nPASS registry.gitlab.com/"),
        "{job:#}"
    );
    assert_eq!(job["steps"][0]["exact"], true, "{job:#}");

    let half = file.replace("linux/amd64,linux/arm64 -t", "linux/amd64 -t");
    let (_, job) = told(&preview(".gitlab-ci.yml", &half, &["--job", "verify"]));
    assert_eq!(job["outcome"], "fails", "{job:#}");
    assert!(
        last_output(&job).contains("linux/arm64   missing"),
        "{job:#}"
    );
}

#[test]
fn a_workflow_with_the_action_is_gated() {
    let reference = "ghcr.io/acme/app:${{ github.sha }}";
    let step = gate::github(&[("reference", reference)]);
    let step: Vec<String> = step.lines().map(|line| format!("      {line}\n")).collect();
    let file = format!("{GITHUB}{}", step.concat());
    let (grave, job) = told(&preview("workflow.yml", &file, &[]));
    assert_eq!(grave, Vec::<String>::new());
    assert_eq!(job["outcome"], "passes");
    assert!(
        last_output(&job).contains("\nPASS ghcr.io/acme/app:"),
        "{job:#}"
    );

    let half = file.replace(
        "platforms: linux/amd64,linux/arm64",
        "platforms: linux/amd64",
    );
    let (_, job) = told(&preview("workflow.yml", &half, &[]));
    assert_eq!(job["outcome"], "fails", "{job:#}");
}

/// The action's own steps, since a local action is played step by step.
#[test]
fn the_action_itself_is_played_without_findings() {
    let step = "      - uses: ./\n        with:\n          reference: ghcr.io/acme/app:${{ github.sha }}\n";
    let (grave, job) = told(&preview("workflow.yml", &format!("{GITHUB}{step}"), &[]));
    assert_eq!(grave, Vec::<String>::new(), "{job:#}");
    assert_eq!(job["outcome"], "passes", "{job:#}");
}

#[test]
fn our_own_ci_and_the_examples_are_played_without_findings() {
    for (name, path, jobs) in [
        (
            ".gitlab-ci.yml",
            ".gitlab-ci.yml",
            &["test", "release", "fuzz", "bench"][..],
        ),
        (
            ".gitlab-ci.yml",
            "examples/gitlab-parallel.yml",
            &["verify-references", "verify-report"],
        ),
        ("ci.yml", ".github/workflows/ci.yml", &["test"]),
        (
            "nightly.yml",
            ".github/workflows/nightly.yml",
            &["release", "fuzz", "bench"],
        ),
        (
            "release.yml",
            ".github/workflows/release.yml",
            &["build", "publish", "verify"],
        ),
    ] {
        for job in jobs {
            let run = preview(name, &text(path), &["--job", job]);
            assert_eq!(run.code, Some(0), "{path} {job} {run:?}");
            let (grave, played) = told(&run);
            assert_eq!(grave, Vec::<String>::new(), "{path} {job}");
            assert_eq!(played["outcome"], "passes", "{path} {job} {played:#}");
        }
    }
}
