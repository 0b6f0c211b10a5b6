//! BuildKit's own lint rules, under BuildKit's names and with BuildKit's texts.
//!
//! The facts are `crate::build`'s; here they become findings, on every platform that has them.
//! (A build prints those of its first platform only, `--check` those of the builder's.)

mod table;

use std::collections::{BTreeMap, BTreeSet};

use super::{BuildFacts, Findings, Metadata, Rule, Text};
use crate::build::{Lint, LintRule};
use crate::diagnostic::Place;
use crate::platform::Platform;

pub(super) use table::RULES;

/// One of BuildKit's rules.
#[derive(Debug)]
struct LintFinding {
    rule: LintRule,
    metadata: Metadata,
    why: &'static str,
    next: &'static str,
}

impl LintFinding {
    fn check(&self, rule: &dyn Rule, build: &BuildFacts<'_>, out: &mut Findings) {
        let platforms: Vec<(&Platform, &Vec<Lint>)> = build
            .platforms()
            .map(|(platform, outcome)| (platform, &outcome.lint))
            .collect();
        let mut told: BTreeSet<&Lint> = BTreeSet::new();
        let mut count: BTreeMap<&Lint, usize> = BTreeMap::new();
        for (_, lint) in &platforms {
            let own: BTreeSet<&Lint> = lint.iter().filter(|f| f.rule == self.rule).collect();
            for fact in own {
                *count.entry(fact).or_default() += 1;
            }
        }
        for (platform, lint) in &platforms {
            for fact in lint.iter().filter(|fact| fact.rule == self.rule) {
                let everywhere = count.get(fact) == Some(&platforms.len());
                if !told.insert(fact) && everywhere {
                    continue;
                }
                let platform = Some(*platform).filter(|_| !everywhere);
                out.report(
                    rule,
                    place(build, fact, platform),
                    Text {
                        what: fact.message.clone(),
                        why: self.why.into(),
                        next: self.next.into(),
                    },
                );
            }
        }
    }
}

fn place(build: &BuildFacts<'_>, fact: &Lint, platform: Option<&Platform>) -> Place {
    build.place(fact.span.unwrap_or_default(), platform)
}
