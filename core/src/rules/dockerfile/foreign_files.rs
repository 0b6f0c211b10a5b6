//! What several rules ask about files that are for another CPU than their image.

use crate::content::{Content, Machine};
use crate::platform::Platform;
use crate::rules::BuildFacts;

/// A file of an image, and the instruction that brought it.
pub(super) struct Foreign<'a> {
    pub(super) platform: &'a Platform,
    pub(super) entry: &'a Content,
    pub(super) machine: &'a Platform,
}

/// Files for one CPU in images for another one, each place once: the first platform counts.
pub(super) fn foreign<'a>(build: &BuildFacts<'a>) -> Vec<Foreign<'a>> {
    let mut found = Vec::new();
    for (platform, followed) in build.contents() {
        for entry in &followed.content {
            if let Machine::For(machine) = &entry.label.machine
                && !runs(machine, platform)
                && !is_test_data(&entry.path)
            {
                found.push(Foreign {
                    platform,
                    entry,
                    machine,
                });
            }
        }
    }
    found
}

/// Whether a CPU executes a program, 32-bit ones on their 64-bit successors included.
fn runs(machine: &Platform, on: &Platform) -> bool {
    let same = machine.architecture == on.architecture;
    let older = matches!(
        (machine.architecture.as_str(), on.architecture.as_str()),
        ("386", "amd64") | ("arm", "arm64")
    );
    machine.os == on.os && (same || older)
}

fn is_test_data(path: &str) -> bool {
    path.contains("/testdata/") || path.contains("/qemu-")
}

/// A folder of packages that were installed somewhere else.
pub(super) fn is_package_folder(path: &str) -> bool {
    [
        "node_modules",
        ".venv",
        "venv",
        "site-packages",
        "dist-packages",
    ]
    .iter()
    .any(|name| {
        path.trim_start_matches("context:")
            .split('/')
            .any(|part| part == *name)
    })
}

/// The words of COPY or ADD contain a variable for the platform.
pub(super) fn chooses(build: &BuildFacts<'_>, at: usize) -> bool {
    let code = build
        .instruction(at)
        .map_or("", |instruction| instruction.code.as_str());
    code.contains("$TARGET") || code.contains("${TARGET")
}
