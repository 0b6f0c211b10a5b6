//! The facade for both faces: [`analyse`] turns what the user typed into what they are shown.
//!
//! All types here are plain data with public fields, made for reading; none is a wire format
//! (`verifier-cli` and `frontend` own theirs). The same input gives the same output, in the CLI
//! and in the browser, and nothing here can fail: bad input is part of the answer.

mod analyse;
mod bill;
mod columns;
mod compare;
mod cost;
mod documents;
pub mod graph;
mod input;
mod job;
mod judged;
mod project;
mod promise;
mod reach;
mod rows;
mod stopped;
mod tag;
mod view;

pub use analyse::{analyse, analyse_with};
pub use bill::{Bill, bills};
pub use compare::{Aspect, Change, compare};
pub use cost::{Alternative, Cost, Way, alternatives};
pub use documents::predicted_documents;
pub use input::base_references;
pub use job::{
    JobAnalysis, JobError, JobRequest, JobVerdict, JobVerdictKind, analyse_job, published, refused,
};
pub use judged::{evidence, judge_documents};
pub use project::{Attestations, ContextFile, Project, Settings};
pub use promise::promises;
pub use reach::{Reach, reach};
pub use tag::{TagRow, TagSize, tag_rows};
pub use view::{
    Analysis, Cell, CellState, ContentView, DocumentKind, DocumentView, PlatformView, RowView,
    Runs, StageView, StepKind, StepView, Verdict, VerdictKind, WarningView,
};

#[cfg(test)]
mod tests;
