//! Flags of an instruction against those that it knows (`instructions/bflag.go`).

use super::Judge;
use crate::dockerfile::ast::{Flag, Word};
use crate::dockerfile::node::Node;
use crate::dockerfile::suggest::with_suggestion;

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// `--name`, `--name=true`, `--name=false`.
    Bool,
    /// One value.
    One,
    /// A value each time it is given.
    Many,
}

/// The flags given, as far as they are right.
pub(super) struct Given<'n> {
    flags: Vec<&'n Flag>,
}

/// Checks the flags in written order against `known`, which is in alphabetical order.
pub(super) fn given<'n>(
    node: &'n Node,
    known: &[(&'static str, Takes)],
    judge: &mut Judge,
) -> Given<'n> {
    let mut given = Given { flags: Vec::new() };
    for flag in &node.flags {
        match check(flag, known, &given) {
            Ok(()) => given.flags.push(flag),
            Err(message) => judge.refuse(message, flag.span),
        }
    }
    given
}

fn check(flag: &Flag, known: &[(&'static str, Takes)], given: &Given) -> Result<(), String> {
    let name = &flag.name;
    let Some((_, takes)) = known.iter().find(|(known, _)| known == name) else {
        let message = format!("unknown flag: --{name}");
        let names = known.iter().map(|(name, _)| *name);
        return Err(with_suggestion(message, name, names, true));
    };
    if *takes != Takes::Many && given.last(name).is_some() {
        return Err(format!("duplicate flag specified: --{name}"));
    }
    match (takes, &flag.value) {
        (Takes::Bool, None) | (Takes::One | Takes::Many, Some(_)) => Ok(()),
        (Takes::One | Takes::Many, None) => Err(format!("missing a value on flag: --{name}")),
        (Takes::Bool, Some(value)) => match value.text.to_lowercase().as_str() {
            "" => Err(format!("missing a value on flag: --{name}")),
            "true" | "false" => Ok(()),
            _ => {
                let value = &value.text;
                Err(format!(
                    "expecting boolean value for flag --{name}, not: {value}"
                ))
            }
        },
    }
}

impl Given<'_> {
    fn last(&self, name: &str) -> Option<&Flag> {
        self.flags
            .iter()
            .rev()
            .find(|flag| flag.name == name)
            .copied()
    }

    pub(super) fn one(&self, name: &str) -> Option<Word> {
        self.last(name).and_then(|flag| flag.value.clone())
    }

    pub(super) fn many(&self, name: &str) -> Vec<Word> {
        let named = self.flags.iter().filter(|flag| flag.name == name);
        named.filter_map(|flag| flag.value.clone()).collect()
    }

    /// `None` if it is not given.
    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        let flag = self.last(name)?;
        let value = flag.value.as_ref();
        Some(value.is_none_or(|value| value.text.eq_ignore_ascii_case("true")))
    }
}
