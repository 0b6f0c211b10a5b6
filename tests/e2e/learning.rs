//! Scenarios and lessons in the page: the wrong file is red before the push, the guided path can
//! be walked to its end. What `--deep` finds in the real images of the same files is in `lessons`.

use std::fs;

use polyarch_core::scenarios;
use serde_json::{Value, json};

use crate::browser::Page;
use crate::tree::root;

#[test]
fn the_founding_posts_lessons_are_red_where_they_are_wrong() {
    let wrong = [
        "host-binary",
        "host-binary-job",
        "single-arch-base",
        "pinned-sha256",
    ];
    let fine = [
        "jar-copied",
        "scripts-copied",
        "build-inside",
        "folder-per-platform",
    ];
    let page = Page::serve();
    let names: Vec<&str> = wrong.iter().chain(&fine).copied().collect();
    let said = page.script("scenarios.mjs", &names);
    assert_eq!(said["complaints"], json!([]));
    for name in wrong {
        let cells = said["red"][name].as_array().expect("cells");
        assert!(!cells.is_empty(), "{name}: nothing is red");
        for cell in cells {
            // The second column is arm64, which gets the program of the first.
            assert_eq!(cell["column"], 1, "{name}: {cell}");
        }
    }
    for name in fine {
        assert_eq!(said["red"][name], json!([]), "{name}");
    }
    assert_eq!(said["all"], scenarios::all().len());
    // Those that were opened, and the one of the first visit.
    assert!(said["ticks"].as_u64() >= Some(names.len() as u64), "{said}");
    assert_eq!(said["found"], json!(["#/scenarios/goarch-forgotten"]));
}

#[test]
fn the_guided_path_can_be_walked_to_its_end() {
    let lessons: Vec<Value> = scenarios::lessons()
        .into_iter()
        .map(|lesson| {
            let job = lesson.solution.job.as_ref().map(|job| job.text.clone());
            json!({
                "name": lesson.name,
                "number": lesson.number,
                "answer": lesson.answer,
                "job": job,
                "dockerfile": lesson.solution.dockerfile,
                "retyped": lesson.solution.dockerfile != lesson.project.dockerfile,
                "platforms": lesson.solution.settings.platforms,
            })
        })
        .collect();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let file = folder.path().join("lessons.json");
    fs::write(&file, json!(lessons).to_string()).expect("the scratch folder is writable");
    let shots = root().join("tests/shots");
    fs::create_dir_all(&shots).expect("the tree is writable");
    let page = Page::serve();
    let path = |path: &std::path::Path| path.to_str().expect("a UTF-8 path").to_owned();
    let said = page.script("learn.mjs", &[&path(&file), &path(&shots)]);
    for round in said["seen"].as_array().expect("rounds") {
        assert_eq!(round["complaints"], json!([]), "{}", round["colorScheme"]);
        let walked = round["walked"].as_array().expect("lessons");
        assert_eq!(walked.len(), 8);
        for lesson in walked {
            let before = json!({"hidden": 1, "outcome": 0, "violations": []});
            assert_eq!(lesson["before"], before, "{lesson}");
            assert_eq!(lesson["unmet"], json!([]), "{lesson}");
            assert_eq!(lesson["done"], 1, "{lesson}");
            assert_eq!(lesson["violations"], json!([]), "{lesson}");
        }
    }
    assert_eq!(said["deep"]["focus"], "change");
    assert_eq!(said["deep"]["first"], Value::Null, "nobody has guessed yet");
    for one in said["narrow"].as_array().expect("sizes") {
        assert_eq!(one["overflow"], 0, "{one}");
        assert_eq!(one["violations"], json!([]), "{one}");
    }
}
