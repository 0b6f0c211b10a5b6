//! The instructions that take words or pairs and no flags.

use super::Judge;
use super::flags::given;
use crate::dockerfile::ast::Word;
use crate::dockerfile::kind::{Arg, Kind, Pair};
use crate::dockerfile::node::Node;

pub(super) fn env(node: &Node, judge: &mut Judge) -> Kind {
    Kind::Env(pairs(node, judge, "ENV"))
}

pub(super) fn label(node: &Node, judge: &mut Judge) -> Kind {
    Kind::Label(pairs(node, judge, "LABEL"))
}

fn pairs(node: &Node, judge: &mut Judge, name: &str) -> Vec<Pair> {
    given(node, &[], judge);
    at_least_one(node, judge, name);
    let mut pairs = Vec::new();
    for (key, value) in &node.pairs {
        if key.text.is_empty() {
            judge.refuse(format!("{name} names can not be blank"), key.span);
            continue;
        }
        pairs.push(Pair {
            key: key.clone(),
            value: value.clone().unwrap_or_default(),
            legacy: node.legacy,
        });
    }
    pairs
}

/// Flags of ARG are ignored, as BuildKit never looks at them.
pub(super) fn arg(node: &Node, judge: &mut Judge) -> Kind {
    at_least_one(node, judge, "ARG");
    let mut args = Vec::new();
    for (key, value) in &node.pairs {
        if key.text.is_empty() && value.is_some() {
            judge.refuse("ARG names can not be blank", key.span);
            continue;
        }
        args.push(Arg {
            key: key.clone(),
            value: value.clone(),
        });
    }
    Kind::Arg(args)
}

pub(super) fn expose(node: &Node, judge: &mut Judge) -> Kind {
    at_least_one(node, judge, "EXPOSE");
    given(node, &[], judge);
    let mut ports = node.arguments.clone();
    ports.sort_by(|a, b| a.text.cmp(&b.text));
    Kind::Expose(ports)
}

pub(super) fn volume(node: &Node, judge: &mut Judge) -> Kind {
    at_least_one(node, judge, "VOLUME");
    given(node, &[], judge);
    let mut volumes = Vec::new();
    for word in &node.arguments {
        let text = word.text.trim();
        if text.is_empty() {
            judge.refuse("VOLUME specified can not be an empty string", word.span);
            continue;
        }
        volumes.push(Word {
            text: text.to_owned(),
            span: word.span,
        });
    }
    Kind::Volume(volumes)
}

pub(super) fn maintainer(node: &Node, judge: &mut Judge) -> Kind {
    let word = exactly_one(node, judge, "MAINTAINER");
    given(node, &[], judge);
    word.map_or(Kind::Invalid, Kind::Maintainer)
}

pub(super) fn user(node: &Node, judge: &mut Judge) -> Kind {
    let word = exactly_one(node, judge, "USER");
    given(node, &[], judge);
    word.map_or(Kind::Invalid, Kind::User)
}

pub(super) fn workdir(node: &Node, judge: &mut Judge) -> Kind {
    let word = exactly_one(node, judge, "WORKDIR");
    given(node, &[], judge);
    word.map_or(Kind::Invalid, Kind::Workdir)
}

/// Flags of STOPSIGNAL are ignored, as BuildKit never looks at them.
pub(super) fn stopsignal(node: &Node, judge: &mut Judge) -> Kind {
    exactly_one(node, judge, "STOPSIGNAL").map_or(Kind::Invalid, Kind::Stopsignal)
}

pub(super) fn at_least_one(node: &Node, judge: &mut Judge, name: &str) {
    if node.arguments.is_empty() {
        judge.refuse(
            format!("{name} requires at least one argument"),
            node.keyword.span,
        );
    }
}

fn exactly_one(node: &Node, judge: &mut Judge, name: &str) -> Option<Word> {
    if let [word] = node.arguments.as_slice() {
        return Some(word.clone());
    }
    judge.refuse(
        format!("{name} requires exactly one argument"),
        node.keyword.span,
    );
    None
}
