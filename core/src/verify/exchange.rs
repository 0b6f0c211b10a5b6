//! What the walk asks of a driver, and what a driver may answer.
//!
//! A driver moves bytes: it does authentication, redirects, retries of passing faults and time
//! limits, and stops reading at [`Ask`]'s limit. It judges nothing.

use super::layer::LayerFacts;
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::reference::Target;

/// Names a request until it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u32);

/// One thing to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub ask: Ask,
}

/// What to fetch. All are of the one repository that the walk is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `GET /v2/<name>/manifests/<target>` with all of [`crate::oci::media_type::ACCEPT`].
    /// Answer: [`Answer::Document`].
    Manifest { target: Target, limit: u64 },
    /// `HEAD /v2/<name>/manifests/<target>`. Answer: [`Answer::Head`].
    ManifestHead { target: Target },
    /// `GET /v2/<name>/blobs/<digest>`, for a config. Answer: [`Answer::Document`].
    Blob { digest: Digest, limit: u64 },
    /// `HEAD /v2/<name>/blobs/<digest>`. Answer: [`Answer::Head`].
    BlobHead { digest: Digest },
    /// `GET /v2/<name>/blobs/<digest>`, dropped after the headers of the last hop.
    /// Answer: [`Answer::Head`].
    BlobProbe { digest: Digest },
    /// `GET /v2/<name>/blobs/<digest>`, streamed whole through a layer scanner.
    /// Answer: [`Answer::Layer`].
    Layer { descriptor: Descriptor },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Document(Received),
    Head(Headers),
    Layer(Box<LayerFacts>),
    Failed(Failure),
}

/// A body and the headers that are judged. The body is the registry's, undecoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    pub body: Vec<u8>,
    /// `Content-Type`, where there is one.
    pub content_type: Option<String>,
    /// `Docker-Content-Digest`, where there is one.
    pub digest_header: Option<String>,
}

/// Headers of an answer whose body was not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// `Content-Length`, where there is one.
    pub size: Option<u64>,
    pub content_type: Option<String>,
    pub digest_header: Option<String>,
}

/// No usable answer, after whatever the driver could try.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub kind: FailureKind,
    /// What the driver knows: status, host, reason; a fragment without a full stop, fit to stand
    /// behind "could not be fetched: ". Holds no secret.
    pub detail: String,
}

/// Why there is no answer. Only [`FailureKind::NotFound`] and [`FailureKind::TooLarge`] say
/// something about the image; the others say that nothing could be established.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// 404, or whatever the driver knows to mean it.
    NotFound,
    /// 401 or 403 after authentication was tried.
    Unauthorized,
    /// 429 after retries.
    RateLimited,
    /// 405, and 400 to a HEAD.
    MethodNotAllowed,
    /// Any other answer that is none: 5xx after retries, a redirect without end or to where
    /// credentials must not go, an undecodable answer.
    RegistryError,
    /// No connection, a lost one, a time-out, a body cut short.
    Unreachable,
    /// The body is larger than the limit of the [`Ask`]; reading stopped there.
    TooLarge,
}

impl Failure {
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }
}
