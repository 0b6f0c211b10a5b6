//! A forward proxy, as companies put one before the world: it opens tunnels (`CONNECT`) and passes
//! plain requests on, whatever host they name always to the same place, and remembers the names.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

/// Its threads end with the test process.
#[derive(Debug)]
pub(crate) struct ForwardProxy {
    /// `http://127.0.0.1:PORT`, as HTTPS_PROXY has it.
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ForwardProxy {
    /// A proxy behind which every host is this one.
    pub(crate) fn to(upstream: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
        let address = listener.local_addr().expect("a bound socket");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (upstream, shared) = (upstream.to_owned(), Arc::clone(&asked));
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let (upstream, asked) = (upstream.clone(), Arc::clone(&shared));
                // A client that goes away early is its own business.
                spawn(move || drop(serve(&stream, &upstream, &asked)));
            }
        });
        Self {
            url: format!("http://{address}"),
            asked,
        }
    }

    /// What was asked for so far: `CONNECT registry.example:443`, `GET registry.example:80`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no thread panicked").clone()
    }
}

fn serve(client: &TcpStream, upstream: &str, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let head = head(&mut reader)?;
    let (first, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let mut words = first.split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let rest = target.strip_prefix("http://").unwrap_or(target);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let name = format!("{method} {host}");
    asked.lock().expect("no thread panicked").push(name);
    let mut server = TcpStream::connect(upstream)?;
    let mut answers = client.try_clone()?;
    if method == "CONNECT" {
        answers.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    } else {
        // One request for each connection, so that each one is seen.
        let request = format!("{method} /{path} HTTP/1.1\r\nConnection: close\r\n{headers}");
        server.write_all(request.as_bytes())?;
    }
    let mut back = server.try_clone()?;
    spawn(move || {
        let _ = std::io::copy(&mut back, &mut answers);
        let _ = answers.shutdown(Shutdown::Both);
    });
    std::io::copy(&mut reader, &mut server)?;
    server.shutdown(Shutdown::Write)
}

/// Everything up to the empty line, which included.
fn head(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut head = String::new();
    let mut limited = reader.take(64 * 1024);
    while limited.read_line(&mut head)? > 2 {}
    Ok(head)
}
