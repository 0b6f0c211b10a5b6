//! The gateway: lets the page read public images of registries that the user allowed.
//!
//! `/gateway/HOST/NAME/manifests/TARGET` and `/gateway/HOST/NAME/blobs/DIGEST` become one request
//! to that registry. URLs are built by us from checked parts; no login of the user is ever used;
//! only documents pass, no layers; a registry that is public cannot lead to a private address.

use std::sync::Arc;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};
use polyarch_core::digest::Digest;
use polyarch_core::oci::MAX_DOCUMENT;
use polyarch_core::reference::Reference;
use polyarch_core::verify::{Answer, Ask, Failure, FailureKind};

use super::body::{self, Body};
use crate::auth::keychain::Keychain;
use crate::error::CliError;
use crate::registry::client::Client;
use crate::registry::counters::Counters;
use crate::registry::endpoint::Endpoint;
use crate::registry::options::Options;
use crate::registry::transport::Transport;

/// The registries that may be asked, and the means to do so.
#[derive(Debug)]
pub(super) struct Gateway {
    /// As references name them: `docker.io`, `ghcr.io`.
    allowed: Vec<String>,
    transport: Transport,
    /// Empty: what a browser asks for is asked for anonymously.
    keychain: Keychain,
}

/// Why a path is not answered.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("expected /gateway/HOST/NAME/manifests/TARGET or /gateway/HOST/NAME/blobs/DIGEST")]
    Shape,
    #[error("{0} is not allowed; start `polyarch serve --allow-registry {0}`")]
    NotAllowed(String),
}

impl Gateway {
    /// A gateway to these hosts and no others.
    pub(super) fn new(hosts: &[String]) -> Result<Self, CliError> {
        let host_of = |host: &String| {
            let reference: Result<Reference, _> = format!("{host}/x").parse();
            match reference {
                Ok(reference) if reference.path == "x" || reference.path == "library/x" => {
                    Ok(reference.host)
                }
                _ => Err(CliError::Usage(format!(
                    "`{host}` is not a registry's host; write it as in ghcr.io or localhost:5000"
                ))),
            }
        };
        Ok(Self {
            allowed: hosts.iter().map(host_of).collect::<Result<_, _>>()?,
            transport: Transport::new(Options::default()),
            keychain: Keychain::default(),
        })
    }

    /// Answers what stands behind `/gateway/`.
    pub(super) async fn answer(&self, method: &Method, path: &str) -> Response<Body> {
        let is_head = *method == Method::HEAD;
        match self.question(path, is_head) {
            Ok((reference, ask)) => {
                let Ok(endpoint) = Endpoint::new(&reference, &self.transport.options) else {
                    return error(
                        StatusCode::BAD_REQUEST,
                        "UNSUPPORTED",
                        &Refusal::Shape.to_string(),
                    );
                };
                let counters = Arc::new(Counters::default());
                let client = Client::new(endpoint, &self.transport, &self.keychain, &counters);
                respond(client.answer(&ask).await)
            }
            Err(refusal @ Refusal::Shape) => {
                error(StatusCode::BAD_REQUEST, "UNSUPPORTED", &refusal.to_string())
            }
            Err(refusal @ Refusal::NotAllowed(_)) => {
                error(StatusCode::FORBIDDEN, "DENIED", &refusal.to_string())
            }
        }
    }

    fn question(&self, path: &str, is_head: bool) -> Result<(Reference, Ask), Refusal> {
        let mut parts = path.rsplitn(3, '/');
        let (Some(target), Some(kind), Some(name)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(Refusal::Shape);
        };
        let glue = if target.contains(':') { '@' } else { ':' };
        let reference: Reference = format!("{name}{glue}{target}")
            .parse()
            .map_err(|_| Refusal::Shape)?;
        // Only a path that names its host outright: no short names here.
        if !name.starts_with(&format!("{}/", reference.host)) {
            return Err(Refusal::Shape);
        }
        if !self.allowed.contains(&reference.host) {
            return Err(Refusal::NotAllowed(reference.host));
        }
        let digest = || target.parse::<Digest>().map_err(|_| Refusal::Shape);
        let ask = match (kind, is_head) {
            ("manifests", true) => Ask::ManifestHead {
                target: reference.target(),
            },
            ("manifests", false) => Ask::Manifest {
                target: reference.target(),
                limit: MAX_DOCUMENT,
            },
            ("blobs", true) => Ask::BlobHead { digest: digest()? },
            ("blobs", false) => Ask::Blob {
                digest: digest()?,
                limit: MAX_DOCUMENT,
            },
            _ => return Err(Refusal::Shape),
        };
        Ok((reference, ask))
    }
}

fn respond(answer: Answer) -> Response<Body> {
    match answer {
        Answer::Document(received) => {
            let length = received.body.len() as u64;
            let mut response = Response::new(body::whole(received.body));
            describe(
                response.headers_mut(),
                Some(length),
                received.content_type,
                received.digest_header,
            );
            response
        }
        Answer::Head(headers) => {
            let mut response = Response::new(body::whole(Vec::new()));
            describe(
                response.headers_mut(),
                headers.size,
                headers.content_type,
                headers.digest_header,
            );
            response
        }
        Answer::Failed(failure) => failed(&failure),
        Answer::Layer(_) => error(
            StatusCode::BAD_REQUEST,
            "UNSUPPORTED",
            "no layers pass here",
        ),
    }
}

fn describe(
    headers: &mut HeaderMap,
    length: Option<u64>,
    content_type: Option<String>,
    digest: Option<String>,
) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let texts = [
        (header::CONTENT_TYPE, content_type),
        (HeaderName::from_static("docker-content-digest"), digest),
    ];
    for (name, text) in texts {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(name, value);
        }
    }
}

/// The status from which the page's driver makes the same failure again.
fn failed(failure: &Failure) -> Response<Body> {
    let (status, code) = match failure.kind {
        FailureKind::NotFound => (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
        // No 401: the browser would ask the user for a login that this server does not take.
        FailureKind::Unauthorized => (StatusCode::FORBIDDEN, "UNAUTHORIZED"),
        FailureKind::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS"),
        FailureKind::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
        FailureKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID"),
        FailureKind::Unreachable => (StatusCode::GATEWAY_TIMEOUT, "UNAVAILABLE"),
        FailureKind::RegistryError => (StatusCode::BAD_GATEWAY, "UNKNOWN"),
    };
    error(status, code, &failure.detail)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    let body = serde_json::json!({ "errors": [{ "code": code, "message": message }] });
    let mut response = Response::new(body::whole(body.to_string().into_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn only_well_formed_questions_to_allowed_registries_pass() {
        let allowed = ["docker.io".to_owned(), "localhost:5000".to_owned()];
        let gateway = Gateway::new(&allowed).unwrap();
        let blob = format!("docker.io/library/alpine/blobs/sha256:{HEX}");
        for (path, expected) in [
            ("docker.io/library/alpine/manifests/3", "asked"),
            ("localhost:5000/app/manifests/1", "asked"),
            (blob.as_str(), "asked"),
            ("alpine/manifests/3", "Shape"),
            ("ghcr.io/o/app/manifests/1", "NotAllowed"),
            ("docker.io/library/alpine/tags/list", "Shape"),
            ("docker.io/library/alpine/blobs/latest", "Shape"),
            ("docker.io/../x/manifests/1", "Shape"),
            ("docker.io/library/alpine/manifests/%2e%2e", "Shape"),
            ("docker.io@evil.example/x/manifests/1", "Shape"),
            ("localhost:5000/manifests/1", "Shape"),
            ("", "Shape"),
        ] {
            let got = match gateway.question(path, false) {
                Ok(_) => "asked".to_owned(),
                Err(refusal) => format!("{refusal:?}").split('(').next().unwrap().to_owned(),
            };
            assert_eq!(got, expected, "{path}");
        }
        assert!(Gateway::new(&["https://ghcr.io".to_owned()]).is_err());
        assert!(Gateway::new(&["ghcr.io/org".to_owned()]).is_err());
    }
}
