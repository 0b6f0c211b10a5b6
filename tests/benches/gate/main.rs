//! What `polyarch verify` costs: start-up, round trips and wall time with a slow registry, memory,
//! and the speed of `--deep`, with skopeo beside it where skopeo can do comparable work.
//!
//! `make bench` runs it; docs/benchmarks.md says how to read it. It prints figures and judges
//! nothing: what must hold on every machine (requests, waves) is asserted in `tests/e2e`.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints figures"
)]

mod image;
mod measure;
mod server;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use self::image::Shape;
use self::measure::{Measured, best, milliseconds};
use self::server::{Server, Traffic};

/// Added to every answer of the slow registry.
const DELAY: Duration = Duration::from_millis(100);

/// How often a run with the slow registry is repeated; the shortest counts.
const RUNS: usize = 5;

fn main() {
    let polyarch = binary();
    let start = start_up(&polyarch);
    metadata(&polyarch, start);
    deep(&polyarch);
}

/// What a process costs before it does anything: the binary beside the smallest one there is.
fn start_up(polyarch: &Path) -> Duration {
    println!("Start of the process (target: under 5 ms)");
    let ours = best(50, || {
        let mut command = Command::new(polyarch);
        command.arg("--version");
        command
    });
    let none = best(50, || Command::new("/bin/true"));
    println!("  polyarch --version  {}", milliseconds(ours.wall));
    println!("  /bin/true           {}", milliseconds(none.wall));
    println!();
    ours.wall
}

/// polyarch verifies both platforms; skopeo looks at each one's manifest and config, which is as
/// far as it goes: neither at layers nor at the tag again.
fn metadata(polyarch: &Path, start: Duration) {
    println!(
        "Two platforms, {} ms added to every answer",
        DELAY.as_millis()
    );
    println!(
        "                                     wall  answers' time  round trips  requests  received  \
         peak memory"
    );
    let image = image::demo();
    for (login, bearer) in [("no login", false), ("cold, with a token", true)] {
        let server = Server::start(image.clone(), bearer, DELAY);
        let reference = format!("{}/demo:example", server.host);
        let mut run = best(RUNS, || {
            server.traffic();
            verify(polyarch, &[&reference])
        });
        let traffic = server.traffic();
        figures(login, "polyarch", &run, start, traffic);
        if !is_there("skopeo") {
            println!("  skopeo is not here");
            continue;
        }
        run = Measured::default();
        for architecture in ["amd64", "arm64"] {
            let one = best(1, || skopeo_inspect(&reference, architecture));
            run.wall += one.wall;
            run.peak = run.peak.max(one.peak);
        }
        figures(
            login,
            "2 skopeo inspect",
            &run,
            Duration::ZERO,
            server.traffic(),
        );
    }
    println!("targets: polyarch 3.3 answers' time without a login, 5.3 with a cold token");
    println!();
}

fn figures(login: &str, tool: &str, run: &Measured, start: Duration, traffic: Traffic) {
    let answers = run.wall.saturating_sub(start).as_secs_f64() / DELAY.as_secs_f64();
    println!(
        "  {login:18}  {tool:16}  {}  {answers:13.2}  {:11}  {:8}  {:6.1} kB  {}",
        milliseconds(run.wall),
        traffic.round_trips,
        traffic.requests,
        traffic.bytes as f64 / 1e3,
        mebibytes(run.peak)
    );
}

/// The same questions, as far as skopeo asks them.
fn skopeo_inspect(reference: &str, architecture: &str) -> Command {
    let mut command = Command::new("skopeo");
    command.args(["--override-arch", architecture, "inspect"]);
    command.args(["--tls-verify=false", "--no-tags"]);
    command.arg(format!("docker://{reference}"));
    command
}

fn deep(polyarch: &Path) {
    println!("--deep, every byte read once, no delay (target: under 64 MiB)");
    println!(
        "                                  wall       packed     unpacked                     \
         peak memory  requests     received"
    );
    for shape in [
        Shape::Programs,
        Shape::TwoLayers,
        Shape::Zstd,
        Shape::Plain,
        Shape::Bomb,
    ] {
        let made = image::layered(shape);
        let server = Server::start(made.registry, false, Duration::ZERO);
        let reference = format!("{}/demo:example", server.host);
        let run = best(3, || {
            server.traffic();
            verify(polyarch, &["--deep", &reference])
        });
        let sizes = (made.packed, made.unpacked);
        row(shape.name(), "polyarch", sizes, &run, server.traffic());
        if is_there("skopeo") {
            let folder = tempfile::tempdir().expect("a scratch folder");
            let target = format!("dir:{}", folder.path().display());
            let source = format!("docker://{reference}");
            let run = best(1, || {
                let mut command = Command::new("skopeo");
                command.args(["copy", "--quiet", "--all", "--src-tls-verify=false"]);
                command.args([&source, &target]);
                command
            });
            row(shape.name(), "skopeo copy", sizes, &run, server.traffic());
        }
    }
    println!();
    println!("skopeo copy checks digests of packed bytes only and writes them to a disk.");
    println!("`cargo bench -p polyarch-core --bench layer` compares with hashing and inflating.");
}

fn row(shape: &str, tool: &str, (packed, unpacked): (u64, u64), run: &Measured, traffic: Traffic) {
    let rate = unpacked as f64 / 1e6 / run.wall.as_secs_f64();
    println!(
        "  {shape:14} {tool:12} {}  {}  {}  {rate:6.0} MB/s  {}  {:8}  {}",
        milliseconds(run.wall),
        mebibytes(packed),
        mebibytes(unpacked),
        mebibytes(run.peak),
        traffic.requests,
        mebibytes(traffic.bytes)
    );
}

fn verify(polyarch: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(polyarch);
    command.arg("verify").arg("--no-policy").args(args);
    command.env("DOCKER_CONFIG", "/nonexistent");
    command
}

fn mebibytes(bytes: u64) -> String {
    format!("{:7.1} MiB", bytes as f64 / f64::from(1 << 20))
}

fn is_there(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok()
}

/// The release binary: `POLYARCH_BIN` where that is set, else what cargo builds.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("POLYARCH_BIN") {
        return path.into();
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| root.join("target"), PathBuf::from);
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--package", "polyarch"])
        .current_dir(&root)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "cargo builds");
    target.join("release/polyarch")
}
