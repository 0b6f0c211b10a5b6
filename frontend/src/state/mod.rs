//! What the page knows: the project being written, what is selected, and where the user is.

pub(crate) mod answer;
pub(crate) mod command;
pub(crate) mod commands;
pub(crate) mod export;
pub(crate) mod gate;
pub(crate) mod preferences;
pub(crate) mod progress;
pub(crate) mod rows;
pub(crate) mod share;
pub(crate) mod shelf;
pub(crate) mod utf16;
pub(crate) mod workbench;
pub(crate) mod zip;

pub(crate) use workbench::{Action, ComposeTab, OutcomeTab, Pane, Selection, Workbench};
