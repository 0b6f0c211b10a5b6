//! How much memory a process took at most, as the kernel counts it.

use std::process::{Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::Duration;

use super::polyarch::{Run, binary};

/// Runs `polyarch` to its end; what it gave, and its largest resident memory in MiB.
pub(crate) fn polyarch_peak(args: &[&str]) -> (Run, u64) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let child = Command::new(binary())
        .args(args)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let status = format!("/proc/{}/status", child.id());
    let watch = spawn(move || {
        let mut peak = 0;
        // The line is gone once the process has ended.
        while let Some(now) = high_water(&status) {
            peak = peak.max(now);
            sleep(Duration::from_millis(1));
        }
        peak
    });
    let output = child
        .wait_with_output()
        .expect("the child can be waited for");
    let run = Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    let peak = watch.join().expect("the watching thread ends");
    assert!(peak > 0, "the process was too short to be watched");
    (run, peak / 1024)
}

/// `VmHWM:     1234 kB`.
fn high_water(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
