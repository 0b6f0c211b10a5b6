//! What counts as a program of an image, and how grave a foreign one is, by demo recipes.

use crate::demo::{REPOSITORY, Recipe, TAG};
use crate::reference::Target;
use crate::rules::judge;
use crate::verify::{Answer, Covered, LayerFacts, Limits, Verdict, Walk};

/// `severity path` of each finding of the rule, and the verdict.
fn check(lines: &str) -> (Vec<String>, Verdict) {
    check_with(lines, |_| {})
}

/// The same of layers whose facts were changed.
fn check_with(lines: &str, change: impl Fn(&mut LayerFacts)) -> (Vec<String>, Verdict) {
    let text = format!("image linux/amd64 linux/arm64 linux/arm/v7\n{lines}\ndeep");
    let recipe = Recipe::parse(&text).unwrap();
    let mut registry = recipe.build();
    let expectation = recipe.expectation();
    let target = Target::Tag(TAG.to_owned());
    let mut walk = Walk::new(target, expectation.depth, Limits::default());
    while let Some(request) = walk.poll() {
        let mut answer = registry.answer(REPOSITORY, &request.ask);
        if let Answer::Layer(facts) = &mut answer {
            change(facts);
        }
        walk.handle(request.id, answer);
    }
    let report = judge(&walk.finish(), &expectation);
    let found = report
        .findings
        .iter()
        .filter(|finding| finding.waived.is_none());
    let found = found.map(|finding| &finding.diagnostic);
    let found = found.map(|found| {
        let first = found.message.split(' ').next().unwrap_or_default();
        format!("{} {first} {}", found.severity, found.rule)
    });
    let found = found.map(|line| line.replace(" binary-platform-mismatch", ""));
    (found.collect(), report.verdict)
}

#[test]
fn how_grave_a_foreign_program_is() {
    for (file, expected) in [
        ("linux/arm64 /opt/tool linux/amd64", "error /opt/tool"),
        (
            "linux/arm64 /usr/lib/libx.so linux/amd64",
            "error /usr/lib/libx.so",
        ),
        (
            "linux/arm64 /usr/bin/tool linux/riscv64",
            "error /usr/bin/tool",
        ),
        ("linux/amd64 /opt/tool linux/386", "info /opt/tool"),
        ("linux/arm64 /opt/tool linux/arm/v7", "warning /opt/tool"),
        ("linux/arm/v7 /opt/tool linux/arm64", "error /opt/tool"),
        (
            "linux/arm64 /usr/bin/qemu-x86_64 linux/amd64",
            "info /usr/bin/qemu-x86_64",
        ),
        (
            "linux/arm64 /go/elf/testdata/a linux/amd64",
            "info /go/elf/testdata/a",
        ),
        (
            "linux/arm64 /lib/firmware/a linux/386",
            "info /lib/firmware/a",
        ),
        (
            "linux/amd64 /usr/aarch64-linux-gnu/lib/libc.so linux/arm64",
            "info /usr/aarch64-linux-gnu/lib/libc.so",
        ),
        // A folder's name is no excuse for another CPU than it names.
        (
            "linux/arm64 /usr/lib/aarch64-linux-gnu/x.so linux/amd64",
            "error /usr/lib/aarch64-linux-gnu/x.so",
        ),
        (
            "linux/amd64 /opt/pip/t64.exe windows/amd64",
            "info /opt/pip/t64.exe",
        ),
        (
            "linux/amd64 /usr/local/bin/x windows/amd64",
            "error /usr/local/bin/x",
        ),
    ] {
        let (found, verdict) = check(&format!("file {file}"));
        assert_eq!(found, [expected], "{file}");
        let is_error = expected.starts_with("error");
        assert_eq!(verdict == Verdict::Fail, is_error, "{file}");
    }
    let own = "file linux/arm64 /opt/a linux/arm64\nfile linux/arm/v7 /opt/b linux/arm/v6";
    assert_eq!(check(own), (vec![], Verdict::Pass));
}

#[test]
fn what_a_later_layer_removes_does_not_count() {
    let file = "file linux/arm64 /opt/tool linux/amd64";
    for (removed, is_gone) in [
        ("/opt/tool", true),
        ("/opt", true),
        ("/opt/tool/deeper", false),
        ("/opt/other", false),
    ] {
        let (_, verdict) = check(&format!("{file}\nwhiteout linux/arm64 {removed}"));
        assert_eq!(verdict == Verdict::Pass, is_gone, "{removed}");
    }
}

#[test]
fn what_a_layer_may_remove_unknown_to_us_is_no_failure() {
    let lines = "file linux/arm64 /opt/tool linux/amd64\nwhiteout linux/arm64 /opt/other";
    assert_eq!(check(lines).1, Verdict::Fail);
    let above = check_with(lines, |facts| {
        if facts.covered.covers("/opt/other") {
            facts.covered = Covered::cut();
        }
    });
    let said = vec!["error the digest-unverifiable".to_owned()];
    assert_eq!(above, (said, Verdict::Inconclusive));
    // With nothing below, there is nothing to remove: the shared layer is the lowest.
    let at_the_bottom = check_with(lines, |facts| {
        if facts.covered.covers("/etc/group") {
            facts.covered = Covered::cut();
        }
    });
    assert_eq!(at_the_bottom.0[..], ["error /opt/tool"]);
}

#[test]
fn many_harmless_files_are_counted_and_many_grave_ones_are_listed() {
    let files = |folder: &str| -> String {
        let files = (0..20).map(|at| format!("file linux/arm64 {folder}/{at:02} linux/amd64\n"));
        files.collect()
    };
    let (found, verdict) = check(&files("/testdata"));
    assert_eq!((found.len(), verdict), (6, Verdict::Pass));
    assert_eq!(found.last().map(String::as_str), Some("info 15"));
    assert_eq!(check(&files("/opt")).0.len(), 20);
}

#[test]
fn waivers_cover_files_by_their_path_alone() {
    let file = "file linux/arm64 /opt/a linux/amd64\nfile linux/arm64 /opt/b linux/amd64";
    let waiver = "allow binary-platform-mismatch:/opt/a=it is for the other side";
    let (found, verdict) = check(&format!("{file}\n{waiver}"));
    assert_eq!(
        (found, verdict),
        (vec!["error /opt/b".to_owned()], Verdict::Fail)
    );
}

#[test]
fn a_layer_that_was_wrong_once_is_a_warning_and_twice_a_failure() {
    let once = check("flip layer linux/arm64 once");
    assert_eq!(
        once,
        (
            vec!["warning the layer-digest-mismatch".to_owned()],
            Verdict::Pass
        )
    );
    let (found, verdict) = check("flip layer linux/arm64");
    assert_eq!(
        (found, verdict),
        (
            vec!["error the layer-digest-mismatch".to_owned()],
            Verdict::Fail
        )
    );
    let (found, verdict) = check("trail layer linux/arm64");
    assert_eq!(
        (found, verdict),
        (vec!["error the diff-id-mismatch".to_owned()], Verdict::Fail)
    );
    let (_, verdict) = check("cut layer linux/arm64");
    assert_eq!(verdict, Verdict::Inconclusive);
}
