//! Blocks become groups and targets: matrices, names, and the fields that each has.
//!
//! Source: docker/buildx `bake/bake.go` (`GetEvalContexts`, `GetName`), `bake/hclparser`.

use std::collections::BTreeMap;

use super::definition::Definition;
use super::entries::Entry;
use super::evaluate::{Names as _, Scope, evaluate};
use super::syntax::{Attribute, Block, ExpressionKind, Fault, Range};
use super::target::{Config, FIELDS, Field, Group, Shape, Target, Unread};
use super::value::Value;

/// Targets that all matrices make at most.
const MAX_INSTANCES: usize = 500;

/// A block, once for each leg of its matrix.
#[derive(Clone)]
pub(super) struct Instance<'a> {
    pub block: &'a Block,
    pub name: String,
    scope: Scope,
}

/// Reads all blocks; the faults of all of them where there are some.
pub(super) fn read<'t>(
    all: &Definition<'_>,
    texts: &dyn Fn(usize) -> &'t str,
) -> Result<Config, Vec<Fault>> {
    let mut names_of: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for block in &all.blocks {
        let instances = instances(all, block).map_err(|fault| vec![fault])?;
        for instance in instances {
            let names = names_of
                .entry((&block.kind, &block.labels[0].0))
                .or_default();
            names.push(instance.name.clone());
            all.instances.borrow_mut().push(instance);
        }
        if all.instances.borrow().len() > MAX_INSTANCES {
            let text = "polyarch reads at most 500 targets of matrices.";
            return Err(vec![Fault::new("Too many targets", text, block.range)]);
        }
    }
    all.has_blocks.set(true);
    let lines = |range: Range| super::parse::position(texts(range.file), range.start).0;
    let mut config = Config::default();
    let mut faults = Vec::new();
    let instances = all.instances.borrow().clone();
    for instance in &instances {
        if instance.block.kind == "group" {
            match instance.group(all) {
                Ok(group) => match config
                    .groups
                    .iter_mut()
                    .find(|known| known.name == group.name)
                {
                    Some(known) => *known = group,
                    None => config.groups.push(group),
                },
                Err(fault) => faults.extend(fault),
            }
            continue;
        }
        match instance.target(all, &lines) {
            Ok(target) => match config
                .targets
                .iter_mut()
                .find(|known| known.name == target.name)
            {
                Some(known) => known.merge(&target),
                None => config.targets.push(target),
            },
            Err(fault) => faults.extend(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    for ((_, label), mut names) in names_of {
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        if names.len() != 1 || names[0] != label {
            config.groups.push(Group {
                name: label.to_owned(),
                description: String::new(),
                targets: names,
            });
        }
    }
    Ok(config)
}

fn instances<'a>(all: &Definition<'a>, block: &'a Block) -> Result<Vec<Instance<'a>>, Fault> {
    let (label, at) = &block.labels[0];
    let invalid = |text: String| Fault::new("Invalid name", text, *at);
    let matrix = block.body.attribute("matrix");
    let name = block.body.attribute("name");
    if block.kind == "group" {
        for (key, found) in [("matrix", matrix), ("name", name)] {
            if found.is_some() {
                return Err(invalid(format!("{key} is not supported for groups")));
            }
        }
    }
    let mut found: Vec<Instance<'a>> = Vec::new();
    for scope in legs(all, matrix, *at)? {
        valid_name(label).map_err(invalid)?;
        let name = match (name, matrix) {
            (None, _) => label.clone(),
            (Some(_), None) => return Err(invalid("name requires matrix".to_owned())),
            (Some(name), Some(_)) => {
                let value = evaluate(all, &scope, &name.value)?;
                let text = value.to_text().map_err(&invalid)?;
                valid_name(&text).map_err(invalid)?;
                text
            }
        };
        if found.iter().any(|known| known.name == name) {
            return Err(invalid(format!("duplicate name {name:?}")));
        }
        found.push(Instance { block, name, scope });
    }
    Ok(found)
}

/// The values of the matrix's names, of each leg. The order of keys is the alphabet's, where
/// buildx has none.
fn legs(all: &Definition<'_>, matrix: Option<&Attribute>, at: Range) -> Result<Vec<Scope>, Fault> {
    let invalid = |text: &str| Fault::new("Invalid name", text, at);
    let Some(matrix) = matrix else {
        return Ok(vec![Scope::new()]);
    };
    let Value::Map(axes) = evaluate(all, &Scope::new(), &matrix.value)? else {
        return Err(invalid("matrix must be a map"));
    };
    let mut scopes = vec![Scope::new()];
    for (key, values) in axes {
        let Some(values) = values.elements() else {
            return Err(invalid("matrix values must be a list"));
        };
        if values.len().saturating_mul(scopes.len()) > MAX_INSTANCES {
            let text = "polyarch reads at most 500 targets of matrices.";
            return Err(Fault::new("Too many targets", text, at));
        }
        let mut next = Vec::new();
        for value in values {
            for scope in &scopes {
                let mut scope = scope.clone();
                scope.push((key.clone(), value.clone()));
                next.push(scope);
            }
        }
        scopes = next;
    }
    Ok(scopes)
}

/// Whether a target may have the name.
pub(super) fn valid_name(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(fits) {
        return Ok(());
    }
    Err("only \"[a-zA-Z0-9_-]+\" are allowed".to_owned())
}

impl Instance<'_> {
    fn group(&self, all: &Definition<'_>) -> Result<Group, Vec<Fault>> {
        let mut group = Group {
            name: self.name.clone(),
            ..Group::default()
        };
        if self.block.body.attribute("targets").is_none() {
            let text = "The argument \"targets\" is required, but no definition was found.";
            return Err(vec![Fault::new(
                "Missing required argument",
                text,
                self.block.range,
            )]);
        }
        self.each(&["description", "targets"], |attribute| {
            let value = evaluate(all, &self.scope, &attribute.value)?;
            let shape = if attribute.name == "targets" {
                Shape::Texts
            } else {
                Shape::Text
            };
            match read_field(shape, value)
                .map_err(|why| unsuitable(all, &why, attribute))?
                .0
            {
                Some(Field::Texts(texts)) => group.targets = texts,
                Some(Field::Text(text)) => group.description = text,
                _ => {}
            }
            Ok(())
        })?;
        Ok(group)
    }

    fn target(
        &self,
        all: &Definition<'_>,
        lines: &dyn Fn(Range) -> usize,
    ) -> Result<Target, Vec<Fault>> {
        let mut target = Target {
            name: self.name.clone(),
            line: lines(self.block.range),
            unread: self.ignored(lines),
            ..Target::default()
        };
        let known: Vec<&str> = FIELDS.iter().map(|(name, ..)| *name).collect();
        self.each(&known, |attribute| {
            let shape = FIELDS.iter().find(|(name, ..)| *name == attribute.name);
            let Some((name, shape, _)) = shape else {
                return Ok(());
            };
            let value = evaluate(all, &self.scope, &attribute.value)?;
            let (field, unknown) =
                read_field(*shape, value).map_err(|why| unsuitable(all, &why, attribute))?;
            if let Some(field) = field {
                target.set(name, field);
            }
            target
                .unread
                .extend(unknown.into_iter().map(|(key, why)| Unread {
                    field: if key.is_empty() {
                        (*name).to_owned()
                    } else {
                        format!("{name}.{key}")
                    },
                    why,
                    line: Some(lines(attribute.range)),
                    is_ignored: false,
                }));
            Ok(())
        })?;
        Ok(target)
    }

    /// Does something with each argument of these names; all faults. A value that could not be
    /// evaluated is then unsuitable too, which buildx counts.
    fn each(
        &self,
        known: &[&str],
        mut work: impl FnMut(&Attribute) -> Result<(), Fault>,
    ) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for attribute in &self.block.body.attributes {
            if !known.contains(&attribute.name.as_str()) {
                continue;
            }
            if let Err(fault) = work(attribute) {
                let again = !matches!(
                    fault.summary.as_str(),
                    "Unsuitable value type" | "Invalid expression"
                ) && !is_template(attribute, &fault);
                faults.push(fault.clone());
                faults.extend(again.then_some(fault));
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// Arguments and blocks that are no field; buildx does not look at them.
    fn ignored(&self, lines: &dyn Fn(Range) -> usize) -> Vec<Unread> {
        let known: Vec<&str> = FIELDS.iter().map(|(name, ..)| *name).collect();
        let attributes = self.block.body.attributes.iter();
        let attributes = attributes.map(|found| (&found.name, found.name_range, ""));
        let blocks = self.block.body.blocks.iter();
        let blocks = blocks.map(|found| (&found.kind, found.range, " with braces"));
        attributes
            .filter(|(name, ..)| {
                !known.contains(&name.as_str()) && !matches!(name.as_str(), "matrix" | "name")
            })
            .chain(blocks)
            .map(|(name, range, form)| Unread {
                field: name.clone(),
                why: format!(
                    "a target has no field of this name{form}, so that buildx does not read it.{}",
                    super::did_you_mean(name, &known)
                ),
                line: Some(lines(range)),
                is_ignored: true,
            })
            .collect()
    }

    /// One field's value, as others that name it see it.
    pub(super) fn field(
        &self,
        all: &Definition<'_>,
        name: &str,
        at: Range,
    ) -> Result<Value, Fault> {
        if name == "name" {
            return Ok(Value::text(self.name.as_str()));
        }
        let is_group = self.block.kind == "group" && matches!(name, "targets" | "description");
        let shape = FIELDS.iter().find(|(known, ..)| *known == name);
        if shape.is_none() && !is_group {
            let text = format!("This object does not have an attribute named {name:?}.");
            return Err(Fault::new("Unsupported attribute", text, at));
        }
        let Some(attribute) = self.block.body.attribute(name) else {
            return Ok(match shape {
                Some((_, Shape::Entries(_), _)) => Value::List(Vec::new()),
                Some(("description", ..)) => Value::text(""),
                _ => Value::Null,
            });
        };
        all.evaluator().spend(1, at)?;
        let value = evaluate(all, &self.scope, &attribute.value)?;
        let Some((_, shape, _)) = shape else {
            return Ok(value);
        };
        if value.unknown().is_some() {
            return Ok(value);
        }
        let (field, _) =
            read_field(*shape, value).map_err(|why| unsuitable(all, &why, attribute))?;
        Ok(match field {
            None => Value::Null,
            Some(Field::Text(text)) => Value::Text(text),
            Some(Field::Flag(flag)) => Value::Bool(flag),
            Some(Field::Texts(texts)) => Value::List(texts.into_iter().map(Value::Text).collect()),
            Some(Field::Pairs(pairs)) => Value::Map(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key, Value::Text(value)))
                    .collect(),
            ),
            Some(Field::Entries(entries)) => {
                let of = |entry: &Entry| {
                    let pairs = entry.attributes.iter();
                    pairs
                        .map(|(key, value)| (key.clone(), Value::text(value.as_str())))
                        .collect()
                };
                Value::List(entries.iter().map(|entry| Value::Map(of(entry))).collect())
            }
        })
    }
}

fn unsuitable(all: &Definition<'_>, why: &str, attribute: &Attribute) -> Fault {
    let text = format!("Unsuitable value: {why}");
    Fault::new("Unsuitable value type", text, all.first(&attribute.value))
}

/// Whether a fault is in a text of a map of values that may be null: such a text is still one.
fn is_template(attribute: &Attribute, fault: &Fault) -> bool {
    let ExpressionKind::Map(entries) = &attribute.value.kind else {
        return false;
    };
    let at = fault.range.unwrap_or_default().start;
    let entry = entries
        .iter()
        .find(|(_, value)| (value.range.start..value.range.end).contains(&at));
    matches!(attribute.name.as_str(), "args" | "labels" | "extra-hosts")
        && entry.is_some_and(|(_, value)| matches!(value.kind, ExpressionKind::Template(_)))
}

type Unknown = Vec<(String, String)>;

/// A value as a field takes it; `None` for null. What is not known is left out and told with its
/// key and why.
fn read_field(shape: Shape, value: Value) -> Result<(Option<Field>, Unknown), String> {
    let mut unknown = Unknown::new();
    let value = match value {
        Value::Null => return Ok((None, unknown)),
        Value::Unknown(why) => return Ok((None, vec![(String::new(), why)])),
        value => value,
    };
    let field = match (shape, value) {
        (Shape::Text, value) => Field::Text(value.to_text()?),
        (Shape::Flag, value) => Field::Flag(value.to_bool()?),
        (Shape::Texts, Value::List(items)) => {
            let mut texts = Vec::new();
            for (n, item) in items.into_iter().enumerate() {
                match item {
                    Value::Unknown(why) => unknown.push((String::new(), why)),
                    item => texts.push(item.to_text().map_err(|_| {
                        format!("element {n}: string required, but have {}", item.kind())
                    })?),
                }
            }
            Field::Texts(texts)
        }
        (Shape::Texts, Value::Map(_)) => return Err("list of string required".to_owned()),
        (Shape::Pairs, Value::List(_)) => return Err("map of string required".to_owned()),
        (Shape::Texts, other) => {
            return Err(format!(
                "list of string required, but have {}",
                other.kind()
            ));
        }
        (Shape::Pairs, Value::Map(entries)) => {
            let mut pairs = BTreeMap::new();
            for (key, item) in entries {
                match item {
                    Value::Null => {}
                    Value::Unknown(why) => unknown.push((key, why)),
                    item => {
                        let text = item.to_text().map_err(|_| {
                            format!("element {key:?}: string required, but have {}", item.kind())
                        })?;
                        pairs.insert(key, text);
                    }
                }
            }
            Field::Pairs(pairs)
        }
        (Shape::Pairs, other) => {
            return Err(format!("map of string required, but have {}", other.kind()));
        }
        (Shape::Entries(kind), Value::List(items)) => {
            let mut entries = Vec::new();
            for item in items {
                if let Some(why) = item.unknown() {
                    unknown.push((String::new(), why.to_owned()));
                    continue;
                }
                if item != Value::text("") {
                    entries.extend(Entry::of_value(kind, &item)?);
                }
            }
            Field::Entries(entries)
        }
        (Shape::Entries(_), other) => {
            return Err(format!(
                "list of map of string required, but have {}",
                other.kind()
            ));
        }
    };
    Ok((Some(field), unknown))
}
