//! Where a token may be asked for.
//!
//! The realm is text from the registry: it must not make us read our own network, send a login in
//! clear, or send it to a place that only an attacker on the way could have named.

use reqwest::Url;

use crate::registry::address;
use crate::registry::endpoint::{Origin, printable};

/// Why a realm is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the registry names no token server (realm)")]
    Missing,
    #[error("the token server `{0}` that the registry names is not a URL")]
    NotUrl(String),
    #[error("the token server `{0}` is neither https nor http")]
    Scheme(String),
    #[error("the registry uses https, but its token server `{0}` does not")]
    Downgrade(String),
    #[error("the registry is public, but its token server `{0}` is a private address")]
    Private(String),
    #[error(
        "the login would go in clear to `{0}`, which is not the registry itself; it was not sent"
    )]
    Clear(String),
}

/// Checks the text of a realm against the registry that sent it.
///
/// `registry_is_public` says whether the registry is outside this machine and its network;
/// `with_login` whether a credential would be sent along.
pub(crate) fn check(
    realm: Option<&str>,
    registry: &Origin,
    registry_is_public: bool,
    with_login: bool,
) -> Result<Url, Refusal> {
    let text = realm.ok_or(Refusal::Missing)?;
    let mut url = Url::parse(text).map_err(|_| Refusal::NotUrl(shown(text)))?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
        return Err(Refusal::Scheme(shown(text)));
    }
    // A login inside the realm would be the registry's invention.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    let is_own = Origin::of(&url) == *registry;
    if registry.scheme == "https" && url.scheme() != "https" {
        return Err(Refusal::Downgrade(printable(&url)));
    }
    if registry_is_public && !is_own && address::is_private_by_text(&url) {
        return Err(Refusal::Private(printable(&url)));
    }
    if with_login && url.scheme() != "https" && !is_own {
        return Err(Refusal::Clear(printable(&url)));
    }
    Ok(url)
}

fn shown(text: &str) -> String {
    crate::registry::fault::one_line(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(realm: &str, registry: &str, public: bool, login: bool) -> String {
        let registry = Origin::of(&registry.parse().unwrap());
        match check(Some(realm), &registry, public, login) {
            Ok(url) => format!("ask {url}"),
            Err(refusal) => {
                let debug = format!("{refusal:?}");
                debug.split('(').next().unwrap_or_default().to_owned()
            }
        }
    }

    #[test]
    fn a_realm_is_used_only_where_it_is_safe() {
        let hub = "https://registry-1.docker.io/";
        let local = "http://127.0.0.1:5000/";
        let (public, private) = (true, false);
        let (login, anonymous) = (true, false);
        for (registry, reach, realm, who, expected) in [
            (
                hub,
                public,
                "https://auth.docker.io/token",
                login,
                "ask https://auth.docker.io/token",
            ),
            (
                hub,
                public,
                "http://auth.docker.io/token",
                anonymous,
                "Downgrade",
            ),
            (
                hub,
                public,
                "http://registry-1.docker.io/token",
                login,
                "Downgrade",
            ),
            (hub, public, "https://127.0.0.1/token", anonymous, "Private"),
            (hub, public, "https://localhost/token", anonymous, "Private"),
            (hub, public, "https://[::1]/token", anonymous, "Private"),
            (
                hub,
                public,
                "https://[::ffff:169.254.169.254]/token",
                anonymous,
                "Private",
            ),
            (hub, public, "https://0.0.0.0/token", anonymous, "Private"),
            (hub, public, "https://10.0.0.1:8443/token", login, "Private"),
            (
                hub,
                public,
                "ftp://auth.docker.io/token",
                anonymous,
                "Scheme",
            ),
            (hub, public, "file:///etc/passwd", anonymous, "Scheme"),
            (hub, public, "/token", anonymous, "NotUrl"),
            (
                hub,
                public,
                "https://u:p@auth.docker.io/t",
                login,
                "ask https://auth.docker.io/t",
            ),
            (
                "https://10.0.0.5/",
                private,
                "https://10.0.0.6/token",
                login,
                "ask https://10.0.0.6/token",
            ),
            (
                local,
                private,
                "http://127.0.0.1:5000/token",
                login,
                "ask http://127.0.0.1:5000/token",
            ),
            (
                local,
                private,
                "http://127.0.0.1:5001/token",
                login,
                "Clear",
            ),
            (
                local,
                private,
                "http://localhost:5000/token",
                login,
                "Clear",
            ),
            (
                local,
                private,
                "http://127.0.0.1:5001/token",
                anonymous,
                "ask http://127.0.0.1:5001/token",
            ),
            (
                local,
                private,
                "https://auth.example/token",
                login,
                "ask https://auth.example/token",
            ),
            (
                "http://203.0.114.9:5000/",
                public,
                "http://203.0.114.9:5000/t",
                login,
                "ask http://203.0.114.9:5000/t",
            ),
        ] {
            let got = verdict(realm, registry, reach, who);
            assert_eq!(got, expected, "{realm} named by {registry}");
        }
        let registry = Origin::of(&hub.parse().unwrap());
        assert_eq!(check(None, &registry, true, false), Err(Refusal::Missing));
    }
}
