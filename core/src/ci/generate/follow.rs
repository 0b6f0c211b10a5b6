//! Reads a CI file back into the choices that it was written from.

use super::{Options, Registry, Strategy, github, gitlab};
use crate::ci::github as workflow;

/// What a form over a CI file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub options: Options,
    /// A GitHub workflow, else a GitLab CI file.
    pub github: bool,
    /// The file is exactly what these choices write; another one was changed by hand.
    pub exact: bool,
}

impl Followed {
    /// The file that these choices write.
    pub fn text(&self) -> String {
        if self.github {
            github(&self.options)
        } else {
            gitlab(&self.options)
        }
    }
}

/// The choices that a CI file shows. Total: what it does not show keeps its default.
pub fn follow(text: &str) -> Followed {
    let github = workflow::is_workflow("job.yml", text);
    let mut options = Options {
        platforms: platforms(text).unwrap_or_else(|| Options::default().platforms),
        cache: text.contains("cache-to"),
        provenance: !text.contains("provenance: false") && !text.contains("--provenance=false"),
        strategy: strategy(text),
        ..Options::default()
    };
    if let Some((registry, image)) = image(text) {
        options.registry = registry;
        options.image = image;
    }
    let mut followed = Followed {
        options,
        github,
        exact: false,
    };
    followed.exact = followed.text() == text;
    followed
}

fn strategy(text: &str) -> Strategy {
    if text.contains("matrix:") {
        Strategy::Native
    } else if text.contains("binfmt") || text.contains("setup-qemu") {
        Strategy::Emulation
    } else {
        Strategy::CrossCompile
    }
}

/// The longest list behind `--platform` or `platforms:`; legs of a matrix have one each.
fn platforms(text: &str) -> Option<Vec<String>> {
    let lists = text.lines().flat_map(|line| {
        ["--platform ", "--platform=", "platforms: "]
            .iter()
            .filter_map(move |key| Some(&line[line.find(key)? + key.len()..]))
    });
    let read = |list: &str| -> Vec<String> {
        let word = list.split([' ', '\n']).next().unwrap_or_default();
        let names = word.split(',').filter(|name| name.contains('/'));
        names.map(str::to_owned).collect()
    };
    lists
        .map(read)
        .max_by_key(Vec::len)
        .filter(|all| !all.is_empty())
}

/// Registry and path of the variable `IMAGE`.
fn image(text: &str) -> Option<(Registry, String)> {
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("IMAGE: "))?;
    let name = line.trim().trim_matches('"');
    if name == "$CI_REGISTRY_IMAGE" {
        return Some((Registry::GitLab, Options::default().image));
    }
    let (host, path) = name.split_once('/')?;
    let registry = match host {
        "docker.io" => Registry::DockerHub,
        "ghcr.io" => Registry::Ghcr,
        "registry.gitlab.com" => Registry::GitLab,
        "europe-docker.pkg.dev" => Registry::ArtifactRegistry,
        host if host.ends_with("amazonaws.com") => Registry::Ecr,
        host => Registry::Other(host.to_owned()),
    };
    Some((registry, path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let registries = [
            Registry::DockerHub,
            Registry::Ecr,
            Registry::Ghcr,
            Registry::GitLab,
            Registry::ArtifactRegistry,
            Registry::Other("registry.example:5000".to_owned()),
        ];
        for registry in registries {
            for strategy in [
                Strategy::Emulation,
                Strategy::CrossCompile,
                Strategy::Native,
            ] {
                for (github, flag) in [(false, false), (true, true), (false, true), (true, false)] {
                    let written = Followed {
                        options: Options {
                            registry: registry.clone(),
                            strategy,
                            cache: flag,
                            provenance: !flag,
                            ..Options::default()
                        },
                        github,
                        exact: true,
                    };
                    let read = follow(&written.text());
                    assert!(read.exact, "{read:?}\n{}", written.text());
                    assert_eq!(read.github, github);
                }
            }
        }
    }

    #[test]
    fn a_file_by_hand_is_shown_as_far_as_it_goes() {
        let read =
            follow("a:\n  script: docker buildx build --platform linux/arm64,linux/s390x .\n");
        assert_eq!(read.options.platforms, ["linux/arm64", "linux/s390x"]);
        assert!(!read.exact);
    }
}
