//! What `docker save` writes.
//!
//! Docker 25 and newer write an OCI layout into the same archive; that is read like any other.

use std::path::Path;

use super::archive;
use super::layout::Layout;
use crate::error::CliError;

/// Opens the archive as the layout that it holds.
pub(super) fn open(file: &Path) -> Result<Layout, CliError> {
    let files = archive::open(file)?;
    Layout::open(file, files)
}
