//! Every rule's examples are executed, and every rule has what its page needs.

use super::*;
use crate::demo::{REPOSITORY, Recipe, TAG};
use crate::reference::Target;
use crate::verify::{Limits, Report, Walk};

/// Names of the rules that report on a recipe's image.
fn report(recipe: &str) -> Report {
    let recipe = Recipe::parse(recipe).unwrap_or_else(|error| {
        panic!(
            "{error}
{recipe}"
        )
    });
    let mut registry = recipe.build();
    let expectation = recipe.expectation();
    let target = Target::Tag(TAG.to_owned());
    let mut walk = Walk::new(target, expectation.depth, Limits::default());
    while let Some(request) = walk.poll() {
        walk.handle(request.id, registry.answer(REPOSITORY, &request.ask));
    }
    judge(&walk.finish(), &expectation)
}

#[test]
fn image_examples_do_what_they_say() {
    let mut executed = 0;
    for rule in all() {
        let metadata = rule.metadata();
        for example in metadata.examples() {
            if example.language != "image" {
                continue;
            }
            let report = report(&example.text);
            let found = report
                .findings
                .iter()
                .filter(|f| f.diagnostic.rule == metadata.name);
            // A rule may say harmless things about an image that passes it.
            let grave = found
                .filter(|f| f.diagnostic.severity == metadata.severity)
                .count();
            let expected = example.kind == ExampleKind::Fails;
            assert_eq!(
                grave > 0,
                expected,
                "{}: {:?}\n{}{:#?}",
                metadata.name,
                example.kind,
                example.text,
                report.findings
            );
            executed += 1;
        }
    }
    assert!(
        executed >= 2 * image::RULES.len(),
        "only {executed} examples were executed"
    );
}

#[test]
fn names_are_unique_and_pages_are_complete() {
    let mut names = std::collections::BTreeSet::new();
    for rule in all() {
        let metadata = rule.metadata();
        assert!(
            names.insert(metadata.name),
            "{} is there twice",
            metadata.name
        );
        for heading in ["## What happens", "## Fails", "## Passes", "## Sources"] {
            assert!(
                metadata.page().contains(heading),
                "{} has no {heading}",
                metadata.name
            );
        }
        assert!(!metadata.title.ends_with('.'), "{}", metadata.name);
        let has = |kind| metadata.examples().iter().any(|e| e.kind == kind);
        assert!(
            has(ExampleKind::Fails) && has(ExampleKind::Passes),
            "{}",
            metadata.name
        );
    }
}

#[test]
fn no_waiver_covers_what_must_not_be_waived() {
    for name in [
        "platform-missing",
        "digest-mismatch",
        "size-mismatch",
        "ambiguous-manifest",
        "manifest-not-found",
        "layer-not-found",
        "layer-digest-mismatch",
        "layer-size-mismatch",
        "tag-not-found",
        "single-platform-manifest",
        "diff-id-mismatch",
        "digest-unexpected",
    ] {
        assert!(!find(name).unwrap().metadata().waivable, "{name}");
    }
}

#[test]
fn verdicts_of_the_demo_images() {
    let mut table = String::new();
    for image in crate::demo::IMAGES {
        let report = report(image.recipe);
        let mut rules: Vec<String> = report
            .findings
            .iter()
            .map(|f| format!("{}:{}", f.diagnostic.severity, f.diagnostic.rule))
            .collect();
        rules.dedup();
        let platforms: Vec<String> = report
            .platforms
            .iter()
            .map(|p| format!("{}={}", p.platform, p.verdict.as_str()))
            .collect();
        table.push_str(&format!(
            "{}: {} [{}] {}\n",
            image.name,
            report.verdict.as_str(),
            platforms.join(" "),
            rules.join(" ")
        ));
    }
    expect_test::expect![[r"
        good: pass [linux/amd64=pass linux/arm64=pass] 
        good-docker: pass [linux/amd64=pass linux/arm64=pass] 
        good-attested: pass [linux/amd64=pass linux/arm64=pass] info:attestation-present
        good-attested-image: pass [linux/amd64=pass linux/arm64=pass] info:attestation-present
        three-platforms: pass [linux/amd64=pass linux/arm64=pass linux/arm/v7=pass] 
        variant-v8: pass [linux/amd64=pass linux/arm64=pass] info:variant-mismatch
        nested: pass [linux/amd64=pass linux/arm64=pass] info:nested-index
        missing-platform: fail [linux/amd64=pass linux/arm64=missing] error:platform-missing
        single-platform: fail [linux/amd64=pass linux/arm64=missing] error:platform-missing error:single-platform-manifest
        wrong-label: fail [linux/amd64=pass linux/arm64=fail] error:config-platform-mismatch
        wrong-binary: fail [linux/amd64=pass linux/arm64=fail] error:binary-platform-mismatch
        same-image: fail [linux/amd64=pass linux/arm64=fail] error:identical-platforms error:config-platform-mismatch
        duplicate-platform: fail [linux/amd64=fail linux/arm64=pass] error:platform-duplicate
        dangling-attestation: pass [linux/amd64=pass linux/arm64=pass] warning:attestation-dangling info:attestation-present
        deleted-child: fail [linux/amd64=pass linux/arm64=fail] error:manifest-not-found
        deleted-layer: fail [linux/amd64=pass linux/arm64=fail] error:layer-not-found
        tampered-manifest: fail [linux/amd64=pass linux/arm64=fail] error:digest-mismatch
        tampered-layer: fail [linux/amd64=pass linux/arm64=fail] error:layer-digest-mismatch
        ambiguous-config: fail [linux/amd64=pass linux/arm64=fail] error:ambiguous-manifest
        private: inconclusive [linux/amd64=inconclusive linux/arm64=inconclusive] error:unauthorized
        unreachable-child: inconclusive [linux/amd64=pass linux/arm64=inconclusive] error:registry-unreachable
    "]].assert_eq(&table);
}
