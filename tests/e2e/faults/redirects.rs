//! Redirects: followed in measure, and never with a login to another origin.

use super::case::{Case, Traffic, case};
use super::script::{Action, Login, on, redirect};

const BLOB: &str = "/blobs/";
const TAG: &str = "/manifests/example";

pub(crate) fn cases() -> Vec<Case> {
    let get_config = |says, location: &str| {
        case(says)
            .elsewhere(Vec::new())
            .step(on("GET", BLOB, redirect(location)))
    };
    vec![
        get_config(
            "configs behind a redirect to another host are fetched",
            "http://{elsewhere}{path}",
        )
        .and(went_elsewhere),
        case("layers behind a redirect to another host are asked for there")
            .elsewhere(Vec::new())
            .step(on("*", BLOB, redirect("http://{elsewhere}{path}")))
            .and(went_elsewhere),
        case("301, 302, 303 and 308 are followed too")
            .elsewhere(Vec::new())
            .step(
                on(
                    "GET",
                    BLOB,
                    Action::Redirect(301, "http://{elsewhere}{path}".into()),
                )
                .times(1),
            )
            .step(
                on(
                    "GET",
                    BLOB,
                    Action::Redirect(308, "http://{elsewhere}{path}".into()),
                )
                .times(1),
            )
            .step(on(
                "GET",
                BLOB,
                Action::Redirect(302, "http://{elsewhere}{path}".into()),
            ))
            .and(went_elsewhere),
        case("a relative Location is followed").step(
            on(
                "GET",
                "/v2/demo/manifests/example",
                redirect("/v2/demo/manifests/example?again"),
            )
            .times(1),
        ),
        case("a scheme-relative Location is followed")
            .elsewhere(Vec::new())
            .step(on("GET", BLOB, redirect("//{elsewhere}{path}")))
            .and(went_elsewhere),
        case("a login does not go to another host")
            .login(Login::Basic)
            .env("POLYARCH_USERNAME", "user")
            .env("POLYARCH_PASSWORD", "secret")
            .elsewhere(Vec::new())
            .step(on("GET", BLOB, redirect("http://{elsewhere}{path}")))
            .and(no_login_elsewhere),
        case("a token does not go to another host")
            .login(Login::Bearer { anonymous: true })
            .elsewhere(Vec::new())
            .step(on("GET", BLOB, redirect("http://{elsewhere}{path}")))
            .and(no_login_elsewhere),
        case("a redirect to itself ends and is inconclusive")
            .step(on("GET", TAG, redirect("{path}")))
            .gives(3, "error:registry-error")
            .and(|traffic| match traffic.home.len() {
                0..=30 => Ok(()),
                many => Err(format!("{many} requests")),
            }),
        case("a redirect without a Location is inconclusive")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| *a = super::script::empty(301)),
            ))
            .gives(3, "error:registry-error"),
        case("a redirect to a file is inconclusive")
            .step(on("GET", TAG, redirect("file:///etc/passwd")))
            .gives(3, "error:registry-error"),
        case("a redirect to another scheme is inconclusive")
            .step(on("GET", TAG, redirect("ftp://{host}{path}")))
            .gives(3, "error:registry-error"),
        case("a Location that is no address is inconclusive")
            .step(on("GET", TAG, redirect("http://[")))
            .gives(3, "error:registry-error"),
        case("a redirect to the metadata service of a cloud is not followed")
            .step(on(
                "GET",
                TAG,
                redirect("http://169.254.169.254/latest/meta-data/"),
            ))
            .gives(3, "error:registry-error"),
        case("five redirects are followed").step(on("GET", TAG, redirect("{path}?x")).times(5)),
        case("a sixth redirect is not followed")
            .arg("--retries=0")
            .step(on("GET", TAG, redirect("{path}?x")).times(6))
            .gives(3, "error:registry-error"),
        case("a document behind a redirect that differs fails")
            .elsewhere(vec![on(
                "GET",
                BLOB,
                Action::Change(|a| super::script::body(a, b"{}".to_vec())),
            )])
            .step(on("GET", BLOB, redirect("http://{elsewhere}{path}")))
            .gives(1, "error:digest-mismatch error:size-mismatch"),
        case("another host may not ask for the registry's login")
            .login(Login::Basic)
            .env("POLYARCH_USERNAME", "user")
            .env("POLYARCH_PASSWORD", "secret")
            .elsewhere(vec![on(
                "GET",
                BLOB,
                Action::Change(|a| {
                    *a = super::script::empty(401);
                    a.headers.push((
                        "WWW-Authenticate".into(),
                        "Basic realm=\"give it to me\"".into(),
                    ));
                }),
            )])
            .step(on("GET", BLOB, redirect("http://{elsewhere}{path}")))
            .gives(3, "error:unauthorized")
            .and(no_login_elsewhere),
    ]
}

fn went_elsewhere(traffic: &Traffic) -> Result<(), String> {
    if traffic.elsewhere.is_empty() {
        Err("nobody went there".to_owned())
    } else {
        Ok(())
    }
}

fn no_login_elsewhere(traffic: &Traffic) -> Result<(), String> {
    went_elsewhere(traffic)?;
    match traffic
        .elsewhere
        .iter()
        .find(|seen| seen.header("authorization").is_some())
    {
        Some(seen) => Err(format!("a login went along: {seen:?}")),
        None => Ok(()),
    }
}
