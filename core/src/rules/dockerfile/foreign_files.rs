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
                && entry.is_wrong_on(platform)
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
