//! `bitbucket-no-privileged`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Bitbucket's cloud runners, and others with an authorisation plugin, start no privileged containers: neither a docker-container builder nor a registration of emulators is possible.
    /// ## Exact output
    /// ```text,output
    /// Error response from daemon: authorization denied by plugin pipelines: --privileged=true is not allowed
    /// ```
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set runner.privileged-containers=false
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
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
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// Bitbucket Cloud, BCLOUD-23114 and docker/setup-buildx-action issues, 2023 and later.
    pub BitbucketNoPrivileged {
        name: "bitbucket-no-privileged",
        severity: Error,
        group: Job,
        title: "The daemon refuses privileged containers",
        title_zh: "守护进程拒绝特权容器",
        since: "0.1.0",
        pitfalls: ["BITBUCKET-NO-PRIVILEGED"],
    }
}

impl Rule for BitbucketNoPrivileged {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "A docker-container builder is a privileged container.",
            next: "Use a runner of your own for each CPU and merge with `docker buildx imagetools create`, or a remote builder: `docker buildx create --driver remote tcp://…`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
