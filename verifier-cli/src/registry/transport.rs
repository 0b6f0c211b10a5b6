//! One request from the first byte sent to the last byte received: clients, places at a host's
//! door, redirects, time, limits. It does not log in and does not try again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use polyarch_core::http::retry_after;
use polyarch_core::verify::FailureKind;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Method, Response, StatusCode, Url};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::counters::Counters;
use super::endpoint::{Origin, printable};
use super::error_body;
use super::fault::{Again, Fault, describe};
use super::gate::{Gate, Pass};
use super::options::{MAX_REDIRECTS, MAX_RETRY_AFTER, Options, SMALL_BODY};
use super::redirect::{self, Refusal};
use super::tls::{self, Clients};
use super::warnings::Warnings;
use crate::auth::secret::{Redactor, Secret};
use crate::auth::session::Sessions;

/// What all requests of a run share.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) options: Options,
    pub(crate) redactor: Redactor,
    pub(crate) warnings: Warnings,
    pub(crate) sessions: Sessions,
    clients: Clients,
    gates: Mutex<BTreeMap<Origin, Arc<Gate>>>,
    jobs: Semaphore,
}

/// The registry that a request is about, and whether it is outside this machine's network.
#[derive(Debug)]
pub(crate) struct Home {
    url: Url,
    public: OnceCell<bool>,
}

/// A request.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// `Accept`, literally.
    pub(crate) accept: Option<&'a str>,
    pub(crate) authorization: Option<&'a Secret>,
    /// A form to POST. It may hold a refresh token, so it follows no redirect.
    pub(crate) form: Option<&'a Secret>,
    pub(crate) home: &'a Home,
    pub(crate) counters: &'a Arc<Counters>,
}

/// The head of an answer, and the right to read its body.
#[derive(Debug)]
pub(crate) struct Reply<'a> {
    response: Response,
    url: Url,
    /// Whether every hop stayed at the origin that was asked first.
    pub(crate) at_home: bool,
    gate: Pass,
    _job: SemaphorePermit<'a>,
    counters: Arc<Counters>,
    method: Method,
}

/// The time that is left for one request; waiting for a place does not count.
#[derive(Debug)]
pub(crate) struct Clock {
    left: Duration,
    whole: Duration,
}

impl Transport {
    /// A transport with nothing connected yet.
    pub(crate) fn new(options: Options) -> Self {
        Self {
            jobs: Semaphore::new(options.jobs.max(1)),
            options,
            redactor: Redactor::default(),
            warnings: Warnings::default(),
            sessions: Sessions::default(),
            clients: Clients::default(),
            gates: Mutex::default(),
        }
    }

    /// Sends the request and follows redirects to an answer, whatever its status.
    pub(crate) async fn exchange<'a>(
        &'a self,
        call: &Call<'_>,
        clock: &mut Clock,
    ) -> Result<Reply<'a>, Fault> {
        let mut url = call.url.clone();
        let mut authorization = call.authorization;
        let mut at_home = true;
        for _ in 0..=MAX_REDIRECTS {
            let reply = self.send(call, &url, authorization, at_home, clock).await?;
            if !reply.is_redirect() {
                return Ok(reply);
            }
            if call.form.is_some() {
                let detail = format!(
                    "{} answers a login with a redirect, which is not followed",
                    printable(&url)
                );
                return Err(Fault::lasting(FailureKind::RegistryError, detail));
            }
            let location = reply.header(&header::LOCATION);
            let public = call.home.is_public().await;
            let (next, is_same) = redirect::next(&url, location.as_deref(), public)
                .map_err(|refusal| refused(&url, &refusal))?;
            at_home &= is_same;
            if !at_home {
                authorization = None;
            }
            // Reading the (small) rest keeps the connection usable.
            let _ = reply.body(SMALL_BODY, clock).await;
            url = next;
        }
        Err(refused(&call.url, &Refusal::TooMany(MAX_REDIRECTS)))
    }

    async fn send<'a>(
        &'a self,
        call: &Call<'_>,
        url: &Url,
        authorization: Option<&Secret>,
        at_home: bool,
        clock: &mut Clock,
    ) -> Result<Reply<'a>, Fault> {
        let public_only = !at_home && call.home.is_public().await;
        let client = self
            .clients
            .for_url(url, public_only, &self.options)
            .map_err(|error| Fault::lasting(FailureKind::Unreachable, error.to_string()))?;
        let mut request = client
            .request(call.method.clone(), url.clone())
            .headers(headers(call.accept, authorization)?);
        if let Some(form) = call.form {
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.expose().to_owned());
        }
        let gate = self.gate(&Origin::of(url)).enter().await;
        let job =
            self.jobs.acquire().await.map_err(|_| {
                Fault::lasting(FailureKind::Unreachable, "the run is being stopped")
            })?;
        let sent = call.counters.send();
        let response = clock.run(request.send()).await?.map_err(|error| {
            let what = if error.is_connect() {
                "no connection to"
            } else {
                "no answer from"
            };
            let detail = format!("{what} {}: {}", Origin::of(url), describe(error));
            Fault::passing(FailureKind::Unreachable, detail)
        })?;
        sent.answered();
        for warning in response.headers().get_all(header::WARNING) {
            if let Ok(text) = warning.to_str() {
                self.warnings.take(
                    url.host_str().unwrap_or_default(),
                    &self.redactor.clean(text),
                );
            }
        }
        Ok(Reply {
            response,
            url: url.clone(),
            at_home,
            gate,
            _job: job,
            counters: Arc::clone(call.counters),
            method: call.method.clone(),
        })
    }

    fn gate(&self, origin: &Origin) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates
            .entry(origin.clone())
            .or_insert_with(|| Arc::new(Gate::new(self.options.jobs)));
        Arc::clone(gate)
    }

    /// The failure that a status other than 200 stands for. Reads what the server says about it.
    pub(crate) async fn status_fault(&self, reply: Reply<'_>, clock: &mut Clock) -> Fault {
        let status = reply.response.status();
        let kind = kind_of(status, &reply);
        let asked_to_wait = reply
            .header(&header::RETRY_AFTER)
            .and_then(|value| retry_after(&value, SystemTime::now()));
        let may_pass = matches!(status.as_u16(), 408 | 425 | 429) || status.is_server_error();
        let again = match asked_to_wait {
            _ if !may_pass => Again::Never,
            Some(wait) => Again::After(wait),
            None => Again::Soon,
        };
        if status == StatusCode::TOO_MANY_REQUESTS {
            let pause = asked_to_wait.filter(|wait| *wait <= MAX_RETRY_AFTER);
            reply
                .gate
                .gate()
                .slow_down(pause.map(|wait| Instant::now() + wait));
        }
        let place = printable(&reply.url);
        let mut detail = format!("HTTP {} from {place}", status.as_u16());
        if let Ok(body) = reply.body(SMALL_BODY, clock).await
            && let Some(summary) = error_body::summary(&body)
        {
            detail = format!("{detail} ({})", self.redactor.clean(&summary));
        }
        if let Again::After(wait) = again
            && wait > MAX_RETRY_AFTER
        {
            detail = format!("{detail}; it asks to wait for {} s", wait.as_secs());
        }
        Fault {
            kind,
            detail,
            again,
        }
    }
}

impl Home {
    /// The registry at this URL.
    pub(crate) fn new(url: Url) -> Self {
        Self {
            url,
            public: OnceCell::new(),
        }
    }

    /// Looked up at most once, and only when another place is named.
    pub(crate) async fn is_public(&self) -> bool {
        *self.public.get_or_init(|| tls::is_public(&self.url)).await
    }
}

impl Reply<'_> {
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// A header as text; of several the first.
    pub(crate) fn header(&self, name: &header::HeaderName) -> Option<String> {
        let value = self.response.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// All `WWW-Authenticate` lines that are text.
    pub(crate) fn challenges(&self) -> Vec<String> {
        let lines = self.response.headers().get_all(header::WWW_AUTHENTICATE);
        lines
            .iter()
            .filter_map(|line| line.to_str().ok().map(str::to_owned))
            .collect()
    }

    /// Where the answer came from.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// `Content-Length` as the header says it; for HEAD there is no body to ask.
    pub(crate) fn declared_length(&self) -> Option<u64> {
        self.header(&header::CONTENT_LENGTH)?.trim().parse().ok()
    }

    /// The answer needs no complaint: the host may get more requests at a time again.
    pub(crate) fn went_well(&self) {
        self.gate.gate().went_well();
    }

    fn is_redirect(&self) -> bool {
        matches!(self.response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
    }

    /// The whole body, or a failure if it is larger than `limit` or was cut short.
    pub(crate) async fn body(mut self, limit: u64, clock: &mut Clock) -> Result<Vec<u8>, Fault> {
        if self.method == Method::HEAD {
            return Ok(Vec::new());
        }
        let declared = self.declared_length().unwrap_or(0);
        if declared > limit {
            return Err(self.too_large(limit));
        }
        // What a header promises is not memory that is set aside.
        let first_piece = declared.min(SMALL_BODY);
        let mut body = Vec::with_capacity(usize::try_from(first_piece).unwrap_or(0));
        while let Some(chunk) = self.chunk(clock).await? {
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(self.too_large(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The next piece of the body, `None` at its end.
    pub(crate) async fn chunk(&mut self, clock: &mut Clock) -> Result<Option<Bytes>, Fault> {
        let chunk = clock.run(self.response.chunk()).await?.map_err(|error| {
            let detail = format!(
                "the answer of {} was cut short: {}",
                Origin::of(&self.url),
                describe(error)
            );
            Fault::passing(FailureKind::Unreachable, detail)
        })?;
        if let Some(chunk) = &chunk {
            self.counters.received(chunk.len());
        }
        Ok(chunk)
    }

    fn too_large(&self, limit: u64) -> Fault {
        let detail = format!(
            "the answer of {} is larger than {limit} bytes",
            printable(&self.url)
        );
        Fault::lasting(FailureKind::TooLarge, detail)
    }
}

impl Clock {
    /// A clock for a request that may take `whole`.
    pub(crate) fn new(whole: Duration) -> Self {
        Self { left: whole, whole }
    }

    /// Runs a part of the request, as long as time is left.
    pub(crate) async fn run<F: Future>(&mut self, part: F) -> Result<F::Output, Fault> {
        let start = Instant::now();
        let result = tokio::time::timeout(self.left, part).await;
        self.left = self.left.saturating_sub(start.elapsed());
        result.map_err(|_| {
            let detail = format!("no complete answer within {} s", self.whole.as_secs_f64());
            Fault::passing(FailureKind::Unreachable, detail)
        })
    }
}

fn headers(accept: Option<&str>, authorization: Option<&Secret>) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    let accept = HeaderValue::from_str(accept.unwrap_or("*/*"));
    headers.insert(
        header::ACCEPT,
        accept.unwrap_or_else(|_| HeaderValue::from_static("*/*")),
    );
    // Digests are of the bytes as they are stored.
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(authorization.expose()).map_err(|_| {
            let detail = "the login or token holds characters that a header may not have";
            Fault::lasting(FailureKind::Unauthorized, detail)
        })?;
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(headers)
}

fn refused(url: &Url, refusal: &Refusal) -> Fault {
    let detail = format!("{} {refusal}", printable(url));
    Fault::lasting(FailureKind::RegistryError, detail)
}

/// What a status means. A HEAD that another place refuses says nothing: signed URLs are often good
/// for GET alone, so it counts as a method that is not allowed and is confirmed by a GET.
fn kind_of(status: StatusCode, reply: &Reply<'_>) -> FailureKind {
    let is_head = reply.method == Method::HEAD;
    match status.as_u16() {
        404 => FailureKind::NotFound,
        405 => FailureKind::MethodNotAllowed,
        400 if is_head => FailureKind::MethodNotAllowed,
        401 | 403 if is_head && !reply.at_home => FailureKind::MethodNotAllowed,
        401 | 403 => FailureKind::Unauthorized,
        429 => FailureKind::RateLimited,
        _ => FailureKind::RegistryError,
    }
}
