//! Which stages COPY and RUN read, and whether that goes in a circle
//! (`buildStageDependencyGraph`).

use std::collections::BTreeSet;

use crate::dockerfile::words::NoVariables;
use crate::dockerfile::{Instruction, Kind};

use super::super::linter::Location;
use super::from::SCRATCH;
use super::stage::{Command, Stage, StageId};
use super::{Converter, Outcome, Refusal};

impl<'a> Converter<'a> {
    /// Finds the stages that instructions read from; an image becomes a stage of its own.
    pub(super) fn dependencies(&mut self) -> Outcome<()> {
        for id in 0..self.stages.len() {
            for at in 0..self.stages[id].commands.len() {
                let command = self.stages[id].commands[at].clone();
                let sources = self.sources(&command)?;
                self.depend(id, &sources);
                self.stages[id].commands[at].sources = sources;
            }
        }
        self.no_circles()?;
        if let [only] = self.stages.as_mut_slice() {
            only.stage_name.clear();
        }
        Ok(())
    }

    /// Notes that a stage reads others.
    pub(super) fn depend(&mut self, id: StageId, sources: &[StageId]) {
        self.stages[id].deps.extend(sources.iter().copied());
    }

    /// What an instruction reads from: COPY's `--from`, or one source for each mount of RUN.
    pub(super) fn sources(&mut self, command: &Command<'a>) -> Outcome<Vec<StageId>> {
        let instruction: &Instruction = &command.instruction;
        match &instruction.kind {
            Kind::Copy(transfer) => {
                let from = transfer.from.as_ref().filter(|from| !from.text.is_empty());
                match from {
                    Some(from) => Ok(vec![self.copy_source(&from.text, command.location)?]),
                    None => Ok(Vec::new()),
                }
            }
            Kind::Run(run) => {
                let names: Vec<String> = run
                    .mounts
                    .iter()
                    .map(|mount| super::run::mount_source(&mount.text))
                    .collect();
                let sources = names.into_iter().map(|name| {
                    let name = if name.is_empty() { SCRATCH } else { &name };
                    self.stage_or_image(name, Location::default())
                });
                Ok(sources.collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn copy_source(&mut self, from: &str, location: Location) -> Outcome<StageId> {
        let expanded = self.lexer.word(from, &NoVariables)?;
        if expanded != from {
            return Err("variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround".into());
        }
        match index(from) {
            Some(index) => usize::try_from(index)
                .ok()
                .filter(|index| *index < self.stages.len())
                .ok_or_else(|| format!("invalid stage index {index}").into()),
            None => Ok(self.stage_or_image(from, location)),
        }
    }

    fn stage_or_image(&mut self, name: &str, location: Location) -> StageId {
        if let Some(id) = self.by_name.get(&name.to_lowercase()) {
            return *id;
        }
        self.add_stage(Stage {
            base_name: name.to_owned(),
            location,
            unregistered: true,
            ..Stage::default()
        })
    }

    /// COPY and mounts must not go in a circle; bases cannot, since FROM only looks back.
    fn no_circles(&self) -> Outcome<()> {
        let mut visited = BTreeSet::new();
        for start in 0..self.stages.len() {
            let mut path = BTreeSet::new();
            let mut stack: Vec<(StageId, Vec<StageId>)> = Vec::new();
            if visited.insert(start) {
                path.insert(start);
                stack.push((start, self.deps(start)));
            }
            while let Some((stage, deps)) = stack.last_mut() {
                let Some(dep) = deps.pop() else {
                    path.remove(stage);
                    stack.pop();
                    continue;
                };
                if path.contains(&dep) {
                    let first = stack.get(1).map_or(dep, |(stage, _)| *stage);
                    return Err(self.circle(start, first));
                }
                if visited.insert(dep) {
                    path.insert(dep);
                    let deps = self.deps(dep);
                    stack.push((dep, deps));
                }
            }
        }
        Ok(())
    }

    /// Dependencies with the first one last, to be popped.
    fn deps(&self, id: StageId) -> Vec<StageId> {
        self.stages[id].deps.iter().rev().copied().collect()
    }

    /// The place is the last instruction that reads the first stage on the way round.
    fn circle(&self, start: StageId, first: StageId) -> Refusal {
        let stage = &self.stages[start];
        let text = format!(
            "circular dependency detected on stage: {}",
            stage.stage_name
        );
        let mut commands = stage.commands.iter().rev();
        let reader = commands.find(|command| command.sources.contains(&first));
        let location = reader.map_or(stage.location, |command| command.location);
        Refusal::from(text).at(location)
    }
}

/// Go's `strconv.Atoi`, as far as a stage could have that number.
fn index(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    number.then(|| text.parse().ok()).flatten()
}
