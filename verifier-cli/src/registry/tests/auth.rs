//! Logging in: who is asked, how often, and what never leaves.

use std::sync::Arc;

use polyarch_core::digest::Digest;
use polyarch_core::oci::{Descriptor, media_type};
use polyarch_core::reference::Target;
use polyarch_core::verify::{Answer, Ask};

use super::script::{Bytes, Seen, Server, ask, ask_as, client, keychain, quick, reply, shown, tag};
use crate::registry::counters::Counters;
use crate::registry::transport::Transport;

const LOGIN: [(&str, &str); 2] = [
    ("POLYARCH_USERNAME", "me"),
    ("POLYARCH_PASSWORD", "hunter22"),
];

/// `me:hunter22`.
const BASIC: &str = "Basic bWU6aHVudGVyMjI=";

/// A registry with its token server on the same port, which `token` speaks for.
async fn bearer(token: impl Fn(&Seen) -> Bytes + Send + Sync + 'static) -> Server {
    Server::start(move |seen| {
        let host = seen.header("host").unwrap();
        if seen.line.contains("/token") {
            return token(seen);
        }
        if seen.header("authorization") == Some("Bearer good") {
            return reply(200, "", "body");
        }
        let challenge = format!(
            "WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"s\",scope=\"repository:app:pull\"\r\n"
        );
        reply(401, &challenge, "")
    })
    .await
}

#[tokio::test]
async fn a_token_is_fetched_once_however_many_requests_wait() {
    let server = bearer(|_| reply(200, "", "{\"token\":\"good\"}")).await;
    let transport = Transport::new(quick());
    let counters = Arc::new(Counters::default());
    let keychain = keychain(&[]);
    let client = client(&server, &transport, &keychain, &counters);
    let tag = tag();
    let (a, b, c, d) = tokio::join!(
        client.answer(&tag),
        client.answer(&tag),
        client.answer(&tag),
        client.answer(&tag)
    );
    for answer in [a, b, c, d] {
        assert_eq!(shown(&answer), "document body");
    }
    let tokens = server
        .lines()
        .into_iter()
        .filter(|line| line.contains("/token"));
    assert_eq!(
        tokens.collect::<Vec<_>>(),
        ["GET /token?service=s&scope=repository%3Aapp%3Apull"]
    );
    assert_eq!(counters.cost().requests, 9);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let server = bearer(|seen| {
        let is_first = seen.position == 1;
        let token = if is_first { "old" } else { "good" };
        reply(200, "", &format!("{{\"access_token\":\"{token}\"}}"))
    })
    .await;
    let transport = Transport::new(quick());
    let counters = Arc::new(Counters::default());
    let keychain = keychain(&[]);
    let client = client(&server, &transport, &keychain, &counters);
    let first = shown(&client.answer(&tag()).await);
    assert!(first.starts_with("Unauthorized: HTTP 401"), "{first}");
    assert_eq!(shown(&client.answer(&tag()).await), "document body");
}

/// Each line: what the token server answers, and what comes of it.
#[tokio::test]
async fn a_token_server_that_fails_never_makes_the_image_wrong() {
    let large = format!("{{\"token\":\"{}\"}}", "x".repeat(70_000));
    let cases = [
        (
            401,
            "{\"details\":\"incorrect username or password\"}",
            "Unauthorized: no token: HTTP 401",
        ),
        (403, "", "Unauthorized: no token: HTTP 403"),
        (404, "", "RegistryError: no token: HTTP 404"),
        (429, "", "RateLimited: no token: HTTP 429"),
        (500, "", "RegistryError: no token: HTTP 500"),
        (200, "", "RegistryError: no token: "),
        (200, "{}", "RegistryError: no token: "),
        (200, "{\"token\":\"\"}", "RegistryError: no token: "),
        (200, "{\"token\":\"a\\nb\"}", "RegistryError: no token: "),
        (200, "[1", "RegistryError: no token: "),
        (200, large.as_str(), "RegistryError: no token: "),
        (302, "", "RegistryError: "),
    ];
    for (status, body, expected) in cases {
        let body = body.to_owned();
        let server = bearer(move |_| reply(status, "", &body)).await;
        let mut options = quick();
        options.retries = 0;
        let answer = ask_as(&server, tag(), &keychain(&[]), options).await;
        assert!(answer.starts_with(expected), "{status}: {answer}");
    }
}

#[tokio::test]
async fn a_refused_login_is_not_tried_again_by_each_request() {
    let server = bearer(|_| reply(403, "", "")).await;
    let transport = Transport::new(quick());
    let counters = Arc::new(Counters::default());
    let keychain = keychain(&[]);
    let client = client(&server, &transport, &keychain, &counters);
    for _ in 0..3 {
        let answer = shown(&client.answer(&tag()).await);
        assert!(answer.starts_with("Unauthorized: no token"), "{answer}");
    }
    let tokens = server
        .lines()
        .into_iter()
        .filter(|line| line.contains("/token"));
    assert_eq!(tokens.count(), 1);
}

#[tokio::test]
async fn a_login_goes_to_the_own_token_server() {
    let server = bearer(|seen| match seen.header("authorization") {
        Some(BASIC) => reply(200, "", "{\"token\":\"good\"}"),
        _ => reply(401, "", ""),
    })
    .await;
    let answer = ask_as(&server, tag(), &keychain(&LOGIN), quick()).await;
    assert_eq!(answer, "document body");
}

#[tokio::test]
async fn a_login_never_goes_to_another_places_token_server_in_clear() {
    let thief = Server::start(|_| reply(200, "", "{\"token\":\"good\"}")).await;
    let challenge = format!(
        "WWW-Authenticate: Bearer realm=\"http://{}/token\"\r\n",
        thief.address
    );
    let server = Server::start(move |_| reply(401, &challenge, "")).await;
    let answer = ask_as(&server, tag(), &keychain(&LOGIN), quick()).await;
    assert!(
        answer.starts_with("Unauthorized: the login would go in clear"),
        "{answer}"
    );
    assert_eq!(thief.lines().len(), 0);
}

#[tokio::test]
async fn an_identity_token_is_posted_and_falls_back_to_get() {
    let config =
        |host: &str| format!("{{\"auths\":{{\"{host}\":{{\"identitytoken\":\"refresh-me\"}}}}}}");
    for has_post in [true, false] {
        let server = bearer(move |seen| {
            let is_post = seen.line.starts_with("POST");
            if is_post && !has_post {
                return reply(404, "", "");
            }
            reply(200, "", "{\"access_token\":\"good\"}")
        })
        .await;
        let config = config(&server.address);
        let keychain = keychain(&[("DOCKER_AUTH_CONFIG", &config)]);
        let answer = ask_as(&server, tag(), &keychain, quick()).await;
        assert_eq!(answer, "document body");
        let expected = if has_post { 3 } else { 4 };
        assert_eq!(server.lines().len(), expected, "{:?}", server.lines());
        assert!(
            server
                .lines()
                .iter()
                .all(|line| !line.contains("refresh-me"))
        );
    }
}

#[tokio::test]
async fn a_401_without_challenge_is_explained_by_a_ping() {
    let server = Server::start(|seen| {
        if seen.header("authorization") == Some(BASIC) {
            return reply(200, "", "body");
        }
        match seen.line.as_str() {
            "GET /v2/" => reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", ""),
            _ => reply(401, "", ""),
        }
    })
    .await;
    let answer = ask_as(&server, tag(), &keychain(&LOGIN), quick()).await;
    assert_eq!(answer, "document body");
    assert_eq!(
        server.lines(),
        [
            "GET /v2/app/manifests/1",
            "GET /v2/",
            "GET /v2/app/manifests/1"
        ]
    );
}

#[tokio::test]
async fn without_a_login_the_answer_says_what_was_wanted() {
    for (challenge, expected) in [
        (
            "WWW-Authenticate: Basic realm=\"x\"\r\n",
            "wants a login, and none is stored for it",
        ),
        (
            "WWW-Authenticate: Negotiate\r\n",
            "wants a login by negotiate, which is not supported",
        ),
        ("", "refuses access and does not say how to log in"),
    ] {
        let server = Server::start(move |_| reply(401, challenge, "")).await;
        let answer = ask(&server, tag()).await;
        assert!(
            answer.starts_with("Unauthorized: ") && answer.contains(expected),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_login_does_not_get_it_printed() {
    let server = Server::start(|seen| match seen.header("authorization") {
        Some(value) => {
            let value = value.trim_start_matches("Basic ");
            let body = format!(
                "{{\"errors\":[{{\"code\":\"DENIED\",\"message\":\"{value} hunter22\"}}]}}"
            );
            reply(403, "", &body)
        }
        None => reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", ""),
    })
    .await;
    let answer = ask_as(&server, tag(), &keychain(&LOGIN), quick()).await;
    assert!(
        answer.ends_with("(DENIED: [redacted] [redacted])"),
        "{answer}"
    );
}

#[tokio::test]
async fn references_to_one_repository_share_a_token_and_survive_a_stumble() {
    let server = bearer(|seen| match seen.position {
        1 => reply(500, "", ""),
        _ => reply(200, "", "{\"token\":\"good\"}"),
    })
    .await;
    let mut options = quick();
    options.retries = 0;
    let transport = Transport::new(options);
    let keychain = keychain(&[]);
    let mut answers = Vec::new();
    for _ in 0..3 {
        let counters = Arc::new(Counters::default());
        let client = client(&server, &transport, &keychain, &counters);
        answers.push(shown(&client.answer(&tag()).await));
    }
    assert!(
        answers[0].starts_with("RegistryError: no token"),
        "{answers:?}"
    );
    assert_eq!(answers[1..], ["document body", "document body"]);
    let tokens = server
        .lines()
        .into_iter()
        .filter(|line| line.contains("/token"));
    assert_eq!(tokens.count(), 2);
}

#[tokio::test]
async fn a_layer_that_breaks_off_is_streamed_again_from_its_start() {
    let blob = "not a tar, but whole";
    let server = Server::start(move |seen| match seen.position {
        0 => format!(
            "HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\nnot a",
            blob.len()
        )
        .into(),
        _ => reply(200, "", blob),
    })
    .await;
    let descriptor = Descriptor {
        media_type: media_type::OCI_LAYER_GZIP.to_owned(),
        digest: Digest::sha256(blob.as_bytes()),
        size: blob.len() as u64,
        platform: None,
        annotations: std::collections::BTreeMap::new(),
        urls: Vec::new(),
        data: None,
        artifact_type: None,
    };
    let transport = Transport::new(quick());
    let keychain = keychain(&[]);
    let counters = Arc::new(Counters::default());
    let client = client(&server, &transport, &keychain, &counters);
    let ask = Ask::Layer {
        descriptor: descriptor.clone(),
    };
    let Answer::Layer(facts) = client.answer(&ask).await else {
        panic!("the second try is whole");
    };
    assert_eq!(facts.digest, Some(descriptor.digest));
    assert_eq!(facts.size, blob.len() as u64);
    assert_eq!(counters.cost().bytes, blob.len() as u64 + 5);
}

#[tokio::test]
async fn a_private_tag_does_not_spoil_the_public_ones_beside_it() {
    let server = Server::start(|seen| match seen.line.as_str() {
        "GET /v2/app/manifests/1" => reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", ""),
        _ => reply(200, "", "body"),
    })
    .await;
    let transport = Transport::new(quick());
    let counters = Arc::new(Counters::default());
    let keychain = keychain(&[]);
    let client = client(&server, &transport, &keychain, &counters);
    let refused = shown(&client.answer(&tag()).await);
    assert!(refused.starts_with("Unauthorized"), "{refused}");
    let public = Ask::Manifest {
        target: Target::Tag("public".to_owned()),
        limit: 100,
    };
    assert_eq!(shown(&client.answer(&public).await), "document body");
}
