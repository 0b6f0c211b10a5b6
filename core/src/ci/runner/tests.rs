//! The founding post's two jobs, whole and with each line taken away.

use std::collections::BTreeMap;

use super::*;
use crate::ci::gitlab;

const HUB: &str = "dockerx:
  stage: test
  image: docker:20
  variables:
    DOCKER_DRIVER: overlay2
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: 1
    DOCKER_CERT_PATH: /certs/client
  services:
    - docker:20-dind
  before_script:
    - until docker version > /dev/null; do sleep 1; done
    - echo \"FROM amazoncorretto:11\" > Dockerfile
    - docker context create xbuilder-ctx
    - docker buildx create --name xbuilder --use xbuilder-ctx
    - docker buildx use xbuilder
  script:
    - echo $DOCKER_PASS | docker login -u$DOCKER_USER --password-stdin
    - docker buildx build --platform linux/arm64,linux/amd64 -t cloudbeer/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .
";

const ECR: &str = "dockerx-ecr:
  stage: test
  image: amazon/aws-cli
  variables:
    DOCKER_DRIVER: overlay2
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: 1
    DOCKER_CERT_PATH: /certs/client
  services:
    - docker:dind
  before_script:
    - amazon-linux-extras install docker
    - mkdir -p ~/.docker/cli-plugins/
    - until docker version > /dev/null; do sleep 1; done
    - docker container create --name buildx docker/buildx-bin sh
    - docker cp buildx:/buildx ~/.docker/cli-plugins/docker-buildx
    - echo \"FROM amazoncorretto:11\" > Dockerfile
    - docker context create xbuilder-ctx
    - docker buildx create --name xbuilder --use xbuilder-ctx
    - docker buildx use xbuilder
  script:
    - aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin $DOCKER_REGISTRY
    - docker buildx build --platform linux/arm64,linux/amd64 -t $DOCKER_REGISTRY/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .
";

fn play(text: &str, set: &[(&str, &str)]) -> Run {
    let mut settings = Settings::default();
    for (key, value) in set {
        settings.set(key, value).unwrap();
    }
    let pipeline = gitlab::read(".gitlab-ci.yml", text, &BTreeMap::new()).unwrap();
    let inputs = Inputs {
        files: &Files::new(),
        settings: &settings,
    };
    let mut build = |invocation: &Invocation, _: &Environment| Verdict {
        loads: invocation
            .platforms
            .iter()
            .map(|p| {
                format!("[{p} internal] load metadata for docker.io/library/amazoncorretto:11")
            })
            .collect(),
        ..Verdict::default()
    };
    run_gitlab(&pipeline, &pipeline.jobs[0], &inputs, &mut build)
}

/// Told of the post's order of commands, and no problem.
const FINE: &str = "login-order-builder";

fn ending(run: &Run) -> String {
    let failed = run.steps.iter().find(|s| s.status == Status::Failed);
    let causes: Vec<&str> = run
        .incidents
        .iter()
        .map(|i| i.cause)
        .filter(|c| *c != FINE)
        .collect();
    format!(
        "{} at {:?} [{}]",
        run.outcome.as_str(),
        failed.map_or("-", |s| s.command.as_str()),
        causes.join(" ")
    )
}

#[test]
fn the_hub_job_passes_with_the_posts_log() {
    let run = play(HUB, &[]);
    assert_eq!(run.outcome, Outcome::Passes, "{}", run.log);
    assert!(!run.log.contains("ERROR"), "{}", run.log);
    for line in [
        "$ until docker version > /dev/null; do sleep 1; done",
        "Login Succeeded",
        "#1 [internal] booting buildkit",
        "#1 creating container buildx_buildkit_xbuilder0",
        "[linux/arm64 internal] load metadata for docker.io/library/amazoncorretto:11",
        "exporting manifest list sha256:",
        "[auth] cloudbeer/pure-ci:pull,push token for registry-1.docker.io",
        "pushing manifest for docker.io/cloudbeer/pure-ci:1ac460d1@sha256:",
        "Job succeeded",
    ] {
        assert!(run.log.contains(line), "{line}\n{}", run.log);
    }
    let pushed: Vec<&str> = run.pushed.iter().map(|p| p.reference.as_str()).collect();
    assert_eq!(pushed, ["docker.io/cloudbeer/pure-ci:1ac460d1"]);
    let told: Vec<&str> = run.incidents.iter().map(|i| i.cause).collect();
    assert_eq!(told, [FINE]);
}

#[test]
fn each_line_taken_away_fails_as_the_author_met_it() {
    let without = |line: &str| {
        assert!(HUB.contains(line), "{line}");
        play(&HUB.replace(line, ""), &[])
    };
    for (line, expected) in [
        (
            "    - until docker version > /dev/null; do sleep 1; done\n",
            "fails at \"docker context create xbuilder-ctx\" [dind-not-ready]",
        ),
        (
            "    - docker context create xbuilder-ctx\n",
            "fails at \"docker buildx create --name xbuilder --use xbuilder-ctx\" [builder-endpoint-unknown]",
        ),
        (
            "    - docker buildx create --name xbuilder --use xbuilder-ctx\n",
            "fails at \"docker buildx use xbuilder\" [builder-not-found]",
        ),
        (
            "    - docker buildx create --name xbuilder --use xbuilder-ctx\n    - docker buildx use xbuilder\n",
            "fails at \"docker buildx build --platform linux/arm64,linux/amd64 -t cloudbeer/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .\" [driver-docker-multi-old]",
        ),
        (
            "    - docker context create xbuilder-ctx\n    - docker buildx create --name xbuilder --use xbuilder-ctx\n    - docker buildx use xbuilder\n",
            "fails at \"docker buildx build --platform linux/arm64,linux/amd64 -t cloudbeer/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .\" [driver-docker-multi-old]",
        ),
        ("    DOCKER_DRIVER: overlay2\n", "passes at \"-\" []"),
        ("    DOCKER_HOST: tcp://docker:2376\n", "passes at \"-\" []"),
        ("    DOCKER_TLS_CERTDIR: /certs\n", "passes at \"-\" []"),
        (
            "  image: docker:20\n",
            "fails at \"until docker version > /dev/null; do sleep 1; done\" [command-not-found endless-loop]",
        ),
        (
            "    - echo \"FROM amazoncorretto:11\" > Dockerfile\n",
            "fails at \"docker buildx build --platform linux/arm64,linux/amd64 -t cloudbeer/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .\" [dockerfile-missing]",
        ),
        ("    - docker buildx use xbuilder\n", "passes at \"-\" []"),
        (
            "    - echo $DOCKER_PASS | docker login -u$DOCKER_USER --password-stdin\n",
            "fails at \"docker buildx build --platform linux/arm64,linux/amd64 -t cloudbeer/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .\" [boot-pull-rate-limit push-no-login-hub]",
        ),
        (
            "  services:\n    - docker:20-dind\n",
            "fails at \"until docker version > /dev/null; do sleep 1; done\" [dind-service-missing endless-loop]",
        ),
        (" --push", "passes at \"-\" [no-output]"),
        (
            "    DOCKER_CERT_PATH: /certs/client\n",
            "fails at \"until docker version > /dev/null; do sleep 1; done\" [client-certificates-elsewhere endless-loop]",
        ),
        (
            "    DOCKER_TLS_VERIFY: 1\n",
            "fails at \"until docker version > /dev/null; do sleep 1; done\" [dind-plain-to-tls endless-loop]",
        ),
    ] {
        assert_eq!(ending(&without(line)), expected, "{line}");
    }
    let no_endpoint = play(&HUB.replace("--use xbuilder-ctx", "--use"), &[]);
    assert_eq!(
        ending(&no_endpoint),
        "fails at \"docker buildx create --name xbuilder --use\" [tls-env-create]"
    );
    let unprivileged = play(HUB, &[("runner.privileged", "false")]);
    assert_eq!(
        ending(&unprivileged),
        "fails at \"until docker version > /dev/null; do sleep 1; done\" [dind-not-privileged dind-not-privileged endless-loop]"
    );
}

#[test]
fn the_ecr_job_fails_at_the_push_until_the_repository_is_created() {
    let run = play(ECR, &[]);
    assert_eq!(run.outcome, Outcome::Fails, "{}", run.log);
    assert!(
        run.steps
            .last()
            .is_some_and(|s| s.status == Status::Failed && s.output.contains("404 Not Found")),
        "{}",
        run.log
    );
    assert!(run.log.contains("Login Succeeded"), "{}", run.log);
    assert!(run.pushed.is_empty());
    let exists = play(ECR, &[("registry.repository-exists", "true")]);
    assert_eq!(exists.outcome, Outcome::Passes, "{}", exists.log);
    assert_eq!(exists.pushed[0].reference, "[MASKED]/pure-ci:1ac460d1");
    let created = ECR.replace(
        "  script:\n",
        "  script:\n    - aws ecr create-repository --repository-name $CI_PROJECT_NAME || true\n",
    );
    assert_eq!(play(&created, &[]).outcome, Outcome::Passes);
}

/// Told of every version of the post's ECR job, and no problem of its own.
const ECR_FINE: [&str; 3] = [
    "dind-version-skew",
    "awscli-image-entrypoint",
    "boot-pull-rate-limit",
];

#[test]
fn each_line_of_the_ecr_job_taken_away() {
    const BUILD: &str = "docker buildx build --platform linux/arm64,linux/amd64 -t $DOCKER_REGISTRY/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA --push .";
    const WAIT: &str = "until docker version > /dev/null; do sleep 1; done";
    const CREATE: &str = "docker buildx create --name xbuilder --use xbuilder-ctx";
    const COPY: &str = "docker cp buildx:/buildx ~/.docker/cli-plugins/docker-buildx";
    const LOGIN: &str = "aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin $DOCKER_REGISTRY";
    const MISSING: (&str, &str) = (BUILD, "ecr-repo-missing");
    // The line, the step that fails then, and why; a step of the repository is the author's own.
    let cases = [
        ("  stage: test", MISSING),
        (
            "  image: amazon/aws-cli",
            ("amazon-linux-extras install docker", "command-not-found"),
        ),
        ("    DOCKER_DRIVER: overlay2", MISSING),
        (
            "    DOCKER_HOST: tcp://docker:2376",
            (WAIT, "dind-service-missing endless-loop"),
        ),
        ("    DOCKER_TLS_CERTDIR: /certs", MISSING),
        (
            "    DOCKER_TLS_VERIFY: 1",
            (WAIT, "dind-plain-to-tls endless-loop"),
        ),
        (
            "    DOCKER_CERT_PATH: /certs/client",
            (WAIT, "client-certificates-elsewhere endless-loop"),
        ),
        (
            "  services:\n    - docker:dind",
            (WAIT, "dind-service-missing endless-loop"),
        ),
        (
            "    - amazon-linux-extras install docker",
            (WAIT, "command-not-found endless-loop"),
        ),
        ("    - mkdir -p ~/.docker/cli-plugins/", (COPY, "")),
        (
            &format!("    - {WAIT}"),
            (
                "docker container create --name buildx docker/buildx-bin sh",
                "dind-not-ready",
            ),
        ),
        (
            "    - docker container create --name buildx docker/buildx-bin sh",
            (COPY, ""),
        ),
        (&format!("    - {COPY}"), (CREATE, "awscli-image-no-docker")),
        (
            "    - echo \"FROM amazoncorretto:11\" > Dockerfile",
            (BUILD, "dockerfile-missing"),
        ),
        (
            "    - docker context create xbuilder-ctx",
            (CREATE, "builder-endpoint-unknown"),
        ),
        (
            &format!("    - {CREATE}"),
            ("docker buildx use xbuilder", "builder-not-found"),
        ),
        ("    - docker buildx use xbuilder", MISSING),
        (&format!("    - {LOGIN}"), (BUILD, "login-wrong-host")),
        (&format!("    - {BUILD}"), ("", "")),
    ];
    // Each line but the job's name and the keys that hold the others.
    let lines: usize = cases.iter().map(|(l, _)| l.lines().count()).sum();
    assert_eq!(lines, ECR.lines().count() - 4);
    for (line, (step, causes)) in cases {
        let text = ECR.replace(&format!("{line}\n"), "");
        assert!(text.len() < ECR.len(), "{line}");
        let run = play(&text, &[]);
        let failed = run.steps.iter().find(|s| s.status == Status::Failed);
        assert_eq!(failed.map_or("", |s| s.command.as_str()), step, "{line}");
        let told: Vec<&str> = run.incidents.iter().map(|i| i.cause).collect();
        let told: Vec<&str> = told
            .into_iter()
            .filter(|c| *c != FINE && !ECR_FINE.contains(c))
            .collect();
        assert_eq!(told.join(" "), causes, "{line}");
        let passes = step.is_empty() || causes == MISSING.1;
        let created = play(&text, &[("registry.repository-exists", "true")]);
        assert_eq!(created.outcome == Outcome::Passes, passes, "{line}");
    }
}

mod properties {
    use proptest::prelude::*;

    fn survives(text: &str) {
        for file in [".gitlab-ci.yml", ".github/workflows/x.yml"] {
            let request = crate::analysis::JobRequest {
                file: file.to_owned(),
                text: text.to_owned(),
                ..crate::analysis::JobRequest::default()
            };
            let project = crate::analysis::Project::default();
            let _ = crate::analysis::analyse_job(&project, &request);
        }
    }

    fn indented(script: &str) -> String {
        script
            .lines()
            .flat_map(|line| ["      ", line, "\n"])
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_text_as_a_file_is_survived(text in "\\PC{0,200}") {
            survives(&text);
        }

        #[test]
        fn any_text_as_a_script_is_survived(script in "[ -~\n]{0,120}") {
            let lines = indented(&script);
            survives(&format!("a:\n  script:\n    - |\n{lines}"));
            survives(&format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: |\n{lines}"));
        }

        #[test]
        fn pieces_of_scripts_are_survived(pieces in prop::collection::vec(prop::sample::select(vec![
            "docker", " buildx", " build", " create", " --use", " --platform", " linux/arm64", " -t", " a/b", " .", ";", "\n", "|", "&&", "$(",
            ")", "\"", "'", "${X:-", "}", "while true; do", " done", "<<E", "E\n", ">f", "if ", "then ", "fi", "{", "((", "))", "[[", "]]", "echo ", "é",
        ]), 0..40)) {
            let script: String = pieces.concat();
            let list = crate::ci::shell::parse(&script);
            if list.is_ok() {
                let lines = indented(&script);
                survives(&format!("a:\n  image: docker:29\n  script:\n    - |\n{lines}"));
            }
        }
    }
}

/// The race is about certificates.
#[test]
fn a_plain_daemon_is_ready_when_the_script_begins() {
    let text = "build:
  image: docker:24
  services: [{name: \"docker:24-dind\", command: [--tls=false]}]
  variables: {DOCKER_HOST: \"tcp://docker:2375\", DOCKER_TLS_CERTDIR: \"\"}
  script: [docker info]
";
    assert_eq!(ending(&play(text, &[])), "passes at \"-\" []");
}

/// docker/cli asks the registry itself where the daemon does not listen, so that the login passes
/// and the next command is the one that fails.
#[test]
fn a_login_needs_no_daemon_that_listens() {
    let text = "build:
  image: docker:24
  services: [docker:24-dind]
  variables: {DOCKER_HOST: \"tcp://docker:2375\"}
  script:
    - docker login -u user -p secret
    - docker info
";
    let run = play(text, &[]);
    let states: Vec<Status> = run.steps.iter().map(|s| s.status).collect();
    assert_eq!(states, [Status::Ok, Status::Failed], "{}", run.log);
}
