//! Time and memory of one process. The peak is what the kernel says (`VmHWM`), looked at every
//! millisecond while it runs, so a run that is shorter than that may show none.

use std::process::{Child, Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

/// What one run took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    /// Largest resident memory, in bytes.
    pub(crate) peak: u64,
}

/// The shortest of several runs, since what else the machine does only makes them longer, with the
/// largest memory of all.
pub(crate) fn best(times: usize, mut command: impl FnMut() -> Command) -> Measured {
    let runs: Vec<Measured> = (0..times).map(|_| once(&mut command())).collect();
    let wall = runs.iter().map(|run| run.wall).min();
    let peak = runs.iter().map(|run| run.peak).max();
    Measured {
        wall: wall.unwrap_or_default(),
        peak: peak.unwrap_or_default(),
    }
}

fn once(command: &mut Command) -> Measured {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let begun = Instant::now();
    let child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let watch = watch(&child);
    let output = child
        .wait_with_output()
        .expect("the child can be waited for");
    let wall = begun.elapsed();
    assert!(
        output.status.success(),
        "{command:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let peak = watch.join().unwrap_or_default();
    Measured { wall, peak }
}

/// Follows the memory of a process until it is gone.
fn watch(child: &Child) -> std::thread::JoinHandle<u64> {
    let status = format!("/proc/{}/status", child.id());
    spawn(move || {
        let mut peak = 0;
        loop {
            // Gone, or ended and not yet waited for: then the line is missing.
            let Some(now) = std::fs::read_to_string(&status)
                .ok()
                .as_deref()
                .and_then(high_water)
            else {
                return peak;
            };
            peak = peak.max(now);
            sleep(Duration::from_millis(1));
        }
    })
}

/// `VmHWM:     1234 kB`.
fn high_water(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// For tables.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:8.2} ms", time.as_secs_f64() * 1e3)
}
