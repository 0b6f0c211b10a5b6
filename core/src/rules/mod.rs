//! The rules: each is one file with its documentation, its check and executed examples.
//!
//! A rule reads facts and reports; it never calls another rule. Adding one is a new file and one
//! line in [`CATALOGUE`]. Every finding that a user sees comes from a rule in the catalogue.

mod build_facts;
mod declare;
mod facts;
mod findings;
mod job_facts;
mod judge;
mod metadata;
mod programs;
mod waiver;

mod buildkit;
mod ci;
mod dockerfile;
pub mod image;

pub use build_facts::{BuildFacts, WrittenStage};
pub(crate) use declare::declare_rule;
pub use facts::{ImageFacts, Located};
pub use findings::{Findings, Text};
pub use job_facts::{JobFacts, Refused};
pub use judge::judge;
pub use metadata::{Example, ExampleKind, Group, Metadata};
pub use waiver::glob_matches;

/// One rule.
pub trait Rule: Sync {
    /// Name, severity, documentation.
    fn metadata(&self) -> &'static Metadata;

    /// Judges an image, predicted or fetched.
    fn check_image(&self, _image: &ImageFacts<'_>, _out: &mut Findings) {}

    /// Judges a Dockerfile and what a build makes of it.
    fn check_build(&self, _build: &BuildFacts<'_>, _out: &mut Findings) {}

    /// Judges a CI job and how it went.
    fn check_job(&self, _job: &JobFacts<'_>, _out: &mut Findings) {}
}

/// Every rule, in the order in which lists show them.
pub const CATALOGUE: &[&[&dyn Rule]] =
    &[image::RULES, dockerfile::RULES, ci::RULES, buildkit::RULES];

/// All rules, one after the other.
pub fn all() -> impl Iterator<Item = &'static dyn Rule> {
    CATALOGUE.iter().flat_map(|group| group.iter().copied())
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static dyn Rule> {
    all().find(|rule| rule.metadata().name == name)
}

/// Everything that rules have to say about a build. Those for images come last: they say what the
/// others have not already said of the same instruction.
pub fn judge_build(build: &BuildFacts<'_>) -> Vec<crate::diagnostic::Diagnostic> {
    let mut findings = Findings::default();
    let of_image = |rule: &&dyn Rule| rule.metadata().group == Group::Image;
    let first = all().filter(|rule| !of_image(rule));
    for rule in first.chain(all().filter(of_image)) {
        rule.check_build(build, &mut findings);
    }
    findings.into_diagnostics()
}

/// Everything that rules have to say about a job, in the order of the catalogue.
pub fn judge_job(job: &JobFacts<'_>) -> Vec<crate::diagnostic::Diagnostic> {
    let mut findings = Findings::default();
    for rule in all() {
        rule.check_job(job, &mut findings);
    }
    findings.into_diagnostics()
}

#[cfg(test)]
pub(crate) use dockerfile::tests as dockerfile_tests;

#[cfg(test)]
mod tests;
