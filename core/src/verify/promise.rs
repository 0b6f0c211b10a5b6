//! What a Dockerfile promises of an image's config, and how an image differs from it.
//!
//! Plain data: whoever predicts a build makes the promise, a rule compares. Where the base image's
//! config is not known, only what the Dockerfile itself sets is promised.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::bases::{ContainerConfig, HistoryEntry};
use crate::oci::Config;
use crate::platform::Platform;

/// The `comment` of history entries that BuildKit's Dockerfile frontend writes.
pub const BUILDKIT_COMMENT: &str = "buildkit.dockerfile.v0";

/// What one platform's image must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Normalised.
    pub platform: Platform,
    pub config: ContainerConfig,
    /// Whether `config` is all of it: the base image's config is known.
    pub complete: bool,
    /// `created_by` of the entries that the Dockerfile adds, in order.
    pub history: Vec<String>,
    /// Unpacked digests of the base image's layers, lowest first, where they are known.
    pub base_diff_ids: Vec<String>,
    /// The base image as the Dockerfile names it, for messages.
    pub base: Option<String>,
    /// Line of the Dockerfile that a field or one of its entries comes from, from 1; keys are as
    /// in [`Difference::field`].
    pub lines: BTreeMap<String, usize>,
}

/// One way in which an image is not what was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `Entrypoint`, or with the entry where a field has several: `Env PATH`, `Labels version`.
    pub field: String,
    /// As a person would write it; `None` where nothing was promised.
    pub promised: Option<String>,
    /// `None` where the image has none.
    pub actual: Option<String>,
    pub line: Option<usize>,
    /// A label that the builder added by itself.
    pub is_builders_label: bool,
}

/// How `config` differs from what was promised, in the order of the config's fields.
pub fn differences(promise: &Promise, config: &Config) -> Vec<Difference> {
    let actual = ContainerConfig::from_json(config.value.get("config").unwrap_or(&Value::Null));
    let promised = &promise.config;
    let mut found = Comparison {
        promise,
        differences: Vec::new(),
    };
    found.text("User", &promised.user, &actual.user);
    found.set(
        "ExposedPorts",
        &promised.exposed_ports,
        &actual.exposed_ports,
    );
    found.pairs("Env", &variables(&promised.env), &variables(&actual.env));
    found.list("Entrypoint", &promised.entrypoint, &actual.entrypoint);
    found.list("Cmd", &promised.cmd, &actual.cmd);
    found.set("Volumes", &promised.volumes, &actual.volumes);
    found.text(
        "WorkingDir",
        root_if_empty(&promised.working_dir),
        root_if_empty(&actual.working_dir),
    );
    found.pairs("Labels", &promised.labels, &actual.labels);
    found.text("StopSignal", &promised.stop_signal, &actual.stop_signal);
    found.list("OnBuild", &promised.on_build, &actual.on_build);
    found.list("Shell", &promised.shell, &actual.shell);
    found.healthcheck(promised, &actual);
    found.history(config);
    found.base_layers(config);
    found.differences
}

struct Comparison<'a> {
    promise: &'a Promise,
    differences: Vec<Difference>,
}

impl Comparison<'_> {
    fn differs(&mut self, field: String, promised: Option<String>, actual: Option<String>) {
        // `Env PATH` is found under its own name, or under that of the whole field.
        let whole = field.split(' ').next().unwrap_or_default();
        let lines = &self.promise.lines;
        let line = lines.get(&field).or_else(|| lines.get(whole)).copied();
        let is_builders_label = promised.is_none()
            && [
                "Labels io.buildah.",
                "Labels org.opencontainers.",
                "Labels com.docker.",
            ]
            .iter()
            .any(|prefix| field.starts_with(prefix));
        self.differences.push(Difference {
            field,
            promised,
            actual,
            line,
            is_builders_label,
        });
    }

    fn text(&mut self, field: &str, promised: &str, actual: &str) {
        let unknown = !self.promise.complete && matches!(promised, "" | "/");
        if promised != actual && !unknown {
            self.differs(field.to_owned(), some(promised), some(actual));
        }
    }

    fn list(&mut self, field: &str, promised: &[String], actual: &[String]) {
        let unknown = !self.promise.complete && promised.is_empty();
        if promised != actual && !unknown {
            self.differs(field.to_owned(), json(promised), json(actual));
        }
    }

    fn set(&mut self, field: &str, promised: &BTreeSet<String>, actual: &BTreeSet<String>) {
        for missing in promised.difference(actual) {
            self.differs(format!("{field} {missing}"), Some(missing.clone()), None);
        }
        if self.promise.complete {
            for extra in actual.difference(promised) {
                self.differs(format!("{field} {extra}"), None, Some(extra.clone()));
            }
        }
    }

    fn pairs(
        &mut self,
        field: &str,
        promised: &BTreeMap<String, String>,
        actual: &BTreeMap<String, String>,
    ) {
        for (key, value) in promised {
            // Without the base's config its PATH is a guess, unless the Dockerfile sets it.
            let name = format!("{field} {key}");
            let is_guess =
                !self.promise.complete && key == "PATH" && !self.promise.lines.contains_key(&name);
            if actual.get(key) != Some(value) && !is_guess {
                self.differs(name, Some(value.clone()), actual.get(key).cloned());
            }
        }
        for (key, value) in actual {
            if self.promise.complete && !promised.contains_key(key) {
                self.differs(format!("{field} {key}"), None, Some(value.clone()));
            }
        }
    }

    fn healthcheck(&mut self, promised: &ContainerConfig, actual: &ContainerConfig) {
        let unknown = !self.promise.complete && promised.healthcheck.is_none();
        if promised.healthcheck != actual.healthcheck && !unknown {
            let shown = |config: &ContainerConfig| {
                config
                    .healthcheck
                    .as_ref()
                    .and_then(|check| json(&check.test))
            };
            self.differs("Healthcheck".to_owned(), shown(promised), shown(actual));
        }
    }

    /// Compared only where BuildKit wrote the entries; other builders write their own.
    fn history(&mut self, config: &Config) {
        let entries = config.value.get("history").and_then(Value::as_array);
        let entries: Vec<HistoryEntry> = entries
            .into_iter()
            .flatten()
            .map(HistoryEntry::from_json)
            .collect();
        let promised = &self.promise.history;
        let Some(own) = entries
            .len()
            .checked_sub(promised.len())
            .map(|from| &entries[from..])
        else {
            return;
        };
        if promised.is_empty() || own.iter().any(|entry| entry.comment != BUILDKIT_COMMENT) {
            return;
        }
        for (at, (promised, entry)) in promised.iter().zip(own).enumerate() {
            if *promised != entry.created_by {
                let field = format!("history entry {}", entries.len() - own.len() + at + 1);
                self.differs(
                    field,
                    Some(promised.clone()),
                    Some(entry.created_by.clone()),
                );
                // One wrong entry moves all that follow.
                return;
            }
        }
    }

    fn base_layers(&mut self, config: &Config) {
        let base = &self.promise.base_diff_ids;
        let differing = base.iter().zip(&config.diff_ids).position(|(a, b)| a != b);
        let short = config.diff_ids.len() < base.len();
        let Some(at) = differing.or_else(|| short.then_some(config.diff_ids.len())) else {
            return;
        };
        let field = format!("base layer {}", at + 1);
        self.differs(
            field,
            base.get(at).cloned(),
            config.diff_ids.get(at).cloned(),
        );
    }
}

fn variables(env: &[String]) -> BTreeMap<String, String> {
    env.iter()
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn root_if_empty(directory: &str) -> &str {
    if directory.is_empty() { "/" } else { directory }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn json(list: &[String]) -> Option<String> {
    (!list.is_empty()).then(|| serde_json::to_string(list).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::{Content, Document, Role};

    const ID: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn config(inner: &str, history: &str) -> Config {
        let text = format!(
            r#"{{"architecture":"amd64","os":"linux","config":{inner},"history":{history},"rootfs":{{"type":"layers","diff_ids":["{ID}"]}}}}"#
        );
        match Document::new(text.as_bytes()).read(Role::Config) {
            Content::Config(config) => config,
            other => panic!("{other:?}"),
        }
    }

    fn promise(inner: &str, complete: bool) -> Promise {
        Promise {
            platform: Platform::new("linux", "amd64"),
            config: ContainerConfig::from_json(&serde_json::from_str(inner).unwrap()),
            complete,
            history: Vec::new(),
            base_diff_ids: Vec::new(),
            base: None,
            lines: BTreeMap::from([("Env A".to_owned(), 3), ("Entrypoint".to_owned(), 9)]),
        }
    }

    fn fields(promise: &Promise, config: &Config) -> Vec<String> {
        let found = differences(promise, config).into_iter();
        found
            .map(|d| format!("{}@{}", d.field, d.line.unwrap_or(0)))
            .collect()
    }

    #[test]
    fn a_complete_promise_is_held_to_the_letter() {
        let promised = r#"{"Env":["PATH=/bin","A=1"],"Entrypoint":["/app"],"Labels":{"x":"1"}}"#;
        let same = config(promised, "[]");
        assert_eq!(fields(&promise(promised, true), &same), [""; 0]);
        let other = config(
            r#"{"Env":["A=2","B=3"],"Entrypoint":["/bin/sh"],"Labels":{"x":"1","io.buildah.version":"1"}}"#,
            "[]",
        );
        assert_eq!(
            fields(&promise(promised, true), &other),
            [
                "Env A@3",
                "Env PATH@0",
                "Env B@0",
                "Entrypoint@9",
                "Labels io.buildah.version@0"
            ]
        );
    }

    #[test]
    fn an_incomplete_promise_covers_what_the_dockerfile_sets() {
        let promised = r#"{"Env":["PATH=/guess","A=1"],"Labels":{"x":"1"}}"#;
        let actual = r#"{"Env":["PATH=/base","A=1","BASE=1"],"Cmd":["sh"],"Labels":{"x":"2"}}"#;
        assert_eq!(
            fields(&promise(promised, false), &config(actual, "[]")),
            ["Labels x@0"]
        );
    }

    #[test]
    fn history_counts_only_where_buildkit_wrote_it() {
        let mut promise = promise("{}", true);
        promise.history = vec!["COPY a b # buildkit".to_owned()];
        let entry =
            |by: &str, comment: &str| format!(r#"[{{"created_by":"{by}","comment":"{comment}"}}]"#);
        let buildkit = config("{}", &entry("COPY a c # buildkit", BUILDKIT_COMMENT));
        assert_eq!(fields(&promise, &buildkit), ["history entry 1@0"]);
        let buildah = config("{}", &entry("/bin/sh -c #(nop) COPY", "FROM scratch"));
        assert_eq!(fields(&promise, &buildah), [""; 0]);
    }

    #[test]
    fn the_base_must_be_below() {
        let mut promise = promise("{}", true);
        promise.base_diff_ids = vec![ID.to_owned()];
        assert_eq!(fields(&promise, &config("{}", "[]")), [""; 0]);
        promise.base_diff_ids = vec![ID.replace('e', "f")];
        assert_eq!(fields(&promise, &config("{}", "[]")), ["base layer 1@0"]);
    }
}
