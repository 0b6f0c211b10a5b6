//! Proposals at a place marked with `|`.

use super::{Completions, complete_dockerfile, complete_job};

fn labels(found: Option<Completions>) -> Vec<String> {
    let options = found.map(|found| found.options).unwrap_or_default();
    options.into_iter().map(|option| option.label).collect()
}

fn dockerfile(marked: &str) -> Vec<String> {
    let at = marked.find('|').expect("a marked place");
    labels(complete_dockerfile(&marked.replace('|', ""), at, false))
}

fn job(marked: &str) -> Vec<String> {
    let at = marked.find('|').expect("a marked place");
    labels(complete_job(&marked.replace('|', ""), at, false))
}

#[test]
fn a_dockerfile_proposes_what_its_place_takes() {
    for (text, expected) in [
        ("fr|", "FROM"),
        ("FROM alp|", "alpine"),
        ("FROM alpine:3.2|", "alpine:3.23"),
        ("FROM --pl|", "--platform="),
        ("FROM --platform=$B|", "BUILDPLATFORM"),
        ("FROM --platform=linux/arm|", "linux/arm64"),
        ("FROM a AS build\nFROM b|\n", "build"),
        ("FROM a AS build\nFROM x\nCOPY --from=bu|", "build"),
        ("FROM a\nARG VERSION\nRUN echo ${VER|", "VERSION"),
        ("FROM a\nRUN x \\\n  && echo $TARGETA|", "TARGETARCH"),
        ("FROM a\nRUN --mount=type=ca|", "type=cache,target="),
        ("FROM a\nARG TARG|", "TARGETARCH"),
        ("# syn|", "# syntax=docker/dockerfile:1"),
    ] {
        let found = dockerfile(text);
        assert!(
            found.iter().any(|label| label == expected),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn nothing_is_proposed_where_nothing_is_known() {
    for text in [
        "|",
        "FROM a\n|",
        "RUN ec|",
        "# words|\n",
        "FROM a AS b|",
        "FROM scratch|",
    ] {
        let text = if text == "# words|\n" {
            "FROM a\n# words|"
        } else {
            text
        };
        assert_eq!(dockerfile(text), Vec::<String>::new(), "{text}");
    }
    assert!(
        !labels(complete_dockerfile("", 0, true)).is_empty(),
        "asked for"
    );
}

#[test]
fn a_job_proposes_the_keys_of_its_place() {
    let github = "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n      ";
    for (text, expected) in [
        ("stag|", "stages"),
        ("build:\n  scr|", "script"),
        (
            "build:\n  script:\n    - docker buildx build --platform linux/amd64,linux/a|",
            "linux/arm64",
        ),
        (&format!("{github}- us|"), "uses"),
        (
            &format!("{github}- uses: docker/se|"),
            "docker/setup-qemu-action@v3",
        ),
        (
            &format!("{github}- uses: docker/build-push-action@v6\n        with:\n          plat|"),
            "platforms",
        ),
        (
            &format!("{github}- uses: x\n        with:\n          platforms: linux/amd64,|"),
            "linux/arm64",
        ),
        ("on: push\njobs:\n  image:\n    runs|", "runs-on"),
        ("on: push\nper|\njobs:\n  a:\n    runs-on: x", "permissions"),
    ] {
        let found = job(text);
        assert!(
            found.iter().any(|label| label == expected),
            "{text}: {found:?}"
        );
    }
    assert!(job("build:\n  script:\n    - ech|").is_empty());
}

#[test]
fn no_place_of_any_text_panics() {
    for text in [
        "FROM é${\n--from=\\\n",
        "a:\n - é: |\n  - --platform=,",
        "jobs:\non: x\n  steps:\n- ",
    ] {
        for at in 0..=text.len() + 2 {
            for asked in [true, false] {
                let _ = complete_dockerfile(text, at, asked);
                let _ = complete_job(text, at, asked);
            }
        }
    }
}
