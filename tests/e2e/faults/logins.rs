//! Logins: asked for in every way, given once, and only to whom they belong.

use super::case::{Case, Traffic, case};
use super::script::{Action, BASIC, Login, empty, on, status};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = granted();
    cases.extend(refused());
    cases.extend(leaks());
    cases
}

fn with_login(says: &'static str, login: Login) -> Case {
    case(says)
        .login(login)
        .env("POLYARCH_USERNAME", "user")
        .env("POLYARCH_PASSWORD", "secret")
        .and(is_discreet)
}

fn granted() -> Vec<Case> {
    vec![
        case("an anonymous token is fetched once")
            .login(Login::Bearer { anonymous: true })
            .and(one_token),
        with_login("a token for a user is fetched once", Login::Bearer { anonymous: false }).and(one_token),
        with_login("Basic is given where it is asked for", Login::Basic),
        case("a 401 without a challenge leads to the ping").login(Login::PingOnly).and(one_token),
        case("credentials come from Docker's configuration")
            .login(Login::Basic)
            .env("DOCKER_AUTH_CONFIG", "{\"auths\":{\"127.0.0.1\":{\"auth\":\"eDp5\"}}}")
            .gives(3, "error:unauthorized"),
        case("a token under the name access_token is taken")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/token", Action::Change(|a| {
                let text = br#"{"access_token":"token-for-one-repository"}"#.to_vec();
                *a = empty(200);
                super::script::body(a, text);
            }))),
        case("a token that expires in between is fetched again once")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/manifests/sha256", Action::Change(|a| {
                *a = empty(401);
                let challenge = "Bearer realm=\"http://{host}/token\",service=\"fault\"";
                a.headers.push(("WWW-Authenticate".into(), challenge.into()));
            })).times(1)),
        case("several challenges on one line are read")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/v2/", Action::Change(|a| {
                *a = empty(401);
                let challenge = "Negotiate, Bearer realm=\"http://{host}/token\",service=\"fault, really\", Basic realm=\"x\"";
                a.headers.push(("WWW-Authenticate".into(), challenge.into()));
            })).times(1)),
        case("several challenges on several lines are read")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/v2/", Action::Change(|a| {
                *a = empty(401);
                a.headers.push(("WWW-Authenticate".into(), "Basic realm=\"x\"".into()));
                a.headers.push(("WWW-Authenticate".into(), "bearer REALM=\"http://{host}/token\",service=fault".into()));
            })).times(1)),
    ]
}

fn refused() -> Vec<Case> {
    let refused = |says, login| case(says).login(login).gives(3, "error:unauthorized");
    let challenge = |says, change| case(says).step(on("GET", "/v2/", Action::Change(change)));
    vec![
        refused("Basic without credentials is inconclusive", Login::Basic),
        refused(
            "a token service that refuses is inconclusive",
            Login::Bearer { anonymous: false },
        ),
        case("wrong credentials are inconclusive")
            .login(Login::Basic)
            .env("POLYARCH_USERNAME", "user")
            .env("POLYARCH_PASSWORD", "wrong")
            .gives(3, "error:unauthorized"),
        case("credentials for another host are not used")
            .login(Login::Basic)
            .env("POLYARCH_REGISTRY", "ghcr.io")
            .env("POLYARCH_USERNAME", "user")
            .env("POLYARCH_PASSWORD", "secret")
            .gives(3, "error:unauthorized")
            .and(|traffic| {
                if traffic
                    .home
                    .iter()
                    .any(|seen| seen.header("authorization").is_some())
                {
                    Err("they were sent".to_owned())
                } else {
                    Ok(())
                }
            }),
        case("a token that does not help is inconclusive, without end")
            .login(Login::Bearer { anonymous: true })
            .step(on(
                "GET",
                "/token",
                Action::Change(|a| {
                    *a = empty(200);
                    super::script::body(a, br#"{"token":"of-no-use"}"#.to_vec());
                }),
            ))
            .gives(3, "error:unauthorized")
            .and(|traffic| match traffic.home.len() {
                0..=12 => Ok(()),
                many => Err(format!("{many} requests")),
            }),
        challenge("a challenge of an unknown kind is inconclusive", |a| {
            *a = empty(401);
            a.headers
                .push(("WWW-Authenticate".into(), "Digest realm=\"x\"".into()));
        })
        .gives(3, "error:unauthorized"),
        challenge("a challenge that is nonsense is inconclusive", |a| {
            *a = empty(401);
            a.headers
                .push(("WWW-Authenticate".into(), "Bearer realm=\"unclosed".into()));
        })
        .gives(3, "error:unauthorized"),
        challenge("a realm that is no address is inconclusive", |a| {
            *a = empty(401);
            a.headers
                .push(("WWW-Authenticate".into(), "Bearer realm=\"::\"".into()));
        })
        .gives(3, "error:unauthorized"),
        case("a token service that fails is inconclusive")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/token", status(500)))
            .gives(3, "error:registry-error"),
        case("a token service that limits is inconclusive")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/token", status(429)))
            .gives(3, "error:rate-limited"),
        case("a token without an end is inconclusive")
            .login(Login::Bearer { anonymous: true })
            .step(on("GET", "/token", Action::Endless))
            .gives(3, "error:registry-error"),
        case("a token answer that is no JSON is inconclusive")
            .login(Login::Bearer { anonymous: true })
            .step(on(
                "GET",
                "/token",
                Action::Change(|a| {
                    *a = empty(200);
                    super::script::body(a, b"<html>".to_vec());
                }),
            ))
            .gives(3, "error:registry-error"),
    ]
}

fn leaks() -> Vec<Case> {
    let elsewhere = |says, change| {
        with_login(says, Login::None)
            .elsewhere(Vec::new())
            .step(on("GET", "/v2/", Action::Change(change)))
            .and(no_login_left)
    };
    vec![
        elsewhere("credentials do not go to a realm on another host over plain HTTP", |a| {
            *a = empty(401);
            a.headers.push(("WWW-Authenticate".into(), "Bearer realm=\"http://127.0.0.2:9/token\"".into()));
        })
        .gives(3, "error:unauthorized"),
        elsewhere("credentials do not go to a realm on the same host with another port", |a| {
            *a = empty(401);
            a.headers.push(("WWW-Authenticate".into(), "Bearer realm=\"http://127.0.0.1:9/token\"".into()));
        })
        .gives(3, "error:unauthorized"),
        elsewhere("credentials do not go to a realm that pretends to be the host", |a| {
            *a = empty(401);
            a.headers.push(("WWW-Authenticate".into(), "Bearer realm=\"http://{host}@127.0.0.2:9/token\"".into()));
        })
        .gives(3, "error:unauthorized"),
        with_login("a token service may not redirect credentials to another host", Login::Bearer { anonymous: false })
            .elsewhere(Vec::new())
            .step(on("GET", "/token", super::script::redirect("http://{elsewhere}/token")))
            .gives(3, "error:registry-error")
            .and(|traffic| {
                if traffic.elsewhere.iter().any(|seen| seen.header("authorization").is_some()) { Err("they went along".to_owned()) } else { Ok(()) }
            }),
        with_login("a secret is never printed, whatever the registry says back", Login::Basic)
            .step(on("GET", "/manifests/", Action::Change(|a| {
                a.status = 400;
                super::script::body(a, br#"{"errors":[{"code":"DENIED","message":"Basic dXNlcjpzZWNyZXQ= is not known"}]}"#.to_vec());
            })).after(1))
            .gives(3, "error:registry-error"),
    ]
}

/// The token service was asked exactly once.
fn one_token(traffic: &Traffic) -> Result<(), String> {
    is_discreet(traffic)?;
    match traffic
        .home
        .iter()
        .filter(|seen| seen.path.starts_with("/token"))
        .count()
    {
        1 => Ok(()),
        other => Err(format!("{other} tokens were fetched")),
    }
}

/// Nothing that was printed holds a secret.
fn is_discreet(traffic: &Traffic) -> Result<(), String> {
    let secrets = ["secret", "dXNlcjpzZWNyZXQ", "token-for-one-repository"];
    match secrets
        .into_iter()
        .find(|secret| traffic.output.contains(secret))
    {
        Some(secret) => Err(format!("`{secret}` was printed")),
        None => Ok(()),
    }
}

/// No credential was sent to anybody, since nobody entitled asked for it.
fn no_login_left(traffic: &Traffic) -> Result<(), String> {
    is_discreet(traffic)?;
    let all = traffic.home.iter().chain(&traffic.elsewhere);
    let sent = |seen: &&super::server::Seen| {
        seen.header("authorization") == Some(BASIC) || seen.body.contains("secret")
    };
    all.into_iter()
        .find(sent)
        .map_or(Ok(()), |seen| Err(format!("they were sent: {seen:?}")))
}
