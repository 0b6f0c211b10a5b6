//! The walk's questions over the browser's fetch, to the server that the page came from.
//!
//! Authentication, redirects and other hosts are the server's gateway's business. Passing faults
//! are tried again, as the command line does it.

use gloo_net::http::{Method, RequestBuilder, Response};
use gloo_timers::future::TimeoutFuture;
use polyarch_core::oci::media_type::ACCEPT;
use polyarch_core::verify::{Answer, Ask, Failure, FailureKind, Headers, Received};
use web_sys::RequestCredentials;

/// Waits before each further try, in milliseconds.
const WAITS: [u32; 3] = [120, 300, 700];

/// Whether something answers there.
pub(super) async fn is_there(url: &str) -> bool {
    let response = RequestBuilder::new(url).method(Method::GET).send().await;
    response.is_ok_and(|response| response.ok() && !is_page(&response))
}

/// Carries out a question about the repository under `base`.
pub(super) async fn answer(base: &str, ask: &Ask) -> Answer {
    let mut waits = WAITS.into_iter();
    loop {
        match attempt(base, ask).await {
            Ok(answer) => return answer,
            Err(fault) => match waits.next().filter(|_| fault.may_pass) {
                Some(wait) => TimeoutFuture::new(wait).await,
                None => return Answer::Failed(fault.failure),
            },
        }
    }
}

struct Fault {
    failure: Failure,
    may_pass: bool,
}

impl Fault {
    fn new(kind: FailureKind, detail: impl Into<String>, may_pass: bool) -> Self {
        Self {
            failure: Failure::new(kind, detail),
            may_pass,
        }
    }
}

async fn attempt(base: &str, ask: &Ask) -> Result<Answer, Fault> {
    let (method, url, limit) = match ask {
        Ask::Manifest { target, limit } => (
            Method::GET,
            format!("{base}/manifests/{target}"),
            Some(*limit),
        ),
        Ask::ManifestHead { target } => (Method::HEAD, format!("{base}/manifests/{target}"), None),
        Ask::Blob { digest, limit } => {
            (Method::GET, format!("{base}/blobs/{digest}"), Some(*limit))
        }
        Ask::BlobHead { digest } => (Method::HEAD, format!("{base}/blobs/{digest}"), None),
        Ask::BlobProbe { digest } => (Method::GET, format!("{base}/blobs/{digest}"), None),
        Ask::Layer { .. } => {
            let detail = "layers are not downloaded in the browser";
            return Err(Fault::new(FailureKind::RegistryError, detail, false));
        }
    };
    // Without credentials the browser never opens its own login window over a 401.
    let mut request = RequestBuilder::new(&url)
        .method(method)
        .credentials(RequestCredentials::Omit);
    if matches!(ask, Ask::Manifest { .. } | Ask::ManifestHead { .. }) {
        request = request.header("Accept", &ACCEPT.join(", "));
    }
    let unreachable =
        |error: gloo_net::Error| Fault::new(FailureKind::Unreachable, error.to_string(), true);
    let response = request.send().await.map_err(unreachable)?;
    if response.status() != 200 {
        return Err(refusal(&url, response).await);
    }
    let headers = headers(&response);
    let Some(limit) = limit else {
        return Ok(Answer::Head(headers));
    };
    let too_large = |size: u64| {
        let detail = format!("the body has {size} bytes");
        Fault::new(FailureKind::TooLarge, detail, false)
    };
    if let Some(size) = headers.size.filter(|size| *size > limit) {
        return Err(too_large(size));
    }
    let body = response.binary().await.map_err(unreachable)?;
    match body.len() as u64 {
        size if size > limit => Err(too_large(size)),
        size if headers.size.is_some_and(|declared| declared > size) => Err(Fault::new(
            FailureKind::Unreachable,
            format!(
                "the body ended after {size} of {} bytes",
                headers.size.unwrap_or_default()
            ),
            true,
        )),
        _ => Ok(Answer::Document(Received {
            body,
            content_type: headers.content_type,
            digest_header: headers.digest_header,
        })),
    }
}

fn headers(response: &Response) -> Headers {
    let header = |name: &str| response.headers().get(name);
    Headers {
        size: header("content-length").and_then(|text| text.parse().ok()),
        content_type: header("content-type"),
        digest_header: header("docker-content-digest"),
    }
}

/// A static host that answers everything with its page is no registry.
fn is_page(response: &Response) -> bool {
    response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"))
}

/// The host of an address right under a registry's `/v2/`, not behind the gateway.
fn registry_host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    path.starts_with("v2/").then_some(host)
}

/// A status other than 200, said as the command line says it.
async fn refusal(url: &str, response: Response) -> Fault {
    let status = response.status();
    let kind = match status {
        404 => FailureKind::NotFound,
        401 | 403 => FailureKind::Unauthorized,
        429 => FailureKind::RateLimited,
        405 => FailureKind::MethodNotAllowed,
        413 => FailureKind::TooLarge,
        504 => FailureKind::Unreachable,
        _ => FailureKind::RegistryError,
    };
    let body: Option<serde_json::Value> = response.json().await.ok();
    let error = body.as_ref().and_then(|body| body.get("errors")?.get(0));
    let text = |key: &str| error?.get(key)?.as_str();
    let host = registry_host(url).unwrap_or_default();
    let detail = match (text("code"), text("message")) {
        // The gateway has already said it.
        (_, Some(message)) if url.contains("/gateway/") => message.to_owned(),
        _ if status == 401 => format!("{host} wants a login, and none is stored for it"),
        (Some(code), Some(message)) => format!("HTTP {status} from {url} ({code}: {message})"),
        _ => format!("HTTP {status} from {url}"),
    };
    Fault::new(
        kind,
        detail,
        matches!(status, 408 | 425 | 429) || status >= 500,
    )
}
