//! One test binary for everything that crosses crates.
//!
//! `real` starts the real parts (registry, push tools, the `polyarch` binary); `equipment` and the
//! modules beside it test against them. `tidy` and `layers` read this repository itself.
//! A tool that is missing fails its test and names `scripts/setup test`; nothing is skipped.

mod browser;
mod browser_work;
mod cli;
mod corpus;
mod deep;
mod docs;
mod equipment;
mod faults;
mod gate;
mod generated;
mod image;
mod layers;
mod learning;
mod lessons;
mod licences;
mod looks;
mod options;
mod pipelines;
mod promise;
mod readme;
mod real;
mod rule_docs;
mod scale;
mod schemas;
mod tidy;
mod traffic;
mod tree;
