//! `ghcr-permission`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// A push to ghcr.io with `GITHUB_TOKEN` needs `packages: write` in the job or the workflow.
    /// ## Exact output
    /// ```text,output
    /// denied: installation not allowed to Write organization package
    /// ```
    /// ## Fails
    /// ```github,fails
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     permissions: {contents: read}
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/login-action@v3
    ///         with: {registry: ghcr.io, username: acme, password: "${{ secrets.GITHUB_TOKEN }}"}
    ///       - uses: docker/build-push-action@v6
    ///         with: {context: ., push: true, tags: "ghcr.io/acme/app:1.0"}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     permissions: {contents: read, packages: write}
    ///     steps:
    ///       - uses: actions/checkout@v4
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/login-action@v3
    ///         with: {registry: ghcr.io, username: acme, password: "${{ secrets.GITHUB_TOKEN }}"}
    ///       - uses: docker/build-push-action@v6
    ///         with: {context: ., push: true, tags: "ghcr.io/acme/app:1.0"}
    /// ```
    /// ## Sources
    /// danger/danger-js#1414; enketo/enketo-express#312.
    pub GhcrPermission {
        name: "ghcr-permission",
        severity: Error,
        group: Push,
        title: "The token may not write packages",
        title_zh: "令牌没有写入包的权限",
        since: "0.1.0",
        why_zh: "全部构建完成之后，推送被拒绝。",
        pitfalls: ["GHCR-PERMISSION"],
    }
}

impl Rule for GhcrPermission {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "Everything is built, and the push is denied.",
            next: "Add `permissions: {contents: read, packages: write}`.",
            only_where_it_fails: true,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
