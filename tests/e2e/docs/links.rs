//! Links of every document in the tree, as a forge follows them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::tree::{root, text};

#[test]
fn every_link_of_every_document_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() > 60, "{documents:?}");
    let anchors: BTreeMap<&str, BTreeSet<String>> = documents
        .iter()
        .map(|path| (path.as_str(), anchors(&text(path))))
        .collect();
    let mut broken = String::new();
    let mut count = 0;
    for path in &documents {
        for link in links(&text(path)) {
            count += 1;
            if let Err(why) = follow(path, &link, &anchors) {
                broken.push_str(&format!("{path}: {link}: {why}\n"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
    assert!(count > 50, "only {count} links were found");
}

/// All markdown that the repository holds, new files included.
fn documents() -> Vec<String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.md",
        ])
        .current_dir(root())
        .output()
        .expect("git");
    assert!(output.status.success(), "{output:?}");
    let names = String::from_utf8(output.stdout).expect("UTF-8 names");
    let mut documents: Vec<String> = names
        .split('\0')
        .filter(|name| !name.is_empty() && root().join(name).is_file())
        .map(str::to_owned)
        .collect();
    documents.sort();
    documents.dedup();
    documents
}

fn links(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some(dest_url.to_string())
            }
            _ => None,
        })
        .collect()
}

fn follow(
    from: &str,
    link: &str,
    anchors: &BTreeMap<&str, BTreeSet<String>>,
) -> Result<(), String> {
    if let Some(rest) = link.strip_prefix("https://") {
        let host = rest.split(['/', '#', '?']).next().unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let is_host = host.contains('.') && host.chars().all(is_name);
        let is_whole = !rest.contains(char::is_whitespace);
        return (is_host && is_whole)
            .then_some(())
            .ok_or("no address".to_owned());
    }
    if link.contains("://") || link.starts_with("//") {
        return Err("only https leads out of the tree".to_owned());
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() {
        from.to_owned()
    } else {
        beside(from, path)?
    };
    if !root().join(&target).exists() {
        return Err(format!("no file {target}"));
    }
    let known = anchors.get(target.as_str());
    let is_there = anchor.is_empty() || known.is_some_and(|known| known.contains(anchor));
    is_there
        .then_some(())
        .ok_or(format!("no heading #{anchor} in {target}"))
}

/// A path relative to a document as one relative to the root.
fn beside(from: &str, path: &str) -> Result<String, String> {
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let mut whole = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => {
                if !whole.pop() {
                    return Err("out of the tree".to_owned());
                }
            }
            Component::Normal(part) => whole.push(part),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return Err("absolute".to_owned()),
        }
    }
    Ok(whole.to_string_lossy().into_owned())
}

/// The anchors that forges give a document's headings.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open: Option<String> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => open = Some(String::new()),
            Event::Text(part) | Event::Code(part) => {
                if let Some(text) = &mut open {
                    text.push_str(&part);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let text = open.take().unwrap_or_default().to_lowercase();
                let kept = text.replace(' ', "-");
                let kept = kept.replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '_', "");
                let before = found.iter().filter(|one| **one == kept).count();
                // The second of one name is told apart by its number.
                found.push(kept.clone());
                if before > 0 {
                    found.push(format!("{kept}-{before}"));
                }
            }
            _ => {}
        }
    }
    found.into_iter().collect()
}

#[test]
fn broken_links_are_told_from_whole_ones() {
    let page = "# One\n\n## Two `a`!\n\n## One\n";
    let anchors = BTreeMap::from([("docs/rules.md", anchors(page))]);
    let follow = |link: &str| follow("docs/rules.md", link, &anchors).is_ok();
    for whole in [
        "#one",
        "#two-a",
        "#one-1",
        "rules.md#one",
        "../README.md",
        "https://a.example/b",
    ] {
        assert!(follow(whole), "{whole}");
    }
    for broken in [
        "#three",
        "#one-2",
        "no.md",
        "../../README.md",
        "/README.md",
        "http://a.example",
        "https://a b.example",
        "https:///x",
        "README.md",
    ] {
        assert!(!follow(broken), "{broken}");
    }
}
