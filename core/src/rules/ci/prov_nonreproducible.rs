//! `prov-nonreproducible`.

use super::tell_line;
use crate::ci::runner::Run;
use crate::ci::world::Built;
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Provenance holds times and the run's own data. Images may be the same byte for byte while the index is not, so a build that is meant to be reproducible differs by it.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - SOURCE_DATE_EPOCH=0 docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --output type=image,push=true,rewrite-timestamp=true .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - SOURCE_DATE_EPOCH=0 docker buildx build --platform linux/amd64,linux/arm64 --provenance=false -t acme/app:1.0 --output type=image,push=true,rewrite-timestamp=true .
    /// ```
    /// ## Sources
    /// BuildKit, "Build reproducibility" and provenance documentation. Partly inferred.
    pub ProvNonreproducible {
        name: "prov-nonreproducible",
        severity: Info,
        group: Builder,
        title: "The digest of the index changes in each run",
        title_zh: "每次运行索引摘要都会变化",
        since: "0.1.0",
        pitfalls: ["PROV-NONREPRODUCIBLE"],
    }
}

impl Rule for ProvNonreproducible {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some((line, what)) = job.run.and_then(found) else {
            return;
        };
        let why = "Times of the build are part of the provenance.";
        let next = "Compare the images of the platforms instead of the index, or pass `--provenance=false`.";
        tell_line(self, job, line, what, (why, next), out);
    }
}

/// The line of the CI file and what is found there.
fn found(run: &Run) -> Option<(usize, String)> {
    let wants_same = |b: &&Built| {
        let build = &b.invocation;
        let rewrites = build
            .outputs
            .iter()
            .any(|o| o.contains("rewrite-timestamp=true"));
        let explicit = build.provenance.as_deref().is_some_and(|p| p != "false");
        let epoch = build.build_args.contains_key("SOURCE_DATE_EPOCH");
        build.attests && build.push && (rewrites || epoch || explicit)
    };
    let built = run.builds.iter().find(wants_same)?;
    Some((
        built.invocation.line,
        "The provenance of this build is different in each run, and so is the index.".to_owned(),
    ))
}
