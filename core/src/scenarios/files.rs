//! The texts in the tree. What is not asked for is not linked: the page has only [`FIRST`] in its
//! program and fetches the rest.

use super::{Lesson, Library, Scenario, read};

macro_rules! texts {
    ($folder:literal: $($name:literal)*) => {
        &[$(include_str!(concat!("../../", $folder, "/", $name, ".md"))),*]
    };
}

/// What a first visit shows, and what comes next.
pub const FIRST: &[&str] = texts!("scenarios": "job-docker-hub" "job-ecr");

/// All scenarios.
pub const SCENARIO_TEXTS: &[&str] = texts!("scenarios":
    "arch-prefix-base"
    "arm-v6-for-all"
    "attestations"
    "awscli-on-alpine"
    "bare-jdk"
    "base-without-platform"
    "build-inside"
    "builder-not-used"
    "buildplatform-final"
    "buildx-missing"
    "constant-platform"
    "containerd-store"
    "copy-from-one-cpu"
    "count-of-manifests"
    "dind-no-wait"
    "docker-driver"
    "emulator-bundled"
    "emulator-installed"
    "emulator-missing"
    "fixed-download"
    "folder-per-platform"
    "folders-swapped"
    "gate-catches"
    "ghcr-permission"
    "ghcr-uppercase"
    "go-cross"
    "goarch-forgotten"
    "host-binary-job"
    "host-binary"
    "jar-copied"
    "job-docker-hub"
    "job-ecr-created"
    "job-ecr"
    "job-with-gate"
    "last-push-wins"
    "libc-mismatch"
    "load-two-platforms"
    "login-wrong-host"
    "merge-by-digest"
    "no-login"
    "no-output"
    "node-modules-copied"
    "not-privileged"
    "overlay2-turns-store-off"
    "pinned-sha256"
    "platform-typo"
    "pull-checks-one"
    "push-without-tag"
    "rust-cross"
    "scripts-copied"
    "single-arch-base"
    "targetarch-default"
    "targetarch-not-declared"
    "tls-from-environment"
    "uname-on-the-builder"
    "unused-stage"
    "wheels-from-builder"
    "without-attestations"
);

/// All lessons.
pub const LESSON_TEXTS: &[&str] = texts!("lessons":
    "builder"
    "cross"
    "gate"
    "inside"
    "once"
    "one-name"
    "push"
    "who-pulls-what"
);

/// All scenarios in the gallery's order.
pub fn all() -> Vec<Scenario> {
    library(SCENARIO_TEXTS).scenarios
}

/// The guided path.
pub fn lessons() -> Vec<Lesson> {
    library(LESSON_TEXTS).lessons
}

/// The texts as one library; a broken one of the tree, which a test does not let through, is empty.
fn library(texts: &[&str]) -> Library {
    read(&texts.join("\n")).unwrap_or_default()
}
