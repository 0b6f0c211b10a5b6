//! Where a registry's API is: scheme, host and port, and the URLs below `/v2/`.
//!
//! URLs are built from parts that core has already checked (path, tag, digest), never from text
//! that a registry sent.

use std::fmt;

use polyarch_core::reference::{Reference, Target};
use reqwest::Url;

use super::address;
use super::options::Options;
use crate::error::CliError;

/// Scheme, host and port: what a credential may not leave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Origin {
    /// The origin of a URL; a scheme without a known port gets port 0, which nothing listens on.
    pub(crate) fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: url.port_or_known_default().unwrap_or(0),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// One repository on one registry, or on the mirror that stands in for it.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    /// Ends with a slash.
    base: Url,
    /// Host as the reference names it, `docker.io` for Docker Hub; the mirror's own host with a
    /// mirror. Logins are looked up under it.
    pub(crate) login_host: String,
    /// Whether `login_host` is the host that the reference names.
    pub(crate) is_mirror: bool,
    /// Repository, such as `library/alpine`.
    pub(crate) repository: String,
}

impl Endpoint {
    /// The place to ask for a reference.
    pub(crate) fn new(reference: &Reference, options: &Options) -> Result<Self, CliError> {
        if let Some(mirror) = options.mirrors.get(&reference.host.to_ascii_lowercase()) {
            let host = mirror.host_str().unwrap_or_default();
            let login_host = mirror
                .port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            return Ok(Self {
                base: mirror.clone(),
                login_host,
                is_mirror: true,
                repository: reference.path.clone(),
            });
        }
        let registry = reference.registry();
        let scheme = if options.plain_http || address::is_loopback_host(host_of(registry)) {
            "http"
        } else {
            "https"
        };
        let text = format!("{scheme}://{registry}/");
        let base = Url::parse(&text).map_err(|error| {
            CliError::Usage(format!(
                "`{registry}` is not a host that can be connected to: {error}"
            ))
        })?;
        Ok(Self {
            base,
            login_host: reference.host.clone(),
            is_mirror: false,
            repository: reference.path.clone(),
        })
    }

    /// Where the registry itself is.
    pub(crate) fn origin(&self) -> Origin {
        Origin::of(&self.base)
    }

    /// `/v2/`, which answers with a challenge where a request did not.
    pub(crate) fn ping(&self) -> Url {
        self.below("v2/")
    }

    /// `/v2/<repository>/manifests/<tag or digest>`.
    pub(crate) fn manifest(&self, target: &Target) -> Url {
        self.below(&format!("v2/{}/manifests/{target}", self.repository))
    }

    /// `/v2/<repository>/blobs/<digest>`.
    pub(crate) fn blob(&self, digest: &polyarch_core::digest::Digest) -> Url {
        self.below(&format!("v2/{}/blobs/{digest}", self.repository))
    }

    fn below(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url
    }
}

/// The host of `host[:port]`, IPv6 brackets kept.
fn host_of(registry: &str) -> &str {
    if registry.starts_with('[') {
        return registry.split_inclusive(']').next().unwrap_or(registry);
    }
    registry.split(':').next().unwrap_or(registry)
}

/// A URL as it may be printed: without user, password, query (signatures) and fragment.
pub(crate) fn printable(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest_url(text: &str, options: &Options) -> String {
        let reference: Reference = text.parse().unwrap();
        let endpoint = Endpoint::new(&reference, options).unwrap();
        endpoint.manifest(&reference.target()).into()
    }

    #[test]
    fn references_become_urls() {
        let options = Options::default();
        for (text, expected) in [
            (
                "alpine",
                "https://registry-1.docker.io/v2/library/alpine/manifests/latest",
            ),
            ("ghcr.io/o/app:1", "https://ghcr.io/v2/o/app/manifests/1"),
            (
                "localhost:5000/app:1",
                "http://localhost:5000/v2/app/manifests/1",
            ),
            (
                "127.9.9.9:5000/app:1",
                "http://127.9.9.9:5000/v2/app/manifests/1",
            ),
            ("[::1]:5000/app:1", "http://[::1]:5000/v2/app/manifests/1"),
            (
                "127.0.0.1.example.com/app:1",
                "https://127.0.0.1.example.com/v2/app/manifests/1",
            ),
        ] {
            assert_eq!(manifest_url(text, &options), expected, "{text}");
        }
    }

    #[test]
    fn a_mirror_stands_in_for_its_host_alone_and_has_its_own_login() {
        let mut options = Options::default();
        let mirror: Url = "https://mirror.example/hub/".parse().unwrap();
        options.mirrors.insert("docker.io".to_owned(), mirror);
        assert_eq!(
            manifest_url("alpine:3", &options),
            "https://mirror.example/hub/v2/library/alpine/manifests/3"
        );
        assert_eq!(
            manifest_url("ghcr.io/o/app:1", &options),
            "https://ghcr.io/v2/o/app/manifests/1"
        );
        let endpoint = Endpoint::new(&"alpine".parse().unwrap(), &options).unwrap();
        assert_eq!(endpoint.login_host, "mirror.example");
        assert!(endpoint.is_mirror);
    }

    #[test]
    fn signatures_are_not_printed() {
        let url: Url = "https://me:secret@cdn.example/blob?X-Amz-Signature=abc#x"
            .parse()
            .unwrap();
        assert_eq!(printable(&url), "https://cdn.example/blob");
    }
}
