//! Which findings people are shown: alike ones are listed up to a number, the others counted.
//! Programs read all of them, so formats for programs do not come here.

use std::collections::BTreeMap;
use std::fmt;

use polyarch_core::verify::Finding;

use super::text::weight;

/// Most findings of one rule, platform and weight that are shown; a wrong base image can bring
/// thousands.
const MOST_ALIKE: usize = 10;

/// One thing to show.
#[derive(Debug)]
pub(super) enum Shown<'a> {
    Finding(&'a Finding),
    More(More),
}

/// How many findings like the one before it are not shown.
#[derive(Debug)]
pub(super) struct More {
    weight: &'static str,
    rule: &'static str,
    platform: Option<String>,
    count: usize,
}

/// The findings in their order; what is left out of a kind is counted behind the last one shown.
pub(super) fn capped<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Shown<'a>> {
    let findings: Vec<&Finding> = findings.collect();
    let mut counts = BTreeMap::new();
    for finding in &findings {
        *counts.entry(kind(finding)).or_insert(0_usize) += 1;
    }
    let mut seen = BTreeMap::new();
    let mut shown = Vec::new();
    for finding in findings {
        let kind = kind(finding);
        let position = seen.entry(kind.clone()).or_insert(0_usize);
        *position += 1;
        if *position > MOST_ALIKE {
            continue;
        }
        shown.push(Shown::Finding(finding));
        let left = counts[&kind] - *position;
        if *position == MOST_ALIKE && left > 0 {
            let (weight, rule, platform) = kind;
            shown.push(Shown::More(More {
                weight,
                rule,
                platform,
                count: left,
            }));
        }
    }
    shown
}

fn kind(finding: &Finding) -> (&'static str, &'static str, Option<String>) {
    let platform = finding.diagnostic.platform().map(ToString::to_string);
    (weight(finding), finding.diagnostic.rule, platform)
}

impl fmt::Display for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            weight,
            rule,
            platform,
            count,
        } = self;
        write!(f, "and {count} more: {weight} {rule}")?;
        if let Some(platform) = platform {
            write!(f, " {platform}")?;
        }
        f.write_str("; --format json lists all")
    }
}
