//! Jobs with their builds: the parts that only the two together can show.

use super::*;

fn project(dockerfile: &str) -> Project {
    Project {
        dockerfile: dockerfile.to_owned(),
        ..Project::default()
    }
}

fn job(driver_lines: &str) -> JobRequest {
    JobRequest {
        file: ".gitlab-ci.yml".to_owned(),
        text: format!(
            "build:
  image: docker:29
  services: [docker:29-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: \"1\"
    DOCKER_CERT_PATH: /certs/client
  before_script:
    - until docker info >/dev/null 2>&1; do sleep 1; done
{driver_lines}    - echo \"$HUB_PASS\" | docker login -u \"$HUB_USER\" --password-stdin
  script:
    - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
"
        ),
        ..JobRequest::default()
    }
}

fn ending(dockerfile: &str, lines: &str) -> String {
    let analysis = analyse_job(&project(dockerfile), &job(lines)).unwrap();
    let run = analysis.run.unwrap();
    let causes: Vec<&str> = run
        .incidents
        .iter()
        .map(|i| i.cause)
        .filter(|c| *c != "login-order-builder")
        .collect();
    let pushed: Vec<&str> = run.pushed.iter().map(|p| p.reference.as_str()).collect();
    format!(
        "{} [{}] [{}]",
        run.outcome.as_str(),
        causes.join(" "),
        pushed.join(" ")
    )
}

#[test]
fn emulators_decide_where_a_foreign_run_ends() {
    let run = "FROM alpine:3.22\nRUN apk add --no-cache curl\n";
    let copy = "FROM alpine:3.22\nWORKDIR /app\n";
    let binfmt = "    - docker run --privileged --rm tonistiigi/binfmt --install arm64\n";
    let container = "    - docker context create tls-env\n    - docker buildx create --name multi --use tls-env\n";
    let passes = "passes [] [docker.io/acme/app:1.0]";
    assert_eq!(ending(copy, ""), passes);
    assert_eq!(ending(run, ""), "fails [emu-none] []");
    assert_eq!(ending(run, binfmt), passes);
    assert_eq!(ending(run, container), passes);
}

#[test]
fn the_log_has_the_builds_own_steps() {
    let analysis = analyse_job(&project("FROM alpine:3.22\nRUN make\n"), &job("")).unwrap();
    let log = analysis.run.unwrap().log;
    for line in [
        "#0 building with \"default\" instance using docker driver",
        "[linux/arm64 2/2] RUN make",
        "0.143 exec /bin/sh: exec format error",
        "   2 | >>> RUN make",
        "ERROR: failed to build: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 1",
    ] {
        assert!(log.contains(line), "{line}\n{log}");
    }
}

#[test]
fn names_and_settings_that_do_not_exist_are_told() {
    let mut request = job("");
    request.job = Some("nope".to_owned());
    let error = analyse_job(&project("FROM scratch\n"), &request).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no job \"nope\" in the file; it has build"
    );
}

#[test]
fn the_timeline_shows_platforms_side_by_side() {
    let container = "    - docker context create tls-env\n    - docker buildx create --name multi --use tls-env\n";
    let text = "FROM alpine:3.22\nRUN apk add --no-cache curl\n";
    let analysis = analyse_job(&project(text), &job(container)).unwrap();
    let run = analysis.run.unwrap();
    for pair in run.steps.windows(2) {
        let end = pair[0].start + pair[0].duration;
        assert!((end - pair[1].start).abs() < 1e-9, "{pair:#?}");
    }
    let build = run.steps.last().unwrap();
    let runs: Vec<_> = build
        .activities
        .iter()
        .filter(|a| a.name.contains("RUN"))
        .collect();
    let [native, emulated] = runs.as_slice() else {
        panic!("{runs:#?}");
    };
    assert_eq!(
        (native.lanes.as_slice(), native.emulated),
        (&[0][..], false)
    );
    assert_eq!(
        (emulated.lanes.as_slice(), emulated.emulated),
        (&[1][..], true)
    );
    assert!((native.start - emulated.start).abs() < 1e-9, "{runs:#?}");
    assert!(emulated.duration > native.duration);
    let last = build.activities.last().unwrap();
    let end = build.start + build.duration;
    assert!(
        (last.start + last.duration - end).abs() < 0.1,
        "{last:?} {end}"
    );
    let shown = |index: usize| {
        let facts = run.steps[index].state.iter();
        let facts = facts.map(|f| format!("{}: {}", f.name, f.value));
        facts.collect::<Vec<_>>().join("\n")
    };
    assert!(shown(0).contains("ready, Docker 29"), "{}", shown(0));
    let end = shown(run.steps.len() - 1);
    for fact in [
        "context tls-env: tcp://docker:2376, TLS",
        "builder multi: docker-container, running, in use",
        "login docker.io: held",
        "tag docker.io/acme/app:1.0: linux/amd64, linux/arm64",
    ] {
        assert!(end.contains(fact), "{end}");
    }
}

#[test]
fn the_verdict_speaks_of_the_job() {
    let container = "    - docker context create tls-env\n    - docker buildx create --name multi --use tls-env\n";
    let said = |dockerfile: &str, text: &dyn Fn(String) -> String| {
        let mut request = job(container);
        request.text = text(request.text);
        analyse_job(&project(dockerfile), &request)
            .unwrap()
            .verdict
            .sentence
    };
    let plain = "FROM alpine:3.22\n";
    let same = |text: String| text;
    assert_eq!(said(plain, &same), "Publishes 2 platforms.");
    assert_eq!(
        said(plain, &|t| t.replace(" --push", "")),
        "The job ends well; nothing is pushed."
    );
    assert_eq!(
        said(plain, &|t| t.replace(
            "    - until docker info >/dev/null 2>&1; do sleep 1; done\n",
            ""
        )),
        "Depends on timing: dind may not be ready."
    );
    assert_eq!(
        said(plain, &|t| {
            t.replace(
            "docker buildx build",
            "docker login -u AWS -p x 123456789012.dkr.ecr.us-east-1.amazonaws.com && docker buildx build"
        )
        .replace("acme/app", "123456789012.dkr.ecr.us-east-1.amazonaws.com/app")
        }),
        "Pushes, then the registry refuses: the ECR repository app does not exist, and ECR does not create it on push."
    );
    assert_eq!(
        said(plain, &|t| t
            .replace(container, "")
            .replace("docker:29", "docker:27")),
        "Stops at `docker buildx build`: the docker driver of this daemon builds one platform at a time."
    );
    assert!(
        said(plain, &|t| t.replace("build:\n", "build:\n\t"))
            .starts_with("The CI service would refuse the file: ")
    );
}
