//! Passing faults: tried again, in measure, and never held against the image.

use super::case::{Case, Traffic, case};
use super::script::{Action, Step, empty, on, on_layers, status};

const TAG: &str = "/manifests/example";
const CHILD: &str = "/manifests/sha256:";
const BLOB: &str = "/blobs/";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = server_errors();
    cases.extend(limits_of_rate());
    cases
}

fn server_errors() -> Vec<Case> {
    let once = |says, code| {
        case(says)
            .step(on("GET", TAG, status(code)).times(1))
            .and(asked_twice)
    };
    let always =
        |says, path, code, rules| case(says).step(on("*", path, status(code))).gives(3, rules);
    vec![
        once("a 500 is tried again", 500),
        once("a 502 is tried again", 502),
        once("a 503 is tried again", 503),
        once("a 504 is tried again", 504),
        always(
            "500 all the time is inconclusive",
            TAG,
            500,
            "error:registry-error",
        ),
        always(
            "503 for the manifests is inconclusive",
            CHILD,
            503,
            "error:registry-error",
        ),
        always(
            "502 for configs and layers is inconclusive",
            BLOB,
            502,
            "error:registry-error",
        ),
        always("403 is inconclusive", TAG, 403, "error:unauthorized"),
        always(
            "401 without a challenge is inconclusive",
            "/v2/",
            401,
            "error:unauthorized",
        ),
        always(
            "a status that nobody knows is inconclusive",
            TAG,
            418,
            "error:registry-error",
        ),
        always("400 is inconclusive", TAG, 400, "error:registry-error"),
        case("one layer that cannot be asked for is inconclusive, not missing")
            .step(on("HEAD", BLOB, status(503)))
            .step(on(
                "GET",
                BLOB,
                Action::Change(|a| on_layers(a, |a| a.status = 503)),
            ))
            .gives(3, "error:registry-error"),
        case("no retries means no retries")
            .step(on("GET", TAG, status(503)))
            .arg("--retries=0")
            .gives(3, "error:registry-error")
            .and(|traffic| count(traffic, TAG, 1)),
    ]
}

fn limits_of_rate() -> Vec<Case> {
    let limited = |says, change| {
        case(says)
            .step(on("GET", TAG, Action::Change(change)).times(1))
            .and(asked_twice)
    };
    vec![
        limited("a 429 is tried again", |a| *a = empty(429)),
        limited("Retry-After in seconds is waited for", |a| {
            *a = empty(429);
            a.headers.push(("Retry-After".into(), "1".into()));
        }),
        limited("Retry-After as a date in the past is not waited for", |a| {
            *a = empty(429);
            a.headers
                .push(("Retry-After".into(), "Wed, 21 Oct 2015 07:28:00 GMT".into()));
        }),
        limited("Retry-After as a Go duration is tolerated", |a| {
            *a = empty(429);
            a.headers.push(("Retry-After".into(), "1.889377ms".into()));
        }),
        limited("Retry-After as nonsense is tolerated", |a| {
            *a = empty(429);
            a.headers.push(("Retry-After".into(), "soon".into()));
        }),
        limited("a negative Retry-After is tolerated", |a| {
            *a = empty(429);
            a.headers.push(("Retry-After".into(), "-5".into()));
        }),
        limited("Retry-After on a 503 is waited for", |a| {
            *a = empty(503);
            a.headers.push(("Retry-After".into(), "0".into()));
        }),
        case("a Retry-After of an hour is not waited for")
            .step(always_hour(TAG))
            .gives(3, "error:rate-limited")
            .and(|traffic| count(traffic, TAG, 1)),
        case("a Retry-After beyond all numbers is not waited for")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    *a = empty(429);
                    a.headers
                        .push(("Retry-After".into(), "99999999999999999999".into()));
                }),
            ))
            .gives(3, "error:rate-limited"),
        case("429 all the time is inconclusive")
            .step(on("*", "/v2/", status(429)))
            .gives(3, "error:rate-limited"),
        case("429 for one layer is inconclusive, not missing")
            .step(on("HEAD", BLOB, status(429)))
            .gives(3, "error:rate-limited"),
    ]
}

fn always_hour(path: &'static str) -> Step {
    on(
        "GET",
        path,
        Action::Change(|a| {
            *a = empty(429);
            a.headers.push(("Retry-After".into(), "3600".into()));
        }),
    )
}

/// The tag was asked for with GET exactly twice.
fn asked_twice(traffic: &Traffic) -> Result<(), String> {
    count(traffic, TAG, 2)
}

fn count(traffic: &Traffic, path: &str, expected: usize) -> Result<(), String> {
    let asked = traffic
        .home
        .iter()
        .filter(|seen| seen.method == "GET" && seen.path.contains(path));
    match asked.count() {
        actual if actual == expected => Ok(()),
        actual => Err(format!(
            "{actual} requests for {path} instead of {expected}"
        )),
    }
}
