//! Running a tool to its end, or as a server for as long as a test lasts.

use std::ffi::OsStr;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take to listen on a busy machine.
const START: Duration = Duration::from_secs(30);

/// Runs a tool and returns what it printed on standard output.
///
/// # Panics
/// When the tool is not there or does not succeed, with all that it said.
pub(crate) fn run<S: AsRef<OsStr>>(tool: &str, args: impl IntoIterator<Item = S>) -> String {
    let mut command = Command::new(tool);
    command.args(args).stdin(Stdio::null());
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}; `scripts/setup test` installs it"));
    assert!(
        output.status.success(),
        "{command:?} ended with {}:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A server of a test's own; ended when the value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// Starts a server and waits until it listens on this port of 127.0.0.1.
    pub(crate) fn start(command: &mut Command, port: u16) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}; see `scripts/setup test`"));
        let mut server = Self { child };
        let until = Instant::now() + START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = server.child.try_wait().expect("the child can be asked") {
                panic!("{command:?} ended with {status} before it listened");
            }
            assert!(Instant::now() < until, "{command:?} never listened");
            sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of 127.0.0.1 that nothing listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has free ports");
    listener.local_addr().expect("a bound socket").port()
}
