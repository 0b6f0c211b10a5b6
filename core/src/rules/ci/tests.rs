//! The `gitlab` and `github` examples of all rules are executed. Lines that begin with `#:` set
//! the scene: `set KEY=VALUE`, `dockerfile LINE`, `file PATH TEXT`.

use crate::analysis::{ContextFile, JobRequest, Project, analyse_job};
use crate::diagnostic::Diagnostic;
use crate::rules::{Example, ExampleKind, all};

fn scene(example: &str, language: &str) -> (Project, JobRequest) {
    let file = if language == "github" {
        ".github/workflows/image.yml"
    } else {
        ".gitlab-ci.yml"
    };
    let mut project = Project::default();
    let mut request = JobRequest {
        file: file.to_owned(),
        ..JobRequest::default()
    };
    for line in example.lines() {
        let Some(scene) = line.strip_prefix("#: ") else {
            request.text.push_str(line);
            request.text.push('\n');
            continue;
        };
        match scene.split_once(' ') {
            Some(("set", pair)) => {
                let (key, value) = pair.split_once('=').unwrap();
                request.settings.push((key.to_owned(), value.to_owned()));
            }
            Some(("dockerfile", text)) => {
                project.dockerfile.push_str(text);
                project.dockerfile.push('\n');
            }
            Some(("file", rest)) => {
                let (path, text) = rest.split_once(' ').unwrap();
                project.files.push(ContextFile {
                    path: path.to_owned(),
                    bytes: Some(text.as_bytes().to_vec()),
                });
            }
            _ => panic!("no such scene: {scene}"),
        }
    }
    (project, request)
}

fn found(project: &Project, request: &JobRequest, rule: &str) -> (Vec<Diagnostic>, String) {
    let analysis = analyse_job(project, request).unwrap();
    let log = analysis.run.map(|r| r.log).unwrap_or_default();
    let mut diagnostics = analysis.diagnostics;
    diagnostics.retain(|d| d.rule == rule);
    (diagnostics, log)
}

#[test]
fn job_examples_do_what_they_say_and_fixes_work() {
    let (mut executed, mut fixed) = (0, 0);
    let mut wrong = Vec::new();
    for rule in all() {
        let metadata = rule.metadata();
        let name = metadata.name;
        let examples = metadata.examples();
        let shown = |e: &&Example| e.language == "text" && e.kind == ExampleKind::Shown;
        let quoted: Vec<&str> = examples
            .iter()
            .filter(shown)
            .map(|e| e.text.trim_end())
            .collect();
        for example in &examples {
            if example.language != "gitlab" && example.language != "github" {
                continue;
            }
            executed += 1;
            let (project, mut request) = scene(&example.text, &example.language);
            let expected = example.kind == ExampleKind::Fails;
            let (diagnostics, log) = found(&project, &request, name);
            if diagnostics.is_empty() == expected {
                wrong.push(format!(
                    "{name} {:?}\n{}\n{log}",
                    example.kind, example.text
                ));
            }
            // What the page quotes is what the job prints.
            for text in quoted
                .iter()
                .filter(|text| expected && !log.contains(**text))
            {
                wrong.push(format!("{name} does not print {text}\n{log}"));
            }
            let Some(fix) = diagnostics.iter().find_map(|d| d.fix.clone()) else {
                continue;
            };
            let mut edits = fix.edits;
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
            for edit in edits {
                request
                    .text
                    .replace_range(edit.span.start..edit.span.end, &edit.text);
            }
            let (left, log) = found(&project, &request, name);
            if !left.is_empty() {
                wrong.push(format!("{name} is not fixed\n{}\n{log}", request.text));
            }
            fixed += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
    assert!(
        executed > 90 && fixed > 3,
        "{executed} examples, {fixed} fixes"
    );
}
