//! What differs between two builds, platform by platform: result, steps, config, content,
//! documents and findings.
//!
//! Steps are compared without their numbers, since one step more renumbers all of its stage.
//! Facts are compared as texts; how they changed into each other is not guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Analysis, ContentView, DocumentView, PlatformView};

/// In what respect two builds differ, in the order in which one asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    Result,
    Finding,
    Step,
    Content,
    Config,
    Document,
}

/// What differs for one platform in one respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `None` for what belongs to no single platform.
    pub platform: Option<String>,
    pub aspect: Aspect,
    /// Only in the first build, sorted.
    pub gone: Vec<String>,
    /// Only in the second.
    pub new: Vec<String>,
}

/// Facts of one build with their counts.
type Facts = BTreeMap<(Option<String>, Aspect), BTreeMap<String, usize>>;

impl Aspect {
    pub const ALL: [Self; 6] = [
        Self::Result,
        Self::Finding,
        Self::Step,
        Self::Content,
        Self::Config,
        Self::Document,
    ];

    /// One lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Finding => "finding",
            Self::Step => "step",
            Self::Content => "content",
            Self::Config => "config",
            Self::Document => "document",
        }
    }
}

/// All changes, by platform and aspect; what belongs to no single platform comes first.
pub fn compare(before: &Analysis, after: &Analysis) -> Vec<Change> {
    let (before, after) = (facts(before), facts(after));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
    let nothing = BTreeMap::new();
    keys.into_iter()
        .filter_map(|key| {
            let old = before.get(&key).unwrap_or(&nothing);
            let new = after.get(&key).unwrap_or(&nothing);
            let (gone, new) = (beyond(old, new), beyond(new, old));
            let (platform, aspect) = key;
            let changed = !gone.is_empty() || !new.is_empty();
            changed.then_some(Change {
                platform,
                aspect,
                gone,
                new,
            })
        })
        .collect()
}

/// What is in `these` more often than in `others`.
fn beyond(these: &BTreeMap<String, usize>, others: &BTreeMap<String, usize>) -> Vec<String> {
    let more = these
        .iter()
        .filter(|(fact, count)| others.get(*fact).is_none_or(|there| there < *count));
    more.map(|(fact, _)| fact.clone()).collect()
}

fn facts(analysis: &Analysis) -> Facts {
    let mut facts = Facts::new();
    let mut add = |platform: Option<String>, aspect, fact: String| {
        let of_kind = facts.entry((platform, aspect)).or_default();
        *of_kind.entry(fact).or_default() += 1;
    };
    for view in &analysis.platforms {
        let name = Some(name(view));
        let result = view.error.clone().unwrap_or_else(|| "ok".to_owned());
        add(name.clone(), Aspect::Result, result);
        for step in &view.steps {
            add(name.clone(), Aspect::Step, without_number(&step.name));
        }
        for (field, values) in &view.config {
            for value in values {
                add(name.clone(), Aspect::Config, format!("{field} {value}"));
            }
        }
        for entry in &view.content {
            add(name.clone(), Aspect::Content, content(entry));
        }
    }
    for found in &analysis.diagnostics {
        let platform = found.platform().map(ToString::to_string);
        let text = format!("{} {}: {}", found.severity, found.rule, found.message);
        add(platform, Aspect::Finding, text);
    }
    for view in &analysis.documents {
        let platform = view.platform.as_ref().map(ToString::to_string);
        add(platform, Aspect::Document, document(view));
    }
    facts
}

fn name(view: &PlatformView) -> String {
    let platform = view.platform.as_ref();
    platform.map_or(view.requested.clone(), ToString::to_string)
}

fn content(view: &ContentView) -> String {
    let wrong = if view.wrong { ", wrong" } else { "" };
    let inside = if view.folder { "/…" } else { "" };
    format!(
        "{}{inside} {}{wrong} ({})",
        view.path, view.machine, view.why
    )
}

fn document(view: &DocumentView) -> String {
    let kind = view.kind.as_str();
    let size = view.text.len();
    let simulated = if view.simulated { ", simulated" } else { "" };
    format!("{kind} {} ({size} B{simulated})", view.digest.short())
}

/// `[build 2/6] RUN make` as `[build] RUN make`.
fn without_number(name: &str) -> String {
    let parts = name
        .split_once(']')
        .and_then(|(head, tail)| Some((head.rsplit_once(' '), head.strip_prefix('[')?, tail)));
    let is_number = |text: &str| {
        let parts = text.split_once('/');
        parts.is_some_and(|(at, of)| at.parse::<u32>().is_ok() && of.parse::<u32>().is_ok())
    };
    match parts {
        Some((Some((head, number)), _, tail)) if is_number(number) => format!("{head}]{tail}"),
        Some((None, number, tail)) if is_number(number) => tail.trim_start().to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Project, analyse};
    use super::*;

    fn analysis(dockerfile: &str) -> Analysis {
        analyse(&Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        })
    }

    #[test]
    fn steps_lose_their_numbers_only() {
        for (name, expected) in [
            ("[build 2/6] RUN make", "[build] RUN make"),
            ("[linux/amd64 1/2] FROM a", "[linux/amd64] FROM a"),
            ("[1/2] FROM a", "FROM a"),
            ("[internal] load a/b", "[internal] load a/b"),
            ("no brackets 1/2", "no brackets 1/2"),
        ] {
            assert_eq!(without_number(name), expected);
        }
    }

    #[test]
    fn a_file_for_another_cpu_is_a_change_of_content() {
        let before = analysis("FROM alpine\nADD https://x.org/jq-linux-arm64 /bin/jq\n");
        let after = analysis("FROM alpine\nADD https://x.org/jq-linux-amd64 /bin/jq\n");
        let changes = compare(&before, &after);
        let of = |platform: &str| {
            let own = |change: &&Change| {
                change.platform.as_deref() == Some(platform) && change.aspect == Aspect::Content
            };
            changes
                .iter()
                .find(own)
                .map(|change| (change.gone.clone(), change.new.clone()))
        };
        let entry = |machine: &str| vec![format!("/bin/jq {machine} (its address names the CPU)")];
        assert_eq!(
            of("linux/amd64"),
            Some((entry("linux/arm64, wrong"), entry("linux/amd64")))
        );
        assert_eq!(
            of("linux/arm64"),
            Some((entry("linux/arm64"), entry("linux/amd64, wrong")))
        );
        assert_eq!(compare(&after, &after), []);
    }
}
