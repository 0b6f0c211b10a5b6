//! The `polyarch` command as a person or a pipeline meets it, apart from any registry.

use crate::real::polyarch::polyarch;

#[test]
fn a_usage_error_is_exit_2_and_says_what_to_do() {
    let run = polyarch(["preview", "--no-such-flag"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("--no-such-flag"), "{run:?}");
    assert!(run.stderr.contains("--help"), "{run:?}");
}

#[test]
fn completions_and_the_manual_are_printed() {
    let completions = polyarch(["completions", "bash"]);
    assert_eq!(completions.code, Some(0), "{completions:?}");
    assert!(completions.stdout.contains("preview"), "{completions:?}");
    let manual = polyarch(["man"]);
    assert_eq!(manual.code, Some(0), "{manual:?}");
    assert!(
        manual.stdout.starts_with(".ie") || manual.stdout.contains(".TH"),
        "{manual:?}"
    );
}
