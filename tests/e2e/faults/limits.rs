//! Answers without measure: too large, too long, too slow, too many.

use std::time::Duration;

use super::case::{Case, case};
use super::script::{Action, body, header, on};

const TAG: &str = "/manifests/example";
const CHILD: &str = "/manifests/sha256:";
const BLOB: &str = "/blobs/";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("an index over 4 MiB fails")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| body(a, vec![b' '; 5 << 20])),
            ))
            .gives(1, "error:malformed-manifest"),
        case("an index over 4 MiB without a length fails")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    a.body = vec![b' '; 5 << 20];
                    a.length = None;
                }),
            ))
            .gives(1, "error:malformed-manifest"),
        case("an index without an end fails")
            .step(on("GET", TAG, Action::Endless))
            .gives(1, "error:malformed-manifest"),
        case("a manifest over 4 MiB fails")
            .step(on(
                "GET",
                CHILD,
                Action::Change(|a| body(a, vec![b' '; 5 << 20])),
            ))
            .gives(1, "error:malformed-manifest"),
        case("a config without an end fails")
            .step(on("GET", BLOB, Action::Endless))
            .gives(1, "error:malformed-manifest"),
        case("a length that announces terabytes costs no memory and fails")
            .step(on("GET", TAG, Action::Change(|a| a.length = Some(1 << 42))))
            .gives(1, "error:malformed-manifest"),
        case("a body that ends early is inconclusive")
            .step(on("GET", TAG, Action::Truncate(100)))
            .gives(3, "error:registry-unreachable"),
        case("a manifest that ends early is inconclusive")
            .step(on("GET", CHILD, Action::Truncate(100)))
            .gives(3, "error:registry-unreachable"),
        case("a config that ends early is inconclusive")
            .step(on("GET", BLOB, Action::Truncate(100)))
            .gives(3, "error:registry-unreachable"),
        case("a body that ends early once passes")
            .step(on("GET", TAG, Action::Truncate(100)).times(1)),
        case("a closed connection is inconclusive")
            .step(on("GET", TAG, Action::Close))
            .gives(3, "error:registry-unreachable"),
        case("a connection that is closed once passes")
            .step(on("GET", TAG, Action::Close).times(1)),
        case("silence is inconclusive")
            .step(on("GET", TAG, Action::Silence))
            .arg("--retries=0")
            .gives(3, "error:registry-unreachable"),
        case("a body that drips is inconclusive when the time is over")
            .step(on("GET", TAG, Action::Drip(Duration::from_millis(200))))
            .arg("--retries=0")
            .gives(3, "error:registry-unreachable"),
        case("something that is no HTTP is inconclusive")
            .step(on(
                "GET",
                TAG,
                Action::Raw(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            ))
            .gives(3, "error:registry-unreachable"),
        case("headers without an end are inconclusive")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    for at in 0..400 {
                        header(a, &format!("x-{at}"), &"y".repeat(4000));
                    }
                }),
            ))
            .gives(3, "error:registry-unreachable"),
        case("a slow registry passes").step(on(
            "*",
            "/v2/",
            Action::Wait(Duration::from_millis(150), Box::new(Action::Serve)),
        )),
        case("an error page without an end is read only so far")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    a.status = 500;
                    body(a, vec![b'x'; 5 << 20]);
                }),
            ))
            .gives(3, "error:registry-error"),
        case("a 404 page without an end is read only so far")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    a.status = 404;
                    body(a, vec![b'x'; 5 << 20]);
                }),
            ))
            .gives(1, "error:tag-not-found"),
        case("control characters of an error page are not printed")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    a.status = 500;
                    body(
                        a,
                        b"{\"errors\":[{\"code\":\"X\",\"message\":\"\x1b[2Jgone\\u001b[31m\"}]}"
                            .to_vec(),
                    );
                }),
            ))
            .gives(3, "error:registry-error")
            .and(|traffic| {
                if traffic.output.contains('\u{1b}') || traffic.output.contains("\\u001b") {
                    Err("an escape character was printed".to_owned())
                } else {
                    Ok(())
                }
            }),
    ]
}
