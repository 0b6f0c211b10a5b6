//! How long plans and analyses take, one figure a line.
//!
//! `cargo bench -p polyarch-core --bench analysis` prints the median and the least time of many
//! runs. Under `valgrind --tool=callgrind` give `-- once NAME`, which does one thing a second time
//! in a function of its own, so that its instructions can be counted with
//! `--collect-atstart=no --toggle-collect='*counted*'`. Prints figures and judges nothing.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark measures time and prints"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use polyarch_core::analysis::{JobRequest, Project, analyse, analyse_job};
use polyarch_core::bases::Catalogue;
use polyarch_core::build::{BuildRequest, plan, predict};
use polyarch_core::dockerfile;

const TWO_STAGES: &str = "FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app ./cmd/app
FROM alpine:3.24
RUN apk add --no-cache ca-certificates
COPY --from=build /out/app /usr/local/bin/app
ENTRYPOINT [\"/usr/local/bin/app\"]
";

const RUNS: usize = 200;

fn main() {
    let catalogue = Catalogue::embedded();
    let request = BuildRequest {
        platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
        ..BuildRequest::default()
    };
    let two_stages = || {
        let (file, problems) = dockerfile::parse(TWO_STAGES);
        black_box(plan(TWO_STAGES, &file, &problems, &request, &catalogue));
    };
    let predicted = || {
        let (file, problems) = dockerfile::parse(TWO_STAGES);
        black_box(predict(TWO_STAGES, &file, &problems, &request, &catalogue));
    };
    let hundred = project(&hundred_lines());
    let analysis = || {
        black_box(analyse(&hundred));
    };
    let large = std::cell::LazyCell::new(|| {
        let lines = "RUN echo hello \\\n  world\n".repeat(200_000);
        format!("FROM alpine\n{lines}")
    });
    let parse = || {
        black_box(dockerfile::parse(&large));
    };
    let catalogued = || {
        black_box(Catalogue::embedded());
    };
    // The context is known and holds nothing, so the Dockerfile copies nothing.
    let tree = project("FROM alpine:3.22\nRUN apk add --no-cache curl\n");
    let request = hundred_line_job();
    let job = || {
        let analysis = analyse_job(&tree, &request).unwrap();
        assert!(analysis.run.is_some_and(|run| !run.pushed.is_empty()));
    };
    let table: [(&str, usize, &dyn Fn()); 6] = [
        ("plan of two stages for two platforms", RUNS, &two_stages),
        ("the same with what --check finds", RUNS, &predicted),
        ("analysis of 100 lines for four platforms", RUNS, &analysis),
        ("analysis of a job of 100 lines", RUNS, &job),
        ("the embedded catalogue", RUNS, &catalogued),
        ("parse of 5 MB", 5, &parse),
    ];
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "once") {
        let name = &arguments[at + 1];
        let found = table
            .iter()
            .find(|(what, ..)| what.starts_with(name.as_str()));
        let work = found.unwrap().2;
        work();
        return counted(work);
    }
    for (name, runs, work) in table {
        let times = times(runs, work);
        println!("{name}: {:?} (at best {:?})", times[runs / 2], times[0]);
    }
}

/// The one call whose instructions count.
#[inline(never)]
fn counted(work: &dyn Fn()) {
    work();
}

/// Sorted.
fn times(runs: usize, work: &dyn Fn()) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times
}

fn project(dockerfile: &str) -> Project {
    let mut project = Project {
        dockerfile: dockerfile.to_owned(),
        ..Project::default()
    };
    let platforms = [
        "linux/amd64",
        "linux/arm64",
        "linux/arm/v7",
        "linux/riscv64",
    ];
    project.settings.platforms = platforms.map(str::to_owned).to_vec();
    project
}

/// A build stage of 60 lines and a final one of 40, as a grown project has them.
fn hundred_lines() -> String {
    let mut text = String::from("FROM --platform=$BUILDPLATFORM golang:1.26 AS build\n");
    text.push_str("ARG TARGETARCH\n");
    for n in 0..29 {
        text.push_str(&format!("COPY part{n} /src/part{n}\n"));
        text.push_str(&format!(
            "RUN GOARCH=$TARGETARCH go build -o /out/part{n} ./part{n}\n"
        ));
    }
    text.push_str("FROM debian:trixie-slim\n");
    for n in 0..13 {
        text.push_str(&format!("ENV NAME_{n}=value\n"));
        text.push_str(&format!("LABEL part.{n}=$NAME_{n}\n"));
        text.push_str(&format!(
            "COPY --from=build /out/part{n} /usr/local/bin/part{n}\n"
        ));
    }
    text
}

/// A GitLab job as people write them: it waits, builds, pushes, caches and looks at the result.
fn hundred_line_job() -> JobRequest {
    let mut text = "build:
  stage: build
  image: docker:29
  services: [docker:29-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: \"1\"
    DOCKER_CERT_PATH: /certs/client
  before_script:
    - until docker info; do sleep 1; done
    - echo \"$HUB_PASS\" | docker login -u \"$HUB_USER\" --password-stdin
    - docker context create tls-env
    - docker buildx create --name multi --use tls-env
  script:
"
    .to_owned();
    for number in 0..28 {
        text.push_str(&format!(
            "    - |
      if [ \"$CI_COMMIT_BRANCH\" = main ]; then TAG=latest-{number}; else TAG=${{CI_COMMIT_SHORT_SHA:-x}}; fi
      for part in one two three; do echo \"$part $TAG\" >> parts.txt; done
"
        ));
    }
    text.push_str(
        "    - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .\n",
    );
    JobRequest {
        file: ".gitlab-ci.yml".to_owned(),
        text,
        ..JobRequest::default()
    }
}
