//! RUN, CMD, ENTRYPOINT and SHELL.

use super::Judge;
use super::flags::{Takes, given};
use crate::dockerfile::device;
use crate::dockerfile::kind::{Command, Kind, Network, Run, Security};
use crate::dockerfile::mount;
use crate::dockerfile::node::Node;
use crate::dockerfile::quote::quote;

pub(super) fn run(node: &Node, judge: &mut Judge) -> Kind {
    let known = [
        ("device", Takes::Many),
        ("mount", Takes::Many),
        ("network", Takes::One),
        ("security", Takes::One),
    ];
    let flags = given(node, &known, judge);
    let mut devices = Vec::new();
    for word in flags.many("device") {
        match device::parse(&word.text) {
            Ok(device) => devices.push(device),
            Err(message) => judge.refuse(message, word.span),
        }
    }
    let mounts = flags.many("mount");
    for word in &mounts {
        if let Err(error) = mount::from(&word.text) {
            judge.refuse(error.to_string(), word.span);
        }
    }
    let mut network = Network::default();
    if let Some(word) = flags.one("network") {
        match [Network::Default, Network::None, Network::Host]
            .into_iter()
            .find(|mode| mode.as_str() == word.text)
        {
            Some(mode) => network = mode,
            None => {
                judge.refuse(
                    format!("invalid network mode {}", quote(&word.text)),
                    word.span,
                );
            }
        }
    }
    let mut security = Security::default();
    if let Some(word) = flags.one("security") {
        match [Security::Sandbox, Security::Insecure]
            .into_iter()
            .find(|mode| mode.as_str() == word.text)
        {
            Some(mode) => security = mode,
            None => judge.refuse(
                format!("security {} is not valid", quote(&word.text)),
                word.span,
            ),
        }
    }
    Kind::Run(Run {
        command: command(node),
        mounts,
        network,
        security,
        devices,
    })
}

pub(super) fn cmd(node: &Node, judge: &mut Judge) -> Kind {
    given(node, &[], judge);
    Kind::Cmd(command(node))
}

pub(super) fn entrypoint(node: &Node, judge: &mut Judge) -> Kind {
    given(node, &[], judge);
    Kind::Entrypoint(command(node))
}

pub(super) fn shell(node: &Node, judge: &mut Judge) -> Kind {
    given(node, &[], judge);
    super::simple::at_least_one(node, judge, "SHELL");
    if let (false, Some(word)) = (node.json, node.arguments.first()) {
        judge.refuse("SHELL requires the arguments to be in JSON form", word.span);
        return Kind::Invalid;
    }
    Kind::Shell(node.arguments.clone())
}

fn command(node: &Node) -> Command {
    Command {
        words: node.arguments.clone(),
        shell: !node.json,
    }
}
