//! Answers the questions of core's walk from a registry: logs in when asked to, tries again when
//! that can help, and hands over bytes and headers as they came.

use std::sync::Arc;

use polyarch_core::oci::Descriptor;
use polyarch_core::oci::media_type::ACCEPT;
use polyarch_core::verify::{Answer, Ask, FailureKind, Headers, LayerFacts, Received};
use reqwest::{Method, StatusCode, Url, header};

use super::counters::Counters;
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::retry::Retry;
use super::transport::{Call, Clock, Reply, Transport};
use crate::auth::keychain::Keychain;
use crate::auth::session::Session;
use crate::layer::{self, Scan};
use crate::progress;

/// One repository, ready to be asked.
#[derive(Debug)]
pub(crate) struct Client<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) keychain: &'a Keychain,
    pub(crate) session: Arc<Session>,
    pub(crate) counters: &'a Arc<Counters>,
}

/// What of an answer is wanted.
#[derive(Debug, Clone, Copy)]
enum Want {
    Body(u64),
    HeadersOnly,
}

const DIGEST_HEADER: header::HeaderName = header::HeaderName::from_static("docker-content-digest");

impl<'a> Client<'a> {
    /// A client for one repository.
    pub(crate) fn new(
        endpoint: Endpoint,
        transport: &'a Transport,
        keychain: &'a Keychain,
        counters: &'a Arc<Counters>,
    ) -> Self {
        Self {
            transport,
            keychain,
            session: transport.sessions.of(endpoint),
            counters,
        }
    }

    /// Fetches what the walk wants to know; failures are answers too.
    pub(crate) async fn answer(&self, ask: &Ask) -> Answer {
        let endpoint = &self.session.endpoint;
        let result = match ask {
            Ask::Manifest { target, limit } => {
                let url = endpoint.manifest(target);
                self.fetch(Method::GET, url, true, Want::Body(*limit)).await
            }
            Ask::ManifestHead { target } => {
                let url = endpoint.manifest(target);
                self.fetch(Method::HEAD, url, true, Want::HeadersOnly).await
            }
            Ask::Blob { digest, limit } => {
                let url = endpoint.blob(digest);
                self.fetch(Method::GET, url, false, Want::Body(*limit))
                    .await
            }
            Ask::BlobHead { digest } => {
                let url = endpoint.blob(digest);
                self.fetch(Method::HEAD, url, false, Want::HeadersOnly)
                    .await
            }
            Ask::BlobProbe { digest } => {
                let url = endpoint.blob(digest);
                self.fetch(Method::GET, url, false, Want::HeadersOnly).await
            }
            Ask::Layer { descriptor } => self.layer(descriptor).await,
        };
        result.unwrap_or_else(|fault| Answer::Failed(fault.into()))
    }

    async fn fetch(
        &self,
        method: Method,
        url: Url,
        is_manifest: bool,
        want: Want,
    ) -> Result<Answer, Fault> {
        let mut retry = Retry::new(self.transport.options.retries);
        loop {
            let mut clock = Clock::new(self.transport.options.timeout);
            let attempt = self.attempt(&method, &url, is_manifest, want, &mut clock);
            let fault = match attempt.await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            match retry.after(&fault) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(fault),
            }
        }
    }

    async fn attempt(
        &self,
        method: &Method,
        url: &Url,
        is_manifest: bool,
        want: Want,
        clock: &mut Clock,
    ) -> Result<Answer, Fault> {
        let accept = is_manifest.then(|| ACCEPT.join(", "));
        let reply = self.open(method, url, accept.as_deref(), clock).await?;
        let headers = Headers {
            size: reply.declared_length(),
            content_type: reply.header(&header::CONTENT_TYPE),
            digest_header: reply.header(&DIGEST_HEADER),
        };
        let Want::Body(limit) = want else {
            return Ok(Answer::Head(headers));
        };
        refuse_encoding(&reply)?;
        let body = reply.body(limit, clock).await?;
        Ok(Answer::Document(Received {
            body,
            content_type: headers.content_type,
            digest_header: headers.digest_header,
        }))
    }

    /// Streams a layer whole through a scanner; from its start again if it breaks off.
    async fn layer(&self, descriptor: &Descriptor) -> Result<Answer, Fault> {
        progress::expect(descriptor.size);
        let answer = self.stream(descriptor).await;
        progress::done();
        answer
    }

    async fn stream(&self, descriptor: &Descriptor) -> Result<Answer, Fault> {
        let options = &self.transport.options;
        let mut retry = Retry::new(options.retries);
        loop {
            let turn = layer::turn(descriptor.size).await;
            let mut clock = Clock::new(options.layer_timeout(descriptor.size));
            let fault = match self.scan(descriptor, turn, &mut clock).await {
                Ok(facts) => return Ok(Answer::Layer(Box::new(facts))),
                Err(fault) => fault,
            };
            match retry.after(&fault) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(fault),
            }
        }
    }

    async fn scan(
        &self,
        descriptor: &Descriptor,
        turn: layer::Turn,
        clock: &mut Clock,
    ) -> Result<LayerFacts, Fault> {
        let stopped = |stopped: layer::Stopped| {
            Fault::lasting(FailureKind::RegistryError, stopped.to_string())
        };
        let url = self.session.endpoint.blob(&descriptor.digest);
        let mut reply = self.open(&Method::GET, &url, None, clock).await?;
        refuse_encoding(&reply)?;
        let mut scan = Scan::start(descriptor, turn);
        let mut received = 0;
        while let Some(piece) = reply.chunk(clock).await? {
            received += piece.len() as u64;
            progress::received(piece.len());
            // Under the clock too: a layer that is far larger than its descriptor says may wait
            // for a scanner that never gets free.
            clock.run(scan.write(&piece)).await?.map_err(stopped)?;
            if received > layer::limit(descriptor) {
                break;
            }
        }
        scan.finish().await.map_err(stopped)
    }

    /// Sends the request with the login of now, and once more with a new one after a 401.
    pub(crate) async fn open(
        &self,
        method: &Method,
        url: &Url,
        accept: Option<&str>,
        clock: &mut Clock,
    ) -> Result<Reply<'_>, Fault> {
        let mut login = self.session.login().await;
        let mut is_renewed = false;
        loop {
            let call = Call {
                method: method.clone(),
                url: url.clone(),
                accept,
                authorization: login.authorization.as_ref(),
                form: None,
                home: &self.session.home,
                counters: self.counters,
            };
            let reply = self.transport.exchange(&call, clock).await?;
            let status = reply.status();
            if status == StatusCode::OK {
                reply.went_well();
                return Ok(reply);
            }
            // Some registries refuse a HEAD whatever the login (aws/containers-roadmap 2671); the
            // GET that follows tells, and renews an old login.
            let is_refused_head = *method == Method::HEAD && login.authorization.is_some();
            // Only the registry itself may ask for a login, not a place it redirected to.
            let may_log_in = reply.at_home && !is_renewed && !is_refused_head;
            if status != StatusCode::UNAUTHORIZED || !may_log_in {
                return Err(self.transport.status_fault(reply, clock).await);
            }
            let headers = reply.challenges();
            drop(reply);
            is_renewed = true;
            login = self
                .session
                .renew(
                    &login,
                    &headers,
                    self.transport,
                    self.keychain,
                    self.counters,
                )
                .await?;
        }
    }
}

/// Digests are of the bytes as they are stored, so an encoded body is of no use.
fn refuse_encoding(reply: &Reply<'_>) -> Result<(), Fault> {
    let encoding = reply.header(&header::CONTENT_ENCODING);
    match encoding.filter(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        None => Ok(()),
        Some(encoding) => {
            let detail = format!(
                "the body came with Content-Encoding {}, though only identity was asked for",
                super::fault::one_line(&encoding, 40)
            );
            Err(Fault::lasting(FailureKind::RegistryError, detail))
        }
    }
}
