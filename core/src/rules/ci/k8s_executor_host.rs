//! `k8s-executor-host`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// Under the Kubernetes executor, job and services are containers of one pod and share its network: the daemon is on `localhost`.
    /// `docker` is a name of it only where the service has that alias, or where the runner adds it.
    /// The client says that it cannot connect to the daemon.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// #: set runner.executor=kubernetes
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
    /// #: set runner.executor=kubernetes
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://localhost:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// #: set runner.executor=kubernetes
    /// build:
    ///   image: docker:29
    ///   services: [{name: "docker:29-dind", alias: docker}]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info; do sleep 1; done
    ///     - docker context create tls-env
    ///     - docker buildx create --name multi --use tls-env
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docs.gitlab.com, "Use Docker to build Docker images", Kubernetes executor; the text depends on the client and is a paraphrase.
    pub K8sExecutorHost {
        name: "k8s-executor-host",
        severity: Error,
        group: Job,
        title: "On Kubernetes the service has no name of its own",
        title_zh: "在 Kubernetes 上服务没有自己的主机名",
        since: "0.1.0",
        pitfalls: ["K8S-EXECUTOR-HOST"],
    }
}

impl Rule for K8sExecutorHost {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "All containers of the pod have the same network address.",
            next: "Use `tcp://localhost:2376`, and share `/certs/client` through an `empty_dir` volume of the runner.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
