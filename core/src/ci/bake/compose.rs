//! Compose files as bake reads them: services with `build` are targets, all of them the default
//! group.
//!
//! Source: docker/buildx `bake/compose.go`; the compose specification's chapter on builds. What
//! compose itself checks (schemas, `include`, `extends` of other files) is not.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::{Entry, EntryKind};
use super::interpolation::interpolate;
use super::target::{Config, Field, Group, Target, Unread};
use crate::ci::yaml::{self, Kind, Node};
use crate::dockerfile::context::clean;

type Variables<'v> = &'v dyn Fn(&str) -> Option<String>;

/// Services of one file over those of the files before; later values win.
pub(super) fn read(texts: &[(&str, &str)], variables: Variables<'_>) -> Result<Config, String> {
    let mut config = Config::default();
    let mut default = Group {
        name: "default".to_owned(),
        ..Group::default()
    };
    for (name, text) in texts {
        let node = yaml::parse(0, text).map_err(|error| {
            format!(
                "failed to parse {name}: line {}: {}",
                error.mark.line, error.message
            )
        })?;
        if node.as_mapping().is_none() {
            return Err(format!("failed to parse {name}: empty compose file"));
        }
        let file = File {
            node: &node,
            variables,
        };
        for (service, value) in node
            .get("services")
            .and_then(Node::as_mapping)
            .unwrap_or_default()
        {
            let Some(service) = service.as_str() else {
                continue;
            };
            let Some(target) = file.target(service, value)? else {
                continue;
            };
            if !default.targets.contains(&target.name) {
                default.targets.push(target.name.clone());
            }
            match config
                .targets
                .iter_mut()
                .find(|known| known.name == target.name)
            {
                Some(known) => known.merge(&target),
                None => config.targets.push(target),
            }
        }
    }
    // Compose has no order of services; buildx lists them by name.
    default.targets.sort();
    config.targets.sort_by(|a, b| a.name.cmp(&b.name));
    config.groups.push(default);
    Ok(config)
}

struct File<'a> {
    node: &'a Node,
    variables: Variables<'a>,
}

impl File<'_> {
    fn text(&self, node: &Node) -> Option<String> {
        match &node.kind {
            Kind::Scalar { text, .. } if !node.is_null() => Some(interpolate(text, self.variables)),
            _ => None,
        }
    }

    /// A list of texts; of one text its words.
    fn texts(&self, node: Option<&Node>) -> Vec<String> {
        match node.map(|node| &node.kind) {
            Some(Kind::Sequence(items)) => {
                items.iter().filter_map(|item| self.text(item)).collect()
            }
            Some(Kind::Scalar { .. }) => {
                let text = node.and_then(|node| self.text(node)).unwrap_or_default();
                text.split_whitespace().map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }

    /// `KEY: value` or `- KEY=value`; `None` for a key alone.
    fn pairs(&self, node: Option<&Node>) -> BTreeMap<String, Option<String>> {
        let mut pairs = BTreeMap::new();
        if let Some(map) = node.and_then(Node::as_mapping) {
            for (key, value) in map {
                pairs.extend(self.text(key).map(|key| (key, self.text(value))));
            }
        }
        for text in node.and_then(Node::as_sequence).unwrap_or_default() {
            let Some(text) = self.text(text) else {
                continue;
            };
            match text.split_once('=') {
                Some((key, value)) => pairs.insert(key.to_owned(), Some(value.to_owned())),
                None => pairs.insert(text, None),
            };
        }
        pairs
    }

    fn target(&self, service: &str, value: &Node) -> Result<Option<Target>, String> {
        let Some(build) = value.get("build").filter(|build| !build.is_null()) else {
            return Ok(None);
        };
        let name = service.replace('.', "_");
        super::blocks::valid_name(&name)
            .map_err(|why| format!("invalid service name {name:?}: {why}"))?;
        let mut target = Target {
            name,
            line: value.mark.line,
            ..Target::default()
        };
        if value.get("extends").is_some() {
            target.unread.push(Unread {
                field: "extends".to_owned(),
                why: "services of other services are not modelled".to_owned(),
                line: value.get("extends").map(|node| node.mark.line),
                is_ignored: false,
            });
        }
        if let Some(context) = self.text(build) {
            target.set("context", Field::Text(context));
        } else {
            self.fields(value, build, &mut target)?;
        }
        self.extension(build, &mut target)?;
        let mut tags = target.texts("tags");
        if tags.is_empty() {
            tags.extend(value.get("image").and_then(|image| self.text(image)));
        }
        if !tags.is_empty() {
            target.set("tags", Field::Texts(tags));
        }
        Ok(Some(target))
    }

    fn fields(&self, service: &Node, build: &Node, target: &mut Target) -> Result<(), String> {
        for (key, field) in [
            ("context", "context"),
            ("dockerfile", "dockerfile"),
            ("dockerfile_inline", "dockerfile-inline"),
            ("target", "target"),
            ("network", "network"),
        ] {
            if let Some(text) = build.get(key).and_then(|node| self.text(node)) {
                target.set(field, Field::Text(text));
            }
        }
        for (key, field) in [("no_cache", "no-cache"), ("pull", "pull")] {
            if build.get(key).and_then(Node::as_bool) == Some(true) {
                target.set(field, Field::Flag(true));
            }
        }
        for (key, field) in [
            ("tags", "tags"),
            ("platforms", "platforms"),
            ("entitlements", "entitlements"),
        ] {
            let texts = self.texts(build.get(key));
            if !texts.is_empty() && key != "entitlements" {
                target.set(field, Field::Texts(texts));
            }
        }
        let environment = self.pairs(service.get("environment"));
        let known = |name: &String| {
            let own = environment.get(name).cloned().flatten();
            own.or_else(|| (self.variables)(name))
        };
        let args = self.pairs(build.get("args")).into_iter();
        let args = args.filter_map(|(name, value)| {
            let value = value.or_else(|| known(&name))?;
            Some((name, value))
        });
        set_pairs(target, "args", args.collect());
        let labels = self.pairs(build.get("labels")).into_iter();
        set_pairs(
            target,
            "labels",
            labels
                .map(|(key, value)| (key, value.unwrap_or_default()))
                .collect(),
        );
        let hosts = self.pairs(build.get("extra_hosts")).into_iter();
        set_pairs(
            target,
            "extra-hosts",
            hosts
                .filter_map(|(key, value)| Some((key, value?)))
                .collect(),
        );
        set_pairs(
            target,
            "contexts",
            self.contexts(build.get("additional_contexts")),
        );
        for (key, field) in [("cache_from", "cache-from"), ("cache_to", "cache-to")] {
            self.add(target, field, EntryKind::Cache, &self.texts(build.get(key)))?;
        }
        let ssh = self.pairs(build.get("ssh")).into_iter();
        let ssh = ssh.map(|(id, path)| path.map_or(id.clone(), |path| format!("{id}={path}")));
        self.add(target, "ssh", EntryKind::Ssh, &ssh.collect::<Vec<_>>())?;
        self.secrets(build, target)?;
        for kind in ["sbom", "provenance"] {
            if let Some(text) = build.get(kind).and_then(|node| self.text(node)) {
                let text = super::canonical_attest(kind, &text);
                self.add(target, "attest", EntryKind::Attest, &[text])?;
            }
        }
        Ok(())
    }

    fn secrets(&self, build: &Node, target: &mut Target) -> Result<(), String> {
        let mut all = Vec::new();
        for secret in build
            .get("secrets")
            .and_then(Node::as_sequence)
            .unwrap_or_default()
        {
            let source = self
                .text(secret)
                .or_else(|| self.text(secret.get("source")?));
            let Some(source) = source else {
                continue;
            };
            let known = self.node.get("secrets").and_then(|all| all.get(&source));
            let mut text = format!("id={source}");
            for (key, attribute) in [("file", "src"), ("environment", "env")] {
                if let Some(value) = known.and_then(|known| self.text(known.get(key)?)) {
                    let value = if key == "file" { clean(&value) } else { value };
                    text = format!("{text},{attribute}={value}");
                }
            }
            all.push(text);
        }
        self.add(target, "secret", EntryKind::Secret, &all)
    }

    fn contexts(&self, node: Option<&Node>) -> BTreeMap<String, String> {
        let pairs = self.pairs(node).into_iter();
        let pairs = pairs.map(|(name, value)| {
            let value = value.unwrap_or_default();
            let service = value
                .strip_prefix("service:")
                .or(value.strip_prefix("target:"));
            let value = service.map_or(value.clone(), |name| {
                format!("target:{}", name.replace('.', "_"))
            });
            (name, value)
        });
        pairs.collect()
    }

    #[expect(clippy::unused_self, reason = "beside the others that read a service")]
    fn add(
        &self,
        target: &mut Target,
        field: &'static str,
        kind: EntryKind,
        texts: &[String],
    ) -> Result<(), String> {
        let mut all = target.entries(field).to_vec();
        for text in texts {
            all.extend(Entry::read(kind, text)?);
        }
        if !all.is_empty() {
            target.set(field, Field::Entries(Entry::normalized(all)));
        }
        Ok(())
    }

    /// `x-bake`: what compose has no words for.
    fn extension(&self, build: &Node, target: &mut Target) -> Result<(), String> {
        let Some(bake) = build.get("x-bake") else {
            return Ok(());
        };
        for field in ["tags", "platforms", "no-cache-filter"] {
            let more = self.texts(bake.get(field));
            if more.is_empty() {
                continue;
            }
            let mut all = target.texts(field);
            all.extend(more);
            let mut seen = BTreeSet::new();
            all.retain(|text| seen.insert(text.clone()));
            target.set(field, Field::Texts(all));
        }
        for (field, kind) in [
            ("cache-from", EntryKind::Cache),
            ("cache-to", EntryKind::Cache),
            ("secret", EntryKind::Secret),
            ("ssh", EntryKind::Ssh),
            ("output", EntryKind::Output),
        ] {
            self.add(target, field, kind, &self.texts(bake.get(field)))?;
        }
        for field in ["pull", "no-cache"] {
            if let Some(flag) = bake.get(field).and_then(Node::as_bool) {
                target.set(field, Field::Flag(flag));
            }
        }
        let mut contexts = self.contexts(bake.get("contexts"));
        contexts.extend(target.pairs("contexts"));
        set_pairs(target, "contexts", contexts);
        Ok(())
    }
}

fn set_pairs(target: &mut Target, field: &'static str, pairs: BTreeMap<String, String>) {
    if !pairs.is_empty() {
        target.set(field, Field::Pairs(pairs));
    }
}
