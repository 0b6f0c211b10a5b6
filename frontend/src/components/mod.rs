//! What the pages are made of, one component a file.

pub(crate) mod bottom_bar;
pub(crate) mod config;
pub(crate) mod copy_button;
pub(crate) mod cpu_badge;
pub(crate) mod digest;
pub(crate) mod editor;
pub(crate) mod files;
pub(crate) mod findings;
pub(crate) mod header;
pub(crate) mod highlight;
pub(crate) mod icon;
pub(crate) mod inspect;
pub(crate) mod job;
pub(crate) mod key_sheet;
pub(crate) mod loom;
pub(crate) mod markdown;
pub(crate) mod panes;
pub(crate) mod prose;
pub(crate) mod registry;
pub(crate) mod settings;
pub(crate) mod switches;
pub(crate) mod tabs;
pub(crate) mod threads;
pub(crate) mod verdict;
pub(crate) mod verify_tree;
