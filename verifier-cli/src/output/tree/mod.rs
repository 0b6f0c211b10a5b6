//! `polyarch inspect`: a tag as a tree, for people and for programs.

mod human;
mod json;
mod state;

pub(crate) use human::{human, pull_human};
pub(crate) use json::{json, pull_json};
