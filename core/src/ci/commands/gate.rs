//! `polyarch verify` in a job: the gate after the push.
//!
//! It fails where a required platform is in no entry of the tag. What is in the images is not
//! looked at.

use std::fmt::Write as _;

use serde_json::json;

use super::images::{lookup, plain_name};
use crate::ci::shell::Shell;
use crate::platform::Platform;
use crate::reference::Reference;

/// Options whose value is the next word.
const WITH_VALUE: &[&str] = &[
    "--allow",
    "--build-arg",
    "--ca-cert",
    "--dockerfile",
    "--expect-digest",
    "--format",
    "--from-file",
    "--jobs",
    "--metadata-file",
    "--mirror",
    "--policy",
    "--retries",
    "--same-as",
    "--shard",
    "--target",
    "--timeout",
    "--wait",
];

/// What came of it.
pub(in crate::ci) struct Verified {
    /// 1 where a platform is missing.
    pub(in crate::ci) status: i32,
    /// Of the first tag that is known.
    pub(in crate::ci) digest: Option<String>,
}

/// Verifies with the words behind `polyarch verify`.
pub(in crate::ci) fn verify(shell: &mut Shell<'_, '_>, words: &[String]) -> Verified {
    let demands = Demands::of(words);
    let mut verified = Verified {
        status: 0,
        digest: None,
    };
    let mut results = Vec::new();
    for name in &demands.names {
        if let Ok(reference) = plain_name(name).parse::<Reference>() {
            super::docker::note_cache(shell, &reference.with_default_tag().to_string());
        }
        // A copy of something that is not known has no platforms that could be compared.
        let found = lookup(shell, name).filter(|found| !found.platforms.is_empty());
        let Some(found) = found else {
            shell.world.exact = false;
            let reason = format!("what {name} holds is not known; the gate is assumed to pass");
            shell.world.reason(reason);
            continue;
        };
        let mut text = format!("{name}\n");
        let mut missing = false;
        for platform in &demands.required {
            let is_there = found.platforms.iter().any(|there| there.is_same(platform));
            missing |= !is_there;
            let word = if is_there { "pass" } else { "missing" };
            let _ = writeln!(text, "  {:<12}  {word}", platform.specifier());
        }
        let word = if missing { "FAIL" } else { "PASS" };
        let _ = writeln!(text, "{word} {name}@{}", found.digest);
        shell.out(&text);
        results.push(json!({
            "reference": name,
            "resolved": format!("{name}@{}", found.digest),
            "verdict": word.to_lowercase(),
        }));
        verified.status |= i32::from(missing);
        verified.digest.get_or_insert(found.digest.to_string());
    }
    let report = json!({ "schemaVersion": 1, "results": results });
    for (format, file) in &demands.reports {
        let text = match *format {
            "json" => format!("{report:#}\n"),
            _ => String::new(),
        };
        let path = shell.path(file);
        shell.world.files.write(&path, &text);
    }
    verified
}

/// What the words ask for.
#[derive(Default)]
struct Demands<'a> {
    names: Vec<String>,
    required: Vec<Platform>,
    /// Formats that go to files.
    reports: Vec<(&'a str, &'a str)>,
}

impl<'a> Demands<'a> {
    fn of(words: &'a [String]) -> Self {
        let mut demands = Self::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            if word == "--" {
                demands.names.extend(words.by_ref().map(str::to_owned));
            } else if word == "-" || !word.starts_with('-') {
                demands.names.push(word.to_owned());
            } else if let Some((option, value)) = word.split_once('=') {
                demands.option(option, value);
            } else if word == "--platform" || WITH_VALUE.contains(&word) {
                demands.option(word, words.next().unwrap_or_default());
            }
        }
        if demands.required.is_empty() {
            demands.platforms("linux/amd64,linux/arm64");
        }
        demands
    }

    fn option(&mut self, option: &str, value: &'a str) {
        match option {
            "--platform" => self.platforms(value),
            "--format" => self.reports.extend(value.split_once('=')),
            _ => {}
        }
    }

    fn platforms(&mut self, list: &str) {
        let parsed = list.split(',').filter_map(|one| one.trim().parse().ok());
        self.required.extend(parsed);
    }
}
