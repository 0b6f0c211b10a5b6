//! What a program's place in an image says about whether anyone means to run it there.

use crate::bases::ContainerConfig;
use crate::oci::Config;
use crate::platform::Platform;
use crate::rules::waiver::glob_matches;
use crate::verify::Program;

/// Where files are that no one runs on the image's own CPU: test inputs, what devices load, what
/// emulators and boot loaders bring along.
const DATA: &[&str] = &[
    "**/testdata/**",
    "**/test-data/**",
    "**/test_data/**",
    "**/fixtures/**",
    "**/firmware/**",
    "**/qemu/**",
    "**/syslinux/**",
    "**/grub/**",
];

/// Where programs are found by their name alone, if the config does not say.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The places of one image.
#[derive(Debug)]
pub(in crate::rules) struct Places {
    /// Folders of `PATH`.
    folders: Vec<String>,
    /// What the container starts with, if that is an absolute path.
    started: Option<String>,
}

impl Places {
    /// The places of an image with this config; the usual ones without.
    pub(in crate::rules) fn of(config: Option<&Config>) -> Self {
        let settings = config.and_then(|config| config.value.get("config"));
        let first = |key: &str| {
            Some(
                settings?
                    .get(key)?
                    .as_array()?
                    .first()?
                    .as_str()?
                    .to_owned(),
            )
        };
        let environment = settings.and_then(|settings| settings.get("Env")?.as_array());
        let environment = environment.into_iter().flatten();
        Self::new(
            environment.filter_map(|entry| entry.as_str()),
            first("Entrypoint").or_else(|| first("Cmd")),
        )
    }

    /// The places of an image that a build would give.
    pub(in crate::rules) fn of_build(config: &ContainerConfig) -> Self {
        let first = config.entrypoint.first().or_else(|| config.cmd.first());
        Self::new(config.env.iter().map(String::as_str), first.cloned())
    }

    fn new<'a>(
        environment: impl DoubleEndedIterator<Item = &'a str>,
        started: Option<String>,
    ) -> Self {
        let mut path = environment.filter_map(|entry| entry.strip_prefix("PATH="));
        let folders = path.next_back().unwrap_or_default().split(':');
        let folders = folders.chain(DEFAULT_PATH.split(':'));
        let folders = folders.map(|folder| folder.trim_end_matches('/').to_owned());
        Self {
            folders: folders.filter(|folder| folder.starts_with('/')).collect(),
            started,
        }
    }

    /// Whether the program is what the container starts, or is found by its name alone.
    pub(in crate::rules) fn is_meant_to_run(&self, path: &str) -> bool {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.folders.iter().any(|known| known == folder) || self.started.as_deref() == Some(path)
    }

    /// Whether the program is data of the image: an emulator, a test's input, or something in a
    /// folder that says itself that it is for another CPU or system.
    pub(in crate::rules) fn is_data(&self, path: &str, program: &Program) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name.starts_with("qemu-") || DATA.iter().any(|glob| glob_matches(glob, path)) {
            return true;
        }
        let mut parts = folder.split('/');
        !self.is_meant_to_run(path) && parts.any(|part| names(part, &program.platform))
    }
}

/// Whether the name of a folder names the CPU, as `aarch64-linux-gnu` and `linux-arm64` do.
fn names(part: &str, platform: &Platform) -> bool {
    let part = part.to_ascii_lowercase();
    spellings(&platform.architecture).iter().any(|name| {
        part.match_indices(name).any(|(at, _)| {
            let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
            let before = part.get(..at).unwrap_or_default();
            let behind = part.get(at + name.len()..).unwrap_or_default();
            is_edge(before.chars().next_back()) && is_edge(behind.chars().next())
        })
    })
}

/// How folders call a CPU.
fn spellings(architecture: &str) -> &[&str] {
    match architecture {
        "amd64" => &["amd64", "x86_64", "x86-64", "x64"],
        "386" => &["386", "i386", "i486", "i586", "i686", "x86", "ia32"],
        "arm64" => &["arm64", "aarch64"],
        "arm" => &[
            "arm", "armel", "armhf", "armv5", "armv5te", "armv6", "armv6l", "armv7", "armv7a",
            "armv7l", "armeabi",
        ],
        "ppc64le" => &["ppc64le", "ppc64el", "powerpc64le"],
        "ppc64" => &["ppc64", "powerpc64"],
        "mips64le" => &["mips64le", "mips64el"],
        "mipsle" => &["mipsle", "mipsel"],
        "loong64" => &["loong64", "loongarch64"],
        "riscv64" => &["riscv64", "riscv64gc"],
        "s390x" => &["s390x"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_a_cpu_in_whole_words() {
        for (part, architecture, expected) in [
            ("aarch64-linux-gnu", "arm64", true),
            ("linux_arm64", "arm64", true),
            ("linux-x64", "amd64", true),
            ("x86_64-linux-gnu", "amd64", true),
            ("Linux.AArch64", "arm64", true),
            ("arm64-v8a", "arm64", true),
            ("armory", "arm", false),
            ("aarch64_be", "arm", false),
            ("alarm", "arm", false),
            ("x64dbg", "amd64", false),
            ("bin", "amd64", false),
            ("linux_arm64", "amd64", false),
        ] {
            let platform = Platform::new("linux", architecture);
            assert_eq!(names(part, &platform), expected, "{part} {architecture}");
        }
    }
}
