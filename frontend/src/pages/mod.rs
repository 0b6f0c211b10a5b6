//! The pages, one a file.

pub(crate) mod gallery;
pub(crate) mod learn;
pub(crate) mod playground;
pub(crate) mod rules;
pub(crate) mod verify;
