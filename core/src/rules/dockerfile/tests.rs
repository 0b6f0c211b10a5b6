//! The `dockerfile` examples of all rules are executed. Lines that begin with `#:` set the scene
//! and are not part of the file.

use crate::analysis::{ContextFile, Project, analyse};
use crate::diagnostic::Diagnostic;
use crate::rules::{ExampleKind, all};
use serde_json::{Map, Value, json};

/// A project from an example's text.
pub(crate) fn project(example: &str) -> Project {
    let mut project = Project::default();
    let mut bases = Map::new();
    for line in example.lines() {
        let Some(scene) = line.strip_prefix("#: ") else {
            project.dockerfile.push_str(line);
            project.dockerfile.push('\n');
            continue;
        };
        let words: Vec<&str> = scene.split(' ').collect();
        match words.as_slice() {
            ["index", reference, platforms @ ..] => {
                let entries: Vec<Value> =
                    platforms.iter().map(|p| json!({"platform": p})).collect();
                bases.insert((*reference).to_owned(), json!({"index": entries}));
            }
            ["manifest", reference, platform] => {
                let manifest = json!({"platform": platform});
                bases.insert((*reference).to_owned(), json!({"manifest": manifest}));
            }
            ["platforms", list] => {
                project.settings.platforms = list.split(',').map(str::to_owned).collect();
            }
            ["arg", pair] => {
                let (key, value) = pair.split_once('=').unwrap();
                let pair = (key.to_owned(), value.to_owned());
                project.settings.build_args.push(pair);
            }
            ["driver", driver] => (*driver).clone_into(&mut project.settings.driver),
            ["file", path, text @ ..] => project.files.push(ContextFile {
                path: (*path).to_owned(),
                bytes: Some(text.join(" ").into_bytes()),
            }),
            ["program", path, platform] => project.files.push(ContextFile {
                path: (*path).to_owned(),
                bytes: Some(elf(platform)),
            }),
            _ => panic!("no such scene: {scene}"),
        }
    }
    if !bases.is_empty() {
        project.bases = Some(Value::Object(bases).to_string());
    }
    project
}

/// The header of a program.
pub(crate) fn elf(platform: &str) -> Vec<u8> {
    let (class, machine) = match platform {
        "linux/amd64" => (2, 62),
        "linux/arm64" => (2, 183),
        "linux/386" => (1, 3),
        "linux/arm" => (1, 40),
        other => panic!("no header for {other}"),
    };
    let mut bytes = vec![0x7f, b'E', b'L', b'F', class, 1, 1];
    bytes.resize(16, 0);
    bytes.extend([2, 0, machine, 0, 1]);
    bytes.resize(64, 0);
    bytes
}

fn found(project: &Project, rule: &str) -> Vec<Diagnostic> {
    let mut diagnostics = analyse(project).diagnostics;
    diagnostics.retain(|diagnostic| diagnostic.rule == rule);
    diagnostics
}

/// The text after an edit.
fn apply(text: &str, diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    let mut text = text.to_owned();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in edits {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    Some(text)
}

#[test]
fn dockerfile_examples_do_what_they_say_and_fixes_work() {
    let (mut executed, mut fixed) = (0, 0);
    for rule in all() {
        let metadata = rule.metadata();
        for example in metadata.examples() {
            if example.language != "dockerfile" {
                continue;
            }
            let mut project = project(&example.text);
            let expected = example.kind == ExampleKind::Fails;
            let diagnostics = found(&project, metadata.name);
            let name = metadata.name;
            assert_eq!(
                !diagnostics.is_empty(),
                expected,
                "{name}\n{}",
                example.text
            );
            executed += 1;
            // Every fix is applied in turn; in the end nothing is found.
            for _ in 0..10 {
                let next = found(&project, name);
                let text = next.iter().find_map(|d| apply(&project.dockerfile, d));
                let Some(text) = text else { break };
                project.dockerfile = text;
                fixed += 1;
            }
            let has_fix = diagnostics.iter().any(|d| d.fix.is_some());
            if has_fix {
                let left = found(&project, name);
                assert!(left.is_empty(), "{name}: {left:#?}\n{}", project.dockerfile);
            }
        }
    }
    assert!(executed > 10, "only {executed} examples, {fixed} fixes");
}
