//! The progress log of a build as `--progress plain` prints it.
//!
//! Shape: BuildKit `util/progress/progressui`, exporter and push lines of `exporter/containerimage`
//! and `util/push`; unchanged from 0.9 to 0.32 but for what the code tells apart. Times are
//! estimates, digests simulated unless the verdict says otherwise.

use std::fmt::Write as _;
use std::time::Duration;

use crate::ci::build::{Invocation, Step, StepKind, Verdict};
use crate::ci::world::{Activity, Lanes};
use crate::digest::Digest;
use crate::environment::{CostModel, Driver, Environment, ImageStore, Version, Work};

/// A log in the making.
pub(super) struct Log {
    pub(super) text: String,
    /// Number of the vertex printed last.
    pub(super) vertex: usize,
    /// Seconds that the build took so far.
    pub(super) seconds: f64,
    /// Parts of the build; they begin in seconds after the build does.
    pub(super) activities: Vec<Activity>,
    /// How long its steps take.
    cost: CostModel,
}

impl Log {
    pub(super) fn new(cost: CostModel) -> Self {
        Self {
            text: String::new(),
            vertex: 0,
            seconds: 0.0,
            activities: Vec::new(),
            cost,
        }
    }

    /// A finished vertex: its name and lines, then `DONE`.
    pub(super) fn vertex(&mut self, name: &str, lines: &[String], seconds: f64) {
        self.done(name, lines, seconds);
        self.busy(name, seconds);
    }

    /// A vertex that ends with an error which the build may survive.
    pub(super) fn broken(&mut self, name: &str, lines: &[String], error: &str, seconds: f64) {
        let n = self.start(name);
        for line in lines {
            self.line(n, line);
        }
        self.line(n, &format!("ERROR: {error}"));
        self.text.push('\n');
        self.busy(name, seconds);
    }

    /// Prints a finished vertex; takes no time.
    fn done(&mut self, name: &str, lines: &[String], seconds: f64) {
        let n = self.start(name);
        for line in lines {
            self.line(n, line);
        }
        self.line(n, &format!("DONE {seconds:.1}s"));
        self.text.push('\n');
    }

    /// Something that the whole build waits for.
    pub(super) fn busy(&mut self, name: &str, seconds: f64) {
        if seconds > 0.0 {
            self.activities.push(Activity {
                name: name.to_owned(),
                lanes: Vec::new(),
                start: self.seconds,
                duration: seconds,
                emulated: false,
            });
        }
        self.seconds += seconds;
    }

    pub(super) fn start(&mut self, name: &str) -> usize {
        self.vertex += 1;
        self.line(self.vertex, name);
        self.vertex
    }

    pub(super) fn line(&mut self, vertex: usize, text: &str) {
        let _ = writeln!(self.text, "#{vertex} {text}");
    }

    pub(super) fn head(&mut self, environment: &Environment, buildx: Version) {
        if buildx.at_least(0, 11) {
            let _ = write!(
                self.text,
                "#0 building with \"{}\" instance using {} driver\n\n",
                environment.builder, environment.driver
            );
        }
    }

    pub(super) fn definition(
        &mut self,
        build: &Invocation,
        buildkit: Version,
        has_hub_login: bool,
        verdict: &Verdict,
    ) {
        let ignore = build
            .context
            .get(".dockerignore")
            .and_then(|f| f.bytes.as_ref())
            .map_or(2, Vec::len);
        let size = build.dockerfile.len() + 40;
        self.vertex(
            &format!(
                "[internal] load build definition from {}",
                build.dockerfile_name
            ),
            &[format!("transferring dockerfile: {size}B done")],
            0.0,
        );
        let ignored = vec![format!("transferring context: {ignore}B done")];
        let early = !buildkit.at_least(0, 13);
        if early {
            self.vertex("[internal] load .dockerignore", &ignored, 0.0);
        }
        for load in &verdict.loads {
            self.done(load, &[], 0.9);
        }
        if !verdict.loads.is_empty() {
            // The registry is asked for all of them at once.
            self.busy("load metadata", 0.9);
        }
        if has_hub_login {
            let hub = verdict
                .loads
                .iter()
                .filter_map(|l| l.split_once("docker.io/"))
                .map(|(_, rest)| rest);
            let paths: std::collections::BTreeSet<&str> = hub
                .map(|r| r.split([':', '@']).next().unwrap_or(r))
                .collect();
            for path in paths {
                self.vertex(
                    &format!("[auth] {path}:pull token for registry-1.docker.io"),
                    &[],
                    0.0,
                );
            }
        }
        if !early {
            self.vertex("[internal] load .dockerignore", &ignored, 0.0);
        }
    }

    /// All steps, or those up to the one that fails.
    pub(super) fn steps(&mut self, verdict: &Verdict) {
        let failed = verdict.failure.as_ref().and_then(|f| f.step);
        let mut free = Lanes::default();
        for (at, step) in verdict.steps.iter().enumerate() {
            let name = with_digest(step);
            let canceled = failed.is_some_and(|f| at > f) && step.kind != StepKind::Source;
            if !canceled {
                let seconds = seconds(step, self.cost);
                self.activities.push(Activity {
                    name: step.name.clone(),
                    lanes: step.lanes.clone(),
                    start: self.seconds + free.begin(&step.lanes, seconds),
                    duration: seconds,
                    emulated: step.emulated,
                });
            }
            if let (Some(failure), true) = (&verdict.failure, Some(at) == failed) {
                let n = self.start(&name);
                for line in &failure.output {
                    self.line(n, &format!("0.143 {line}"));
                }
                let text = failure
                    .text
                    .strip_prefix("failed to compute cache key: ")
                    .unwrap_or(&failure.text);
                self.line(n, &format!("ERROR: {text}"));
                self.text.push('\n');
                continue;
            }
            if canceled {
                let n = self.start(&name);
                self.line(n, "CANCELED");
                self.text.push('\n');
                continue;
            }
            let lines = match step.kind {
                StepKind::Source if name.contains("FROM ") => {
                    let reference = name.rsplit(' ').next().unwrap_or_default();
                    vec![format!("resolve {reference} 0.0s done")]
                }
                StepKind::Source if name == "[internal] load build context" => {
                    vec!["transferring context: 1.02kB done".to_owned()]
                }
                StepKind::Source | StepKind::Exec | StepKind::File => Vec::new(),
            };
            self.done(&name, &lines, seconds(step, self.cost));
        }
        self.seconds += free.end();
    }

    /// The blocks behind the vertices, and buildx's last line.
    pub(super) fn failure(&mut self, build: &Invocation, verdict: &Verdict, buildx: Version) {
        let Some(failure) = &verdict.failure else {
            return;
        };
        if let Some(step) = failure.step.and_then(|at| verdict.steps.get(at)) {
            let mut lines = String::new();
            for line in &failure.output {
                let _ = writeln!(
                    lines,
                    "{}0.143 {line}",
                    if buildx.at_least(0, 10) { "" } else { "#0 " }
                );
            }
            let _ = write!(
                self.text,
                "------\n > {}:\n{lines}------\n",
                with_digest(step)
            );
        }
        if let Some(line) = failure.line {
            self.text
                .push_str(&excerpt(&build.dockerfile_name, &build.dockerfile, line));
        }
        self.text
            .push_str(&super::build_checks::failed_to_solve(buildx, &failure.text));
    }

    /// Exporting to a registry; the vertex stays open for the push.
    pub(super) fn export(
        &mut self,
        verdict: &Verdict,
        environment: &Environment,
        tags: &[String],
    ) -> usize {
        let n = self.start("exporting to image");
        self.busy("exporting to image", 0.3);
        self.line(n, "exporting layers");
        self.line(n, "exporting layers 0.2s done");
        if environment.driver == Driver::Docker && environment.store == ImageStore::GraphDriver {
            if let Some(image) = verdict.images.first() {
                self.line(n, &format!("writing image {} done", image.config));
            }
            for tag in tags {
                self.line(n, &format!("naming to {tag} done"));
            }
            return n;
        }
        for image in &verdict.images {
            self.line(
                n,
                &format!("exporting manifest {} 0.0s done", image.manifest),
            );
            self.line(n, &format!("exporting config {} 0.0s done", image.config));
            if let Some(attestation) = &image.attestation {
                self.line(
                    n,
                    &format!("exporting attestation manifest {attestation} 0.0s done"),
                );
            }
        }
        if let Some(index) = &verdict.index {
            self.line(n, &format!("exporting manifest list {index} 0.0s done"));
        }
        if environment.driver == Driver::Docker {
            for tag in tags {
                self.line(n, &format!("naming to {tag} done"));
                self.line(n, &format!("unpacking to {tag} done"));
            }
        }
        n
    }

    /// One tag's push; the credentials that are asked for interrupt it.
    pub(super) fn push(&mut self, n: usize, reference: &str, root: &Digest, auth: Option<&str>) {
        self.line(n, "pushing layers");
        if let Some(auth) = auth {
            self.line(n, "...");
            self.text.push('\n');
            self.vertex(auth, &[], 0.0);
            self.line(n, "exporting to image");
        }
        self.line(n, "pushing layers 2.1s done");
        self.line(n, &format!("pushing manifest for {reference}@{root}"));
        self.line(
            n,
            &format!("pushing manifest for {reference}@{root} 1.2s done"),
        );
        self.busy(&format!("pushing {reference}"), 3.3);
    }

    pub(super) fn push_refused(
        &mut self,
        n: usize,
        text: &str,
        auth: Option<&str>,
        buildx: Version,
    ) {
        self.line(n, "pushing layers");
        if let Some(auth) = auth {
            self.line(n, "...");
            self.text.push('\n');
            self.vertex(auth, &[], 0.0);
            self.line(n, "exporting to image");
        }
        self.line(n, "pushing layers 0.6s done");
        self.line(n, &format!("ERROR: {text}"));
        self.text
            .push_str("------\n > exporting to image:\n------\n");
        self.text
            .push_str(&super::build_checks::failed_to_solve(buildx, text));
        self.busy("pushing layers", 0.6);
    }
}

/// FROM lines show the digest that the tag was resolved to; a stand-in where it is not known.
fn with_digest(step: &Step) -> String {
    let name = &step.name;
    let Some((_, reference)) = name.rsplit_once("FROM ") else {
        return name.clone();
    };
    let is_image =
        step.kind == StepKind::Source && reference.contains('/') && !reference.contains('@');
    if is_image {
        format!(
            "{name}@{}",
            Digest::sha256(format!("simulated base {reference}").as_bytes())
        )
    } else {
        name.clone()
    }
}

/// Rough seconds of a step.
fn seconds(step: &Step, cost: CostModel) -> f64 {
    let work = match step.kind {
        StepKind::Exec => Work::of_command(&step.name),
        StepKind::Source if step.name.contains("FROM ") => Work::Pull,
        StepKind::Source | StepKind::File => Work::Files,
    };
    let milliseconds = Duration::from_millis(cost.milliseconds(work, step.emulated));
    milliseconds.as_secs_f64()
}
/// A line of a file with those around it, as BuildKit lists it above an error.
pub(super) fn excerpt(name: &str, text: &str, line: usize) -> String {
    let rule = "--------------------";
    let mut out = format!("{name}:{line}\n{rule}\n");
    let first = line.saturating_sub(2).max(1);
    for (at, text) in text.split('\n').enumerate() {
        let number = at + 1;
        if (first..=line + 2).contains(&number) {
            let mark = if number == line { ">>>" } else { "   " };
            let _ = writeln!(out, "{number:4} | {mark} {text}");
        }
    }
    let _ = writeln!(out, "{rule}");
    out
}
