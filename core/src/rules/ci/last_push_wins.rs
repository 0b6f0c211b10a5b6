//! `last-push-wins`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, Text, declare_rule};

declare_rule! {
    /// ## What happens
    /// Two jobs, or two builds of one job, push different platforms under one tag.
    /// The tag points at what was pushed last; the other image is there without a name.
    /// ## Fails
    /// ```gitlab,fails
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info >/dev/null 2>&1; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64 -t acme/app:1.0 --push .
    ///     - docker buildx build --platform linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Passes
    /// ```gitlab,passes
    /// #: dockerfile FROM alpine:3.22
    /// build:
    ///   image: docker:29
    ///   services: [docker:29-dind]
    ///   variables: {DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_CERTDIR: /certs, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: /certs/client}
    ///   script:
    ///     - until docker info >/dev/null 2>&1; do sleep 1; done
    ///     - echo "$HUB_PASS" | docker login -u "$HUB_USER" --password-stdin
    ///     - docker buildx build --platform linux/amd64,linux/arm64 -t acme/app:1.0 --push .
    /// ```
    /// ## Sources
    /// docs.docker.com, "Distribute build across multiple runners".
    pub LastPushWins {
        name: "last-push-wins",
        severity: Error,
        group: Push,
        title: "The last push wins the tag",
        title_zh: "后一次推送覆盖标签",
        since: "0.1.0",
        why_zh: "一个标签只指向一个索引或清单：最后推送的那个。",
        pitfalls: ["LAST-PUSH-WINS"],
    }
}

impl Rule for LastPushWins {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let Some(run) = job.run else {
            return;
        };
        let before = run
            .earlier
            .iter()
            .flat_map(|e| &e.pushed)
            .chain(&run.overwritten)
            .chain(
                run.others
                    .iter()
                    .filter(|o| o.is_leg)
                    .flat_map(|o| &o.pushed),
            );
        for old in before {
            let Some(new) = run.pushed.iter().find(|p| p.reference == old.reference) else {
                continue;
            };
            let lost: Vec<String> = old
                .platforms
                .iter()
                .filter(|p| !new.platforms.iter().any(|n| n.is_same(p)))
                .map(ToString::to_string)
                .collect();
            if lost.is_empty() {
                continue;
            }
            let mark = run
                .builds
                .iter()
                .rfind(|b| b.invocation.line == new.line)
                .map(|b| b.invocation.line);
            let step = run
                .steps
                .iter()
                .find(|s| Some(s.mark.line) == mark)
                .or(run.steps.last());
            let Some(step) = step else {
                continue;
            };
            let text = Text {
                what: format!("{} is pushed for {} too, which this push takes away.", new.reference, lost.join(", ")),
                why: "A tag points at one index or manifest: the last one pushed.".into(),
                next: "Build all platforms at once, or push by digest and merge with `docker buildx imagetools create`.".into(),
            };
            out.report(self, job.place(step.mark), text);
        }
        let advice = Advice {
            why: "A tag points at one index or manifest: the last one pushed.",
            next: "Collect the platforms with `--manifest LIST`, and push the list.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
