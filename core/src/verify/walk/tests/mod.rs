//! The walk against registries in memory: what it asks, in how many rounds, and that the order of
//! the answers never matters.

mod tamper;

use proptest::prelude::*;

use super::*;
use crate::demo::{IMAGES, REPOSITORY, Recipe, TAG};
use crate::oci::Document;
use crate::verify::evidence::{Body, LayerState, Retrieval, Skipped};
use crate::verify::exchange::{Failure, FailureKind, Received};

fn recipe(text: &str) -> Recipe {
    Recipe::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Runs a walk, answering in the order that `choose` picks, and says what was asked in each round.
fn run(recipe: &Recipe, choose: impl FnMut(usize) -> usize) -> (Evidence, Vec<Vec<Ask>>) {
    run_to(recipe.expectation().depth, recipe, choose)
}

fn run_to(
    depth: Depth,
    recipe: &Recipe,
    mut choose: impl FnMut(usize) -> usize,
) -> (Evidence, Vec<Vec<Ask>>) {
    let mut registry = recipe.build();
    let mut walk = Walk::new(Target::Tag(TAG.to_owned()), depth, Limits::default());
    let mut rounds = Vec::new();
    let mut open = Vec::new();
    loop {
        let round: Vec<Request> = std::iter::from_fn(|| walk.poll()).collect();
        if !round.is_empty() {
            rounds.push(round.iter().map(|request| request.ask.clone()).collect());
            // Answers are fixed when the request is sent: they must not depend on the order either.
            open.extend(round.into_iter().map(|request| {
                let answer = registry.answer(REPOSITORY, &request.ask);
                (request.id, answer)
            }));
        }
        if open.is_empty() {
            return (walk.finish(), rounds);
        }
        let (id, answer) = open.swap_remove(choose(open.len()));
        walk.handle(id, answer);
    }
}

fn count(rounds: &[Vec<Ask>], matches: impl Fn(&Ask) -> bool) -> usize {
    rounds.iter().flatten().filter(|ask| matches(ask)).count()
}

#[test]
fn a_good_tag_takes_three_rounds_and_no_request_too_many() {
    for (text, platforms, attestations) in [
        ("image linux/amd64 linux/arm64", 2, 0),
        ("image linux/amd64 linux/arm64\nformat docker", 2, 0),
        ("image linux/amd64 linux/arm64 linux/arm/v7\nattest", 3, 3),
    ] {
        let (evidence, rounds) = run(&recipe(text), |_| 0);
        assert_eq!(rounds.len(), 3, "{text}");
        assert_eq!(
            count(&rounds, |a| matches!(a, Ask::Manifest { .. })),
            1 + platforms + attestations
        );
        assert_eq!(count(&rounds, |a| matches!(a, Ask::Blob { .. })), platforms);
        assert_eq!(
            count(&rounds, |a| matches!(a, Ask::BlobHead { .. })),
            evidence.layers.len()
        );
        assert_eq!(count(&rounds, |a| matches!(a, Ask::ManifestHead { .. })), 1);
        let all: usize = rounds.iter().map(Vec::len).sum();
        assert_eq!(
            all,
            1 + platforms + attestations + platforms + evidence.layers.len() + 1
        );
        assert!(
            rounds[2]
                .iter()
                .any(|ask| matches!(ask, Ask::ManifestHead { .. }))
        );
    }
}

#[test]
fn what_speaks_against_an_image_is_asked_for_once_more() {
    let (evidence, rounds) = run(
        &recipe("image linux/amd64 linux/arm64\ndelete manifest linux/arm64"),
        |_| 0,
    );
    assert_eq!(count(&rounds, |a| matches!(a, Ask::Manifest { .. })), 4);
    let Body::Index(_, children) = &evidence.root.body else {
        panic!("no index")
    };
    assert!(
        matches!(&children[1].retrieval, Retrieval::Failed(f) if f.kind == FailureKind::NotFound)
    );

    let (evidence, _) = run(
        &recipe("image linux/amd64 linux/arm64\nflip manifest linux/arm64 once"),
        |_| 0,
    );
    let Body::Index(_, children) = &evidence.root.body else {
        panic!("no index")
    };
    assert!(matches!(&children[1].retrieval, Retrieval::Held(held) if held.first.is_some()));
}

#[test]
fn contradicting_answers_establish_nothing() {
    let digest = Digest::sha256(b"{}");
    let mut walk = Walk::new(Target::Digest(digest), Depth::Documents, Limits::default());
    let wrong = || {
        Answer::Document(Received {
            body: b"x".to_vec(),
            ..Received::default()
        })
    };
    let missing = || Answer::Failed(Failure::new(FailureKind::NotFound, "404"));
    for answer in [wrong(), missing(), wrong()] {
        let request = walk.poll().unwrap();
        walk.handle(request.id, answer);
    }
    assert!(walk.poll().is_none());
    let evidence = walk.finish();
    assert!(
        matches!(&evidence.root.retrieval, Retrieval::Failed(f) if f.kind == FailureKind::RegistryError)
    );
}

/// An index of `entries` (media type, digest, declared size), as bytes.
fn index(entries: &[(&str, &Digest, u64)]) -> Vec<u8> {
    let entries: Vec<String> = entries
        .iter()
        .map(|(media_type, digest, size)| {
            format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{size}}}"#)
        })
        .collect();
    format!(
        r#"{{"schemaVersion":2,"manifests":[{}]}}"#,
        entries.join(",")
    )
    .into_bytes()
}

/// Walks over documents by digest; the first is the root.
fn walk_over(documents: &[Vec<u8>], limits: Limits) -> (Evidence, usize) {
    let mut walk = Walk::new(Target::Tag("t".into()), Depth::Documents, limits);
    let mut asked = 0;
    while let Some(request) = walk.poll() {
        asked += 1;
        let body = match &request.ask {
            Ask::Manifest {
                target: Target::Tag(_),
                ..
            } => documents.first(),
            Ask::Manifest {
                target: Target::Digest(digest),
                ..
            } => documents
                .iter()
                .find(|d| Document::new(d.as_slice()).digest() == digest),
            _ => None,
        };
        let failure = Failure::new(FailureKind::NotFound, "404");
        walk.handle(
            request.id,
            match body {
                Some(body) => Answer::Document(Received {
                    body: body.clone(),
                    ..Received::default()
                }),
                None => Answer::Failed(failure),
            },
        );
    }
    (walk.finish(), asked)
}

#[test]
fn nesting_stops_at_the_limit() {
    let mut documents = vec![index(&[])];
    for _ in 0..10 {
        let inner = Document::new(documents[0].as_slice());
        let media_type = crate::oci::media_type::OCI_INDEX;
        documents.insert(0, index(&[(media_type, inner.digest(), inner.size())]));
    }
    let (evidence, _) = walk_over(&documents, Limits::default());
    let nodes = evidence.nodes();
    assert_eq!(
        nodes
            .iter()
            .filter(|n| matches!(n.body, Body::Index(..)))
            .count(),
        4
    );
    let last = nodes.last().unwrap();
    assert_eq!(last.retrieval, Retrieval::Skipped(Skipped::NestedTooDeep));

    // An entry may call an index a manifest; the limit holds all the same.
    let mut documents = vec![index(&[])];
    for _ in 0..10 {
        let inner = Document::new(documents[0].as_slice());
        let media_type = crate::oci::media_type::OCI_MANIFEST;
        documents.insert(0, index(&[(media_type, inner.digest(), inner.size())]));
    }
    let (evidence, asked) = walk_over(&documents, Limits::default());
    assert!(evidence.nodes().len() <= 7 && asked < 12, "{asked}");
}

#[test]
fn an_index_that_names_itself_over_and_over_stays_small() {
    let media_type = crate::oci::media_type::OCI_INDEX;
    let mut documents = vec![index(&[])];
    for _ in 0..3 {
        let inner = Document::new(documents[0].as_slice());
        let entry = (media_type, inner.digest(), inner.size());
        documents.insert(0, index(&vec![entry; 900]));
    }
    let (evidence, asked) = walk_over(&documents, Limits::default());
    assert!(evidence.nodes().len() <= 1_001);
    assert!(asked < 20, "{asked}");
}

#[test]
fn declared_sizes_are_held_to_both_budgets() {
    let media_type = crate::oci::media_type::OCI_MANIFEST;
    let digests: Vec<Digest> = (0..40u8).map(|n| Digest::sha256(&[n])).collect();
    let entries: Vec<_> = digests
        .iter()
        .map(|d| (media_type, d, 4 * 1024 * 1024))
        .collect();
    let (evidence, asked) = walk_over(&[index(&entries)], Limits::default());
    let over = |node: &&&crate::verify::Node| {
        node.retrieval == Retrieval::Skipped(Skipped::OverTotalLimit)
    };
    assert_eq!(evidence.nodes().iter().filter(over).count(), 40 - 16);
    assert_eq!(asked, 1 + 2 * 16 + 2);

    let (evidence, _) = walk_over(
        &[index(&[(media_type, &digests[0], 5 * 1024 * 1024)])],
        Limits::default(),
    );
    let node = evidence.nodes()[1].clone();
    assert_eq!(
        node.retrieval,
        Retrieval::Skipped(Skipped::OverDocumentLimit)
    );
}

#[test]
fn what_layers_hold_is_held_to_one_limit_for_all() {
    let recipe = recipe("image linux/amd64 linux/arm64");
    let examined = |limit: usize| {
        let mut registry = recipe.build();
        let target = Target::Tag(TAG.to_owned());
        let limits = Limits {
            contents: limit,
            ..Limits::default()
        };
        let mut walk = Walk::new(target, Depth::AllLayers, limits);
        while let Some(request) = walk.poll() {
            let answer = registry.answer(REPOSITORY, &request.ask);
            walk.handle(request.id, answer);
        }
        let mut layers = walk.finish().layers.into_values();
        layers.try_fold((0, 0), |(whole, cut), layer| match layer.state {
            LayerState::Examined(facts) if facts.unexamined.is_none() => Ok((whole + 1, cut)),
            LayerState::Examined(facts) => {
                let hidden = facts.executables.is_empty() && facts.covered.is_cut();
                assert!(hidden && facts.digest.is_some() && facts.diff_id.is_some());
                Ok((whole, cut + 1))
            }
            other => Err(Box::new(other)),
        })
    };
    let (all, cut) = examined(Limits::default().contents).expect("every layer is there");
    assert!(all > 2 && cut == 0);
    assert_eq!(examined(0), Ok((0, all)));
    let (whole, cut) = examined(300).expect("every layer is there");
    assert!(whole > 0 && cut > 0 && whole + cut == all, "{whole} {cut}");
}

#[test]
fn a_walk_given_up_establishes_nothing() {
    let mut registry = recipe("image linux/amd64 linux/arm64").build();
    let mut walk = Walk::new(Target::Tag(TAG.into()), Depth::Documents, Limits::default());
    let request = walk.poll().unwrap();
    walk.handle(request.id, registry.answer(REPOSITORY, &request.ask));
    let evidence = walk.finish();
    let Body::Index(_, children) = &evidence.root.body else {
        panic!("no index")
    };
    for child in children {
        assert!(
            matches!(&child.retrieval, Retrieval::Failed(f) if f.kind == FailureKind::Unreachable)
        );
    }
}

proptest! {
    #[test]
    fn every_order_of_answers_gives_the_same_evidence(
        image in 0..IMAGES.len(),
        depth in prop::sample::select(vec![
            Depth::Documents,
            Depth::SharedLayers,
            Depth::AllLayers,
        ]),
        order in proptest::collection::vec(any::<usize>(), 64),
    ) {
        let recipe = recipe(IMAGES[image].recipe);
        let (expected, _) = run_to(depth, &recipe, |_| 0);
        let mut picks = order.into_iter().cycle();
        let (actual, _) = run_to(depth, &recipe, |open| picks.next().unwrap_or(0) % open);
        prop_assert_eq!(actual, expected);
    }

    #[test]
    fn no_body_whatever_makes_a_walk_panic(bodies in proptest::collection::vec(any::<Vec<u8>>(), 1..4)) {
        let (evidence, _) = walk_over(&bodies, Limits::default());
        let report = crate::rules::judge(&evidence, &crate::verify::Expectation::default());
        prop_assert!(report.verdict != crate::verify::Verdict::Pass);
    }
}

/// What is known of a registry's example, asked for by its digest.
fn pinned(registry: &mut crate::demo::Registry, depth: Depth) -> Evidence {
    let root = registry.digest_of(REPOSITORY, TAG).unwrap().clone();
    let mut walk = Walk::new(Target::Digest(root), depth, Limits::default());
    while let Some(request) = walk.poll() {
        let answer = registry.answer(REPOSITORY, &request.ask);
        walk.handle(request.id, answer);
    }
    walk.finish()
}

fn verdict(evidence: &Evidence) -> crate::verify::Verdict {
    crate::rules::judge(evidence, &crate::verify::Expectation::default()).verdict
}

const PINNED: [&str; 4] = [
    "image linux/amd64 linux/arm64",
    "image linux/amd64 linux/arm64\nformat docker",
    "image linux/amd64 linux/arm64\nattest",
    "image linux/amd64 linux/arm64\nnest",
];

proptest! {
    /// Whatever single byte of whatever document changes, a pinned image no longer passes.
    #[test]
    fn no_flipped_byte_of_a_document_passes(
        image in 0..PINNED.len(),
        document in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        flip in 1..=255u8,
    ) {
        let mut registry = recipe(PINNED[image]).build();
        let before = pinned(&mut registry, Depth::Documents);
        prop_assert_eq!(verdict(&before), crate::verify::Verdict::Pass);
        let read: std::collections::BTreeSet<Digest> = before
            .nodes()
            .into_iter()
            .flat_map(|node| {
                let config = node.image().map(|image| image.manifest.config.digest.clone());
                node.digest().cloned().into_iter().chain(config)
            })
            .collect();
        let repository = registry.repositories.get_mut(REPOSITORY).unwrap();
        let objects = repository.manifests.iter_mut().chain(&mut repository.blobs);
        let mut documents: Vec<_> =
            objects.filter(|(digest, _)| read.contains(digest)).map(|(_, object)| object).collect();
        let index = document.index(documents.len());
        let object = &mut *documents[index];
        let mut bytes = object.content.to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        object.content = bytes.into();
        let after = verdict(&pinned(&mut registry, Depth::Documents));
        prop_assert_eq!(after, crate::verify::Verdict::Fail);
    }
}
