//! Jobs that build with other tools than docker, local actions, and `only`.

use super::*;

const BOTH: &str = "linux/amd64, linux/arm64";

fn project() -> Project {
    Project {
        dockerfile: "FROM alpine:3.22\n".to_owned(),
        ..Project::default()
    }
}

fn request(text: &str) -> JobRequest {
    JobRequest {
        file: ".gitlab-ci.yml".to_owned(),
        text: text.to_owned(),
        ..JobRequest::default()
    }
}

fn ending(text: &str) -> String {
    let run = analyse_job(&project(), &request(text))
        .unwrap()
        .run
        .unwrap();
    let causes: Vec<&str> = run.incidents.iter().map(|i| i.cause).collect();
    let platforms = run.pushed.last().map_or(String::new(), |p| {
        let all: Vec<String> = p.platforms.iter().map(ToString::to_string).collect();
        all.join(", ")
    });
    format!(
        "{} {platforms} [{}]",
        run.outcome.as_str(),
        causes.join(" ")
    )
}

#[test]
fn the_job_of_other_tools_builds_and_pushes_too() {
    let head = "build:
  image: quay.io/buildah/stable
  script:
    - buildah login -u \"$U\" -p \"$P\" quay.io
";
    let kaniko = |platform: &str, tag: &str| {
        format!(
            "    - /kaniko/executor --context . --custom-platform={platform} --destination quay.io/acme/app:{tag}\n"
        )
    };
    let auth = "build:
  image: {name: \"gcr.io/kaniko-project/executor:debug\", entrypoint: [\"\"]}
  script:
    - mkdir -p /kaniko/.docker
    - echo '{\"auths\":{\"quay.io\":{}}}' > /kaniko/.docker/config.json
";
    let build = "    - buildah build --platform linux/amd64,linux/arm64";
    let merge = "    - manifest-tool push from-args --platforms linux/amd64,linux/arm64 --template quay.io/acme/app:1.0-ARCH --target quay.io/acme/app:1.0\n";
    let (amd64, arm64) = (
        kaniko("linux/amd64", "1.0-amd64"),
        kaniko("linux/arm64", "1.0-arm64"),
    );
    for (text, expected) in [
        (
            format!(
                "{head}{build} --manifest app .\n    - buildah manifest push --all app docker://quay.io/acme/app:1.0\n"
            ),
            format!("passes {BOTH} []"),
        ),
        (
            format!(
                "{head}{build} -t quay.io/acme/app:1.0 .\n    - buildah push quay.io/acme/app:1.0\n"
            ),
            "passes linux/arm64 [last-push-wins]".to_owned(),
        ),
        (
            format!("{head}    - buildah push nothing quay.io/acme/app:1.0\n"),
            "fails  []".to_owned(),
        ),
        (
            format!("{auth}{amd64}{arm64}{merge}"),
            format!("passes {BOTH} []"),
        ),
    ] {
        assert_eq!(ending(&text), expected, "{text}");
    }
}

#[test]
fn a_job_of_compose_builds_with_its_platforms() {
    let mut project = project();
    project.files.push(crate::analysis::ContextFile {
        path: "compose.yaml".to_owned(),
        bytes: Some(b"services:\n  app:\n    image: acme/app:1.0\n    build: {context: ., platforms: [linux/amd64, linux/arm64]}\n".to_vec()),
    });
    let text = "build:
  image: docker:29
  services: [docker:29-dind]
  variables: {DOCKER_HOST: \"tcp://docker:2376\", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: \"1\", DOCKER_CERT_PATH: /certs/client}
  script:
    - until docker info; do sleep 1; done
    - echo \"$P\" | docker login -u \"$U\" --password-stdin
    - docker compose build
    - docker compose push
";
    let run = analyse_job(&project, &request(text)).unwrap().run.unwrap();
    let pushed = run
        .pushed
        .last()
        .map(|p| (p.reference.as_str(), p.platforms.len()));
    assert_eq!(pushed, Some(("docker.io/acme/app:1.0", 2)), "{}", run.log);
}

#[test]
fn a_local_action_runs_in_the_job() {
    let mut project = project();
    project.files.push(crate::analysis::ContextFile {
        path: ".github/actions/name/action.yml".to_owned(),
        bytes: Some(
            b"inputs: {tag: {default: edge}}
outputs: {full: {value: '${{ steps.say.outputs.full }}'}}
runs:
  using: composite
  steps:
    - {id: say, shell: bash, run: 'echo \"full=acme/app:${{ inputs.tag }}\" >> $GITHUB_OUTPUT'}
    - uses: docker/setup-buildx-action@v3
"
            .to_vec(),
        ),
    });
    let mut request = request(
        "on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - {id: name, uses: ./.github/actions/name, with: {tag: '2.0'}}
      - uses: docker/login-action@v3
        with: {username: acme, password: '${{ secrets.HUB }}'}
      - uses: docker/build-push-action@v6
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ${{ steps.name.outputs.full }}
",
    );
    ".github/workflows/image.yml".clone_into(&mut request.file);
    let run = analyse_job(&project, &request).unwrap().run.unwrap();
    let pushed: Vec<&str> = run.pushed.iter().map(|p| p.reference.as_str()).collect();
    assert_eq!(pushed, ["docker.io/acme/app:2.0"], "{}", run.log);
    request.text = request.text.replace("actions/name,", "actions/other,");
    let run = analyse_job(&project, &request).unwrap().run.unwrap();
    let said = run.log.contains("Did you forget to run actions/checkout");
    assert!(said, "{}", run.log);
}

#[test]
fn only_and_except_choose_the_pipelines_of_a_job() {
    let found = |keys: &str| {
        let text = format!("build:\n{keys}  script: [docker push acme/app]\n");
        let found = analyse_job(&project(), &request(&text)).unwrap();
        let named = |rule: &str| found.diagnostics.iter().any(|d| d.rule == rule);
        (named("job-never-runs"), named("not-modelled"))
    };
    for (keys, never) in [
        ("  only: [main]\n", false),
        ("  only: [tags]\n", false),
        ("  only: [schedules]\n", true),
        ("  only: [/^v[0-9]/]\n", false),
        ("  only: [nowhere]\n", true),
        ("  except: [branches, tags, merge_requests]\n", true),
        ("  only: {variables: [$CI_COMMIT_BRANCH]}\n", false),
    ] {
        assert_eq!(found(keys), (never, false), "{keys}");
    }
}
