//! Where a redirect may lead.
//!
//! A registry may send us to its content network, but not from https to http, not from the public
//! to a private network, and never with the `Authorization` that was meant for itself.

use reqwest::Url;

use super::address;
use super::endpoint::{Origin, printable};

/// Why a redirect is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("redirected without saying where to")]
    NoLocation,
    #[error("redirected to something that is not a URL")]
    NotUrl,
    #[error("redirected to {0}, which is neither https nor http; not followed")]
    Scheme(String),
    #[error("redirected from https to {0}; not followed")]
    Downgrade(String),
    #[error("redirected to the private address {0}; not followed")]
    Private(String),
    #[error("redirected more than {0} times; not followed any further")]
    TooMany(usize),
}

/// The next URL, and whether it has the same origin (so that `Authorization` may stay).
pub(crate) fn next(
    from: &Url,
    location: Option<&str>,
    registry_is_public: bool,
) -> Result<(Url, bool), Refusal> {
    let location = location.ok_or(Refusal::NoLocation)?;
    let mut url = from.join(location).map_err(|_| Refusal::NotUrl)?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
        return Err(Refusal::Scheme(url.scheme().to_owned()));
    }
    if from.scheme() == "https" && url.scheme() == "http" {
        return Err(Refusal::Downgrade(printable(&url)));
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let is_same = Origin::of(from) == Origin::of(&url);
    let is_private = registry_is_public && address::is_private_by_text(&url);
    if !is_same && (is_private || address::is_link_local_by_text(&url)) {
        return Err(Refusal::Private(printable(&url)));
    }
    Ok((url, is_same))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_followed_only_where_it_is_safe() {
        let (public, private) = (true, false);
        for (from, location, reach, expected) in [
            (
                "https://r.example/v2/a",
                "/blobs/x",
                public,
                "https://r.example/blobs/x same",
            ),
            (
                "https://r.example/v2/a",
                "blobs/x",
                public,
                "https://r.example/v2/blobs/x same",
            ),
            (
                "https://r.example/a",
                "https://cdn.example/x?sig=1",
                public,
                "https://cdn.example/x?sig=1 other",
            ),
            (
                "https://r.example/a",
                "//cdn.example/x",
                public,
                "https://cdn.example/x other",
            ),
            (
                "https://r.example/a",
                "https://r.example:444/x",
                public,
                "https://r.example:444/x other",
            ),
            (
                "https://r.example/a",
                "https://r.example:443/x",
                public,
                "https://r.example/x same",
            ),
            (
                "https://r.example/a",
                "https://u:p@r.example/x",
                public,
                "https://r.example/x same",
            ),
            (
                "http://r.example/a",
                "https://r.example/x",
                public,
                "https://r.example/x other",
            ),
            (
                "https://r.example/a",
                "http://r.example/x",
                public,
                "Downgrade",
            ),
            (
                "https://r.example/a",
                "https://127.0.0.1/x",
                public,
                "Private",
            ),
            (
                "https://r.example/a",
                "https://[fd00::1]/x",
                public,
                "Private",
            ),
            (
                "https://r.example/a",
                "https://169.254.169.254/latest",
                public,
                "Private",
            ),
            (
                "https://10.0.0.1/a",
                "https://10.0.0.2/x",
                private,
                "https://10.0.0.2/x other",
            ),
            (
                "https://10.0.0.1/a",
                "https://169.254.169.254/latest",
                private,
                "Private",
            ),
            ("https://r.example/a", "ftp://r.example/x", public, "Scheme"),
            (
                "https://r.example/a",
                "file:///etc/passwd",
                public,
                "Scheme",
            ),
            ("https://r.example/a", "https://", public, "NotUrl"),
        ] {
            let got = match next(&from.parse().unwrap(), Some(location), reach) {
                Ok((url, same)) => format!("{url} {}", if same { "same" } else { "other" }),
                Err(refusal) => {
                    let debug = format!("{refusal:?}");
                    debug.split('(').next().unwrap_or_default().to_owned()
                }
            };
            assert_eq!(got, expected, "{from} to {location}");
        }
        let from = "https://r.example/".parse().unwrap();
        assert_eq!(next(&from, None, true), Err(Refusal::NoLocation));
    }
}
