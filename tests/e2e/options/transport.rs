//! Limits: time, retries, requests in flight.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Demo, rules, verify};

/// A server that takes connections and never answers; counts them.
fn silent() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = listener.local_addr().expect("a bound socket").to_string();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || {
                let mut stream = stream;
                let _ = stream.read_to_end(&mut Vec::new());
            });
        }
    });
    (host, count)
}

#[test]
fn a_time_limit_and_the_number_of_tries_are_kept() {
    for (retries, tries) in [("0", 1), ("2", 3)] {
        let (host, count) = silent();
        let start = Instant::now();
        let reference = format!("{host}/app:1");
        let run = verify(&[
            &reference,
            "--timeout",
            "200ms",
            "--retries",
            retries,
            "--format",
            "json",
        ]);
        assert_eq!(run.code, Some(3), "{run:?}");
        assert_eq!(rules(&run), ["registry-unreachable"]);
        assert_eq!(count.load(Ordering::SeqCst), tries);
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn limits_that_are_none_are_refused() {
    for args in [
        ["--timeout", "soon"],
        ["--timeout", "0s"],
        ["--retries", "-1"],
        ["--jobs", "0"],
        ["--jobs", "many"],
        ["--mirror", "nowhere"],
        ["--mirror", "a=ftp://b"],
        ["--ca-cert", "/nowhere.pem"],
        ["--ca-cert", "/dev/null"],
    ] {
        let run = verify(&["127.0.0.1:1/x", args[0], args[1]]);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
    }
}

#[test]
fn one_request_at_a_time_gives_the_same_report_in_more_round_trips() {
    let demo = Demo::start();
    let image = demo.image("good");
    let many = verify(&[&image, "--format", "json"]);
    let one = verify(&[&image, "--format", "json", "--jobs", "1"]);
    assert_eq!(one.json(), many.json());
    let verbose = verify(&[&image, "-v", "--jobs", "1"]);
    assert!(verbose.stdout.contains("9 round trips"), "{verbose:?}");
}
