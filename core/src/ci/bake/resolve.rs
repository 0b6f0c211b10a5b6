//! What is asked for becomes targets: groups are opened, parents inherited, overrides made, linked
//! targets found.
//!
//! Source: docker/buildx `bake/bake.go` (`ReadTargets`), whose texts these are.

use std::collections::BTreeMap;

use super::overrides::{self, Overrides};
use super::target::{Config, Field, Group, Target};

/// Targets that are resolved at most.
const MAX_TARGETS: usize = 500;
/// Groups or parents in each other at most.
const MAX_DEPTH: usize = 60;

/// What a call of bake builds.
#[derive(Debug, Clone, Default)]
pub(in crate::ci) struct Resolved {
    /// In the order of the groups; those that others only link to come last.
    pub targets: Vec<Target>,
    pub groups: Vec<Group>,
    /// Names of targets that are built only because another takes them as a context.
    pub linked: Vec<String>,
}

impl Resolved {
    /// A build argument for all targets that have none of the name.
    pub(in crate::ci) fn give_argument(&mut self, name: &str, value: &str) {
        for target in &mut self.targets {
            let mut args = target.pairs("args");
            args.entry(name.to_owned())
                .or_insert_with(|| value.to_owned());
            target.set("args", Field::Pairs(args));
        }
    }
}

pub(in crate::ci) fn resolve(
    config: &Config,
    wanted: &[String],
    given: &[String],
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Resolved, String> {
    let mut names: Vec<String> = Vec::new();
    for pattern in wanted {
        for name in matched(config, &pattern.replace('.', "_"))? {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let known: Vec<&str> = config
        .targets
        .iter()
        .map(|target| target.name.as_str())
        .collect();
    let overrides = overrides::read(given, &known, variables)?;
    let resolver = Resolver { config, overrides };
    let mut found = Resolved::default();
    for name in &names {
        let mut targets = Vec::new();
        let mut groups = Vec::new();
        resolver.open(name, &mut BTreeMap::new(), &mut targets, &mut groups, 0)?;
        for name in targets {
            if found.targets.iter().all(|known| known.name != name) {
                found.targets.push(resolver.target(&name)?);
            }
            if found.targets.len() > MAX_TARGETS {
                return Err("polyarch resolves at most 500 targets".to_owned());
            }
        }
        for name in groups {
            let group = config.groups.iter().find(|group| group.name == name);
            if let Some(group) = group
                && found.groups.iter().all(|known| known.name != name)
            {
                found.groups.push(group.clone());
            }
        }
    }
    default_group(&names, &mut found.groups);
    let all: Vec<String> = found
        .targets
        .iter()
        .map(|target| target.name.clone())
        .collect();
    for name in all {
        resolver.links(&name, &mut found, &mut Vec::new())?;
    }
    Ok(found)
}

/// What was asked for is the group `default` of the result.
fn default_group(names: &[String], groups: &mut Vec<Group>) {
    for name in names {
        let default = groups.iter_mut().find(|group| group.name == "default");
        match default {
            Some(_) if name == "default" => {}
            Some(group) => group.targets.push(name.clone()),
            None => groups.push(Group {
                name: "default".to_owned(),
                description: String::new(),
                targets: vec![name.clone()],
            }),
        }
    }
    if let Some(group) = groups.iter_mut().find(|group| group.name == "default") {
        group.targets.sort();
        group.targets.dedup();
    }
}

/// Groups and targets that a pattern fits; a plain name is itself.
fn matched(config: &Config, pattern: &str) -> Result<Vec<String>, String> {
    if !pattern.contains(['*', '?', '[', ']']) {
        return Ok(vec![pattern.to_owned()]);
    }
    let groups = config.groups.iter().map(|group| &group.name);
    let all = groups.chain(config.targets.iter().map(|target| &target.name));
    let found: Vec<String> = all
        .filter(|name| super::matches(pattern, name))
        .cloned()
        .collect();
    if found.is_empty() {
        return Err(format!("could not find any target matching {pattern:?}"));
    }
    Ok(found)
}

struct Resolver<'a> {
    config: &'a Config,
    overrides: Overrides,
}

impl Resolver<'_> {
    /// Targets and groups below a name; a group that was opened before gives what it gave.
    fn open(
        &self,
        name: &str,
        visited: &mut BTreeMap<String, bool>,
        targets: &mut Vec<String>,
        groups: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("polyarch opens at most 60 groups in each other".to_owned());
        }
        let Some(group) = self.config.groups.iter().find(|group| group.name == name) else {
            if !targets.iter().any(|known| known == name) {
                targets.push(name.to_owned());
            }
            return Ok(());
        };
        match visited.get(name) {
            Some(true) => return Ok(()),
            // A group within itself is looked for as a target.
            Some(false) => {
                targets.push(name.to_owned());
                return Ok(());
            }
            None => visited.insert(name.to_owned(), false),
        };
        groups.push(name.to_owned());
        for member in &group.targets {
            self.open(member, visited, targets, groups, depth + 1)?;
        }
        // So is one without members, where a group names it.
        if group.targets.is_empty() && depth > 0 {
            targets.push(name.to_owned());
        }
        visited.insert(name.to_owned(), true);
        Ok(())
    }

    /// A target with all that it inherits and that is set of it.
    fn target(&self, name: &str) -> Result<Target, String> {
        let mut visited = BTreeMap::new();
        let mut target = self.inherited(name, &mut visited, 0)?.unwrap_or_default();
        target.fields.remove("inherits");
        name.clone_into(&mut target.name);
        if target.text("context").is_none() {
            target.set("context", Field::Text(".".to_owned()));
        }
        if target.text("dockerfile").is_none_or(str::is_empty) {
            target.set("dockerfile", Field::Text("Dockerfile".to_owned()));
        }
        Ok(target)
    }

    /// `None` where the target is being resolved already: buildx lets circles be.
    fn inherited(
        &self,
        name: &str,
        visited: &mut BTreeMap<String, Option<Target>>,
        depth: usize,
    ) -> Result<Option<Target>, String> {
        if let Some(found) = visited.get(name) {
            return Ok(found.clone());
        }
        if depth > MAX_DEPTH {
            return Err("polyarch follows at most 60 parents in a row".to_owned());
        }
        visited.insert(name.to_owned(), None);
        let own = self
            .config
            .targets
            .iter()
            .find(|target| target.name == name);
        let Some(own) = own else {
            return Err(format!("failed to find target {name}"));
        };
        let mut all = Target::default();
        for parent in own.texts("inherits") {
            if let Some(parent) = self.inherited(&parent, visited, depth + 1)? {
                all.merge(&parent);
            }
        }
        all.line = 0;
        all.merge(own);
        if let Some(overrides) = self.overrides.get(name) {
            overrides::apply(&mut all, overrides)?;
        }
        all.normalize();
        visited.insert(name.to_owned(), Some(all.clone()));
        Ok(Some(all))
    }

    /// Targets that a target takes as contexts (`target:NAME`).
    fn links(
        &self,
        name: &str,
        found: &mut Resolved,
        path: &mut Vec<String>,
    ) -> Result<(), String> {
        path.push(name.to_owned());
        let at = |found: &Resolved, name: &str| {
            found.targets.iter().position(|known| known.name == name)
        };
        let Some(own) = at(found, name) else {
            return Ok(());
        };
        for context in found.targets[own].pairs("contexts").into_values() {
            let Some(other) = context.strip_prefix("target:") else {
                continue;
            };
            if other == name {
                return Err(format!("target {name} cannot link to itself"));
            }
            if path.iter().any(|known| known == other) || path.len() > MAX_DEPTH {
                return Err(format!("infinite loop from {name} to {other}"));
            }
            if at(found, other).is_none() {
                let mut target = self.target(other)?;
                let output = super::entries::Entry::read(
                    super::entries::EntryKind::Output,
                    "type=cacheonly",
                );
                target.set("output", Field::Entries(output?));
                found.linked.push(other.to_owned());
                found.targets.push(target);
            }
            self.links(other, found, path)?;
            let Some(other_at) = at(found, other) else {
                continue;
            };
            let (linked, own) = (found.targets[other_at].clone(), &mut found.targets[own]);
            let mut allowed = own.texts("entitlements");
            let more = linked.texts("entitlements");
            if more.iter().any(|new| !allowed.contains(new)) {
                allowed.extend(more);
                own.set("entitlements", Field::Texts(allowed));
                own.normalize();
            }
            let (mine, theirs) = (own.texts("platforms"), linked.texts("platforms"));
            let is_subset = mine.iter().all(|platform| theirs.contains(platform));
            if mine.len() > 1 && theirs.len() > 1 && !is_subset {
                return Err(format!(
                    "target {other} can't be used by {name} because its platforms [{}] are not a \
                     subset of [{}]",
                    mine.join(" "),
                    theirs.join(" ")
                ));
            }
        }
        path.pop();
        Ok(())
    }
}
