//! A registry in memory that waits before each answer, wants a token if told so, and counts.
//! It plays no faults; `tests/e2e/faults` does.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{sleep, spawn};
use std::time::Duration;

use polyarch_core::demo::{Method, Registry, Reply};

/// A server whose threads end with the process.
#[derive(Debug)]
pub(crate) struct Server {
    /// `127.0.0.1:PORT`.
    pub(crate) host: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    host: String,
    registry: Mutex<Registry>,
    bearer: bool,
    delay: Duration,
    requests: AtomicUsize,
}

impl Server {
    pub(crate) fn start(registry: Registry, bearer: bool, delay: Duration) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
        let host = listener.local_addr().expect("a bound socket").to_string();
        let shared = Arc::new(Shared {
            host: host.clone(),
            registry: Mutex::new(registry),
            bearer,
            delay,
            requests: AtomicUsize::new(0),
        });
        let of_thread = Arc::clone(&shared);
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&of_thread);
                // A client that goes away early is its own business.
                spawn(move || drop(serve(&stream, &shared)));
            }
        });
        Self { host, shared }
    }

    /// How many requests came so far.
    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::Relaxed)
    }
}

fn serve(stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut has_token = false;
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header)? == 0 || header.trim_end().is_empty() {
                break;
            }
            has_token |= header
                .to_ascii_lowercase()
                .starts_with("authorization: bearer");
        }
        shared.requests.fetch_add(1, Ordering::Relaxed);
        sleep(shared.delay);
        answer(stream, shared, &line, has_token)?;
    }
}

fn answer(
    mut stream: &TcpStream,
    shared: &Shared,
    line: &str,
    has_token: bool,
) -> std::io::Result<()> {
    let mut words = line.split(' ');
    let method = match words.next() {
        Some("HEAD") => Method::Head,
        _ => Method::Get,
    };
    let path = words.next().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    if path == "/token" {
        let body = r#"{"token":"abc","expires_in":300}"#;
        return write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    }
    if shared.bearer && !has_token {
        return write!(
            stream,
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\
             WWW-Authenticate: Bearer realm=\"http://{}/token\",service=\"s\"\r\n\r\n",
            shared.host
        );
    }
    let mut registry = shared
        .registry
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let Reply::Response(response) = registry.respond(method, path) else {
        return Err(std::io::ErrorKind::ConnectionAborted.into());
    };
    drop(registry);
    let mut head = format!("HTTP/1.1 {} Answer\r\n", response.status);
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", response.length));
    stream.write_all(head.as_bytes())?;
    stream.write_all(&response.body)
}
