//! A reverse proxy that counts: it passes every request on to a registry, slowly, and remembers
//! when each began and ended. It changes nothing that passes through it, except that each
//! connection carries one request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

/// Added to every request, so that requests sent together overlap also on a busy machine.
const DELAY: Duration = Duration::from_millis(400);

/// One request that went through.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    began: Instant,
    ended: Instant,
}

/// A proxy in front of one host; its threads end with the test process.
#[derive(Debug)]
pub(crate) struct Proxy {
    /// `127.0.0.1:PORT`, as references write it.
    pub(crate) host: String,
    log: Arc<Mutex<Vec<Exchange>>>,
}

impl Proxy {
    pub(crate) fn before(upstream: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
        let host = listener.local_addr().expect("a bound socket").to_string();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (upstream, shared) = (upstream.to_owned(), Arc::clone(&log));
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let (upstream, log) = (upstream.clone(), Arc::clone(&shared));
                // A client that goes away early is its own business.
                spawn(move || drop(relay(&stream, &upstream, &log)));
            }
        });
        Self { host, log }
    }

    /// All requests so far, in the order in which they ended.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.log.lock().expect("no thread panicked").clone()
    }

    /// How many round trips followed one another: the longest chain of requests of which each
    /// began after the one before had ended.
    pub(crate) fn round_trips(&self) -> usize {
        let (mut chain, mut free_from) = (0, None);
        for exchange in self.exchanges() {
            if free_from.is_none_or(|moment| exchange.began >= moment) {
                chain += 1;
                free_from = Some(exchange.ended);
            }
        }
        chain
    }
}

fn relay(client: &TcpStream, upstream: &str, log: &Mutex<Vec<Exchange>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(());
    }
    let began = Instant::now();
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let path = words.next().unwrap_or_default().to_owned();
    let mut request = line.clone();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let end = header.trim_end().is_empty();
        if end {
            request.push_str("Connection: close\r\n\r\n");
            break;
        }
        if !header.to_ascii_lowercase().starts_with("connection:") {
            request.push_str(&header);
        }
    }
    sleep(DELAY);
    let mut server = TcpStream::connect(upstream)?;
    server.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    // Logged before the client has the answer: what it asks next begins after this.
    let exchange = Exchange {
        method,
        path,
        began,
        ended: Instant::now(),
    };
    log.lock().expect("no thread panicked").push(exchange);
    let mut client = client;
    client.write_all(&answer)?;
    client.shutdown(std::net::Shutdown::Write)
}
