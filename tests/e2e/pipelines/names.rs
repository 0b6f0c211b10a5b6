//! What is published is named alike everywhere; `core::ci::gate` has the names.

use polyarch_core::ci::gate::{self, IMAGE, PROJECT, RELEASES};

use crate::tree::{sources, text};

#[test]
fn files_name_the_image_the_action_and_the_releases_of_the_core() {
    let repository = IMAGE.rsplit_once(':').unwrap().0;
    for file in [
        "templates/verify.yml",
        ".pre-commit-hooks.yaml",
        "examples/gitlab-parallel.yml",
        "examples/kubernetes-indexed-job.yaml",
    ] {
        let text = text(file);
        let named = text.matches(repository).count();
        assert!(named > 0, "{file} names the image");
        assert_eq!(
            text.matches(IMAGE).count(),
            named,
            "{file}: with its version"
        );
    }
    let action = text("action.yml");
    assert!(action.contains(&format!("default: {RELEASES}\n")));
    assert!(action.contains(&format!("default: {}\n", env!("CARGO_PKG_VERSION"))));
}

/// Of the forge's path, whatever stands before it: `o/polyarch@v1` or `o/polyarch/verify@1`.
#[test]
fn every_page_names_the_same_project_and_version() {
    let usual = gate::gitlab(&[]) + &gate::github(&[]);
    let mut named = 0;
    let pages = sources(&["docs"], ".md").into_iter();
    let pages = pages.map(|page| (page.path, page.text));
    for (path, page) in pages.chain([("README.md".to_owned(), text("README.md"))]) {
        for word in page.split(|c: char| c.is_whitespace() || "`'\"".contains(c)) {
            let is_address = word.contains("/polyarch@v") || word.contains("/polyarch/verify@");
            if is_address {
                assert!(usual.contains(word), "{path}: {word}, not {usual}");
                named += 1;
            }
        }
    }
    assert!(named >= 2, "the README names {PROJECT}");
}
