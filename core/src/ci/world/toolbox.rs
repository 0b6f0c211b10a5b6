//! What a job's image brings: programs, and versions of the Docker tools among them.
//!
//! Known images are listed by what matters for building images; what an unknown image carries is
//! assumed to be whatever the job calls.

use std::collections::BTreeSet;

use crate::ci::settings::Settings;
use crate::environment::{BUILDX_NEWEST, Version, docker_release};

/// The tools of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Toolbox {
    /// The image's name without tag, such as `docker`; empty for a runner's own machine.
    pub image: String,
    pub system: System,
    /// Whether it is known what the image carries.
    pub known: bool,
    pub docker: Option<Version>,
    pub buildx: Option<Version>,
    pub compose: bool,
    programs: BTreeSet<String>,
    /// Installed, but for another libc.
    pub broken: BTreeSet<String>,
    /// Something was installed whose contents are not known.
    pub open: bool,
}

/// The distribution, which says how packages are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum System {
    Alpine,
    Debian,
    AmazonLinux2,
    Fedora,
    #[default]
    Unknown,
}

/// Programs that are not everywhere; their absence is known where the image is.
const UNIVERSE: &[&str] = &[
    "amazon-linux-extras",
    "ansible",
    "apk",
    "apt",
    "apt-get",
    "aws",
    "az",
    "bash",
    "buildah",
    "buildctl",
    "bun",
    "bundle",
    "cargo",
    "cmake",
    "composer",
    "cosign",
    "crane",
    "curl",
    "deno",
    "dnf",
    "docker",
    "docker-compose",
    "dotnet",
    "dpkg",
    "g++",
    "gcc",
    "gcloud",
    "gh",
    "git",
    "glab",
    "go",
    "goreleaser",
    "gradle",
    "gsutil",
    "helm",
    "hub",
    "java",
    "javac",
    "jq",
    "just",
    "ko",
    "kubectl",
    "make",
    "manifest-tool",
    "maven",
    "microdnf",
    "mvn",
    "node",
    "npm",
    "npx",
    "openssl",
    "oras",
    "perl",
    "php",
    "pip",
    "pip3",
    "pnpm",
    "podman",
    "poetry",
    "polyarch",
    "python",
    "python3",
    "regctl",
    "ruby",
    "rustc",
    "rustup",
    "skopeo",
    "sudo",
    "syft",
    "systemctl",
    "terraform",
    "trivy",
    "unzip",
    "wget",
    "yarn",
    "yq",
    "yum",
    "zig",
    "zip",
    "dockerd",
    "buildkitd",
];

/// In every image that has a shell.
const EVERYWHERE: &[&str] = &[
    "awk",
    "base64",
    "basename",
    "cat",
    "chmod",
    "chown",
    "cmp",
    "cp",
    "cut",
    "date",
    "dd",
    "df",
    "diff",
    "dirname",
    "du",
    "env",
    "expr",
    "find",
    "grep",
    "egrep",
    "gunzip",
    "gzip",
    "head",
    "hostname",
    "id",
    "install",
    "ln",
    "ls",
    "md5sum",
    "mkdir",
    "mktemp",
    "mount",
    "mv",
    "nproc",
    "od",
    "ps",
    "readlink",
    "realpath",
    "rm",
    "rmdir",
    "sed",
    "seq",
    "sh",
    "sha256sum",
    "sleep",
    "sort",
    "split",
    "stat",
    "sync",
    "tail",
    "tar",
    "tee",
    "timeout",
    "touch",
    "tr",
    "tty",
    "uname",
    "uniq",
    "wc",
    "which",
    "whoami",
    "xargs",
    "yes",
    "printenv",
    "nohup",
    "tac",
    "rev",
    "nl",
    "paste",
    "fold",
    "stty",
    "test",
];

impl Toolbox {
    /// What an image brings, by its reference as written.
    pub fn of_image(reference: &str, settings: &Settings) -> Self {
        let (name, tag) = split(reference);
        let short = name.rsplit('/').next().unwrap_or_default();
        let mut tools = Self {
            image: name.clone(),
            known: true,
            ..Self::default()
        };
        tools.add(EVERYWHERE);
        match short {
            "docker" | "docker-dind" => tools.docker_image(&tag, settings),
            "aws-cli" => {
                tools.system = System::AmazonLinux2;
                tools.add(&[
                    "aws",
                    "bash",
                    "amazon-linux-extras",
                    "yum",
                    "python",
                    "curl",
                    "openssl",
                ]);
            }
            "amazonlinux" => {
                tools.system = if tag.starts_with("2023") || tag == "latest" {
                    System::Fedora
                } else {
                    System::AmazonLinux2
                };
                let manager: &[&str] = if tools.system == System::Fedora {
                    &["dnf", "yum"]
                } else {
                    &["amazon-linux-extras", "yum"]
                };
                tools.add(&["bash", "curl", "python3"]);
                tools.add(manager);
            }
            "alpine" => {
                tools.system = System::Alpine;
                tools.add(&["apk", "wget"]);
            }
            "debian" | "ubuntu" | "buildpack-deps" => {
                tools.system = System::Debian;
                tools.add(&["apt", "apt-get", "dpkg", "bash", "perl"]);
                if short == "buildpack-deps" {
                    tools.add(&[
                        "curl", "git", "gcc", "g++", "make", "wget", "python3", "openssl", "unzip",
                    ]);
                }
            }
            "golang" => tools.language(&tag, &["go"]),
            "ruby" => tools.language(&tag, &["ruby", "gem", "bundle"]),
            "php" => tools.language(&tag, &["php"]),
            "node" => tools.language(&tag, &["node", "npm", "npx", "yarn"]),
            "python" => tools.language(&tag, &["python", "python3", "pip", "pip3"]),
            "rust" => tools.language(&tag, &["cargo", "rustc", "rustup", "gcc"]),
            "maven" => tools.language(&tag, &["java", "javac", "mvn"]),
            "gradle" => tools.language(&tag, &["java", "javac", "gradle"]),
            "eclipse-temurin" | "openjdk" | "amazoncorretto" => {
                tools.language(&tag, &["java", "javac"]);
            }
            "buildah" | "stable" if name.contains("buildah") => {
                tools.system = System::Fedora;
                tools.add(&["buildah", "dnf", "bash", "curl"]);
            }
            "stable" if name.contains("skopeo") => {
                tools.system = System::Fedora;
                tools.add(&["skopeo", "bash"]);
            }
            "stable" | "podman" if name.contains("podman") => {
                tools.system = System::Fedora;
                tools.add(&["podman", "bash", "dnf", "curl"]);
            }
            "crane" => tools.add(&["crane"]),
            "regctl" => tools.add(&["regctl"]),
            "buildkit" => {
                tools.system = System::Alpine;
                tools.add(&["buildctl", "buildkitd", "apk", "git"]);
            }
            _ => {
                tools.known = false;
                tools.system = if tag.contains("alpine") {
                    System::Alpine
                } else {
                    System::Unknown
                };
                if short.contains("docker") || short.contains("dind") || short.contains("buildx") {
                    tools.docker_image("latest", settings);
                    tools.known = false;
                    tools.system = System::Unknown;
                }
            }
        }
        tools
    }

    /// A machine of GitHub's: the programs that its image lists.
    pub fn of_runner(settings: &Settings) -> Self {
        let release = settings.unpinned_docker();
        let mut tools = Self {
            system: System::Debian,
            known: true,
            docker: Some(release.docker),
            buildx: release.buildx,
            compose: true,
            ..Self::default()
        };
        tools.add(EVERYWHERE);
        tools.add(UNIVERSE);
        for missing in [
            "apk",
            "yum",
            "dnf",
            "microdnf",
            "amazon-linux-extras",
            "crane",
            "regctl",
            "polyarch",
            "dockerd",
            "buildkitd",
            "cosign",
            "manifest-tool",
            "ko",
            "syft",
            "trivy",
            "docker-compose",
            "oras",
        ] {
            tools.programs.remove(missing);
        }
        tools
    }

    fn docker_image(&mut self, tag: &str, settings: &Settings) {
        let release = docker_release(tag).unwrap_or_else(|| settings.unpinned_docker());
        self.system = System::Alpine;
        self.docker = Some(release.docker);
        self.buildx = release.buildx;
        self.compose = release.docker.at_least(20, 10);
        self.add(&["docker", "apk", "wget", "openssl"]);
        let is_cli = tag.contains("cli");
        if release.docker < Version::new(23, 0, 0) || !is_cli {
            self.add(&["dockerd"]);
        }
        if tag.contains("git") || (release.docker.at_least(23, 0) && !is_cli) {
            self.add(&["git"]);
        }
    }

    fn language(&mut self, tag: &str, programs: &[&str]) {
        if tag.contains("alpine") {
            self.system = System::Alpine;
            self.add(&["apk", "wget"]);
        } else {
            self.system = System::Debian;
            self.add(&["apt", "apt-get", "dpkg", "bash", "perl"]);
            if !tag.contains("slim") {
                self.add(&[
                    "curl", "git", "gcc", "g++", "make", "wget", "openssl", "unzip", "python3",
                ]);
            }
        }
        self.add(programs);
    }

    pub fn add(&mut self, programs: &[&str]) {
        self.programs
            .extend(programs.iter().map(|p| (*p).to_owned()));
    }

    /// Puts buildx beside the CLI.
    pub fn add_buildx(&mut self) {
        self.buildx = Some(BUILDX_NEWEST);
    }

    /// Whether a program can be called; `None` where nobody can say.
    pub fn has(&self, program: &str) -> Option<bool> {
        if self.programs.contains(program) || (program == "docker" && self.docker.is_some()) {
            return Some(true);
        }
        if !self.known {
            return if EVERYWHERE.contains(&program) {
                Some(true)
            } else {
                None
            };
        }
        if UNIVERSE.contains(&program) && !self.open {
            return Some(false);
        }
        None
    }
}

/// Name and tag of a reference as written; the tag is `latest` where there is none.
pub fn split(reference: &str) -> (String, String) {
    let reference = reference.split('@').next().unwrap_or_default();
    let name_start = reference.rfind('/').map_or(0, |at| at + 1);
    match reference[name_start..].split_once(':') {
        Some((short, tag)) => (
            format!("{}{short}", &reference[..name_start]),
            tag.to_owned(),
        ),
        None => (reference.to_owned(), "latest".to_owned()),
    }
}
