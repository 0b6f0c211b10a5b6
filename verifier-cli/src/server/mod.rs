//! The HTTP server behind `polyarch serve`: the page, the documents under `/docs/`, the demo
//! registry under `/v2/`, and the gateway to registries under `/gateway/`. Everything is read-only
//! and from one origin.

mod body;
mod demo;
mod docs;
mod gateway;
mod guard;
mod page;

use std::convert::Infallible;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use polyarch_core::demo as images;
use tokio::net::TcpListener;

use self::body::Body;
use self::gateway::Gateway;
use self::page::Page;
use crate::error::CliError;

/// What is offered, and where.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) address: SocketAddr,
    pub(crate) demo: bool,
    pub(crate) registries: Vec<String>,
}

/// A server that is ready to take connections.
#[derive(Debug)]
pub(crate) struct Server {
    offer: Offer,
    page: Page,
    demo: Option<Mutex<images::Registry>>,
    gateway: Gateway,
}

/// A request that ends without an answer: the connection is closed.
#[derive(Debug, thiserror::Error)]
#[error("the connection is lost on purpose")]
struct Lost;

impl Server {
    /// Prepares what is offered.
    pub(crate) fn new(offer: Offer) -> Result<Self, CliError> {
        Ok(Self {
            page: Page::embedded(),
            demo: offer.demo.then(|| Mutex::new(images::registry())),
            gateway: Gateway::new(&offer.registries)?,
            offer,
        })
    }

    /// What is printed when it is ready.
    pub(crate) fn greeting(&self) -> String {
        let address = self.offer.address;
        let mut text = format!("The playground is at http://{address}/ (Ctrl-C ends it)\n");
        if self.page.is_missing() {
            text = format!(
                "Listening on http://{address}/ (Ctrl-C ends it); this polyarch was built without \
                 the page\n"
            );
        }
        if self.offer.demo {
            let repository = images::REPOSITORY;
            let _ = writeln!(
                text,
                "The demo registry is there too: polyarch verify {address}/{repository}:good"
            );
        }
        text
    }

    /// Takes connections until the process ends.
    pub(crate) async fn run(self, listener: TcpListener) {
        let server = Arc::new(self);
        loop {
            // A connection that is gone before it is taken, or too many open files: go on.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let server = Arc::clone(&server);
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let server = Arc::clone(&server);
                    async move { server.answer(request).await }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(std::time::Duration::from_secs(30))
                    .serve_connection(TokioIo::new(stream), service);
                // What goes wrong on one connection concerns nobody else.
                let _ = connection.await;
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, Lost> {
        let method = request.method();
        if !matches!(*method, Method::GET | Method::HEAD) {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return Ok(guard::hardened(response));
        }
        if let Err(reason) = guard::check(request.headers(), self.offer.address) {
            return Ok(guard::hardened(plain(StatusCode::FORBIDDEN, reason)));
        }
        let path = request.uri().path();
        let response = if path == "/v2" || path.starts_with("/v2/") {
            match &self.demo {
                Some(registry) => demo::answer(registry, method, path).ok_or(Lost)?,
                None => plain(
                    StatusCode::NOT_FOUND,
                    "no demo registry; start `polyarch serve --demo`\n",
                ),
            }
        } else if let Some(rest) = path.strip_prefix("/gateway/") {
            self.gateway.answer(method, rest).await
        } else if let Some(rest) = documents(path) {
            docs::answer(method, rest)
        } else {
            self.page.answer(method, path, request.headers())
        };
        Ok(guard::hardened(response))
    }
}

/// What follows `/docs` in the address of a document.
fn documents(path: &str) -> Option<&str> {
    path.strip_prefix("/docs")
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A short text.
fn plain(status: StatusCode, text: impl Into<String>) -> Response<Body> {
    let mut response = Response::new(body::whole(text.into().into_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

/// `io::Error` for bodies that end early.
fn cut_short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "cut short on purpose")
}

/// Bodies that cannot fail, as bodies that could.
fn never(error: Infallible) -> io::Error {
    match error {}
}

#[cfg(test)]
mod tests;
