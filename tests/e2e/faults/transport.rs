//! The options about time, tries, requests in flight and the way to the registry, where something
//! goes wrong. The others are in [`super::options`].

use std::sync::{Arc, Barrier};
use std::time::Duration;

use super::case::{Case, case};
use super::options::asked;
use super::script::{Action, Login, Step, body, header, on, redirect, status};

const TAG: &str = "/manifests/example";
const CHILD: &str = "/manifests/sha256:";
const BLOB: &str = "/blobs/";

pub(super) fn patience() -> Vec<Case> {
    vec![
        case("--wait: a tag that is not there yet is waited for")
            .step(on("*", TAG, status(404)).times(4))
            .arg("--wait=30s"),
        case("--wait: an image that is not there yet is waited for")
            .step(on("*", CHILD, status(404)).times(8))
            .arg("--wait=30s"),
        case("an image that is not there yet fails without --wait")
            .step(on("*", CHILD, status(404)).times(8))
            .gives(1, "error:manifest-not-found"),
        case("--wait: a registry that starts is waited for")
            .step(on("*", "/v2/", status(503)).times(4))
            .arg("--wait=30s"),
        case("--wait: a registry that never starts is inconclusive when the time is over")
            .step(on("*", "/v2/", status(503)))
            .arg("--wait=2s")
            .gives(3, "error:registry-error"),
        case("--wait: a flipped byte is not waited for to become right")
            .image("image linux/amd64 linux/arm64\nflip manifest linux/arm64")
            .arg("--wait=10m")
            .gives(1, "error:digest-mismatch"),
        case("--timeout: a body that stalls once is given up and fetched again")
            .step(on("GET", TAG, Action::Drip(Duration::from_secs(9))).times(1))
            .arg("--timeout=1s")
            .and(|traffic| asked(traffic, TAG, 2)),
        case("--timeout: a run of nothing but dripping bodies ends")
            .step(on("GET", "/v2/", Action::Drip(Duration::from_millis(50))).after(1))
            .arg("--timeout=1s")
            .arg("--deep")
            .gives(3, "error:registry-unreachable")
            .and(|traffic| asked(traffic, CHILD, 4)),
        case("--retries: two bad answers are survived by two retries")
            .step(on("GET", TAG, status(503)).times(2))
            .arg("--retries=2")
            .and(|traffic| asked(traffic, TAG, 3)),
        case("--retries: two bad answers are too many for one retry")
            .step(on("GET", TAG, status(503)).times(2))
            .arg("--retries=1")
            .gives(3, "error:registry-error")
            .and(|traffic| asked(traffic, TAG, 2)),
        case("--jobs: two at a time satisfy a server that answers two at a time")
            .step(pair())
            .arg("--jobs=2"),
        case("--jobs: one at a time does not")
            .step(pair())
            .arg("--jobs=1")
            .arg("--retries=0")
            .arg("--timeout=1s")
            .gives(3, "error:registry-unreachable"),
        case("--jobs: one at a time gets through a limit of rate")
            .step(on("*", "/v2/", status(429)).times(1))
            .step(on("*", CHILD, status(429)).times(1))
            .step(on("*", BLOB, status(429)).times(1))
            .arg("--jobs=1"),
    ]
}

/// Answers the first two images' manifests when both were asked for.
fn pair() -> Step {
    on("GET", CHILD, Action::Together(Arc::new(Barrier::new(2)))).times(2)
}

pub(super) fn transport() -> Vec<Case> {
    let mirrored = |says, steps| {
        case(says)
            .elsewhere(steps)
            .arg("--mirror={host}=http://{elsewhere}")
    };
    vec![
        mirrored("--mirror: the registry may be down", Vec::new())
            .step(on("*", "/", status(503)))
            .and(|traffic| asked(traffic, "/", 0)),
        mirrored(
            "--mirror: a mirror that is down is inconclusive, and nobody goes past it",
            vec![on("*", "/", status(503))],
        )
        .gives(3, "error:registry-error")
        .and(|traffic| asked(traffic, "/", 0)),
        mirrored(
            "--mirror: a mirror with another document fails",
            vec![on("*", CHILD, Action::Change(|a| body(a, b"{}".to_vec())))],
        )
        .gives(1, "error:digest-mismatch error:size-mismatch"),
        mirrored(
            "--mirror: a mirror does not get the registry's login",
            vec![on(
                "*",
                "/",
                Action::Change(|a| {
                    *a = super::script::empty(401);
                    header(a, "WWW-Authenticate", "Basic realm=\"mine\"");
                }),
            )],
        )
        .env("POLYARCH_REGISTRY", "{host}")
        .env("POLYARCH_USERNAME", "user")
        .env("POLYARCH_PASSWORD", "secret")
        .gives(3, "error:unauthorized")
        .and(|traffic| {
            let mut seen = traffic.elsewhere.iter();
            match seen.find(|seen| seen.header("authorization").is_some()) {
                Some(seen) => Err(format!("a login was sent: {seen:?}")),
                None => Ok(()),
            }
        }),
        case("a registry without TLS is inconclusive at an address that is not loopback")
            .at("0.0.0.0:{port}/demo:example")
            .gives(3, "error:registry-unreachable"),
        case("--plain-http: it is spoken to, and tried again")
            .at("0.0.0.0:{port}/demo:example")
            .step(on("GET", TAG, status(503)).times(1))
            .arg("--plain-http")
            .and(|traffic| asked(traffic, TAG, 2)),
        case("--plain-http: a redirect to https is followed and ends where nobody speaks it")
            .step(on("GET", TAG, redirect("https://{host}{path}")))
            .arg("--plain-http")
            .gives(3, "error:registry-unreachable"),
        case("--ca-cert: a page instead of a certificate is a usage error, and nobody is asked")
            .file("ca.pem", "<html>log in</html>")
            .arg("--ca-cert={folder}/ca.pem")
            .gives(2, "")
            .and(|traffic| asked(traffic, "/", 0)),
        case("a credential helper that hangs is given up")
            .login(Login::Basic)
            .file("config.json", "{\"credsStore\":\"hangs\"}")
            .file("docker-credential-hangs", "#!/bin/sh\nexec sleep 300\n")
            .env("DOCKER_CONFIG", "{folder}")
            .env("PATH", "{folder}:/usr/bin:/bin")
            .gives(3, "error:unauthorized")
            .and(|traffic| {
                let why = "hangs did not answer within 15 s";
                let said = traffic.output.contains(why);
                said.then_some(()).ok_or(format!("it does not say {why}"))
            }),
    ]
}
