//! Sizes that are none, and cookies.

use super::case::{Case, case};
use super::script::{Action, Change, body, drop_header, empty, header, on};
use super::server::HttpAnswer;

const TAG: &str = "/manifests/example";

pub(crate) fn cases() -> Vec<Case> {
    let size = |says, change: Change| {
        case(says)
            .step(on("*", TAG, Action::Change(change)))
            .gives(1, "error:malformed-manifest")
    };
    vec![
        size("a negative size fails", |a| first_size(a, "-1")),
        size("a size with a fraction fails", |a| first_size(a, "1.5")),
        size("a size beyond all numbers fails", |a| {
            first_size(a, "99999999999999999999999");
        }),
        size("a size in quotes fails", |a| first_size(a, "\"664\"")),
        size("the largest size is over every limit and fails", |a| {
            first_size(a, "9223372036854775807");
        })
        .gives(1, "error:malformed-manifest"),
        case("a cookie does not go to another host, nor back")
            .elsewhere(Vec::new())
            .step(on(
                "GET",
                "/blobs/",
                Action::Redirect(307, "http://{elsewhere}{path}".into()),
            ))
            .step(on(
                "*",
                "/manifests/",
                Action::Change(|a| header(a, "Set-Cookie", "session=1; Path=/")),
            ))
            .and(|traffic| {
                let mut all = traffic.home.iter().chain(&traffic.elsewhere);
                let sent = all.find(|seen| seen.header("cookie").is_some());
                sent.map_or(Ok(()), |seen| Err(format!("it was sent: {seen:?}")))
            }),
        case("a realm at the metadata service of a cloud gets no login")
            .env("POLYARCH_USERNAME", "user")
            .env("POLYARCH_PASSWORD", "secret")
            .step(on(
                "GET",
                "/v2/",
                Action::Change(|a| {
                    *a = empty(401);
                    let realm = "Bearer realm=\"http://169.254.169.254/latest\"";
                    header(a, "WWW-Authenticate", realm);
                }),
            ))
            .gives(3, "error:unauthorized"),
    ]
}

/// Writes another size into the index's first entry.
fn first_size(answer: &mut HttpAnswer, size: &str) {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    drop_header(answer, "docker-content-digest");
    // The answer to a HEAD has none.
    let Some((before, after)) = text.split_once("\"size\": ") else {
        return;
    };
    let end = after.find(|c: char| !c.is_ascii_digit()).expect("more");
    let text = format!("{before}\"size\": {size}{}", &after[end..]);
    body(answer, text.into_bytes());
}
