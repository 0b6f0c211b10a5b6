//! Step names in complete logs of real builds (`buildx build --progress plain`, buildx 461836ba,
//! BuildKit 73ed6825). Which platform names a shared step is a race there, so each may.

use std::collections::BTreeSet;

use crate::bases;
use crate::build::{BuildRequest, predict};
use crate::dockerfile;

const DIGEST: &str = "sha256:47472ccac1f1362826bff6ea11f8f4501e4b95eac9bee1eda5222ada4115cf0e";

const CROSS: &str = "\
FROM --platform=$BUILDPLATFORM golang:1.22 AS build
WORKDIR /src
ARG TARGETOS TARGETARCH
COPY app.txt .
RUN echo \"building for $TARGETOS/$TARGETARCH on $(uname -m)\" > /out && cat /out

FROM alpine:3.20
COPY --from=build /out /app/out
ENTRYPOINT [\"cat\", \"/app/out\"]
";

fn catalogue() -> bases::Catalogue {
    let entries = ["linux/amd64", "linux/arm/v7", "linux/arm64/v8"]
        .map(|platform| format!("{{\"platform\":\"{platform}\"}}"));
    let image = format!(
        "{{\"digest\":\"{DIGEST}\",\"index\":[{}]}}",
        entries.join(",")
    );
    let (catalogue, errors) = bases::read(&format!(
        "{{\"alpine:3.20\":{image},\"golang:1.22\":{image},\
         \"127.0.0.1:5055/library/amd64index:latest\":\
         {{\"index\":[{{\"platform\":\"linux/amd64\"}}]}}}}"
    ));
    assert_eq!(errors, []);
    catalogue
}

/// All names that the steps of a build can have, and the error of the platform that fails.
fn names(text: &str, platforms: &[&str]) -> (BTreeSet<String>, Option<String>) {
    let (file, problems) = dockerfile::parse(text);
    let mut names = BTreeSet::new();
    let mut error = None;
    for turn in 0..platforms.len() {
        let mut platforms: Vec<String> = platforms.iter().map(|&p| p.to_owned()).collect();
        platforms.rotate_left(turn);
        let request = BuildRequest {
            platforms,
            ..BuildRequest::default()
        };
        let outcome = predict(text, &file, &problems, &request, &catalogue());
        for platform in &outcome.platforms {
            names.extend(platform.steps.iter().map(|step| step.name.clone()));
            let failed = platform.result.as_ref().err();
            error = error.or(failed.map(|error| error.text.clone()));
        }
    }
    (names, error)
}

fn check(text: &str, platforms: &[&str], log: &[&str]) {
    let (names, error) = names(text, platforms);
    assert_eq!(error, None);
    for line in log {
        let line = line.replace("@DIGEST", &format!("@{DIGEST}"));
        assert!(
            names.contains(&line),
            "no step is called {line}\n{names:#?}"
        );
    }
}

#[test]
fn cross_compilation() {
    let log = [
        "[linux/amd64 build 2/4] WORKDIR /src",
        "[linux/arm64 stage-1 1/2] FROM docker.io/library/alpine:3.20@DIGEST",
        "[linux/amd64 stage-1 1/2] FROM docker.io/library/alpine:3.20@DIGEST",
        "[linux/amd64 build 1/4] FROM docker.io/library/golang:1.22@DIGEST",
        "[internal] load build context",
        "[linux/amd64->arm64 build 3/4] COPY app.txt .",
        "[linux/amd64 build 4/4] RUN echo \"building for linux/amd64 on $(uname -m)\" > /out && cat /out",
        "[linux/amd64 stage-1 2/2] COPY --from=build /out /app/out",
        "[linux/amd64->arm64 build 4/4] RUN echo \"building for linux/arm64 on $(uname -m)\" > /out && cat /out",
        "[linux/arm64 stage-1 2/2] COPY --from=build /out /app/out",
    ];
    check(CROSS, &["linux/amd64", "linux/arm64"], &log);
    let with_syntax = format!("# syntax=docker/dockerfile:1\n{CROSS}");
    check(&with_syntax, &["linux/amd64", "linux/arm64"], &log);
}

#[test]
fn three_platforms_and_shell_variables() {
    let text = "FROM alpine:3.20\nRUN echo \"hello from $HOSTTYPE\"; read a b c < /proc/version; echo $a\n";
    check(
        text,
        &["linux/amd64", "linux/arm64", "linux/arm/v7"],
        &[
            "[linux/arm/v7 1/2] FROM docker.io/library/alpine:3.20@DIGEST",
            "[linux/arm64 2/2] RUN echo \"hello from $HOSTTYPE\"; read a b c < /proc/version; echo $a",
            "[linux/arm/v7 2/2] RUN echo \"hello from $HOSTTYPE\"; read a b c < /proc/version; echo $a",
        ],
    );
}

#[test]
fn refusals() {
    let platforms = ["linux/amd64", "linux/arm64"];
    let index = "127.0.0.1:5055/library/amd64index:latest";
    let (_, error) = names(&format!("FROM {index}\nRUN echo hi\n"), &platforms);
    let expected = format!(
        "{index}: failed to resolve source metadata for {index}: \
         no match for platform in manifest: not found"
    );
    assert_eq!(error, Some(expected));
    let absent = "127.0.0.1:5055/library/nosuch:1";
    let (_, error) = names(&format!("FROM {absent}\nRUN true\n"), &platforms);
    let expected =
        format!("{absent}: failed to resolve source metadata for {absent}: {absent}: not found");
    assert_eq!(error, Some(expected));
}
