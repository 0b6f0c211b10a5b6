//! Redirects: followed with care, never with the login.

use super::script::{Server, ask, ask_as, blob_head, blob_probe, keychain, quick, reply, tag};

const LOGIN: [(&str, &str); 2] = [
    ("POLYARCH_USERNAME", "me"),
    ("POLYARCH_PASSWORD", "hunter22"),
];

#[tokio::test]
async fn a_relative_redirect_keeps_the_login_and_one_elsewhere_loses_it() {
    let cdn = Server::start(|_| reply(200, "", "from the cdn")).await;
    let target = format!("Location: http://{}/signed?sig=1\r\n", cdn.address);
    let registry = Server::start(move |seen| {
        if seen.header("authorization").is_none() {
            return reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "");
        }
        match seen.line.as_str() {
            "GET /v2/app/manifests/1" => reply(307, "Location: /elsewhere\r\n", "moved"),
            _ => reply(302, &target, ""),
        }
    })
    .await;
    let answer = ask_as(&registry, tag(), &keychain(&LOGIN), quick()).await;
    assert_eq!(answer, "document from the cdn");
    assert_eq!(registry.lines().last().unwrap(), "GET /elsewhere");
    let at_cdn = cdn.requests();
    assert_eq!(at_cdn[0].line, "GET /signed?sig=1");
    assert_eq!(at_cdn[0].header("authorization"), None);
}

#[tokio::test]
async fn a_redirect_back_home_does_not_get_the_login_again() {
    let registry_address = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let back = std::sync::Arc::clone(&registry_address);
    let cdn = Server::start(move |_| {
        reply(
            302,
            &format!("Location: http://{}/trap\r\n", back.get().unwrap()),
            "",
        )
    })
    .await;
    let target = format!("Location: http://{}/x\r\n", cdn.address);
    let registry = Server::start(move |seen| match seen.line.as_str() {
        "GET /trap" => reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", ""),
        _ if seen.header("authorization").is_none() => {
            reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "")
        }
        _ => reply(302, &target, ""),
    })
    .await;
    registry_address.set(registry.address.clone()).unwrap();
    let answer = ask_as(&registry, tag(), &keychain(&LOGIN), quick()).await;
    assert!(answer.starts_with("Unauthorized: HTTP 401"), "{answer}");
    let trap = registry
        .requests()
        .into_iter()
        .find(|seen| seen.line == "GET /trap");
    assert_eq!(trap.unwrap().header("authorization"), None);
}

#[tokio::test]
async fn a_place_that_was_redirected_to_may_not_ask_for_a_login() {
    let cdn = Server::start(|_| reply(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "")).await;
    let target = format!("Location: http://{}/x\r\n", cdn.address);
    let registry = Server::start(move |_| reply(307, &target, "")).await;
    let answer = ask_as(&registry, tag(), &keychain(&LOGIN), quick()).await;
    assert!(answer.starts_with("Unauthorized: HTTP 401"), "{answer}");
    assert_eq!(cdn.lines().len(), 1);
    assert!(cdn.requests()[0].header("authorization").is_none());
}

#[tokio::test]
async fn redirects_without_end_or_to_nowhere_are_refused() {
    for (headers, expected, count) in [
        ("Location: /again\r\n", "redirected more than 5 times", 6),
        ("", "redirected without saying where to", 1),
        (
            "Location: http://[\r\n",
            "redirected to something that is not a URL",
            1,
        ),
        (
            "Location: ftp://x/y\r\n",
            "redirected to ftp, which is neither",
            1,
        ),
    ] {
        let server = Server::start(move |_| reply(302, headers, "")).await;
        let answer = ask(&server, tag()).await;
        assert!(
            answer.starts_with("RegistryError: ") && answer.contains(expected),
            "{answer}"
        );
        assert_eq!(server.lines().len(), count, "{headers:?}");
    }
}

#[tokio::test]
async fn a_signed_url_that_is_good_for_get_alone_does_not_hide_a_layer() {
    let cdn = Server::start(|seen| {
        if seen.line.starts_with("HEAD") {
            reply(403, "", "")
        } else {
            reply(200, "", "12345")
        }
    })
    .await;
    let target = format!("Location: http://{}/x?sig=1\r\n", cdn.address);
    let registry = Server::start(move |_| reply(307, &target, "")).await;
    let answer = ask(&registry, blob_head()).await;
    assert!(answer.starts_with("MethodNotAllowed: HTTP 403"), "{answer}");
    assert!(
        !answer.contains("sig=1"),
        "signatures are not shown: {answer}"
    );
    assert_eq!(ask(&registry, blob_probe()).await, "head Some(5)");
}
