//! COPY and ADD.

use super::Judge;
use super::flags::{Given, Takes, given};
use crate::dockerfile::ast::{Heredoc, Word, chomp};
use crate::dockerfile::heredoc;
use crate::dockerfile::kind::{InlineFile, Kind, Transfer};
use crate::dockerfile::node::Node;

pub(super) fn copy(node: &Node, heredocs: &[Heredoc], judge: &mut Judge) -> Kind {
    let known = [
        ("chmod", Takes::One),
        ("chown", Takes::One),
        ("exclude", Takes::Many),
        ("from", Takes::One),
        ("link", Takes::Bool),
        ("parents", Takes::Bool),
    ];
    transfer(node, heredocs, &known, "COPY", judge).map_or(Kind::Invalid, Kind::Copy)
}

pub(super) fn add(node: &Node, heredocs: &[Heredoc], judge: &mut Judge) -> Kind {
    let known = [
        ("checksum", Takes::One),
        ("chmod", Takes::One),
        ("chown", Takes::One),
        ("exclude", Takes::Many),
        ("keep-git-dir", Takes::Bool),
        ("link", Takes::Bool),
        ("unpack", Takes::Bool),
    ];
    transfer(node, heredocs, &known, "ADD", judge).map_or(Kind::Invalid, Kind::Add)
}

fn transfer(
    node: &Node,
    heredocs: &[Heredoc],
    known: &[(&'static str, Takes)],
    name: &str,
    judge: &mut Judge,
) -> Option<Transfer> {
    let words = node
        .arguments
        .split_last()
        .filter(|(_, sources)| !sources.is_empty());
    let Some((destination, sources)) = words else {
        let message = format!(
            "{name} requires at least two arguments, but only one was provided. \
             Destination could not be determined"
        );
        judge.refuse(message, node.keyword.span);
        return None;
    };
    let flags = given(node, known, judge);
    if matches!(heredoc::head(&destination.text), Ok(Some(_))) {
        let message = format!("{name} cannot accept a heredoc as a destination");
        judge.refuse(message, destination.span);
    }
    let mut transfer = with_flags(&flags);
    transfer.destination = destination.clone();
    for word in sources {
        match heredoc::head(&word.text) {
            Ok(Some(head)) => transfer.files.push(inline_file(word, &head, heredocs)),
            _ => transfer.sources.push(word.clone()),
        }
    }
    Some(transfer)
}

fn with_flags(flags: &Given) -> Transfer {
    Transfer {
        from: flags.one("from"),
        chown: flags.one("chown"),
        chmod: flags.one("chmod"),
        link: flags.boolean("link").unwrap_or_default(),
        parents: flags.boolean("parents").unwrap_or_default(),
        excludes: flags.many("exclude"),
        checksum: flags.one("checksum"),
        keep_git_dir: flags.boolean("keep-git-dir"),
        unpack: flags.boolean("unpack"),
        ..Transfer::default()
    }
}

/// Of several heredocs with one name, all words mean the last.
fn inline_file(word: &Word, head: &heredoc::Head, heredocs: &[Heredoc]) -> InlineFile {
    let content = heredocs
        .iter()
        .rev()
        .find(|heredoc| heredoc.name == head.name)
        .map_or("", |heredoc| heredoc.content.as_str());
    InlineFile {
        name: head.name.clone(),
        data: if head.chomp {
            chomp(content)
        } else {
            content.to_owned()
        },
        expand: head.expand,
        word: word.clone(),
    }
}
