//! Dockerfiles with their files, and the CPU of paths on each platform.
//!
//! The first twenty cases are those of the content truth that the issue names, made shorter; bases
//! are indexes unless a case says otherwise.

use crate::analysis::{ContextFile, Project, analyse};
use crate::rules::dockerfile_tests::elf;

mod cases;

/// Files for both platforms: `path: amd64's, arm64's`; `-` for a path that is not there.
fn check(name: &str, case: &str) -> usize {
    let mut project = Project::default();
    let mut expected = Vec::new();
    for line in case.lines() {
        let line = line.trim();
        if let Some(file) = line.strip_prefix("#file ") {
            let (path, content) = file.split_once(' ').unwrap_or((file, ""));
            let bytes = match content.strip_prefix("elf:") {
                Some(platform) => elf(platform),
                None => content.replace("\\n", "\n").into_bytes(),
            };
            let bytes = Some(bytes);
            project.files.push(ContextFile {
                path: path.to_owned(),
                bytes,
            });
        } else if let Some(line) = line.strip_prefix("#is ") {
            expected.push(line.to_owned());
        } else if let Some(pair) = line.strip_prefix("#arg ") {
            let (key, value) = pair.split_once('=').expect("a pair");
            let pair = (key.to_owned(), value.to_owned());
            project.settings.build_args.push(pair);
        } else if let Some(bases) = line.strip_prefix("#bases ") {
            project.bases = Some(bases.to_owned());
        } else {
            project.dockerfile.push_str(line);
            project.dockerfile.push('\n');
        }
    }
    let analysis = analyse(&project);
    for line in &expected {
        let (path, machines) = line.split_once(' ').expect("path and machines");
        let machines: Vec<&str> = machines.split(' ').collect();
        for (at, view) in analysis.platforms.iter().enumerate() {
            let wanted = machines.get(at).or(machines.last()).expect("a machine");
            // A command may end a platform's build for certain; then it has no files.
            assert!(
                view.error.is_none() || *wanted == "-",
                "{name}: {:?}",
                view.error
            );
            let said = said(&view.content, path);
            let shown: Vec<String> = view
                .content
                .iter()
                .map(|e| format!("{} {} ({}: {})", e.path, e.machine, e.from, e.why))
                .collect();
            assert_eq!(
                said,
                *wanted,
                "{name}: {path} on {}\n{}",
                view.requested,
                shown.join("\n")
            );
        }
    }
    expected.len()
}

/// The entry for a path, or for the nearest folder above it.
fn said<'a>(content: &'a [crate::analysis::ContentView], path: &str) -> &'a str {
    let mut path = path;
    loop {
        if let Some(entry) = content.iter().find(|entry| entry.path == path) {
            return &entry.machine;
        }
        match path.rsplit_once('/') {
            Some((folder, _)) if !folder.is_empty() => path = folder,
            _ => return "-",
        }
    }
}

#[test]
fn every_case_has_its_answers() {
    let mut count = 0;
    for case in cases::CASES.split("#case ").skip(1) {
        let (name, case) = case.split_once('\n').expect("a name");
        assert!(check(name, case) > 0, "{name} asks nothing");
        count += 1;
    }
    assert!(count >= 60, "only {count} cases");
}
