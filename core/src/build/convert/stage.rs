//! A stage while it is converted (BuildKit's `dispatchState`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::dockerfile::Instruction;
use crate::platform::Platform;

use super::super::env::{Env, key_value};
use super::super::graph::VertexId;
use super::super::linter::Location;
use super::context::NamedContext;
use super::image::Image;

/// Position among the converter's stages; images of `--from` are stages too.
pub(super) type StageId = usize;

/// A stage of the file, or an image that COPY or RUN reads from.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "BuildKit's state has these switches, and a stage has two names"
)]
pub(super) struct Stage<'a> {
    /// FROM's image after expansion; normalised once it is resolved.
    pub(super) base_name: String,
    /// Lower-case; empty without AS.
    pub(super) name: String,
    /// What step names and errors call it.
    pub(super) stage_name: String,
    /// Comments above FROM count for its lint.
    pub(super) location: Location,
    pub(super) platform: Option<Platform>,
    /// The stage that FROM names.
    pub(super) base: Option<StageId>,
    /// Stages that COPY and RUN read.
    pub(super) deps: BTreeSet<StageId>,
    pub(super) commands: Vec<Command<'a>>,
    pub(super) state: State,
    pub(super) image: Image,
    /// Where each variable stands in the config's list.
    pub(super) env_places: BTreeMap<String, usize>,
    pub(super) dispatched: bool,
    pub(super) resolved: bool,
    pub(super) onbuild_done: bool,
    /// An image that COPY or RUN reads, not a stage of the file.
    pub(super) unregistered: bool,
    /// ARGs declared so far, the base stages' included, with their own values.
    pub(super) build_args: Vec<(String, Option<String>)>,
    /// How many steps have a number already.
    pub(super) numbered: usize,
    pub(super) total: usize,
    pub(super) in_trigger: bool,
    pub(super) workdir_set: bool,
    pub(super) last_cmd: Option<Location>,
    pub(super) last_entrypoint: Option<Location>,
    pub(super) last_healthcheck: Option<Location>,
    /// The named context that stands in for it.
    pub(super) context: Option<NamedContext>,
}

impl Stage<'_> {
    /// Finds the places of the variables in the config's list; of equal names the first counts.
    pub(super) fn index_env(&mut self) {
        self.env_places.clear();
        for (at, pair) in self.image.config.env.iter().enumerate() {
            let key = key_value(pair).0.to_owned();
            self.env_places.entry(key).or_insert(at);
        }
    }

    /// Sets a variable for the steps and in the config: in place if it is there, else at the end.
    pub(super) fn set_env(&mut self, key: &str, value: &str) {
        self.state.env.set(key, value);
        let list = &mut self.image.config.env;
        let next = list.len();
        let at = *self.env_places.entry(key.to_owned()).or_insert(next);
        let text = format!("{key}={value}");
        match list.get_mut(at) {
            Some(entry) => *entry = text,
            None => list.push(text),
        }
    }
}

/// An instruction of a stage.
#[derive(Debug, Clone)]
pub(super) struct Command<'a> {
    pub(super) instruction: Cow<'a, Instruction>,
    pub(super) location: Location,
    /// What COPY reads from, or one for each mount of RUN.
    pub(super) sources: Vec<StageId>,
    /// It is a fired ONBUILD trigger.
    pub(super) trigger: bool,
}

/// What a step would run on: files, environment, directory, user (BuildKit's `llb.State`).
#[derive(Debug, Clone)]
pub(super) struct State {
    /// `None` for an empty file system.
    pub(super) output: Option<VertexId>,
    pub(super) env: Env,
    pub(super) dir: String,
    pub(super) user: String,
    pub(super) platform: Option<Platform>,
}

impl Default for State {
    /// `scratch`.
    fn default() -> Self {
        Self {
            output: None,
            env: Env::default(),
            dir: "/".to_owned(),
            user: String::new(),
            platform: None,
        }
    }
}
