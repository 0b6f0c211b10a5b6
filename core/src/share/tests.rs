//! Every project survives its link; what is no link is refused with advice.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::analysis::{Attestations, ContextFile, JobRequest, Settings};
use crate::build::documents::ExportFlags;

fn project(dockerfile: &str) -> Project {
    Project {
        dockerfile: dockerfile.to_owned(),
        ..Project::default()
    }
}

fn with_arg(name: &str, value: &str) -> Project {
    let mut project = project("FROM alpine\n");
    project.settings.build_args = vec![(name.to_owned(), value.to_owned())];
    project
}

fn packed(content: &str) -> String {
    let data = URL_SAFE_NO_PAD.encode(compress_to_vec(content.as_bytes(), LEVEL));
    format!("#v1.{data}")
}

/// Old links must stay readable: this one was packed by another program (zlib), from the names of
/// the first version.
#[test]
fn the_first_links_stay_readable() {
    let link = "#v1.q1ZKyU_OTi1Ky8xJVbJScgvy91VIzCnIzEuNyVPSUSrISSxJyy_KLVayilbKycwrrdBPLMo1M1GK1VFKLClJLS5JLMnMzwNKKxUn5ecq1QIA";
    let mut expected = project("FROM alpine\n");
    expected.settings.platforms = vec!["linux/arm64".to_owned()];
    expected.settings.attestations = Attestations::WithSbom;
    assert_eq!(decode(link), Ok(expected));
}

#[test]
fn what_is_usual_is_left_out() {
    let content = wire::to_json(&project("FROM alpine\n"));
    assert_eq!(
        String::from_utf8(content).unwrap(),
        r#"{"dockerfile":"FROM alpine\n"}"#
    );
    assert_eq!(wire::to_json(&Project::default()), b"{}");
}

#[test]
fn an_address_a_fragment_and_a_bare_fragment_are_one_link() {
    let project = project("FROM alpine\nRUN true\n");
    let link = encode(&project).unwrap();
    for text in [
        link.clone(),
        link[1..].to_owned(),
        format!("https://example.org/play/{link}"),
        format!("  {link}\n"),
        format!("{link}=="),
    ] {
        assert_eq!(decode(&text), Ok(project.clone()), "{text}");
    }
}

#[test]
fn what_is_no_link_is_refused_with_advice() {
    let check = |text: &str, expected: Expect| {
        expected.assert_eq(&decode(text).unwrap_err().to_string());
    };
    check(
        "",
        expect![
            "this is no playground link: it has nothing of the form `#v1.…`; copy the whole address from the page's Share button"
        ],
    );
    assert_eq!(decode("https://example.org/"), Err(LinkError::NotALink));
    assert_eq!(decode("#vx.abc"), Err(LinkError::NotALink));
    check(
        "#v2.abc",
        expect![
            "the link has the version `v2`, and this polyarch reads v1; it comes from a newer polyarch, so update this one"
        ],
    );
    check(
        "#v1.ab!c",
        expect![
            "the link is damaged (characters that a link does not have); it was probably cut short or changed on its way, so copy it again"
        ],
    );
    check(
        "#v1.abcd",
        expect![
            "the link is damaged (its content does not unpack); it was probably cut short or changed on its way, so copy it again"
        ],
    );
    check(
        &packed(r#"{"dockerfile":"x","colour":1}"#),
        expect![
            "the link holds something that this polyarch does not know (unknown field `colour`); it may come from a newer one, so update this one or ask for a new link"
        ],
    );
    let two = r#"{"files":[{"path":"a","text":"","base64":""}]}"#;
    assert!(matches!(decode(&packed(two)), Err(LinkError::Damaged(_))));
    let deep = format!("{{\"bases\":{}", "[".repeat(100_000));
    assert!(matches!(decode(&packed(&deep)), Err(LinkError::Shape(_))));
}

#[test]
fn a_cut_link_is_damaged_and_a_bomb_is_not_unpacked() {
    let link = encode(&project(&"RUN something\n".repeat(50))).unwrap();
    for end in 4..link.len() {
        assert!(decode(&link[..end]).is_err(), "{end}");
    }
    let bomb = packed(&" ".repeat(MAX_CONTENT + 1));
    assert!(bomb.len() < 10_000);
    assert_eq!(decode(&bomb), Err(LinkError::Bomb));
    let long = format!("#v1.{}", "A".repeat(MAX_LINK));
    assert!(matches!(decode(&long), Err(LinkError::TooLarge { .. })));
    let huge = project(&"x".repeat(MAX_CONTENT));
    assert!(matches!(encode(&huge), Err(LinkError::TooLarge { .. })));
}

#[test]
fn credentials_are_refused_wherever_they_stand() {
    let why = |project: &Project| encode(project).unwrap_err().to_string();
    expect!["the build argument NPM_TOKEN looks like a credential (its name says so), and whoever has the link could read it; clear its value before sharing (the name alone may stay), and use `RUN --mount=type=secret`"]
        .assert_eq(&why(&with_arg("NPM_TOKEN", "abc")));
    let token = format!("ghp_{}", "a1".repeat(18));
    for project in [
        with_arg("X", &token),
        with_arg("db_password", "x"),
        project(&format!("FROM alpine\nENV T={token}\n")),
        project("RUN echo '-----BEGIN RSA PRIVATE KEY-----'"),
        project("ENV K=AKIAIOSFODNN7EXAMPLE"),
    ] {
        assert!(matches!(encode(&project), Err(LinkError::Secret { .. })));
    }
    let mut with_file = project("FROM alpine");
    with_file.files = vec![ContextFile {
        path: ".npmrc".to_owned(),
        bytes: Some(format!("//registry/:_authToken=npm_{}\n", "x".repeat(36)).into_bytes()),
    }];
    assert!(
        why(&with_file)
            .starts_with("a text in .npmrc looks like a credential (an npm access token)")
    );
}

#[test]
fn harmless_names_and_words_are_let_through() {
    for project in [
        with_arg("NPM_TOKEN", ""),
        with_arg("PUBLIC_KEY", "abc"),
        with_arg("TOKENIZER", "abc"),
        with_arg("KEY_FILE", "/run/x"),
        project("RUN npm_config_cache=/x npm ci && echo ghp_short AKIA"),
    ] {
        assert!(encode(&project).is_ok());
    }
}

/// The job's text and its switches go into a link, so they are looked at as well.
#[test]
fn a_token_in_the_job_is_refused() {
    let token = format!("glpat-{}", "a1".repeat(10));
    let job = |text: &str, value: &str| {
        let request = JobRequest {
            file: ".gitlab-ci.yml".to_owned(),
            text: text.to_owned(),
            settings: vec![("variables.PASS".to_owned(), value.to_owned())],
            ..JobRequest::default()
        };
        encode(&Project {
            job: Some(request),
            ..project("FROM alpine\n")
        })
    };
    assert!(job("build:\n  script: [make]\n", "set").is_ok());
    for (text, value) in [(token.as_str(), "set"), ("build:\n", token.as_str())] {
        assert!(matches!(job(text, value), Err(LinkError::Secret { .. })));
    }
}

fn any_project() -> impl Strategy<Value = Project> {
    let texts = || proptest::collection::vec("\\PC{0,12}", 0..3);
    let file = ("\\PC{0,12}", proptest::option::of(any::<Vec<u8>>()))
        .prop_map(|(path, bytes)| ContextFile { path, bytes });
    let attestations = prop_oneof![
        Just(Attestations::Default),
        Just(Attestations::None),
        Just(Attestations::Max),
        Just(Attestations::WithSbom),
    ];
    let first = (
        any::<String>(),
        "\\PC{0,12}",
        proptest::collection::vec(file, 0..3),
        proptest::option::of(any::<String>()),
        texts(),
        "\\PC{0,12}",
        proptest::collection::vec(("[A-Z]{1,3}", "\\PC{0,8}"), 0..3),
    );
    let export = (
        texts(),
        proptest::option::of("\\PC{0,8}"),
        texts(),
        any::<bool>(),
    );
    let export = export.prop_map(|(outputs, provenance, annotations, on)| ExportFlags {
        outputs,
        provenance,
        annotations,
        no_default_attestations: on,
        ..ExportFlags::default()
    });
    let second = (
        proptest::option::of("\\PC{0,12}"),
        export,
        proptest::option::of("\\PC{0,12}"),
        texts(),
        any::<bool>(),
        "[a-z-]{0,12}",
        any::<bool>(),
        texts(),
        attestations,
        proptest::option::of("[0-9.]{0,8}"),
    );
    let job = (
        "\\PC{0,12}",
        any::<String>(),
        proptest::option::of("\\PC{0,8}"),
        proptest::collection::vec(("[a-z.]{1,8}", "\\PC{0,8}"), 0..3),
    );
    let job = proptest::option::of(job.prop_map(|(file, text, job, settings)| JobRequest {
        file,
        text,
        job,
        settings,
    }));
    (first, second, job).prop_map(|(first, second, job)| {
        let (dockerfile, dockerfile_name, files, bases, platforms, build_platform, build_args) =
            first;
        let (
            known,
            export,
            target,
            tags,
            push,
            driver,
            containerd_store,
            emulators,
            more,
            buildkit,
        ) = second;
        Project {
            dockerfile,
            dockerfile_name,
            files,
            bases,
            known,
            job,
            settings: Settings {
                platforms,
                build_platform,
                build_args,
                target,
                contexts: Vec::new(),
                tags,
                push,
                driver,
                containerd_store,
                emulators,
                attestations: more,
                buildkit,
                emulation_factor: None,
                export,
            },
        }
    })
}

proptest! {
    #[test]
    fn every_project_survives_its_link(project in any_project()) {
        if let Ok(link) = encode(&project) {
            prop_assert!(link[1..].bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
            prop_assert_eq!(decode(&link), Ok(project));
        } else {
            prop_assert!(secret::find(&project).is_some());
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "(#?v[0-9]{0,2}\\.)?\\PC{0,80}", bytes in any::<Vec<u8>>()) {
        let _ = decode(&text);
        let _ = decode(&format!("#v1.{}", URL_SAFE_NO_PAD.encode(&bytes)));
    }
}
