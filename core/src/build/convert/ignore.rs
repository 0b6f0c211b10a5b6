//! `.dockerignore` as far as conversion needs it: whether a COPY source is taken away.

use super::{Converter, Outcome};

/// The patterns of a `.dockerignore`.
#[derive(Debug)]
pub(super) struct IgnoreFile {}

impl IgnoreFile {
    /// Whether BuildKit warns of this source, a cleaned path.
    pub(super) fn excludes_source(&self, _path: &str) -> bool {
        false
    }
}

impl Converter<'_> {
    /// Reads the context's `.dockerignore`, if there is one.
    pub(super) fn read_ignore_file(&mut self) -> Outcome<()> {
        self.ignore = None;
        Ok(())
    }
}
