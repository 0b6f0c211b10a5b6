//! A registry in memory that waits before each answer, wants a token if told so, and counts.
//! It plays no faults; `tests/e2e/faults` does.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

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
    log: Mutex<Vec<Exchange>>,
}

/// One request, and the answer with its headers.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    began: Instant,
    ended: Instant,
    bytes: u64,
}

/// What went over the wire.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    pub(crate) requests: usize,
    /// The longest chain of requests of which each began after the one before had its answer.
    pub(crate) round_trips: usize,
    /// Of all answers, headers included.
    pub(crate) bytes: u64,
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
            log: Mutex::default(),
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

    /// What went over the wire since the last call.
    pub(crate) fn traffic(&self) -> Traffic {
        let log = std::mem::take(&mut *lock(&self.shared.log));
        let mut traffic = Traffic::default();
        let mut free_from = None;
        for exchange in log {
            traffic.requests += 1;
            traffic.bytes += exchange.bytes;
            if free_from.is_none_or(|moment| exchange.began >= moment) {
                traffic.round_trips += 1;
                free_from = Some(exchange.ended);
            }
        }
        traffic
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let began = Instant::now();
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
        sleep(shared.delay);
        let answer = answer(shared, &line, has_token)?;
        // Logged before the client has the answer: what it asks next begins after this.
        lock(&shared.log).push(Exchange {
            began,
            ended: Instant::now(),
            bytes: (answer.head.len() + answer.body.len()) as u64,
        });
        stream.write_all(answer.head.as_bytes())?;
        stream.write_all(&answer.body)?;
    }
}

struct Answer {
    head: String,
    body: Arc<[u8]>,
}

fn answer(shared: &Shared, line: &str, has_token: bool) -> std::io::Result<Answer> {
    let mut words = line.split(' ');
    let method = match words.next() {
        Some("HEAD") => Method::Head,
        _ => Method::Get,
    };
    let path = words.next().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    if path == "/token" {
        let body = br#"{"token":"abc","expires_in":300}"#;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let body = Arc::from(body.as_slice());
        return Ok(Answer { head, body });
    }
    if shared.bearer && !has_token {
        let head = format!(
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\
             WWW-Authenticate: Bearer realm=\"http://{}/token\",service=\"s\"\r\n\r\n",
            shared.host
        );
        let body = Arc::default();
        return Ok(Answer { head, body });
    }
    let Reply::Response(response) = lock(&shared.registry).respond(method, path) else {
        return Err(std::io::ErrorKind::ConnectionAborted.into());
    };
    let mut head = format!("HTTP/1.1 {} Answer\r\n", response.status);
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", response.length));
    let body = response.body;
    Ok(Answer { head, body })
}
