//! Which buildx and BuildKit come with which Docker: the table behind every unpinned tag.
//!
//! Sources: docker-library/docker `versions.json` through its history for the images, moby's
//! `vendor.mod` at release tags for the embedded BuildKit. Only the last patch release of each
//! line is listed; a pinned patch release inside a line takes the line's entry unless
//! [`docker_release`] says otherwise.

use super::Version;

/// The newest Docker known here; what `docker:latest`, `docker:dind` and runners resolve to.
pub const DOCKER_NEWEST: Version = Version::new(29, 7, 2);
/// The newest buildx, as `docker/buildx-bin` has it.
pub const BUILDX_NEWEST: Version = Version::new(0, 36, 1);
/// What `moby/buildkit:buildx-stable-1` resolves to.
pub const BUILDKIT_NEWEST: Version = Version::new(0, 32, 2);

/// Emulators in the official BuildKit images (`buildkit-qemu-*`), in Go's names; mips64 and
/// loong64 are removed from them.
pub const EMULATED_ARCHITECTURES: [&str; 7] = [
    "386", "amd64", "arm", "arm64", "ppc64le", "riscv64", "s390x",
];

/// A `docker` image: its CLI and the plugin in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DockerRelease {
    pub docker: Version,
    /// `None` in images built before May 2022.
    pub buildx: Option<Version>,
}

/// Last release of each line with the buildx its image carries.
const RELEASES: [(Version, Option<Version>); 11] = [
    (Version::new(18, 9, 9), None),
    (Version::new(19, 3, 15), None),
    (Version::new(20, 10, 24), Some(Version::new(0, 10, 4))),
    (Version::new(23, 0, 6), Some(Version::new(0, 10, 4))),
    (Version::new(24, 0, 9), Some(Version::new(0, 12, 1))),
    (Version::new(25, 0, 5), Some(Version::new(0, 13, 1))),
    (Version::new(26, 1, 4), Some(Version::new(0, 14, 1))),
    (Version::new(27, 5, 1), Some(Version::new(0, 20, 0))),
    (Version::new(28, 5, 2), Some(Version::new(0, 29, 1))),
    (Version::new(29, 0, 4), Some(Version::new(0, 30, 1))),
    (DOCKER_NEWEST, Some(BUILDX_NEWEST)),
];

/// Resolves `29`, `20.10`, `20.10.17`, … to a release; `None` for a text that is no version.
///
/// A major or minor takes the line's last release, as the image's tag does.
pub fn docker_release(text: &str) -> Option<DockerRelease> {
    let wanted: Version = text.parse().ok()?;
    let parts = text.split('.').count();
    let in_line = |v: &Version| match parts {
        1 => v.major == wanted.major,
        _ => v.major == wanted.major && v.minor == wanted.minor,
    };
    let line = RELEASES
        .iter()
        .rev()
        .find(|(v, _)| in_line(v))
        .or_else(|| RELEASES.iter().rev().find(|(v, _)| *v <= wanted))
        .or(RELEASES.first())?;
    if parts < 3 && in_line(&line.0) {
        return Some(DockerRelease {
            docker: line.0,
            buildx: line.1,
        });
    }
    Some(DockerRelease {
        docker: wanted,
        buildx: buildx_of(wanted, line.1),
    })
}

/// Images of 20.10 had no buildx before 20.10.16, and an older one before 20.10.24; 23.0.0 had
/// 0.10.2.
fn buildx_of(docker: Version, line: Option<Version>) -> Option<Version> {
    match (docker.major, docker.minor, docker.patch) {
        (20, 10, 0..=15) => None,
        (20, 10, 16 | 17) => Some(Version::new(0, 8, 2)),
        (20, 10, 18..=22) => Some(Version::new(0, 9, 1)),
        (23, 0, 0) => Some(Version::new(0, 10, 2)),
        _ => line,
    }
}

/// The BuildKit inside a dockerd.
pub fn embedded_buildkit(dockerd: Version) -> Version {
    match dockerd.major {
        0..=19 => Version::new(0, 6, 4),
        20..=22 => Version::new(0, 8, 3),
        23 => Version::new(0, 10, 6),
        24 => Version::new(0, 11, 6),
        25 => Version::new(0, 12, 5),
        26 => Version::new(0, 13, 2),
        27 => Version::new(0, 17, 3),
        28 => Version::new(0, 25, 1),
        29 if dockerd.minor == 0 => Version::new(0, 25, 2),
        _ => BUILDKIT_NEWEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_resolve_to_what_the_images_carry() {
        for (text, expected) in [
            ("20", "20.10.24 Some(0.10.4)"),
            ("20.10", "20.10.24 Some(0.10.4)"),
            ("20.10.22", "20.10.22 Some(0.9.1)"),
            ("20.10.12", "20.10.12 None"),
            ("19.03", "19.03.15 None"),
            ("23.0.0", "23.0.0 Some(0.10.2)"),
            ("27", "27.5.1 Some(0.20.0)"),
            ("29", "29.7.2 Some(0.36.1)"),
            ("29.7-cli", "29.7.2 Some(0.36.1)"),
            ("99", "99.0.0 Some(0.36.1)"),
        ] {
            let found = docker_release(text).unwrap();
            let buildx = found
                .buildx
                .map_or("None".to_owned(), |v| format!("Some({v})"));
            assert_eq!(format!("{} {buildx}", found.docker), expected, "{text}");
        }
        assert_eq!(docker_release("latest"), None);
    }
}
