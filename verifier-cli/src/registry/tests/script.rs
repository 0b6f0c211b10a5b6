//! A server that is a function from request to bytes: it can lie about lengths, stop in the middle
//! and say nothing at all, which HTTP libraries refuse to do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use polyarch_core::digest::Digest;
use polyarch_core::reference::Target;
use polyarch_core::verify::{Answer, Ask};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::auth::keychain::Keychain;
use crate::registry::client::Client;
use crate::registry::counters::Counters;
use crate::registry::endpoint::Endpoint;
use crate::registry::options::Options;
use crate::registry::transport::Transport;

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// `GET /v2/…`
    pub(super) line: String,
    pub(super) head: String,
    /// How many came before it.
    pub(super) position: usize,
}

/// What to send; a pause before the rest where a test needs one.
pub(super) struct Bytes {
    pub(super) first: Vec<u8>,
    pub(super) then: Option<(Duration, Vec<u8>)>,
}

/// A running server.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: String,
    log: Arc<Mutex<Vec<Seen>>>,
}

impl Seen {
    /// A header's value, by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl From<String> for Bytes {
    fn from(text: String) -> Self {
        Self {
            first: text.into_bytes(),
            then: None,
        }
    }
}

impl Server {
    /// Starts on a free port of 127.0.0.1; one answer for each connection.
    pub(super) async fn start(answer: impl Fn(&Seen) -> Bytes + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let log: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let server = Self {
            address,
            log: Arc::clone(&log),
        };
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let line = head.lines().next().unwrap_or_default();
                    let line = line.trim_end_matches(" HTTP/1.1").to_owned();
                    let seen = {
                        let mut log = log.lock().unwrap();
                        let position = log.len();
                        let seen = Seen {
                            line,
                            head,
                            position,
                        };
                        log.push(seen.clone());
                        seen
                    };
                    let bytes = answer(&seen);
                    let _ = stream.write_all(&bytes.first).await;
                    if let Some((pause, rest)) = bytes.then {
                        tokio::time::sleep(pause).await;
                        let _ = stream.write_all(&rest).await;
                    }
                    let _ = stream.shutdown().await;
                });
            }
        });
        server
    }

    pub(super) fn requests(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|seen| seen.line).collect()
    }
}

/// An honest answer: status, extra headers, body, its length.
pub(super) fn reply(status: u16, headers: &str, body: &str) -> Bytes {
    format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into()
}

/// Quick retries and short limits.
pub(super) fn quick() -> Options {
    Options {
        timeout: Duration::from_secs(5),
        retries: 3,
        ..Options::default()
    }
}

/// A keychain from pairs of variables.
pub(super) fn keychain(variables: &[(&str, &str)]) -> Keychain {
    Keychain::from_env(|name| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// Asks `server` for `app` on behalf of nobody, as the walk would.
pub(super) async fn ask(server: &Server, ask: Ask) -> String {
    ask_as(server, ask, &keychain(&[]), quick()).await
}

/// Asks with a keychain and options; gives the answer as a sentence.
pub(super) async fn ask_as(
    server: &Server,
    ask: Ask,
    keychain: &Keychain,
    options: Options,
) -> String {
    let transport = Transport::new(options);
    let counters = Arc::new(Counters::default());
    let client = client(server, &transport, keychain, &counters);
    shown(&client.answer(&ask).await)
}

/// A client for the repository `app` on the server.
pub(super) fn client<'a>(
    server: &Server,
    transport: &'a Transport,
    keychain: &'a Keychain,
    counters: &'a Arc<Counters>,
) -> Client<'a> {
    let reference = format!("{}/app:1", server.address).parse().unwrap();
    let endpoint = Endpoint::new(&reference, &transport.options).unwrap();
    Client::new(endpoint, transport, keychain, counters)
}

pub(super) fn tag() -> Ask {
    Ask::Manifest {
        target: Target::Tag("1".to_owned()),
        limit: 1000,
    }
}

pub(super) fn blob_head() -> Ask {
    Ask::BlobHead {
        digest: Digest::sha256(b""),
    }
}

pub(super) fn blob_probe() -> Ask {
    Ask::BlobProbe {
        digest: Digest::sha256(b""),
    }
}

/// `document <body>`, `head <size>` or `<kind>: <detail>`.
pub(super) fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Document(received) => {
            format!("document {}", String::from_utf8_lossy(&received.body))
        }
        Answer::Head(headers) => format!("head {:?}", headers.size),
        Answer::Layer(facts) => format!("layer {}", facts.size),
        Answer::Failed(failure) => format!("{:?}: {}", failure.kind, failure.detail),
    }
}
