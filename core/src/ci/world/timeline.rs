//! What the timeline of a job shows: the parts of a build as they run side by side, and the state
//! of the job's surroundings after each step.
//!
//! Seconds are estimates; nothing here decides what happens.

use std::collections::BTreeMap;

use super::World;

/// A part of a build, such as a RUN for one platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// As the progress log names it.
    pub name: String,
    /// The platforms that wait for it, as positions in the build's list; parts of different
    /// platforms run side by side.
    pub lanes: Vec<usize>,
    /// Seconds from the begin of the script.
    pub start: f64,
    pub duration: f64,
    /// Executed under an emulator.
    pub emulated: bool,
}

/// One thing that holds after a step, such as `builder xbuilder` and `docker-container, running`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

/// When each platform of a build is free for its next part.
#[derive(Debug, Default)]
pub struct Lanes {
    free: BTreeMap<usize, f64>,
}

impl Lanes {
    /// The second at which a part of these lanes begins; they are busy with it from then on.
    pub fn begin(&mut self, lanes: &[usize], seconds: f64) -> f64 {
        let free = |lane: &usize| self.free.get(lane).copied().unwrap_or_default();
        let start = lanes.iter().map(free).fold(0.0, f64::max);
        for lane in lanes {
            self.free.insert(*lane, start + seconds);
        }
        start
    }

    /// The second at which the last lane is free.
    pub fn end(&self) -> f64 {
        self.free.values().copied().fold(0.0, f64::max)
    }
}

impl World<'_> {
    /// What holds now, in the order in which a job usually brings it about.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let mut add = |name: String, value: String| {
            let (name, value) = (self.masked(&name), self.masked(&value));
            facts.push(Fact { name, value });
        };
        if let Some(version) = self.tools.docker {
            add("docker".to_owned(), version.to_string());
        }
        if let Some(version) = self.tools.buildx {
            add("buildx".to_owned(), version.to_string());
        }
        for daemon in &self.daemons {
            let name = daemon.names.first().map_or("socket", String::as_str);
            let state = match daemon.ready_at {
                Some(at) if at <= self.clock => "ready",
                Some(_) => "starting",
                None => "ended",
            };
            add(
                format!("daemon {name}"),
                format!(
                    "{state}, Docker {}, {}",
                    daemon.version,
                    daemon.store.as_str()
                ),
            );
        }
        if !self.binfmt.is_empty() {
            let list: Vec<&str> = self.binfmt.iter().map(String::as_str).collect();
            add("binfmt".to_owned(), list.join(", "));
        }
        for (name, context) in &self.contexts {
            let tls = if context.tls { ", TLS" } else { "" };
            add(format!("context {name}"), format!("{}{tls}", context.host));
        }
        for (name, builder) in &self.builders {
            let state = if builder.booted {
                "running"
            } else {
                "not started"
            };
            let used = self.current_builder.as_ref() == Some(name);
            let used = if used { ", in use" } else { "" };
            add(
                format!("builder {name}"),
                format!("{}, {state}{used}", builder.driver),
            );
        }
        for host in self.credentials.keys() {
            add(format!("login {host}"), "held".to_owned());
        }
        for repository in &self.registries.created {
            add(format!("repository {repository}"), "created".to_owned());
        }
        for pushed in &self.pushed {
            let platforms: Vec<String> = pushed.platforms.iter().map(ToString::to_string).collect();
            add(format!("tag {}", pushed.reference), platforms.join(", "));
        }
        facts
    }
}
