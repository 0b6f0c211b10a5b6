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

/// BuildKit's own rules speak BuildKit's language.
#[test]
fn every_rule_that_is_shown_gives_its_reason_in_chinese_too() {
    let lessons = lessons().into_iter().map(|lesson| lesson.project);
    let projects = all().into_iter().map(|one| one.project).chain(lessons);
    let mut missing = BTreeSet::new();
    for project in projects {
        for finding in &Seen::of(&project).analysis.diagnostics {
            let rule = crate::rules::find(finding.rule).expect("the rule is known");
            let own = rule.metadata();
            if own.group != crate::rules::Group::BuildKit && own.why_zh.is_empty() {
                missing.insert(own.name);
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
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

#[test]
fn every_lesson_starts_short_of_its_goals_and_its_solution_reaches_them() {
    let lessons = read_or_panic(LESSON_TEXTS).lessons;
    let numbers: Vec<u8> = lessons.iter().map(|lesson| lesson.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    let names: BTreeSet<String> = lessons.iter().map(|lesson| lesson.name.clone()).collect();
    assert_eq!(names, names_in("lessons"));
    let mut wrong = String::new();
    for lesson in &lessons {
        let unmet = |project: &Project| -> Vec<&str> {
            let seen = Seen::of(project);
            let unmet = lesson.goals.iter().filter(|goal| !goal.is_met(&seen));
            unmet.map(|goal| goal.label.english.as_str()).collect()
        };
        if unmet(&lesson.project).is_empty() {
            wrong += &format!("{}: there is nothing to do\n", lesson.name);
        }
        for label in unmet(&lesson.solution) {
            wrong += &format!("{}: the solution does not reach: {label}\n", lesson.name);
        }
        let seen = Seen::of(&lesson.project);
        for held in lesson.begins.iter().filter(|held| !held.holds(&seen)) {
            wrong += &format!("{}: does not begin so: {held:?}\n", lesson.name);
        }
        assert!(lesson.answer < lesson.choices.len(), "{}", lesson.name);
        assert!(!lesson.hints.is_empty(), "{}", lesson.name);
        assert_eq!(
            lesson.shows_job,
            lesson.project.job.is_some(),
            "{}",
            lesson.name
        );
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
