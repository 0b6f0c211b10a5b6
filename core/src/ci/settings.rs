//! The switches that no file tells, as `--set KEY=VALUE` and the playground's panel give them.

use std::collections::BTreeMap;

use crate::environment::{CostModel, DOCKER_NEWEST, DockerRelease, Version, docker_release};

/// All switches with their defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// `registry.repository-exists`; `None` for the registry's own default.
    pub repository_exists: Option<bool>,
    /// `registry.push-allowed`.
    pub push_allowed: bool,
    /// `runner.privileged`.
    pub privileged: bool,
    /// `runner.arch`, in Go's names.
    pub arch: String,
    /// `runner.binfmt`: architectures that the runner's kernel can emulate.
    pub binfmt: Vec<String>,
    /// `runner.executor`.
    pub executor: Option<Executor>,
    /// `runner.dind-ready` is `at-once`.
    pub dind_at_once: bool,
    /// `runner.socket`: the host's Docker socket is mounted into the job.
    pub socket: bool,
    /// `runner.privileged-containers`: the daemon starts privileged containers at all.
    pub privileged_containers: bool,
    /// `registry.hub-limit`: Docker Hub refuses anonymous pulls from the runner's address.
    pub hub_limit: bool,
    /// `registry.immutable-tags`: tags cannot be overwritten, and those that do not change from
    /// commit to commit exist already.
    pub immutable_tags: bool,
    /// `registry.slow-upload`: pushing layers takes longer than a registry's token lives.
    pub slow_upload: bool,
    /// `registry.old`: the registry knows neither OCI media types nor monolithic uploads.
    pub old_registry: bool,
    /// `registry.insecure`: the registry speaks plain HTTP or has a certificate of its own.
    pub insecure_registry: bool,
    /// `registry.replicated`: what was pushed is not seen everywhere at once.
    pub replicated: bool,
    /// `variables.NAME`, `secrets.NAME` and `vars.NAME`.
    pub variables: BTreeMap<String, VariableSetting>,
    pub docker: Option<Version>,
    pub buildx: Option<Version>,
    pub buildkit: Option<Version>,
    /// `build.emulation-factor`: how many times slower programs are under an emulator.
    pub cost: CostModel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Executor {
    Docker,
    Kubernetes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableSetting {
    /// Has a secret value.
    Set,
    Unset,
    Value(String),
}

/// A `--set` that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    #[error("unknown setting {0:?}; known are {KEYS}")]
    Unknown(String),
    #[error("{value:?} is no value for {key}; {expected}")]
    Value {
        key: String,
        value: String,
        expected: &'static str,
    },
}

/// The key of [`CostModel::emulation_factor`], which previews without a job know too.
pub const EMULATION_FACTOR: &str = "build.emulation-factor";

const KEYS: &str = "registry.repository-exists, registry.push-allowed, runner.privileged, \
     runner.arch, runner.binfmt, runner.executor, runner.dind-ready, runner.socket, \
     runner.privileged-containers, registry.hub-limit, registry.immutable-tags, \
     registry.slow-upload, registry.old, registry.insecure, registry.replicated, variables.NAME, \
     build.emulation-factor, docker.version, buildx.version and buildkit.version";

impl Default for Settings {
    fn default() -> Self {
        Self {
            repository_exists: None,
            push_allowed: true,
            privileged: true,
            arch: "amd64".to_owned(),
            binfmt: Vec::new(),
            executor: None,
            dind_at_once: false,
            socket: false,
            privileged_containers: true,
            hub_limit: false,
            immutable_tags: false,
            slow_upload: false,
            old_registry: false,
            insecure_registry: false,
            replicated: false,
            variables: BTreeMap::new(),
            docker: None,
            buildx: None,
            buildkit: None,
            cost: CostModel::default(),
        }
    }
}

impl Settings {
    /// Applies one `KEY=VALUE`.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingError> {
        let error = |expected| SettingError::Value {
            key: key.to_owned(),
            value: value.to_owned(),
            expected,
        };
        let flag = || match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(error("it is true or false")),
        };
        let version = || {
            value
                .parse()
                .map_err(|_| error("it is a version such as 29.7.2 or 29"))
        };
        if let Some(switch) = self.switch(key) {
            *switch = flag()?;
            return Ok(());
        }
        match key {
            "registry.repository-exists" => self.repository_exists = Some(flag()?),
            "runner.arch" => {
                let platform: crate::platform::Platform = format!("linux/{value}")
                    .parse()
                    .map_err(|_| error("it is an architecture such as amd64 or arm64"))?;
                self.arch = platform.architecture;
            }
            "runner.binfmt" => {
                self.binfmt = match value {
                    "none" | "" => Vec::new(),
                    _ => architectures(value),
                }
            }
            "runner.executor" => {
                self.executor = Some(match value {
                    "docker" => Executor::Docker,
                    "kubernetes" => Executor::Kubernetes,
                    _ => return Err(error("it is docker or kubernetes")),
                });
            }
            "runner.dind-ready" => {
                self.dind_at_once = match value {
                    "at-once" => true,
                    "late" => false,
                    _ => return Err(error("it is late or at-once")),
                }
            }
            EMULATION_FACTOR => {
                let factor = CostModel::factor(value);
                let factor = factor.ok_or_else(|| error("it is a whole number from 1 to 1000"))?;
                self.cost.emulation_factor = Some(factor);
            }
            "docker.version" => {
                version()?;
                self.docker = docker_release(value).map(|r| r.docker);
            }
            "buildx.version" => self.buildx = Some(version()?),
            "buildkit.version" => self.buildkit = Some(version()?),
            _ => {
                let name = ["variables.", "secrets.", "vars."]
                    .iter()
                    .find_map(|p| key.strip_prefix(p));
                let Some(name) = name.filter(|name| !name.is_empty()) else {
                    return Err(SettingError::Unknown(key.to_owned()));
                };
                let setting = match value {
                    "set" => VariableSetting::Set,
                    "unset" => VariableSetting::Unset,
                    other => VariableSetting::Value(other.to_owned()),
                };
                self.variables.insert(name.to_owned(), setting);
            }
        }
        Ok(())
    }

    /// A setting that is true or false.
    fn switch(&mut self, key: &str) -> Option<&mut bool> {
        Some(match key {
            "registry.push-allowed" => &mut self.push_allowed,
            "registry.hub-limit" => &mut self.hub_limit,
            "registry.immutable-tags" => &mut self.immutable_tags,
            "registry.slow-upload" => &mut self.slow_upload,
            "registry.old" => &mut self.old_registry,
            "registry.insecure" => &mut self.insecure_registry,
            "registry.replicated" => &mut self.replicated,
            "runner.privileged" => &mut self.privileged,
            "runner.privileged-containers" => &mut self.privileged_containers,
            "runner.socket" => &mut self.socket,
            _ => return None,
        })
    }

    /// The Docker behind a tag that pins nothing.
    pub fn unpinned_docker(&self) -> DockerRelease {
        let docker = self.docker.unwrap_or(DOCKER_NEWEST);
        let mut release = docker_release(&docker.to_string()).unwrap_or(DockerRelease {
            docker,
            buildx: None,
        });
        if let Some(buildx) = self.buildx {
            release.buildx = Some(buildx);
        }
        release
    }
}

/// What `tonistiigi/binfmt --install` takes: `all` or a list.
pub(super) fn architectures(text: &str) -> Vec<String> {
    if text == "all" {
        let all = [
            "386", "amd64", "arm", "arm64", "loong64", "mips64", "mips64le", "ppc64le", "riscv64",
            "s390x",
        ];
        return all.iter().map(|a| (*a).to_owned()).collect();
    }
    let mut list: Vec<String> = text
        .split(',')
        .map(|item| {
            let item = item.trim();
            let item = item.strip_prefix("linux/").unwrap_or(item);
            match item.split('/').next().unwrap_or_default() {
                "aarch64" => "arm64",
                "x86_64" => "amd64",
                other => other,
            }
            .to_owned()
        })
        .filter(|item| !item.is_empty())
        .collect();
    list.sort();
    list.dedup();
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked() {
        let mut settings = Settings::default();
        for (key, value, expected) in [
            ("runner.privileged", "false", ""),
            ("runner.arch", "aarch64", ""),
            ("docker.version", "28", ""),
            ("variables.HUB", "unset", ""),
            ("runner.binfmt", "arm64,linux/arm/v7", ""),
            (
                "runner.privileged",
                "no",
                "\"no\" is no value for runner.privileged; it is true or false",
            ),
            (
                "docker.version",
                "new",
                "\"new\" is no value for docker.version; it is a version such as 29.7.2 or 29",
            ),
        ] {
            let got = settings
                .set(key, value)
                .map_or_else(|e| e.to_string(), |()| String::new());
            assert_eq!(got, expected, "{key}={value}");
        }
        assert!(
            settings
                .set("nope", "1")
                .unwrap_err()
                .to_string()
                .starts_with("unknown setting \"nope\"")
        );
        assert_eq!(
            (settings.arch.as_str(), settings.binfmt.join(" ")),
            ("arm64", "arm arm64".to_owned())
        );
        assert_eq!(settings.unpinned_docker().docker.to_string(), "28.5.2");
    }
}
