//! Every scenario ends as it states, every lesson starts unsolved and can be solved, and no text
//! of the folders is forgotten.

use std::collections::BTreeSet;

use super::*;

fn names_in(folder: &str) -> BTreeSet<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(path).expect("the folder is there");
    files
        .map(|file| file.expect("it can be read").file_name())
        .map(|name| name.to_string_lossy().trim_end_matches(".md").to_owned())
        .collect()
}

fn read_or_panic(texts: &[&str]) -> Library {
    for text in texts {
        if let Err(error) = read(text) {
            panic!("{error}\n{text}");
        }
    }
    read(&texts.join("\n")).expect("each alone can be read")
}

#[test]
fn every_scenario_ends_as_it_states() {
    let library = read_or_panic(SCENARIO_TEXTS);
    let mut wrong = String::new();
    for scenario in &library.scenarios {
        for mismatch in scenario.mismatches() {
            wrong += &format!("{}: {mismatch}\n", scenario.name);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert_eq!(library.scenarios, all());
}

#[test]
fn every_file_of_the_folders_is_read_under_its_own_name() {
    let scenarios: BTreeSet<String> = all().into_iter().map(|one| one.name).collect();
    assert_eq!(scenarios, names_in("scenarios"));
    assert!(scenarios.len() >= 30, "{}", scenarios.len());
    let first = read_or_panic(FIRST).scenarios;
    assert_eq!(
        first[..],
        all()[..first.len()],
        "the first two lead the gallery"
    );
}
