//! `emu-after-boot`.

use super::{Advice, tell};
use crate::rules::{Findings, JobFacts, Metadata, Rule, declare_rule};

declare_rule! {
    /// ## What happens
    /// buildkitd looks for emulators once, when it starts.
    /// ## Fails
    /// ```github,fails
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-buildx-action@v3
    ///       - uses: docker/setup-qemu-action@v3
    /// ```
    /// ## Passes
    /// ```github,passes
    /// #: dockerfile FROM alpine:3.22
    /// on: push
    /// jobs:
    ///   build:
    ///     runs-on: ubuntu-latest
    ///     steps:
    ///       - uses: docker/setup-qemu-action@v3
    ///       - uses: docker/setup-buildx-action@v3
    /// ```
    /// ## Sources
    /// docker/setup-qemu-action README; BuildKit 73ed682 `util/archutil/detect.go`.
    pub EmuAfterBoot {
        name: "emu-after-boot",
        severity: Warning,
        group: Builder,
        title: "The emulators come after the builder was started",
        title_zh: "模拟器在构建器启动之后才安装",
        since: "0.1.0",
        pitfalls: ["EMU-AFTER-BOOT"],
    }
}

impl Rule for EmuAfterBoot {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_job(&self, job: &JobFacts<'_>, out: &mut Findings) {
        let advice = Advice {
            why: "The builder keeps to the emulators it carries itself.",
            next: "Install QEMU before the builder.",
            only_where_it_fails: false,
            repair: None,
        };
        tell(self, job, &advice, out);
    }
}
