//! `portable-artifact-ok`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A jar, a script, a page or WebAssembly is the same for every CPU: it may be made once on the runner and copied into each image, and the layer is shared.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM eclipse-temurin:21-jre
    /// #: dockerfile COPY target/app.jar /app.jar
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - apk add maven openjdk21
    ///     - mvn -B package
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: dockerfile COPY server /server
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - apk add go
    ///     - go build -o server .
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// The founding post.
    pub PortableArtifactOk {
        name: "portable-artifact-ok",
        severity: Info,
        group: Builder,
        title: "The copied file is for every CPU",
        title_zh: "复制的文件适用于所有 CPU",
        since: "0.1.0",
        pitfalls: ["PORTABLE-ARTIFACT-OK"],
    }
}

impl Rule for PortableArtifactOk {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "Only COPY is needed, so no platform is emulated, and the registry keeps one layer for all.";
        let next = "Leave it as it is.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    run.builds.iter().find_map(|built| {
        let build = &built.invocation;
        if build.platforms.len() < 2 {
            return None;
        }
        let (path, made) = build.context.iter().find_map(|(path, file)| {
            let made = file.made.as_ref().filter(|m| m.machine.is_none())?;
            let name = path.rsplit('/').next().unwrap_or(path);
            let is_portable = PORTABLE.iter().any(|end| name.ends_with(end));
            let copied = build.dockerfile.lines().any(|line| {
                let keyword = line.trim_start().get(..5).unwrap_or_default();
                keyword.eq_ignore_ascii_case("copy ") && mentions(line, path)
            });
            (is_portable && copied).then_some((path, made))
        })?;
        Some((
            made.line,
            format!("{path}, made by `{}`, is for every CPU.", made.by),
        ))
    })
}

/// What ends like this runs on any CPU.
const PORTABLE: [&str; 8] = [
    ".jar", ".war", ".js", ".py", ".html", ".wasm", ".css", ".class",
];

/// Whether a line of a Dockerfile names the file or one of its folders.
fn mentions(line: &str, path: &str) -> bool {
    let folder = path.split('/').next().unwrap_or(path);
    line.contains(path)
        || line
            .split_whitespace()
            .any(|w| w.trim_start_matches("./").trim_end_matches('/') == folder)
}
