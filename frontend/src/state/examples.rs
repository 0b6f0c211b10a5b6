//! Dockerfiles to start from, each with the settings that make its point.

use polyarch_core::analysis::{ContextFile, Project, Settings};

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
}

const THREE: &[&str] = &["linux/amd64", "linux/arm64", "linux/arm/v7"];
const TWO: &[&str] = &["linux/amd64", "linux/arm64"];
const GO_FILES: &[&str] = &["go.mod", "go.sum", "cmd/app/main.go", ".dockerignore"];

/// In the order of the picker; the first is what a first visit shows.
pub(crate) static EXAMPLES: &[Example] = &[
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

    use super::*;

    #[test]
    fn each_example_ends_as_its_name_says() {
        for (name, published, kind) in [
            ("go-cross", 3, VerdictKind::Publishes),
            ("seed", 2, VerdictKind::Publishes),
            ("go-emulated", 2, VerdictKind::Publishes),
            ("goarch-forgotten", 2, VerdictKind::PublishesWrong),
            ("base-without-arm", 0, VerdictKind::Fails),
            ("unused-stage", 2, VerdictKind::Publishes),
            ("docker-driver", 0, VerdictKind::Fails),
        ] {
            let example = by_name(name).expect("an example of that name");
            let verdict = analyse(&example.project()).verdict;
            assert_eq!(
                (verdict.published, verdict.kind),
                (published, kind),
                "{name}"
            );
        }
        assert_eq!(EXAMPLES.len(), 7, "a new example needs its line above");
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
