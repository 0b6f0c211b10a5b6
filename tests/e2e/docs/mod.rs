//! What the documents show is so: every command runs and every output is what it prints, every CI
//! file is valid and plays through, every link leads somewhere, on a forge and under `/docs/`.
//!
//! A fence says in its info string what it is; CONTRIBUTING.md lists the kinds. One that says
//! nothing fails. The pages of the rules are executed in core.

mod ci;
mod comparison;
mod fence;
mod links;
mod served;
mod session;
mod tree_commands;

use std::collections::BTreeMap;

use self::fence::{Fence, Kind, fences};
use self::session::{Session, World};
use crate::tree::{Source, sources, text};

/// Every document with fences that people copy from.
fn documents() -> Vec<Source> {
    let of_the_root = [
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
    ];
    let mut documents: Vec<Source> = of_the_root
        .into_iter()
        .map(|path| Source {
            path: path.to_owned(),
            text: text(path),
        })
        .collect();
    documents.extend(sources(&["docs"], ".md"));
    documents.retain(|document| document.path != "docs/rules.md");
    documents
}

#[test]
fn every_command_does_what_is_shown() {
    let world = World::start();
    let mut failed = String::new();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents() {
        let session = Session::start(&world);
        for fence in fences(&document.text) {
            if document.path == "README.md" && fence.is_of_the_readme() {
                continue;
            }
            let place = format!("{}:{}", document.path, fence.line);
            match check(&fence, &session) {
                Ok(kind) => *count.entry(kind).or_default() += 1,
                Err(message) => failed.push_str(&format!("{place}: {message}\n")),
            }
        }
    }
    assert!(failed.is_empty(), "\n{failed}");
    for (kind, least) in [("commands", 10), ("outputs", 5), ("CI files", 8)] {
        let found = count.get(kind).copied().unwrap_or_default();
        assert!(found >= least, "only {found} {kind}: {count:?}");
    }
}

/// Does with a fence what its kind asks for; the kind's name, or what is wrong.
fn check(fence: &Fence, session: &Session<'_>) -> Result<&'static str, String> {
    match &fence.kind {
        Kind::File(name) => session.write(name, &fence.text).map(|()| "files"),
        Kind::Commands { exit } => session.run(&fence.text, *exit).map(|()| "commands"),
        Kind::Server => session.serve(&fence.text).map(|()| "servers"),
        Kind::Console { exit } => session.console(&fence.text, *exit).map(|()| "outputs"),
        Kind::Tree => tree_commands::check(&fence.text).map(|()| "commands of the tree"),
        Kind::Ci(service) => ci::play(*service, &fence.text, session).map(|()| "CI files"),
        Kind::Picture => Ok("pictures"),
        Kind::Unknown(info) => Err(format!(
            "a fence of kind `{info}`; CONTRIBUTING.md lists those that are tested"
        )),
    }
}
