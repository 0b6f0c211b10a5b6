//! Dockerfiles and jobs to start from, each with the settings that make its point.

use polyarch_core::analysis::{ContextFile, JobRequest, Project, Settings};

use super::answer::file_name;

/// A named starting point.
pub(crate) struct Example {
    /// Stable, for links and state.
    pub(crate) name: &'static str,
    pub(crate) english: &'static str,
    pub(crate) chinese: &'static str,
    dockerfile: &'static str,
    platforms: &'static [&'static str],
    emulators: &'static [&'static str],
    driver: &'static str,
    files: &'static [&'static str],
    /// The text of a CI job.
    job: Option<&'static str>,
}

const THREE: &[&str] = &["linux/amd64", "linux/arm64", "linux/arm/v7"];
const TWO: &[&str] = &["linux/amd64", "linux/arm64"];
const GO_FILES: &[&str] = &["go.mod", "go.sum", "cmd/app/main.go", ".dockerignore"];

/// In the order of the picker; the first is what a first visit shows.
pub(crate) static EXAMPLES: &[Example] = &[
    Example {
        name: "job-docker-hub",
        english: "Docker Hub job",
        chinese: "Docker Hub 任务",
        dockerfile: "",
        platforms: TWO,
        emulators: &["none"],
        driver: "docker-container",
        files: &[],
        job: Some(include_str!("jobs/docker-hub.yml")),
    },
    Example {
        name: "job-ecr",
        english: "ECR job: the repository is missing",
        chinese: "ECR 任务：忘了先建库",
        dockerfile: "",
        platforms: TWO,
        emulators: &["none"],
        driver: "docker-container",
        files: &[],
        job: Some(include_str!("jobs/ecr.yml")),
    },
    Example {
        name: "go-cross",
        english: "Go, cross-compiled for three platforms",
        chinese: "Go，交叉编译三个平台",
        dockerfile: "# syntax=docker/dockerfile:1\n\
            FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build\n\
            WORKDIR /src\n\
            COPY go.mod go.sum ./\n\
            RUN go mod download\n\
            COPY . .\n\
            ARG TARGETOS TARGETARCH\n\
            RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \\\n    \
            go build -trimpath -o /out/app ./cmd/app\n\
            \n\
            FROM alpine:3.24\n\
            RUN apk add --no-cache ca-certificates\n\
            COPY --from=build /out/app /usr/local/bin/app\n\
            ENTRYPOINT [\"/usr/local/bin/app\"]\n",
        platforms: THREE,
        emulators: &["all"],
        driver: "docker-container",
        files: GO_FILES,
        job: None,
    },
    Example {
        name: "seed",
        english: "The founding post: a bare JDK",
        chinese: "开篇文章：裸 JDK",
        dockerfile: "FROM amazoncorretto:11\n",
        platforms: &["linux/arm64", "linux/amd64"],
        emulators: &["none"],
        driver: "docker-container",
        files: &[],
        job: None,
    },
    Example {
        name: "go-emulated",
        english: "Go, compiled under emulation",
        chinese: "Go，在模拟下编译",
        dockerfile: "FROM golang:1.26-alpine AS build\n\
            WORKDIR /src\n\
            COPY . .\n\
            RUN CGO_ENABLED=0 go build -o /out/app ./cmd/app\n\
            \n\
            FROM alpine:3.24\n\
            COPY --from=build /out/app /usr/local/bin/app\n\
            ENTRYPOINT [\"/usr/local/bin/app\"]\n",
        platforms: TWO,
        emulators: &["all"],
        driver: "docker-container",
        files: GO_FILES,
        job: None,
    },
    Example {
        name: "goarch-forgotten",
        english: "GOARCH forgotten: an amd64 program everywhere",
        chinese: "忘了 GOARCH：到处都是 amd64 程序",
        dockerfile: "FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build\n\
            WORKDIR /src\n\
            COPY . .\n\
            RUN CGO_ENABLED=0 go build -o /out/app ./cmd/app\n\
            \n\
            FROM alpine:3.24\n\
            COPY --from=build /out/app /usr/local/bin/app\n\
            ENTRYPOINT [\"/usr/local/bin/app\"]\n",
        platforms: TWO,
        emulators: &["all"],
        driver: "docker-container",
        files: GO_FILES,
        job: None,
    },
    Example {
        name: "base-without-arm",
        english: "A base image that arm/v7 does not have",
        chinese: "没有 arm/v7 的基础镜像",
        dockerfile: "FROM amazoncorretto:11\n\
            WORKDIR /app\n\
            COPY app.jar ./\n\
            RUN java -Xshare:dump\n\
            CMD [\"java\", \"-jar\", \"app.jar\"]\n",
        platforms: THREE,
        emulators: &["all"],
        driver: "docker-container",
        files: &["app.jar"],
        job: None,
    },
    Example {
        name: "unused-stage",
        english: "A build stage that nothing uses",
        chinese: "没有被用到的构建阶段",
        dockerfile: "FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build\n\
            WORKDIR /src\n\
            COPY . .\n\
            ARG TARGETOS TARGETARCH\n\
            RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app ./cmd/app\n\
            \n\
            FROM alpine:3.24\n\
            COPY bin/app /usr/local/bin/app\n\
            ENTRYPOINT [\"/usr/local/bin/app\"]\n",
        platforms: TWO,
        emulators: &["all"],
        driver: "docker-container",
        files: &["go.mod", "cmd/app/main.go", "bin/app"],
        job: None,
    },
    Example {
        name: "docker-driver",
        english: "The docker driver refuses two platforms",
        chinese: "docker 驱动拒绝两个平台",
        dockerfile: "FROM alpine:3.24\n\
            RUN apk add --no-cache tini\n\
            ENTRYPOINT [\"tini\", \"--\"]\n",
        platforms: TWO,
        emulators: &["all"],
        driver: "docker",
        files: &[],
        job: None,
    },
];

impl Example {
    pub(crate) fn project(&self) -> Project {
        let texts = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        Project {
            dockerfile: self.dockerfile.to_owned(),
            files: self
                .files
                .iter()
                .map(|path| ContextFile {
                    path: (*path).to_owned(),
                    bytes: None,
                })
                .collect(),
            settings: Settings {
                platforms: texts(self.platforms),
                emulators: texts(self.emulators),
                driver: self.driver.to_owned(),
                tags: vec!["docker.io/acme/app:1.0".to_owned()],
                ..Settings::default()
            },
            job: self.job.map(|text| JobRequest {
                file: file_name(text).to_owned(),
                text: text.to_owned(),
                ..JobRequest::default()
            }),
            ..Project::default()
        }
    }
}

/// The example of that name.
pub(crate) fn by_name(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.name == name)
}

#[cfg(test)]
mod tests {
    use polyarch_core::analysis::{VerdictKind, analyse};

    use super::super::answer::{Answer, End, answer, deciding};
    use super::super::rows::Spot;
    use super::*;

    #[test]
    fn each_example_ends_as_its_name_says() {
        for (name, published, kind) in [
            ("job-docker-hub", 2, VerdictKind::Publishes),
            ("job-ecr", 0, VerdictKind::Fails),
            ("go-cross", 3, VerdictKind::Publishes),
            ("seed", 2, VerdictKind::Publishes),
            ("go-emulated", 2, VerdictKind::Publishes),
            ("goarch-forgotten", 2, VerdictKind::PublishesWrong),
            ("base-without-arm", 0, VerdictKind::Fails),
            ("unused-stage", 2, VerdictKind::Publishes),
            ("docker-driver", 0, VerdictKind::Fails),
        ] {
            let example = by_name(name).expect("an example of that name");
            let verdict = answer(&example.project()).analysis.verdict.clone();
            assert_eq!(
                (verdict.published, verdict.kind),
                (published, kind),
                "{name}"
            );
        }
        assert_eq!(EXAMPLES.len(), 9, "a new example needs its line above");
    }

    fn job(name: &str, settings: &[(&str, &str)]) -> Answer {
        let mut project = by_name(name).expect("an example of that name").project();
        let request = project.job.as_mut().expect("the example has a job");
        let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        request.settings = settings.iter().map(pair).collect();
        answer(&project)
    }

    #[test]
    fn the_ecr_job_fails_at_its_push_until_the_repository_is_there() {
        let failed = job("job-ecr", &[]);
        let played = failed.job.as_ref().expect("a job was played");
        assert_eq!((&played.end, played.pushed), (&End::Fails, 0));
        let step = played.failing.and_then(|at| played.steps.get(at));
        let command = step.map(|step| step.command.as_str()).unwrap_or_default();
        assert!(command.starts_with("docker buildx build"), "{command}");
        assert_eq!(
            deciding(&failed),
            Some(Spot {
                job: true,
                line: 27
            })
        );
        let finding = failed.analysis.verdict.finding;
        let rule = finding
            .and_then(|at| failed.analysis.diagnostics.get(at))
            .map(|d| d.rule);
        assert_eq!(rule, Some("ecr-repo-missing"));
        assert!(played.log.contains("does not exist in the registry"));

        let made = job("job-ecr", &[("registry.repository-exists", "true")]);
        let played = made.job.as_ref().expect("a job was played");
        assert_eq!((&played.end, played.pushed), (&End::Passes, 2));
        assert_eq!(made.analysis.verdict.kind, VerdictKind::Publishes);
    }

    #[test]
    fn a_job_supplies_what_the_settings_say_otherwise() {
        let answer = job("job-docker-hub", &[]);
        let played = answer.job.as_ref().expect("a job was played");
        assert!(played.writes_dockerfile);
        assert_eq!(answer.shown.dockerfile, "FROM amazoncorretto:11\n");
        assert_eq!(
            answer.shown.settings.platforms,
            ["linux/arm64", "linux/amd64"]
        );
        assert_eq!(played.step_at(22), Some(5));
        let refused = job("job-docker-hub", &[("no.such-key", "1")]);
        let played = refused.job.expect("a job was asked for");
        assert!(matches!(&played.end, End::Refused(why) if why.contains("no.such-key")));
    }

    #[test]
    fn the_unused_stage_is_known_as_unused() {
        let example = by_name("unused-stage").expect("an example of that name");
        let used: Vec<bool> = analyse(&example.project())
            .stages
            .iter()
            .map(|s| s.used)
            .collect();
        assert_eq!(used, [false, true]);
    }
}
