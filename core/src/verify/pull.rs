//! Who pulls: names for the machines that people ask about, and what each gets of a tag.
//!
//! The order of preference is containerd's ([`platform::select`]); the texts of the errors are
//! Docker's (moby, `distribution/pull_v2.go`) and containerd's (`images/image.go`).

use std::str::FromStr;

use super::{Body, Evidence, Node};
use crate::platform::{self, Platform};

/// A machine that pulls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// As the user wrote it.
    pub name: String,
    pub platform: Platform,
}

/// Named clients and the platform that their container engine asks for.
/// Windows builds are those of the releases.
pub const CLIENTS: [(&str, &str); 9] = [
    ("apple-silicon", "linux/arm64"),
    ("graviton", "linux/arm64"),
    ("raspberry-pi-os-64", "linux/arm64"),
    ("raspberry-pi-os-32", "linux/arm/v7"),
    ("raspberry-pi-zero", "linux/arm/v6"),
    ("amd64-node", "linux/amd64"),
    ("riscv64-board", "linux/riscv64"),
    ("windows-server-2022", "windows(10.0.20348)/amd64"),
    ("windows-server-2025", "windows(10.0.26100)/amd64"),
];

/// What a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pull<'a> {
    /// This manifest, of this platform.
    Gets {
        node: &'a Node,
        platform: Platform,
        /// Whether it is exactly what the client asked for, or the next best.
        exact: bool,
    },
    /// A bare manifest for something else: the engine takes it and warns, programs then fail.
    GetsWrong { node: &'a Node, warning: String },
    /// Nothing; the engine prints one of these.
    Error { docker: String, containerd: String },
    /// The tag could not be read.
    Unknown,
}

impl FromStr for Client {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = CLIENTS.iter().find(|(name, _)| *name == text);
        let specifier = known.map_or(text, |(_, platform)| platform);
        let platform = specifier.parse().map_err(|error| {
            let names: Vec<&str> = CLIENTS.iter().map(|(name, _)| *name).collect();
            format!("{error}; known clients are {}", names.join(", "))
        })?;
        Ok(Self {
            name: text.to_owned(),
            platform,
        })
    }
}

/// What the client gets of a tag.
pub fn pull<'a>(client: &Client, evidence: &'a Evidence) -> Pull<'a> {
    let wanted = &client.platform;
    match &evidence.root.body {
        Body::Index(..) => {
            let mut leaves = Vec::new();
            runnable(&evidence.root, &mut leaves);
            let platforms: Vec<Platform> = leaves
                .iter()
                .map(|(_, platform)| platform.clone())
                .collect();
            match platform::select(wanted, &platforms).and_then(|at| leaves.into_iter().nth(at)) {
                Some((node, platform)) => Pull::Gets {
                    node,
                    exact: platform.is_same(wanted),
                    platform,
                },
                None => Pull::Error {
                    docker: format!(
                        "no matching manifest for {wanted} in the manifest list entries"
                    ),
                    containerd: "no match for platform in manifest: not found".to_owned(),
                },
            }
        }
        Body::Image(_) => {
            let node = &evidence.root;
            let Some(own) = node.platform().cloned() else {
                return Pull::Unknown;
            };
            if platform::select(wanted, [&own]).is_some() {
                return Pull::Gets {
                    node,
                    exact: own.is_same(wanted),
                    platform: own,
                };
            }
            let warning = format!(
                "WARNING: The requested image's platform ({own}) does not match the detected host \
                 platform ({wanted}) and no specific platform was requested"
            );
            Pull::GetsWrong { node, warning }
        }
        Body::Attestation(_) | Body::Artifact(_) | Body::Flawed(_) | Body::Nothing => Pull::Unknown,
    }
}

/// Entries of an index and of those within it, in order, that a client may take.
fn runnable<'a>(node: &'a Node, leaves: &mut Vec<(&'a Node, Platform)>) {
    let Body::Index(_, children) = &node.body else {
        return;
    };
    for child in children {
        if matches!(child.body, Body::Index(..)) {
            runnable(child, leaves);
        } else if !child.is_attestation()
            && let Some(platform) = child.platform().filter(|p| !p.is_unknown())
        {
            leaves.push((child, platform.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Depth, Limits, Walk};
    use super::*;
    use crate::demo::Recipe;
    use crate::reference::Target;

    /// What a client gets of a demo image, in words.
    fn gets(recipe: &str, client: &str) -> String {
        let mut registry = Recipe::parse(recipe).unwrap().build_as("t");
        let target = Target::Tag("t".to_owned());
        let mut walk = Walk::new(target, Depth::Documents, Limits::default());
        while let Some(request) = walk.poll() {
            let answer = registry.answer("demo", &request.ask);
            walk.handle(request.id, answer);
        }
        match pull(&client.parse().unwrap(), &walk.finish()) {
            Pull::Gets {
                platform, exact, ..
            } => format!("{platform}{}", if exact { "" } else { " instead" }),
            Pull::GetsWrong { warning, .. } => warning,
            Pull::Error { docker, .. } => docker,
            Pull::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn each_client_gets_what_containerd_prefers() {
        let both = "image linux/amd64 linux/arm64";
        let with_arm = "image linux/amd64 linux/arm/v6 linux/arm/v7";
        for (recipe, client, expected) in [
            (both, "apple-silicon", "linux/arm64"),
            (both, "graviton", "linux/arm64"),
            (both, "amd64-node", "linux/amd64"),
            (both, "linux/arm64/v8", "linux/arm64"),
            (with_arm, "raspberry-pi-os-32", "linux/arm/v7"),
            (with_arm, "linux/arm/v6", "linux/arm/v6"),
            (with_arm, "apple-silicon", "linux/arm/v7 instead"),
            (
                both,
                "raspberry-pi-os-32",
                "no matching manifest for linux/arm/v7 in the manifest list entries",
            ),
            (
                both,
                "linux/s390x",
                "no matching manifest for linux/s390x in the manifest list entries",
            ),
        ] {
            assert_eq!(gets(recipe, client), expected, "{client} of {recipe}");
        }
        assert!(Client::from_str("toaster/").is_err());
    }
}
