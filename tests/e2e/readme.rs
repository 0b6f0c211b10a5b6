//! What the README shows is so: the lines for CI pass and fail as they say, and the output of each
//! command that it runs is what the binary prints.

use polyarch_core::ci::gate;

use crate::options::Demo;
use crate::pipelines::{Action, Gate, Releases};
use crate::real::polyarch::polyarch;
use crate::tree::root;

/// Where the README's demo registry listens.
const HOST: &str = "127.0.0.1:8080";

#[test]
fn the_outputs_shown_are_those_printed() {
    let demo = Demo::start();
    let mut shown = 0;
    for block in blocks("text") {
        let Some((command, expected)) = block
            .strip_prefix("$ polyarch ")
            .and_then(|rest| rest.split_once('\n'))
        else {
            continue;
        };
        let command = command.replace(HOST, &demo.host);
        let run = polyarch(command.split_whitespace());
        let printed = run.stdout.replace(&demo.host, HOST);
        assert_eq!(printed, expected, "`polyarch {command}`");
        shown += 1;
    }
    assert!(shown > 0, "the README shows what the gate prints");
}

/// The first two blocks, each of three lines, with the component and the action run as their
/// services run them.
#[test]
fn the_lines_for_ci_pass_and_fail_with_the_image() {
    let (demo, releases) = (Demo::start(), Releases::start());
    let [gitlab, github, ..] = &blocks("yaml")[..] else {
        panic!("a block for each system");
    };
    assert_eq!((gitlab.lines().count(), github.lines().count()), (3, 3));
    let image = format!("{}/demo", demo.host);
    for (tag, code) in [("good", 0), ("missing-platform", 1), ("private", 3)] {
        let job = Gate::of(gitlab, "verify");
        let pipeline = [
            ("CI_REGISTRY_IMAGE", image.as_str()),
            ("CI_COMMIT_SHORT_SHA", tag),
        ];
        let output = job.run(&pipeline);
        assert_eq!(output.status.code(), Some(code), "{tag} {output:?}");

        let reference = demo.image(tag);
        let with = [
            ("reference", reference.as_str()),
            ("releases", &releases.address),
        ];
        let used = Action::new().using(&with);
        assert_eq!(used.code, Some(code), "{tag} {used:#?}");
    }
}

#[test]
fn the_lines_for_ci_are_those_that_polyarch_writes() {
    let shown = blocks("yaml");
    let reference = "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA";
    assert_eq!(shown[0], gate::gitlab(&[("reference", reference)]));
    let reference = "ghcr.io/${{ github.repository }}:${{ github.sha }}";
    assert_eq!(shown[1], gate::github(&[("reference", reference)]));
}

/// The code blocks of a language, each with its last line feed.
fn blocks(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts
        .map(|part| part.split_once("```").expect("a closed block").0.to_owned())
        .collect()
}
