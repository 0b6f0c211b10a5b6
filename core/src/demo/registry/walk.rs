//! The registry as the driver of a walk: no HTTP in between, the same answers.

use super::{Method, Registry, Reply, Response};
use crate::oci::Descriptor;
use crate::verify::{Answer, Ask, Failure, FailureKind, Headers, LayerScanner, Received};

impl Registry {
    /// Answers what a walk over `repository` asks.
    pub fn answer(&mut self, repository: &str, ask: &Ask) -> Answer {
        let manifest =
            |target: &dyn std::fmt::Display| format!("/v2/{repository}/manifests/{target}");
        let blob = |digest: &dyn std::fmt::Display| format!("/v2/{repository}/blobs/{digest}");
        match ask {
            Ask::Manifest { target, limit } => self.document(&manifest(target), *limit),
            Ask::Blob { digest, limit } => self.document(&blob(digest), *limit),
            Ask::ManifestHead { target } => self.head(Method::Head, &manifest(target)),
            Ask::BlobHead { digest } => self.head(Method::Head, &blob(digest)),
            Ask::BlobProbe { digest } => self.head(Method::Get, &blob(digest)),
            Ask::Layer { descriptor } => self.layer(&blob(&descriptor.digest), descriptor),
        }
    }

    fn layer(&mut self, path: &str, descriptor: &Descriptor) -> Answer {
        // The demo's layers are small; nothing here has to be bounded.
        let received = match self.document(path, u64::MAX) {
            Answer::Document(received) => received,
            other => return other,
        };
        let mut scanner = LayerScanner::new(descriptor);
        scanner.write(&received.body);
        Answer::Layer(Box::new(scanner.finish()))
    }

    fn document(&mut self, path: &str, limit: u64) -> Answer {
        match self.fetch(Method::Get, path) {
            Err(failure) => Answer::Failed(failure),
            Ok(response) if response.length > limit => Answer::Failed(Failure::new(
                FailureKind::TooLarge,
                format!("the body has {} bytes", response.length),
            )),
            Ok(response) if (response.body.len() as u64) < response.length => {
                Answer::Failed(Failure::new(
                    FailureKind::Unreachable,
                    format!(
                        "the body ended after {} of {} bytes",
                        response.body.len(),
                        response.length
                    ),
                ))
            }
            Ok(response) => Answer::Document(Received {
                body: response.body.to_vec(),
                content_type: response.header("content-type").map(str::to_owned),
                digest_header: response.header("docker-content-digest").map(str::to_owned),
            }),
        }
    }

    fn head(&mut self, method: Method, path: &str) -> Answer {
        match self.fetch(method, path) {
            Err(failure) => Answer::Failed(failure),
            Ok(response) => Answer::Head(Headers {
                size: Some(response.length),
                content_type: response.header("content-type").map(str::to_owned),
                digest_header: response.header("docker-content-digest").map(str::to_owned),
            }),
        }
    }

    fn fetch(&mut self, method: Method, path: &str) -> Result<Response, Failure> {
        let Reply::Response(response) = self.respond(method, path) else {
            let detail = "the connection was closed before an answer came";
            return Err(Failure::new(FailureKind::Unreachable, detail));
        };
        let (kind, detail) = match response.status {
            200 => return Ok(response),
            404 => (FailureKind::NotFound, "the registry answered 404 Not Found"),
            401 => (
                FailureKind::Unauthorized,
                "the registry answered 401 Unauthorized",
            ),
            429 => (
                FailureKind::RateLimited,
                "the registry answered 429 Too Many Requests",
            ),
            _ => (
                FailureKind::RegistryError,
                "the registry answered 500 Internal Server Error",
            ),
        };
        Err(Failure::new(kind, detail))
    }
}
