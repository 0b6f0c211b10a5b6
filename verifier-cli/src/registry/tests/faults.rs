//! What a registry may do wrong, and what the client makes of it.

use std::time::{Duration, Instant};

use super::script::{Bytes, Server, ask, ask_as, blob_head, keychain, quick, reply, tag};

#[tokio::test]
async fn one_request_asks_for_all_types_without_encoding_and_without_ping() {
    let server = Server::start(|_| reply(200, "Docker-Content-Digest: x\r\n", "hi")).await;
    assert_eq!(ask(&server, tag()).await, "document hi");
    let requests = server.requests();
    assert_eq!(server.lines(), ["GET /v2/app/manifests/1"]);
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    assert_eq!(
        requests[0].header("accept"),
        Some(
            "application/vnd.oci.image.index.v1+json, \
             application/vnd.docker.distribution.manifest.list.v2+json, \
             application/vnd.oci.image.manifest.v1+json, \
             application/vnd.docker.distribution.manifest.v2+json"
        )
    );
}

/// Each line: what the server does at each try (the last goes on for ever), what comes of it, and
/// how many requests that took.
#[tokio::test]
async fn answers_that_are_none_are_told_apart_and_tried_again_where_that_helps() {
    type Script = &'static [(u16, &'static str)];
    const CASES: [(Script, &str, usize); 15] = [
        (&[(404, "")], "NotFound: HTTP 404", 1),
        (&[(400, "")], "RegistryError: HTTP 400", 1),
        (&[(410, "")], "RegistryError: HTTP 410", 1),
        (&[(206, "")], "RegistryError: HTTP 206", 1),
        (&[(403, "")], "Unauthorized: HTTP 403", 1),
        (&[(500, "")], "RegistryError: HTTP 500", 4),
        (
            &[(502, ""), (503, ""), (504, ""), (200, "")],
            "document body",
            4,
        ),
        (
            &[(429, "Retry-After: 0\r\n"), (200, "")],
            "document body",
            2,
        ),
        (
            &[(429, "Retry-After: 1.889377ms\r\n"), (200, "")],
            "document body",
            2,
        ),
        (
            &[
                (429, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
                (200, ""),
            ],
            "document body",
            2,
        ),
        (
            &[(429, "Retry-After: 61\r\n"), (200, "")],
            "RateLimited: HTTP 429",
            1,
        ),
        (&[(429, "")], "RateLimited: HTTP 429", 4),
        (
            &[(503, "Retry-After: 3600\r\n")],
            "RegistryError: HTTP 503",
            1,
        ),
        (&[(408, ""), (200, "")], "document body", 2),
        (
            &[(200, "Content-Encoding: gzip\r\n")],
            "RegistryError: the body came with",
            1,
        ),
    ];
    for (script, expected, count) in CASES {
        let server = Server::start(move |seen| {
            let step = script[seen.position.min(script.len() - 1)];
            reply(step.0, step.1, "body")
        })
        .await;
        let answer = ask(&server, tag()).await;
        assert!(answer.starts_with(expected), "{script:?}: {answer}");
        assert_eq!(server.lines().len(), count, "{script:?}");
    }
}

#[tokio::test]
async fn bodies_that_lie_stop_or_never_end_are_no_documents() {
    let long = "x".repeat(1001);
    let chunked = format!(
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
        long.len()
    );
    let cases = [
        (
            "HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nshort",
            "Unreachable: the answer of",
            4,
        ),
        (
            "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "Unreachable: the answer of",
            4,
        ),
        (
            "HTTP/1.1 200 X\r\nContent-Length: 99999999999\r\n\r\n",
            "TooLarge: the answer of",
            1,
        ),
        (chunked.as_str(), "TooLarge: the answer of", 1),
        ("", "Unreachable: no answer from", 4),
        ("HTTP/0.9 what\r\n\r\n", "Unreachable: no answer from", 4),
    ];
    for (raw, expected, count) in cases {
        let raw = raw.to_owned();
        let shown = raw.chars().take(80).collect::<String>();
        let server = Server::start(move |_| raw.clone().into()).await;
        let answer = ask(&server, tag()).await;
        assert!(answer.starts_with(expected), "{shown:?}: {answer}");
        assert_eq!(server.lines().len(), count, "{shown:?}");
    }
}

#[tokio::test]
async fn a_body_cut_short_once_is_fetched_again() {
    let server = Server::start(|seen| match seen.position {
        0 => "HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nbo"
            .to_owned()
            .into(),
        _ => reply(200, "", "body"),
    })
    .await;
    assert_eq!(ask(&server, tag()).await, "document body");
}

#[tokio::test]
async fn a_time_limit_covers_the_body_too() {
    let server = Server::start(|_| Bytes {
        first: b"HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nbo".to_vec(),
        then: Some((Duration::from_secs(20), b"dy".to_vec())),
    })
    .await;
    let mut options = quick();
    options.timeout = Duration::from_millis(100);
    options.retries = 1;
    let start = Instant::now();
    let answer = ask_as(&server, tag(), &keychain(&[]), options).await;
    assert_eq!(answer, "Unreachable: no complete answer within 0.1 s");
    assert_eq!(server.lines().len(), 2);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_the_server_says_about_an_error_is_shown_on_one_line() {
    let server = Server::start(|_| {
        let body =
            "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"no\\n\\u001b[31msuch\"}]}";
        reply(404, "", body)
    })
    .await;
    let expected = format!(
        "NotFound: HTTP 404 from http://{}/v2/app/manifests/1 (MANIFEST_UNKNOWN: no  [31msuch)",
        server.address
    );
    assert_eq!(ask(&server, tag()).await, expected);
}

#[tokio::test]
async fn a_head_tells_the_size_or_that_it_is_not_allowed() {
    for (status, expected) in [
        (200, "head Some(5)"),
        (405, "MethodNotAllowed: HTTP 405"),
        (400, "MethodNotAllowed: HTTP 400"),
        (404, "NotFound: HTTP 404"),
    ] {
        let server = Server::start(move |_| {
            format!("HTTP/1.1 {status} X\r\nContent-Length: 5\r\nConnection: close\r\n\r\n").into()
        })
        .await;
        let answer = ask(&server, blob_head()).await;
        assert!(answer.starts_with(expected), "{status}: {answer}");
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let server = Server::start(|_| reply(200, "", "")).await;
    let mut gone = server.clone();
    gone.address = "127.0.0.1:1".to_owned();
    let mut options = quick();
    options.retries = 0;
    let answer = ask_as(&gone, tag(), &keychain(&[]), options).await;
    assert!(
        answer.starts_with("Unreachable: no connection to http://127.0.0.1:1"),
        "{answer}"
    );
}
