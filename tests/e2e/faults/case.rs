//! A case: an image, a fault, and what the gate must say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use polyarch_core::demo::{Method, Recipe, Registry, Reply};

use super::script::{Login, Step};
use super::server::{FaultServer, Seen};
use crate::real::polyarch::{binary, polyarch_as};

/// Nothing may take longer, whatever the other side does.
const PATIENCE: Duration = Duration::from_secs(40);

/// One sentence and its proof.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    says: &'static str,
    recipe: &'static str,
    login: Login,
    steps: Vec<Step>,
    elsewhere: Option<Vec<Step>>,
    args: Vec<&'static str>,
    env: Vec<(&'static str, &'static str)>,
    files: Vec<(&'static str, &'static str)>,
    reference: &'static str,
    code: i32,
    rules: &'static str,
    check: Option<TrafficCheck>,
}

/// Looks at what the servers saw; what is wrong with it.
type TrafficCheck = fn(&Traffic) -> Result<(), String>;

/// What the servers saw.
#[derive(Debug)]
pub(crate) struct Traffic {
    /// At the registry.
    pub(crate) home: Vec<Seen>,
    /// At the other host, where there is one.
    pub(crate) elsewhere: Vec<Seen>,
    /// All that the gate printed.
    pub(crate) output: String,
    /// The files of the folder it ran in, afterwards.
    pub(crate) files: BTreeMap<String, String>,
}

/// A good image for two platforms, at a healthy registry, that passes.
pub(crate) fn case(says: &'static str) -> Case {
    Case {
        says,
        recipe: "image linux/amd64 linux/arm64",
        login: Login::None,
        steps: Vec::new(),
        elsewhere: None,
        args: Vec::new(),
        env: Vec::new(),
        files: Vec::new(),
        reference: "{host}/demo:example",
        code: 0,
        rules: "",
        check: None,
    }
}

impl Case {
    pub(crate) fn image(self, recipe: &'static str) -> Self {
        Self { recipe, ..self }
    }

    pub(crate) fn login(self, login: Login) -> Self {
        Self { login, ..self }
    }

    pub(crate) fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// A second host, `127.0.0.2`, that serves the same image. `{elsewhere}` in arguments is its
    /// address; redirects name it through [`super::redirects`].
    pub(crate) fn elsewhere(self, steps: Vec<Step>) -> Self {
        Self {
            elsewhere: Some(steps),
            ..self
        }
    }

    pub(crate) fn arg(mut self, arg: &'static str) -> Self {
        self.args.push(arg);
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    /// A file in the folder where the gate runs; a program if it begins with `#!`. Texts of files,
    /// arguments and variables may name `{host}`, `{port}`, `{elsewhere}`, `{folder}` and the
    /// tag's healthy `{digest}`.
    pub(crate) fn file(mut self, name: &'static str, text: &'static str) -> Self {
        self.files.push((name, text));
        self
    }

    /// What is verified instead of `{host}/demo:example`.
    pub(crate) fn at(self, reference: &'static str) -> Self {
        Self { reference, ..self }
    }

    /// The long options that it is about.
    pub(crate) fn options(&self) -> impl Iterator<Item = String> {
        let args = self.args.iter().filter(|arg| arg.starts_with("--"));
        args.map(|arg| arg.split('=').next().unwrap_or_default().to_owned())
    }

    /// The exit code, and every rule that finds something graver than info, as
    /// `severity:rule`, separated by blanks.
    pub(crate) fn gives(self, code: i32, rules: &'static str) -> Self {
        Self {
            code,
            rules,
            ..self
        }
    }

    /// What must be true of the traffic.
    pub(crate) fn and(self, check: fn(&Traffic) -> Result<(), String>) -> Self {
        Self {
            check: Some(check),
            ..self
        }
    }

    fn run(&self) -> Result<(), String> {
        let recipe = Recipe::parse(self.recipe).map_err(|error| error.to_string())?;
        let registry = recipe.build();
        let digest = digest(&registry);
        let home = FaultServer::start("127.0.0.1", registry, self.login.clone());
        let other = self.elsewhere.as_ref().map(|steps| {
            let other = FaultServer::start("127.0.0.2", recipe.build(), Login::None);
            other.play(steps.clone());
            other
        });
        let elsewhere = other
            .as_ref()
            .map_or(String::new(), |other| other.host.clone());
        home.play(
            self.steps
                .iter()
                .map(|step| step.clone().naming(&elsewhere))
                .collect(),
        );
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let port = home.host.rsplit(':').next().unwrap_or_default().to_owned();
        let expand = |text: &str| {
            text.replace("{host}", &home.host)
                .replace("{port}", &port)
                .replace("{elsewhere}", &elsewhere)
                .replace("{digest}", &digest)
                .replace("{folder}", &folder.path().display().to_string())
        };
        for (name, text) in &self.files {
            put(&folder.path().join(name), &expand(text)).map_err(|error| error.to_string())?;
        }
        let args: Vec<String> = self.all_args().iter().map(|arg| expand(arg)).collect();
        let begun = Instant::now();
        let run = polyarch_as(&args, |command| {
            let env = self.env.iter().map(|(name, value)| (name, expand(value)));
            command.current_dir(folder.path()).envs(env);
        });
        let took = begun.elapsed();
        let output = format!("{}{}", run.stdout, run.stderr);
        if run.code != Some(self.code) {
            return Err(format!(
                "exit {:?} instead of {}\n{output}",
                run.code, self.code
            ));
        }
        let found = grave_rules(&run.stdout);
        let expected: BTreeSet<&str> = self.rules.split_whitespace().collect();
        if found.iter().map(String::as_str).collect::<BTreeSet<_>>() != expected {
            return Err(format!("found {found:?} instead of {expected:?}\n{output}"));
        }
        if took > PATIENCE {
            return Err(format!("it took {took:?}"));
        }
        let traffic = Traffic {
            home: home.log(),
            elsewhere: other.map_or_else(Vec::new, |other| other.log()),
            output,
            files: files(folder.path()),
        };
        self.check.map_or(Ok(()), |check| {
            check(&traffic).map_err(|problem| format!("{problem}\n{traffic:#?}"))
        })
    }

    fn all_args(&self) -> Vec<&'static str> {
        let mut args = vec!["verify", "--format", "json"];
        for fixed in ["--retries=1", "--timeout=3s"] {
            let option = fixed.split('=').next().unwrap_or(fixed);
            if !self.args.iter().any(|arg| arg.starts_with(option)) {
                args.push(fixed);
            }
        }
        args.extend(&self.args);
        args.push(self.reference);
        args
    }
}

/// The tag's digest when nothing goes wrong.
fn digest(registry: &Registry) -> String {
    let Reply::Response(tag) = registry
        .clone()
        .respond(Method::Head, "/v2/demo/manifests/example")
    else {
        return String::new();
    };
    let mut headers = tag.headers.iter();
    headers
        .find(|(name, _)| name.eq_ignore_ascii_case("docker-content-digest"))
        .map_or(String::new(), |(_, value)| value.clone())
}

fn put(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)?;
    let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let text = fs::read_to_string(entry.path()).ok()?;
            Some((entry.file_name().to_string_lossy().into_owned(), text))
        })
        .collect()
}

fn grave_rules(stdout: &str) -> BTreeSet<String> {
    let Ok(report) = serde_json::from_str::<serde_json::Value>(stdout) else {
        return BTreeSet::new();
    };
    let results = report["results"].as_array().cloned().unwrap_or_default();
    let findings = results
        .iter()
        .filter_map(|result| result["findings"].as_array().cloned());
    let mut rules = BTreeSet::new();
    for finding in findings.flatten() {
        let (severity, rule) = (&finding["severity"], &finding["rule"]);
        if severity != "info" {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or("?").to_owned();
            rules.insert(format!("{}:{}", text(severity), text(rule)));
        }
    }
    rules
}

/// Runs the cases, a few at a time, and names each that does not hold.
pub(crate) fn run_all(cases: &[Case]) {
    // Building the binary is not part of anybody's patience.
    binary();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = case.run() {
                        let text = format!("✗ {}\n  {problem}", case.says);
                        failed.lock().expect("no case panics").push(text);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no case panics");
    assert!(
        failed.is_empty(),
        "{} of {} cases:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}
