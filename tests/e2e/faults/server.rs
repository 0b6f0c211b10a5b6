//! An HTTP server on raw sockets that plays the faults that a registry, a proxy or an attacker
//! shows. What no fault matches is answered from a demo image in memory.
//!
//! HTTP libraries refuse to misbehave; that is why this one does not use any.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{sleep, spawn};
use std::time::Duration;

use polyarch_core::demo::{Method, Registry, Reply};

use super::script::{Action, Login, Step};

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path with query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    /// The value of a header, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A server that listens until it is dropped.
#[derive(Debug)]
pub(crate) struct FaultServer {
    /// `127.0.0.1:PORT`.
    pub(crate) host: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct State {
    registry: Registry,
    login: Login,
    steps: Vec<Step>,
    log: Vec<Seen>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FaultServer {
    /// Serves `registry` on `address` (an address of the loopback range), behind `login`.
    pub(crate) fn start(address: &str, registry: Registry, login: Login) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("loopback has free ports");
        let host = listener.local_addr().expect("a bound socket").to_string();
        let state = State {
            registry,
            login,
            steps: Vec::new(),
            log: Vec::new(),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            stopped: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&shared);
        spawn(move || {
            for stream in listener.incoming() {
                if of_thread.stopped.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let shared = Arc::clone(&of_thread);
                spawn(move || serve(&stream, &shared));
            }
        });
        Self { host, shared }
    }

    /// Sets what goes wrong. `{host}` in headers and locations stands for this server's own.
    pub(crate) fn play(&self, steps: Vec<Step>) {
        self.shared.state().steps = steps;
    }

    /// All requests so far.
    pub(crate) fn log(&self) -> Vec<Seen> {
        self.shared.state().log.clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees that it is over.
        let _ = TcpStream::connect(&self.host);
    }
}

/// Answers requests on one connection until either side has enough.
fn serve(stream: &TcpStream, shared: &Shared) {
    // A client that says nothing must not keep a thread for ever.
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    while let Some(seen) = read_request(&mut reader) {
        let host = stream
            .local_addr()
            .map(|a| a.to_string())
            .unwrap_or_default();
        let action = next_action(shared, &seen, &host);
        if !carry_out(stream, shared, &seen, action, &host) {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut seen = Seen {
        method,
        path,
        headers,
        body: String::new(),
    };
    let length = seen
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; usize::min(length, 1 << 16)];
    reader.read_exact(&mut body).ok()?;
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Some(seen)
}

/// Writes the request into the log and takes the first step that matches it.
fn next_action(shared: &Shared, seen: &Seen, host: &str) -> Action {
    let mut state = shared.state();
    state.log.push(seen.clone());
    for step in &mut state.steps {
        if step.matches(&seen.method, &seen.path) {
            return step.take();
        }
    }
    state.login.action(seen, host).unwrap_or(Action::Serve)
}

/// Carries out an action; whether the connection can go on.
fn carry_out(stream: &TcpStream, shared: &Shared, seen: &Seen, action: Action, host: &str) -> bool {
    let Some(mut answer) = base(shared, seen) else {
        return false;
    };
    match action {
        Action::Serve => answer.send(stream, seen).is_ok(),
        Action::Change(change) => {
            change(&mut answer);
            answer.expand(host);
            answer.send(stream, seen).is_ok()
        }
        Action::Redirect(code, location) => {
            answer = super::script::empty(code);
            let location = location.replace("{path}", &seen.path);
            answer.headers.push(("Location".to_owned(), location));
            answer.expand(host);
            answer.send(stream, seen).is_ok()
        }
        Action::Wait(time, next) => {
            sleep(time);
            carry_out(stream, shared, seen, *next, host)
        }
        Action::Together(barrier) => {
            barrier.wait();
            answer.send(stream, seen).is_ok()
        }
        Action::Close => false,
        Action::Raw(bytes) => {
            let _ = (&*stream).write_all(&bytes);
            false
        }
        Action::Truncate(keep) => {
            let _ = answer.send_part(stream, keep);
            false
        }
        Action::Drip(pause) => {
            let _ = answer.drip(stream, pause);
            false
        }
        Action::Endless => {
            let _ = answer.endless(stream);
            false
        }
        Action::Silence => {
            sleep(Duration::from_secs(15));
            false
        }
    }
}

/// What a healthy registry answers.
fn base(shared: &Shared, seen: &Seen) -> Option<HttpAnswer> {
    let method = if seen.method == "HEAD" {
        Method::Head
    } else {
        Method::Get
    };
    let path = seen.path.split('?').next().unwrap_or_default();
    let reply = shared.state().registry.respond(method, path);
    let Reply::Response(response) = reply else {
        return None;
    };
    let headers = response
        .headers
        .iter()
        .map(|(k, v)| ((*k).to_owned(), v.clone()))
        .collect();
    let body = response.body.to_vec();
    Some(HttpAnswer {
        status: response.status,
        headers,
        length: Some(response.length),
        body,
    })
}

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// What `Content-Length` says; without it the body ends with the connection.
    pub(crate) length: Option<u64>,
    pub(crate) body: Vec<u8>,
}

impl HttpAnswer {
    fn expand(&mut self, host: &str) {
        for (_, value) in &mut self.headers {
            *value = value.replace("{host}", host);
        }
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Answer\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        match self.length {
            Some(length) => head.push_str(&format!("Content-Length: {length}\r\n")),
            None => head.push_str("Connection: close\r\n"),
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    fn send(&self, mut stream: &TcpStream, seen: &Seen) -> std::io::Result<()> {
        stream.write_all(&self.head())?;
        if seen.method != "HEAD" {
            stream.write_all(&self.body)?;
        }
        // Without a length, or with a wrong one, only the end of the connection ends the body.
        let is_whole = seen.method == "HEAD" || self.length == Some(self.body.len() as u64);
        if is_whole {
            Ok(())
        } else {
            Err(std::io::ErrorKind::ConnectionAborted.into())
        }
    }

    fn send_part(&self, mut stream: &TcpStream, keep: usize) -> std::io::Result<()> {
        stream.write_all(&self.head())?;
        stream.write_all(&self.body[..self.body.len().min(keep)])
    }

    fn drip(&self, mut stream: &TcpStream, pause: Duration) -> std::io::Result<()> {
        stream.write_all(&self.head())?;
        for byte in &self.body {
            stream.write_all(&[*byte])?;
            sleep(pause);
        }
        Ok(())
    }

    /// Chunks without an end; gives up after 64 MiB, which no limit allows.
    fn endless(&mut self, mut stream: &TcpStream) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Answer\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes())?;
        let chunk = vec![b' '; 1 << 16];
        for _ in 0..1024 {
            stream.write_all(b"10000\r\n")?;
            stream.write_all(&chunk)?;
            stream.write_all(b"\r\n")?;
        }
        Ok(())
    }
}
