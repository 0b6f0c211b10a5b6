//! Proposals at a place marked with `|`.

use super::{Completions, MISTAKES, complete_dockerfile, complete_job};
use crate::analysis::{JobRequest, Project, Settings, analyse, analyse_job};

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

const GO: &str = "FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build\nWORKDIR /src\nCOPY . .\n\
    ARG TARGETOS TARGETARCH\nRUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app .\n\n\
    FROM alpine:3.24\nRUN apk add --no-cache tini\nCOPY --from=build /out/app /usr/local/bin/app\n\
    ENTRYPOINT [\"/usr/local/bin/app\"]\n";

fn go() -> Project {
    Project {
        dockerfile: GO.to_owned(),
        settings: Settings {
            tags: vec!["docker.io/acme/app:1.0".to_owned()],
            emulators: vec!["all".to_owned()],
            ..Settings::default()
        },
        ..Project::default()
    }
}

fn played(name: &str) -> Project {
    let all = crate::scenarios::all();
    let scenario = all.into_iter().find(|scenario| scenario.name == name);
    scenario.expect("a scenario of that name").project
}

fn with_repository() -> Project {
    let mut project = played("job-ecr");
    let job: &mut JobRequest = project.job.as_mut().expect("it has a job");
    let made = ("registry.repository-exists", "true");
    job.settings.push((made.0.to_owned(), made.1.to_owned()));
    project
}

fn rules(project: &Project) -> Vec<&'static str> {
    let diagnostics = match &project.job {
        Some(job) => {
            analyse_job(project, job)
                .expect("it can be played")
                .diagnostics
        }
        None => analyse(project).diagnostics,
    };
    diagnostics.iter().map(|finding| finding.rule).collect()
}

#[test]
fn each_mistake_brings_its_finding_and_nothing_before_it() {
    for (name, project, rule) in [
        ("no-wait", played("job-docker-hub"), "dind-not-ready"),
        (
            "docker-driver",
            played("job-docker-hub"),
            "driver-docker-multi-old",
        ),
        ("docker-driver", go(), "output-refused"),
        ("host-binary", go(), "host-binary-copied"),
        (
            "pinned-digest",
            played("job-docker-hub"),
            "base-pinned-child-digest",
        ),
        ("pinned-digest", go(), "base-pinned-child-digest"),
        ("single-arch-base", go(), "base-no-platform"),
        (
            "single-arch-base",
            played("job-docker-hub"),
            "base-no-platform",
        ),
        ("no-emulator", go(), "step-cannot-run"),
        ("no-emulator", played("emulator-installed"), "emu-none"),
        ("no-repository", with_repository(), "ecr-repo-missing"),
        ("no-goarch", go(), "cross-no-goarch"),
    ] {
        let mistake = MISTAKES.iter().find(|mistake| mistake.name == name);
        let mistake = mistake.expect("a mistake of that name");
        assert!(
            !rules(&project).contains(&rule),
            "{name}: it is there already"
        );
        let broken = mistake
            .make(&project)
            .unwrap_or_else(|| panic!("{name} does not apply"));
        assert!(
            rules(&broken).contains(&rule),
            "{name}: {:?}",
            rules(&broken)
        );
        assert_eq!(mistake.make(&broken), None, "{name} is made once");
    }
}

#[test]
fn a_mistake_that_has_nothing_to_undo_does_not_apply() {
    let empty = Project::default();
    let applying: Vec<&str> = MISTAKES
        .iter()
        .filter(|m| m.make(&empty).is_some())
        .map(|m| m.name)
        .collect();
    assert_eq!(applying, ["docker-driver"]);
}
