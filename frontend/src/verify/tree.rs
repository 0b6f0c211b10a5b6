//! The tag as rows of a tree, with findings at the row that they concern.

use std::collections::BTreeMap;

use polyarch_core::diagnostic::{Place, Subject};
use polyarch_core::digest::Digest;
use polyarch_core::oci::{Descriptor, Manifest};
use polyarch_core::platform::Platform;
use polyarch_core::verify::{
    Body, Evidence, Expectation, Finding, LayerState, Node, PlatformVerdictKind, Report, Retrieval,
};

/// A line of the tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// From 1.
    pub(crate) level: usize,
    pub(crate) kind: Kind,
    pub(crate) platform: Option<Platform>,
    pub(crate) digest: Option<Digest>,
    /// In bytes, as its descriptor says or as it was received.
    pub(crate) size: Option<u64>,
    pub(crate) state: State,
    /// From the request to the finished hash, in milliseconds.
    pub(crate) time: Option<f64>,
    /// Positions in [`Report::findings`].
    pub(crate) findings: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tag,
    Index,
    Manifest,
    Config,
    Layer,
    Attestation,
    Artifact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Fetched, and the bytes hash to the digest.
    Hashed,
    /// The registry says that it has it.
    There,
    /// It is wrong or not there.
    Bad,
    /// Nothing could be established.
    Unknown,
    /// A required platform that the tag does not have.
    Missing,
}

/// The rows of what is known so far, parents before children.
pub(crate) fn known_rows(evidence: &Evidence, times: &BTreeMap<Digest, f64>) -> Vec<Row> {
    let mut tree = Tree {
        evidence,
        times,
        rows: Vec::new(),
    };
    tree.node(&evidence.root, 1);
    tree.rows
}

/// All rows, parents before children, missing platforms last among the platforms.
pub(crate) fn rows(
    evidence: &Evidence,
    report: &Report,
    expectation: &Expectation,
    times: &BTreeMap<Digest, f64>,
) -> Vec<Row> {
    let mut rows = known_rows(evidence, times);
    for platform in &report.platforms {
        if platform.verdict == PlatformVerdictKind::Missing
            && expectation.platforms.contains(&platform.platform)
        {
            rows.push(Row {
                level: 2,
                kind: Kind::Manifest,
                platform: Some(platform.platform.clone()),
                digest: None,
                size: None,
                state: State::Missing,
                time: None,
                findings: Vec::new(),
            });
        }
    }
    place_findings(&mut rows, &report.findings);
    rows
}

struct Tree<'a> {
    evidence: &'a Evidence,
    times: &'a BTreeMap<Digest, f64>,
    rows: Vec<Row>,
}

impl Tree<'_> {
    fn node(&mut self, node: &Node, level: usize) {
        let kind = match &node.body {
            Body::Index(..) => Kind::Index,
            Body::Image(_) => Kind::Manifest,
            Body::Attestation(_) => Kind::Attestation,
            Body::Artifact(_) => Kind::Artifact,
            Body::Flawed(_) | Body::Nothing if node.entry.is_none() => Kind::Tag,
            Body::Flawed(_) | Body::Nothing if node.is_attestation() => Kind::Attestation,
            Body::Flawed(_) | Body::Nothing => Kind::Manifest,
        };
        let received = node.document().map(polyarch_core::oci::Document::size);
        let declared = node.entry.as_ref().map(|entry| entry.descriptor.size);
        let platform = node
            .platform()
            .filter(|p| !p.is_unknown())
            .map(Platform::normalised);
        let platform = platform.or_else(|| self.subject(node));
        let state = state(&node.retrieval);
        self.push(
            level,
            kind,
            platform,
            node.digest().cloned(),
            received.or(declared),
            state,
        );
        match &node.body {
            Body::Index(_, children) => {
                for child in children {
                    self.node(child, level + 1);
                }
            }
            Body::Image(image) => {
                let config = &image.manifest.config;
                let state = state_of_config(&image.config.retrieval);
                let digest = Some(config.digest.clone());
                self.push(
                    level + 1,
                    Kind::Config,
                    None,
                    digest,
                    Some(config.size),
                    state,
                );
                self.layers(&image.manifest, level + 1);
            }
            Body::Attestation(manifest) | Body::Artifact(manifest) => {
                self.layers(manifest, level + 1);
            }
            Body::Flawed(_) | Body::Nothing => {}
        }
    }

    /// The platform that an attestation is about.
    fn subject(&self, node: &Node) -> Option<Platform> {
        let subject = node.entry.as_ref()?.descriptor.attestation_subject()?;
        let nodes = self.evidence.nodes();
        let about = nodes
            .iter()
            .find(|n| n.digest().is_some_and(|d| d.as_str() == subject))?;
        about.platform().map(Platform::normalised)
    }

    fn layers(&mut self, manifest: &Manifest, level: usize) {
        for layer in &manifest.layers {
            let Descriptor { digest, size, .. } = layer;
            let state = match self.evidence.layers.get(digest).map(|layer| &layer.state) {
                Some(LayerState::Present { .. }) => State::There,
                Some(LayerState::Examined(_)) => State::Hashed,
                Some(LayerState::Failed(failure)) => of_failure(failure.kind),
                Some(LayerState::Skipped(_)) | None => State::Unknown,
            };
            self.push(
                level,
                Kind::Layer,
                None,
                Some(digest.clone()),
                Some(*size),
                state,
            );
        }
    }

    fn push(
        &mut self,
        level: usize,
        kind: Kind,
        platform: Option<Platform>,
        digest: Option<Digest>,
        size: Option<u64>,
        state: State,
    ) {
        let time = digest
            .as_ref()
            .and_then(|digest| self.times.get(digest))
            .copied();
        let findings = Vec::new();
        self.rows.push(Row {
            level,
            kind,
            platform,
            digest,
            size,
            state,
            time,
            findings,
        });
    }
}

fn state(retrieval: &Retrieval) -> State {
    match retrieval {
        Retrieval::Held(_) => State::Hashed,
        Retrieval::Disproved(_) => State::Bad,
        Retrieval::Failed(failure) => of_failure(failure.kind),
        Retrieval::Skipped(_) => State::Unknown,
    }
}

fn state_of_config(retrieval: &Retrieval) -> State {
    state(retrieval)
}

fn of_failure(kind: polyarch_core::verify::FailureKind) -> State {
    use polyarch_core::verify::FailureKind;
    match kind {
        FailureKind::NotFound | FailureKind::TooLarge => State::Bad,
        FailureKind::Unauthorized
        | FailureKind::RateLimited
        | FailureKind::MethodNotAllowed
        | FailureKind::RegistryError
        | FailureKind::Unreachable => State::Unknown,
    }
}

/// Puts each finding at the rows of its digest, under its platform where it has one; else at its
/// platform, else at the root. What platforms share is told at each of them.
fn place_findings(rows: &mut [Row], findings: &[Finding]) {
    let under = owners(rows);
    for (at, finding) in findings.iter().enumerate() {
        let (platform, digest) = match &finding.diagnostic.place {
            Place::Image { platform, subject } => (platform.as_ref(), digest_of(subject.as_ref())),
            Place::Source { .. } | Place::Nowhere => (None, None),
        };
        let is_own = |own: Option<&Platform>| {
            platform.is_none_or(|wanted| own.is_some_and(|own| own.is_same(wanted)))
        };
        let with_digest =
            |(_, row): &(usize, &Row)| digest.is_some() && row.digest.as_ref() == digest;
        let all: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(with_digest)
            .map(|(row, _)| row)
            .collect();
        let of_platform = all
            .iter()
            .copied()
            .filter(|row| is_own(under[*row].as_ref()));
        let mut places: Vec<usize> = of_platform.collect();
        if places.is_empty() {
            places = all.into_iter().take(1).collect();
        }
        if places.is_empty() {
            let by_platform = |row: &Row| {
                let own = row
                    .platform
                    .as_ref()
                    .filter(|_| row.kind != Kind::Attestation);
                own.is_some_and(|own| platform.is_some_and(|other| own.is_same(other)))
            };
            places.push(rows.iter().position(by_platform).unwrap_or_default());
        }
        for row in places {
            if let Some(row) = rows.get_mut(row) {
                row.findings.push(at);
            }
        }
    }
}

/// For each row the platform of the manifest that it stands under, or that it is.
fn owners(rows: &[Row]) -> Vec<Option<Platform>> {
    let mut owner: Option<(usize, Option<Platform>)> = None;
    let mut owners = Vec::with_capacity(rows.len());
    for row in rows {
        if owner.as_ref().is_none_or(|(level, _)| row.level <= *level) {
            owner = (row.platform.is_some()).then(|| (row.level, row.platform.clone()));
        }
        owners.push(owner.as_ref().and_then(|(_, platform)| platform.clone()));
    }
    owners
}

fn digest_of(subject: Option<&Subject>) -> Option<&Digest> {
    match subject? {
        Subject::Digest(digest) | Subject::File { layer: digest, .. } => Some(digest),
        Subject::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use polyarch_core::demo;
    use polyarch_core::reference::Target;
    use polyarch_core::rules;
    use polyarch_core::verify::{Depth, Limits, Walk};

    use super::*;

    fn outcome(tag: &str) -> (Report, Vec<Row>) {
        let mut registry = demo::registry();
        let target = Target::Tag(tag.to_owned());
        let mut walk = Walk::new(target, Depth::Documents, Limits::default());
        while let Some(request) = walk.poll() {
            let answer = registry.answer(demo::REPOSITORY, &request.ask);
            walk.handle(request.id, answer);
        }
        let (evidence, expectation) = (walk.finish(), Expectation::default());
        let report = rules::judge(&evidence, &expectation);
        let rows = rows(&evidence, &report, &expectation, &BTreeMap::new());
        (report, rows)
    }

    #[test]
    fn every_finding_of_every_demo_image_has_a_row() {
        for example in demo::IMAGES {
            let (report, rows) = outcome(example.name);
            let mut placed: Vec<usize> = rows.iter().flat_map(|row| row.findings.clone()).collect();
            placed.sort_unstable();
            placed.dedup();
            let all: Vec<usize> = (0..report.findings.len()).collect();
            assert_eq!(placed, all, "{}", example.name);
        }
    }

    #[test]
    fn what_platforms_share_is_told_at_each_of_them() {
        let (report, rows) = outcome("deleted-layer");
        let lost = report
            .findings
            .iter()
            .position(|f| f.diagnostic.rule == "layer-not-found");
        let lost = lost.expect("a layer is lost");
        let told = rows
            .iter()
            .filter(|row| row.findings.contains(&lost))
            .count();
        let digest = digest_of(match &report.findings[lost].diagnostic.place {
            Place::Image { subject, .. } => subject.as_ref(),
            Place::Source { .. } | Place::Nowhere => None,
        });
        let named = rows
            .iter()
            .filter(|row| row.digest.as_ref() == digest)
            .count();
        assert_eq!(told, named);
        assert!(told > 0);
    }

    #[test]
    fn a_missing_platform_has_a_row_of_its_own_that_carries_the_finding() {
        let (report, rows) = outcome("missing-platform");
        let missing: Vec<_> = rows
            .iter()
            .filter(|row| row.state == State::Missing)
            .collect();
        assert_eq!(missing.len(), 1);
        let rules: Vec<_> = missing[0]
            .findings
            .iter()
            .map(|at| report.findings[*at].diagnostic.rule)
            .collect();
        assert_eq!(rules, ["platform-missing"]);
    }
}
