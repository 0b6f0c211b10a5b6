//! docker/metadata-action: tags and labels from images, rules and the event.
//!
//! Modelled: `type=raw|ref|sha|semver|pep440|schedule|edge`, flavor `latest`, `prefix`, `suffix`.

use crate::ci::github::Workflow;

/// What the action gives.
pub(super) struct Metadata {
    pub(super) tags: Vec<String>,
    pub(super) version: String,
    pub(super) labels: Vec<String>,
    /// Names of the images, without a tag.
    pub(super) images: Vec<String>,
}

impl Metadata {
    /// What the action writes for bake: the tags, and the labels, of a target that others inherit.
    pub(super) fn bake_files(&self, target: &str) -> [(&'static str, String); 2] {
        let of =
            |fields: serde_json::Value| serde_json::json!({"target": {target: fields}}).to_string();
        let labels: serde_json::Map<String, serde_json::Value> = self
            .labels
            .iter()
            .filter_map(|label| label.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect();
        let args = serde_json::json!({
            "DOCKER_META_IMAGES": self.images.join(","),
            "DOCKER_META_VERSION": self.version,
        });
        [
            (
                "tags",
                of(serde_json::json!({"tags": self.tags, "args": args})),
            ),
            ("labels", of(serde_json::json!({"labels": labels}))),
        ]
    }
}

const SHA: &str = "1ac460d1c5f7a3b2e4d6f8091a2b3c4d5e6f7081";

/// From the action's inputs.
pub(super) fn metadata(images: &str, rules: &str, flavor: &str, event: &Event) -> Metadata {
    let names: Vec<String> = images
        .split(['\n', ','])
        .map(|line| {
            line.trim()
                .strip_prefix("name=")
                .unwrap_or(line.trim())
                .to_lowercase()
        })
        .filter(|name| !name.is_empty() && !name.starts_with("enable="))
        .collect();
    let rules: Vec<String> = rules
        .lines()
        .map(|l| l.trim().to_owned())
        .filter(|l| !l.is_empty())
        .collect();
    let defaults = [
        "type=schedule",
        "type=ref,event=branch",
        "type=ref,event=tag",
        "type=ref,event=pr",
    ];
    let rules = if rules.is_empty() {
        defaults.map(str::to_owned).to_vec()
    } else {
        rules
    };
    let mut versions: Vec<String> = Vec::new();
    let mut is_release = false;
    for rule in &rules {
        if let Some((version, release)) = version_of(rule, event) {
            is_release |= release;
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
    }
    let latest = match flavor
        .lines()
        .find_map(|l| l.trim().strip_prefix("latest="))
    {
        Some("true") => true,
        Some("false") => false,
        _ => is_release,
    };
    let version = versions.first().cloned().unwrap_or_default();
    if latest && !versions.contains(&"latest".to_owned()) {
        versions.push("latest".to_owned());
    }
    Metadata {
        tags: names
            .iter()
            .flat_map(|n| versions.iter().map(move |v| format!("{n}:{v}")))
            .collect(),
        labels: vec![
            format!("org.opencontainers.image.version={version}"),
            format!("org.opencontainers.image.revision={SHA}"),
        ],
        version,
        images: names,
    }
}

/// The event that the simulation takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    Branch(String),
    Tag(String),
    PullRequest,
}

impl Event {
    /// A push to `main` where the workflow takes pushes, else what it takes.
    pub(super) fn of(workflow: &Workflow) -> Self {
        let has = |name: &str| workflow.events.iter().any(|e| e == name);
        if has("push") || has("workflow_dispatch") || has("schedule") || workflow.events.is_empty()
        {
            Self::Branch("main".to_owned())
        } else if has("release") {
            Self::Tag("v1.0.0".to_owned())
        } else if has("pull_request") || has("pull_request_target") {
            Self::PullRequest
        } else {
            Self::Branch("main".to_owned())
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Branch(_) => "push",
            Self::Tag(_) => "release",
            Self::PullRequest => "pull_request",
        }
    }

    pub(super) fn reference(&self) -> String {
        match self {
            Self::Branch(name) => format!("refs/heads/{name}"),
            Self::Tag(name) => format!("refs/tags/{name}"),
            Self::PullRequest => "refs/pull/3/merge".to_owned(),
        }
    }

    pub(super) fn short(&self) -> String {
        match self {
            Self::Branch(name) | Self::Tag(name) => name.clone(),
            Self::PullRequest => "3/merge".to_owned(),
        }
    }
}

/// The version that a rule gives for the event, and whether it is a release's.
fn version_of(rule: &str, event: &Event) -> Option<(String, bool)> {
    let attribute = |name: &str| {
        rule.split(',')
            .find_map(|p| p.trim().strip_prefix(name)?.strip_prefix('='))
    };
    if attribute("enable").is_some_and(|e| e == "false" || e.is_empty()) {
        return None;
    }
    let tag = match event {
        Event::Tag(name) => Some(name.as_str()),
        Event::Branch(_) | Event::PullRequest => None,
    };
    let given = attribute("value").filter(|v| !v.is_empty()).or(tag);
    let (text, release) = match attribute("type").unwrap_or("raw") {
        "raw" => {
            let plain = rule.split(',').find(|p| !p.contains('='));
            (attribute("value").or(plain)?.to_owned(), false)
        }
        "ref" => match (attribute("event")?, event) {
            ("branch", Event::Branch(name)) => (name.clone(), false),
            ("tag", Event::Tag(name)) => (name.clone(), true),
            ("pr", Event::PullRequest) => ("pr-3".to_owned(), false),
            _ => return None,
        },
        "sha" => {
            let prefix = attribute("prefix").unwrap_or("sha-");
            let sha = if attribute("format") == Some("long") {
                SHA
            } else {
                &SHA[..7]
            };
            return Some((format!("{prefix}{sha}"), false));
        }
        "edge" if matches!(event, Event::Branch(_)) => ("edge".to_owned(), false),
        "semver" | "pep440" => {
            let version = given?.trim_start_matches('v');
            let mut parts = version.split('.');
            let (major, minor) = (parts.next()?, parts.next()?);
            let text = match attribute("pattern")?.replace(' ', "").as_str() {
                "{{version}}" => version.to_owned(),
                "v{{version}}" => format!("v{version}"),
                "{{major}}.{{minor}}" => format!("{major}.{minor}"),
                "{{major}}" => major.to_owned(),
                "v{{major}}" => format!("v{major}"),
                "{{raw}}" => given?.to_owned(),
                _ => return None,
            };
            (text, true)
        }
        _ => return None,
    };
    let prefix = attribute("prefix").unwrap_or_default();
    let suffix = attribute("suffix").unwrap_or_default();
    Some((format!("{prefix}{text}{suffix}").replace('/', "-"), release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_follow_the_event() {
        let branch = Event::Branch("main".to_owned());
        let tag = Event::Tag("v1.2.3".to_owned());
        for (rules, event, expected) in [
            ("", &branch, "ghcr.io/acme/app:main"),
            ("", &tag, "ghcr.io/acme/app:v1.2.3 ghcr.io/acme/app:latest"),
            (
                "type=semver,pattern={{version}}\ntype=semver,pattern={{major}}.{{minor}}",
                &tag,
                "ghcr.io/acme/app:1.2.3 ghcr.io/acme/app:1.2 ghcr.io/acme/app:latest",
            ),
            ("type=raw,value=1.0", &branch, "ghcr.io/acme/app:1.0"),
            ("type=sha", &branch, "ghcr.io/acme/app:sha-1ac460d"),
        ] {
            let got = metadata("ghcr.io/Acme/App", rules, "", event)
                .tags
                .join(" ");
            assert_eq!(got, expected, "{rules}");
        }
    }
}
