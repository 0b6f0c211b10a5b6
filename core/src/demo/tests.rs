//! Recipes are read, images are whole, faults show where they should.

use proptest::prelude::*;

use super::*;
use crate::oci::{Content, Document, Role};
use crate::platform::Platform;
use crate::reference::Target;
use crate::verify::{Answer, Ask, Failure, FailureKind};

fn recipe(lines: &str) -> Recipe {
    Recipe::parse(&format!("image linux/amd64 linux/arm64\n{lines}")).unwrap()
}

fn arm64() -> Platform {
    Platform::new("linux", "arm64")
}

fn tag(registry: &mut Registry) -> Answer {
    let target = Target::Tag(TAG.to_owned());
    registry.answer(
        REPOSITORY,
        &Ask::Manifest {
            target,
            limit: 1 << 20,
        },
    )
}

fn index(registry: &mut Registry) -> crate::oci::Index {
    let Answer::Document(received) = tag(registry) else {
        panic!("no document");
    };
    match Document::new(received.body).read(Role::Manifest) {
        Content::Index(index) => index,
        other => panic!("{other:?}"),
    }
}

/// Where everything is right, each stored thing is what its digest says, and nothing that a
/// document names is absent.
#[test]
fn good_images_are_whole() {
    for text in [
        "",
        "format docker",
        "attest",
        "attest image",
        "compression zstd",
        "compression none",
        "format docker\ncompression zstd",
        "nest",
        "add linux/riscv64",
        "file linux/arm64 /opt/tool linux/arm64\nwhiteout linux/arm64 /etc/group",
    ] {
        let registry = recipe(text).build();
        let repository = &registry.repositories[REPOSITORY];
        for (digest, object) in repository.manifests.iter().chain(&repository.blobs) {
            assert_eq!(*digest, Digest::sha256(&object.content), "{text}");
        }
        for object in repository.manifests.values() {
            let content = Document::new(object.content.clone()).read(Role::Manifest);
            match content {
                Content::Index(index) => {
                    for entry in index.manifests {
                        let child = &repository.manifests[&entry.digest];
                        assert_eq!(child.content.len() as u64, entry.size, "{text}");
                        assert_eq!(child.media_type, entry.media_type, "{text}");
                    }
                }
                Content::Manifest(manifest) => {
                    for named in manifest.layers.iter().chain([&manifest.config]) {
                        let blob = &repository.blobs[&named.digest];
                        assert_eq!(blob.content.len() as u64, named.size, "{text}");
                        assert_eq!(blob.media_type, named.media_type, "{text}");
                    }
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}

#[test]
fn platforms_share_the_data_and_not_the_program() {
    let mut registry = recipe("").build();
    let index = index(&mut registry);
    let repository = &registry.repositories[REPOSITORY];
    let layers = |at: usize| {
        let manifest = &repository.manifests[&index.manifests[at].digest];
        match Document::new(manifest.content.clone()).read(Role::Manifest) {
            Content::Manifest(manifest) => manifest.layers,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(layers(0)[0].digest, layers(1)[0].digest);
    assert_ne!(layers(0)[1].digest, layers(1)[1].digest);
}

#[test]
fn a_build_is_the_same_every_time() {
    let first = recipe("attest").build();
    let second = recipe("attest").build();
    assert_eq!(
        first.digest_of(REPOSITORY, TAG),
        second.digest_of(REPOSITORY, TAG)
    );
}

#[test]
fn what_is_deleted_or_failing_is_answered_so() {
    let manifest = |recipe: &Recipe| {
        let mut registry = recipe.build();
        let entry = index(&mut registry).manifests[1].clone();
        let target = Target::Digest(entry.digest);
        registry.answer(
            REPOSITORY,
            &Ask::Manifest {
                target,
                limit: 1 << 20,
            },
        )
    };
    for (line, kind) in [
        ("delete manifest linux/arm64", FailureKind::NotFound),
        (
            "unauthorized manifest linux/arm64",
            FailureKind::Unauthorized,
        ),
        (
            "rate-limited manifest linux/arm64",
            FailureKind::RateLimited,
        ),
        (
            "server-error manifest linux/arm64",
            FailureKind::RegistryError,
        ),
        ("unreachable manifest linux/arm64", FailureKind::Unreachable),
        ("cut manifest linux/arm64", FailureKind::Unreachable),
    ] {
        match manifest(&recipe(line)) {
            Answer::Failed(Failure { kind: found, .. }) => assert_eq!(found, kind, "{line}"),
            other => panic!("{line}: {other:?}"),
        }
    }
    for (line, kind) in [
        ("delete tag", FailureKind::NotFound),
        ("unauthorized", FailureKind::Unauthorized),
    ] {
        match tag(&mut recipe(line).build()) {
            Answer::Failed(failure) => assert_eq!(failure.kind, kind, "{line}"),
            other => panic!("{line}: {other:?}"),
        }
    }
}

#[test]
fn a_flipped_byte_shows_in_the_digest_and_once_means_every_other_time() {
    let body = |registry: &mut Registry, digest: &Digest| {
        let target = Target::Digest(digest.clone());
        match registry.answer(
            REPOSITORY,
            &Ask::Manifest {
                target,
                limit: 1 << 20,
            },
        ) {
            Answer::Document(received) => received.body,
            other => panic!("{other:?}"),
        }
    };
    for (line, right) in [
        ("flip manifest linux/arm64", [false, false]),
        ("flip manifest linux/arm64 once", [false, true]),
    ] {
        let mut registry = recipe(line).build();
        let digest = index(&mut registry).manifests[1].digest.clone();
        for expected in right {
            let body = body(&mut registry, &digest);
            assert_eq!(Digest::sha256(&body) == digest, expected, "{line}");
            let read = Document::new(body).read(Role::Manifest);
            assert!(matches!(read, Content::Manifest(_)), "{line}: {read:?}");
        }
    }
}

#[test]
fn faults_in_documents_are_found_by_the_strict_reader() {
    for (line, expected) in [
        ("duplicate-key index", "twice"),
        ("case-key index", "ignore case"),
        ("both-shapes index", "at once"),
        ("not-json index", "JSON"),
        ("deep-json index", "nested"),
        ("schema1", "schemaVersion is 1"),
    ] {
        let Answer::Document(received) = tag(&mut recipe(line).build()) else {
            panic!("{line}");
        };
        match Document::new(received.body).read(Role::Manifest) {
            Content::Flawed(flaw) => {
                let text = flaw.to_string();
                assert!(text.contains(expected), "{line}: {text}");
            }
            other => panic!("{line}: {other:?}"),
        }
    }
}

#[test]
fn entries_and_configs_say_what_the_recipe_says() {
    let mut registry = recipe(
        "entry linux/arm64 says linux/arm64/v8\nconfig linux/arm64 says linux/aarch64\nduplicate linux/amd64\nadd linux/riscv64\nattest\norphan attestation",
    )
    .build();
    let index = index(&mut registry);
    let platforms: Vec<String> = index
        .manifests
        .iter()
        .map(|entry| entry.platform.as_ref().unwrap().specifier())
        .collect();
    assert_eq!(
        platforms,
        [
            "linux/amd64",
            "linux/amd64",
            "linux/arm64/v8",
            "linux/riscv64",
            "unknown/unknown",
            "unknown/unknown",
            "unknown/unknown",
            "unknown/unknown",
        ]
    );
    let repository = &registry.repositories[REPOSITORY];
    let configs = repository
        .blobs
        .values()
        .filter(|b| b.media_type.contains("config"));
    let said = configs
        .map(|config| String::from_utf8_lossy(&config.content).into_owned())
        .filter(|text| text.contains("\"architecture\":\"aarch64\""));
    assert_eq!(said.count(), 1);
}

#[test]
fn demands_are_the_recipes() {
    let expectation = recipe("").expectation();
    assert_eq!(expectation, Expectation::default());
    let demanding = recipe(
        "require linux/arm64\nexact\ndeep shared\nexpect-digest right\nsame-as wrong\nallow binary-platform-mismatch:/opt/**=a blob for the DSP",
    );
    let expectation = demanding.expectation();
    assert_eq!(expectation.platforms, [arm64()]);
    assert!(expectation.exact);
    assert_eq!(expectation.waivers[0].reason, "a blob for the DSP");
    let registry = demanding.build();
    let root = registry.digest_of(REPOSITORY, TAG).unwrap();
    assert_eq!(expectation.digests[0].1, *root);
    assert_ne!(expectation.digests[1].1, *root);
}

#[test]
fn lines_that_are_no_operations_are_errors_with_their_number() {
    for (text, expected) in [
        ("", "line 1: a recipe begins with `image`"),
        ("\n\nformat oci", "line 3: a recipe begins with `image`"),
        (
            "image",
            "line 1: a platform is missing at the end of the line",
        ),
        ("image linux/a?64", "line 1: `linux/a?64` is not a platform"),
        (
            "image linux/amd64\nshake",
            "line 2: there is no operation `shake`",
        ),
        (
            "image linux/amd64\ndrop linux/arm64",
            "line 2: the image has no platform linux/arm64",
        ),
        (
            "image linux/amd64\nexact now",
            "line 2: `now` stands behind the end",
        ),
        (
            "image linux/amd64\nsize index seven",
            "line 2: `seven` is not a difference",
        ),
        (
            "image linux/amd64\nfile linux/amd64 opt/x linux/arm64",
            "line 2: `opt/x` is not an absolute path",
        ),
        ("image linux/amd64\nallow x", "line 2: `x` is not a waiver"),
    ] {
        let error = Recipe::parse(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
    let comments = "# a recipe\nimage linux/amd64 # one platform\n\nexact";
    assert!(Recipe::parse(comments).unwrap().demands.exact);
}

#[test]
fn every_demo_image_has_a_recipe_of_its_own_and_is_served() {
    let mut registry = registry();
    for example in IMAGES {
        Recipe::parse(example.recipe).unwrap();
        let path = format!("/v2/{REPOSITORY}/manifests/{}", example.name);
        let Reply::Response(response) = registry.respond(Method::Get, &path) else {
            panic!("{}", example.name);
        };
        let expected = if example.name == "private" { 401 } else { 200 };
        assert_eq!(response.status, expected, "{}", example.name);
        assert!(!example.about_zh.is_ascii(), "{}", example.name);
    }
    assert_eq!(registry.repositories[REPOSITORY].tags.len(), IMAGES.len());
    // One image's faults must not show in another: no two have a document or a program in common.
    let alone: usize = IMAGES
        .iter()
        .map(|example| {
            let registry = Recipe::parse(example.recipe)
                .unwrap()
                .build_as(example.name);
            registry.repositories[REPOSITORY].manifests.len()
        })
        .sum();
    assert_eq!(registry.repositories[REPOSITORY].manifests.len(), alone);
}

#[test]
fn the_api_answers_as_a_registry_does() {
    let mut registry = recipe("").build();
    let mut get = |method, path: &str| match registry.respond(method, path) {
        Reply::Response(response) => response,
        Reply::Lost => panic!("{path}"),
    };
    assert_eq!(get(Method::Get, "/v2/").status, 200);
    let tags = get(Method::Get, "/v2/demo/tags/list");
    assert_eq!(&*tags.body, br#"{"name":"demo","tags":["example"]}"#);
    let whole = get(Method::Get, "/v2/demo/manifests/example");
    let head = get(Method::Head, "/v2/demo/manifests/example");
    assert_eq!(head.length, whole.body.len() as u64);
    assert!(head.body.is_empty());
    assert_eq!(head.headers, whole.headers);
    assert_eq!(
        head.header("docker-content-digest"),
        Some(Digest::sha256(&whole.body).as_str())
    );
    for path in [
        "/v2/demo/manifests/other",
        "/v2/other/manifests/example",
        "/v2/demo/blobs/sha256:abc",
        "/v2/demo",
        "/",
        "/v2/demo/manifests/sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    ] {
        assert_eq!(get(Method::Get, path).status, 404, "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever operations come together, a recipe is read or refused, and what it builds answers.
    #[test]
    fn no_recipe_makes_anything_panic(picks in prop::collection::vec((any::<prop::sample::Index>(), "[a-z0-9/:.+= -]{0,24}"), 0..6)) {
        const LINES: [&str; 24] = [
            "format docker", "compression zstd", "attest", "attest image", "nest", "exact",
            "single linux/amd64", "schema1", "drop linux/arm64", "add linux/s390x",
            "duplicate linux/amd64", "same linux/arm64 as linux/amd64", "entry unknown",
            "entry linux/arm64 without platform", "diff-ids linux/arm64 short",
            "orphan attestation", "tag moves", "flip index once", "size layer linux/arm64 -9999",
            "digest config linux/arm64 sha512", "digest manifest linux/arm64 a+b",
            "cut layer shared", "same-as wrong", "whiteout linux/amd64 /etc/passwd",
        ];
        let mut text = "image linux/amd64 linux/arm64\n".to_owned();
        for (line, noise) in &picks {
            text += LINES[line.index(LINES.len())];
            text.push('\n');
            let _ = Recipe::parse(&format!("{text}{noise}\n"));
        }
        let recipe = Recipe::parse(&text).unwrap();
        let _ = recipe.expectation();
        let mut registry = recipe.build();
        for _ in 0..2 {
            let _ = tag(&mut registry);
        }
    }
}
