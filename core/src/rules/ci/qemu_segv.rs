//! `qemu-segv`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// QEMU 7.0 to 9.2 crashes now and then in what `apt-get`, Node, Python, gcc and .NET do in images of newer distributions. The same Dockerfile passes on its own CPU.
    /// ## Fails
    /// ```github,fails
    /// #: dockerfile FROM debian:12
    /// #: dockerfile RUN apt-get update
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-qemu-action@v3
    ///         with: {image: "tonistiigi/binfmt:qemu-v9.2.0"}
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "linux/amd64,linux/arm64"}
    /// ```
    /// ## Passes
    /// ```github,passes
    /// #: dockerfile FROM debian:12
    /// #: dockerfile RUN apt-get update
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-qemu-action@v3
    ///         with: {image: "tonistiigi/binfmt:qemu-v10.0.4"}
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/build-push-action@v6
    ///         with: {platforms: "linux/amd64,linux/arm64"}
    /// ```
    /// ## Sources
    /// docker/setup-qemu-action#188, tonistiigi/binfmt#215, early 2025; BuildKit 0.20 carried the same QEMU.
    pub QemuSegv {
        name: "qemu-segv",
        severity: Warning,
        group: Builder,
        title: "This QEMU crashes in such steps",
        title_zh: "该版本 QEMU 会在此类步骤崩溃",
        since: "0.1.0",
        pitfalls: ["QEMU-SEGV"],
    }
}

impl Rule for QemuSegv {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The step ends with a segmentation fault, on some runs and not on others.",
            next: "Name another version, such as `tonistiigi/binfmt:qemu-v10.0.4`, or build on a native runner.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
