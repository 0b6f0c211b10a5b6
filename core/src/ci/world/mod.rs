//! Everything outside the shell that commands see and change: files, tools, daemons, builders,
//! registries, and the clock.

mod budget;
pub mod builder;
pub mod daemon;
pub mod files;
pub mod registry;
mod timeline;
pub mod toolbox;

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Invocation, Verdict};
use super::incident::Incident;
use super::settings::Settings;
use super::trace::Trace;
use super::yaml::Mark;
use crate::environment::Environment;

pub use budget::Budget;
pub use builder::{Builder, BuilderNode, Context};
pub use daemon::Daemon;
pub use files::{File, Files};
pub use registry::{Credential, Pushed, Registries};
pub use timeline::{Activity, Fact, Lanes};
pub use toolbox::Toolbox;

/// Answers a build.
pub type Build<'b> = dyn FnMut(&Invocation, &Environment) -> Verdict + 'b;

/// Longest that a job runs, in seconds: GitLab's default.
pub const TIME_LIMIT: f64 = 3_600.0;

/// The state that the shell's commands share.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct World<'b> {
    pub settings: Settings,
    pub files: Files,
    pub tools: Toolbox,
    /// By each name under which the job reaches them.
    pub daemons: Vec<Daemon>,
    pub contexts: BTreeMap<String, Context>,
    pub current_context: String,
    pub builders: BTreeMap<String, Builder>,
    pub current_builder: Option<String>,
    pub credentials: BTreeMap<String, Credential>,
    pub registries: Registries,
    /// Architectures that the machine's kernel emulates.
    pub binfmt: BTreeSet<String>,
    /// How they were registered.
    pub emulators: Emulators,
    /// Seconds after which the service ends the job.
    pub time_limit: f64,
    /// Containers made with `docker create`, by name, with their image.
    pub containers: BTreeMap<String, String>,
    /// Images in the daemon's store, by full reference.
    pub images: BTreeMap<String, LocalImage>,
    /// `docker manifest create`: the lists that are not pushed yet.
    pub manifest_lists: BTreeMap<String, Vec<String>>,
    /// Seconds since the script began.
    pub clock: f64,
    pub budget: Budget,
    pub has_bash: bool,
    pub in_background: usize,
    pub incidents: Vec<Incident>,
    /// Builds in the order in which they were made.
    pub builds: Vec<Built>,
    /// Builds that were asked for, those that buildx refuses included.
    pub attempts: Vec<Attempt>,
    /// Something that is not simulated may have written files.
    pub files_are_guessed: bool,
    pub pushed: Vec<Pushed>,
    /// When each reference was pushed last.
    pub pushed_at: BTreeMap<String, f64>,
    /// Entries whose tag a later push of this job took.
    pub overwritten: Vec<Pushed>,
    /// Values that are shown as `[MASKED]`.
    pub secrets: BTreeSet<String>,
    /// Place of the step that runs.
    pub mark: Mark,
    /// Cleared when the running step does something that is not modelled or is a race.
    pub exact: bool,
    /// Which CI service runs the job.
    pub service: Service,
    /// Whether a loop of the job waits for the daemon.
    pub waits: bool,
    pub has_token_for_packages: bool,
    /// Facts that decided the running step, in words.
    pub reasons: Vec<String>,
    /// Parts of the builds of the running step.
    pub activities: Vec<Activity>,
    /// Commands are written down and not run; see [`super::trace`].
    pub trace: Option<Trace>,
    changes: u64,
    build: Option<Box<Build<'b>>>,
}

/// How the emulators of the kernel were registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emulators {
    /// Architectures whose interpreter is looked up anew in each container (no flag F).
    pub unfixed: BTreeSet<String>,
    /// Programs lose the set-user-ID bit (no flag C).
    pub drops_credentials: bool,
    /// QEMU's version, where an image names it.
    pub qemu: Option<crate::environment::Version>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    GitLab,
    GitHub,
}

/// An image in a daemon's store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalImage {
    pub platforms: Vec<crate::platform::Platform>,
    /// The root digest where a build made it.
    pub digest: Option<crate::digest::Digest>,
    pub attested: bool,
}

/// A build that was asked for.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub invocation: Invocation,
    pub environment: Environment,
}

/// A build with what was asked and answered.
#[derive(Debug, Clone)]
pub struct Built {
    pub invocation: Invocation,
    pub environment: Environment,
    pub verdict: Verdict,
}

impl<'b> World<'b> {
    pub fn new(settings: Settings, service: Service, build: Box<Build<'b>>) -> Self {
        Self {
            binfmt: settings.binfmt.iter().cloned().collect(),
            emulators: Emulators::default(),
            time_limit: TIME_LIMIT,
            settings,
            files: Files::default(),
            tools: Toolbox::default(),
            daemons: Vec::new(),
            contexts: BTreeMap::new(),
            current_context: "default".to_owned(),
            builders: BTreeMap::new(),
            current_builder: None,
            credentials: BTreeMap::new(),
            registries: Registries::default(),
            containers: BTreeMap::new(),
            images: BTreeMap::new(),
            manifest_lists: BTreeMap::new(),
            clock: 0.0,
            budget: Budget::default(),
            has_bash: false,
            in_background: 0,
            incidents: Vec::new(),
            builds: Vec::new(),
            attempts: Vec::new(),
            files_are_guessed: false,
            pushed: Vec::new(),
            overwritten: Vec::new(),
            pushed_at: BTreeMap::new(),
            secrets: BTreeSet::new(),
            mark: Mark::default(),
            exact: true,
            service,
            waits: false,
            has_token_for_packages: false,
            reasons: Vec::new(),
            activities: Vec::new(),
            trace: None,
            changes: 0,
            build: Some(build),
        }
    }

    /// Notes that something other than a file or variable changed.
    pub fn change(&mut self) {
        self.changes += 1;
    }

    pub fn revision(&self) -> u64 {
        self.changes + self.files.revision
    }

    /// Whether time alone will still change something.
    pub fn expects_change(&self) -> bool {
        self.daemons
            .iter()
            .any(|d| d.ready_at.is_some_and(|at| at > self.clock))
    }

    /// Lets time pass.
    pub fn pass(&mut self, seconds: f64) {
        if seconds.is_finite() && seconds > 0.0 {
            self.clock = (self.clock + seconds).min(self.time_limit * 10.0);
        }
    }

    /// Notes a cause once for each place.
    pub fn note(&mut self, cause: &'static str, message: impl Into<String>) {
        self.note_facts(cause, message, &[]);
    }

    pub fn note_facts(
        &mut self,
        cause: &'static str,
        message: impl Into<String>,
        facts: &[(&'static str, &str)],
    ) {
        let mark = self.mark;
        if self
            .incidents
            .iter()
            .any(|i| i.cause == cause && i.mark == mark)
        {
            return;
        }
        let mut incident = Incident::new(cause, mark, message);
        incident.facts = facts.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
        self.incidents.push(incident);
    }

    /// Remembers a fact that decided the running step.
    pub fn reason(&mut self, text: impl Into<String>) {
        let text = text.into();
        if self.reasons.len() < 20 && !self.reasons.contains(&text) {
            self.reasons.push(text);
        }
    }

    /// Asks for a build and remembers it.
    pub fn build(&mut self, invocation: Invocation, environment: Environment) -> Verdict {
        let verdict = match &mut self.build {
            Some(build) => build(&invocation, &environment),
            None => Verdict::default(),
        };
        self.change();
        self.builds.push(Built {
            invocation,
            environment,
            verdict: verdict.clone(),
        });
        verdict
    }

    /// Replaces secret values as the service's log does.
    pub fn masked(&self, text: &str) -> String {
        let mask = match self.service {
            Service::GitLab => "[MASKED]",
            Service::GitHub => "***",
        };
        self.secrets
            .iter()
            .rev()
            .fold(text.to_owned(), |text, secret| {
                if secret.len() > 3 {
                    text.replace(secret.as_str(), mask)
                } else {
                    text
                }
            })
    }
}
