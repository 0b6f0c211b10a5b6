//! HTTP/2 by ALPN over TLS: requests share a connection, and what a server may do to it in the
//! middle (a refused stream, a farewell) costs a retry and not the verdict.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::body::Bytes;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use tokio_rustls::TlsAcceptor;

use super::script::{keychain, quick, shown, tag};
use crate::registry::client::Client;
use crate::registry::counters::Counters;
use crate::registry::endpoint::Endpoint;
use crate::registry::options::Options;
use crate::registry::transport::Transport;

/// What the server does to a stream, by its number over all connections.
#[derive(Debug, Clone)]
enum Play {
    Answer,
    /// Answers once that many streams are open.
    Together(Arc<Barrier>),
    /// `RST_STREAM` with `REFUSED_STREAM`: it was not looked at.
    Refuse,
    /// `GOAWAY` for the whole connection, this stream included.
    Leave,
}

/// What came of it.
#[derive(Debug, Default)]
struct Seen {
    connections: AtomicUsize,
    streams: AtomicUsize,
}

/// Starts a server for `localhost`; the options that reach it as `r.test`.
async fn start(play: impl Fn(usize) -> Play + Send + Sync + 'static) -> (Options, Arc<Seen>) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certified.cert.der().clone()],
            PrivateKeyDer::Pkcs8(key),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (seen, play) = (Arc::new(Seen::default()), Arc::new(play));
    let of_task = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, seen, play) =
                (acceptor.clone(), Arc::clone(&of_task), Arc::clone(&play));
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.unwrap();
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, respond))) = connection.accept().await {
                    let number = seen.streams.fetch_add(1, Ordering::SeqCst);
                    match play(number) {
                        Play::Leave => {
                            connection.abrupt_shutdown(h2::Reason::NO_ERROR);
                        }
                        other => {
                            tokio::spawn(carry_out(other, respond));
                        }
                    }
                }
            });
        }
    });
    let mut options = Options {
        extra_roots: Some(certified.cert.pem().into_bytes()),
        ..quick()
    };
    let mirror = format!("https://localhost:{port}/").parse().unwrap();
    options.mirrors.insert("r.test".to_owned(), mirror);
    (options, seen)
}

async fn carry_out(play: Play, mut respond: h2::server::SendResponse<Bytes>) {
    match play {
        Play::Refuse => return respond.send_reset(h2::Reason::REFUSED_STREAM),
        Play::Together(barrier) => {
            barrier.wait().await;
        }
        Play::Answer | Play::Leave => {}
    }
    let head = hyper::Response::builder().status(200).body(()).unwrap();
    // A client that went away is its own business.
    if let Ok(mut body) = respond.send_response(head, false) {
        let _ = body.send_data(Bytes::from_static(b"hi"), true);
    }
}

/// Asks for the tag that many times at once.
async fn answers(options: Options, count: usize) -> Vec<String> {
    let transport = Transport::new(options);
    let (keychain, counters) = (keychain(&[]), Arc::new(Counters::default()));
    let reference = "r.test/app:1".parse().unwrap();
    let endpoint = Endpoint::new(&reference, &transport.options).unwrap();
    let client = Client::new(endpoint, &transport, &keychain, &counters);
    let mut answers = vec![shown(&client.answer(&tag()).await)];
    let ask = tag();
    let more = (1..count).map(|_| client.answer(&ask));
    let more = tokio::time::timeout(
        Duration::from_secs(20),
        futures_util::future::join_all(more),
    );
    answers.extend(more.await.unwrap().iter().map(shown));
    answers
}

#[tokio::test]
async fn requests_share_one_connection_side_by_side() {
    let together = Arc::new(Barrier::new(20));
    let (options, seen) = start(move |number| match number {
        0 => Play::Answer,
        _ => Play::Together(Arc::clone(&together)),
    })
    .await;
    assert_eq!(answers(options, 21).await, ["document hi"; 21]);
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    assert_eq!(seen.streams.load(Ordering::SeqCst), 21);
}

#[tokio::test]
async fn a_refused_stream_is_asked_for_again() {
    let (options, seen) = start(|number| match number {
        0 => Play::Refuse,
        _ => Play::Answer,
    })
    .await;
    assert_eq!(answers(options, 1).await, ["document hi"]);
    assert_eq!(seen.streams.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_server_that_says_farewell_is_connected_to_again() {
    let (options, seen) = start(|number| match number {
        1 => Play::Leave,
        _ => Play::Answer,
    })
    .await;
    assert_eq!(answers(options, 3).await, ["document hi"; 3]);
    assert!(seen.connections.load(Ordering::SeqCst) >= 2);
}
