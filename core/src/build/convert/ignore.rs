//! The context's `.dockerignore`, which decides about a lint fact and can refuse the build.

use super::{Converter, Outcome};
use crate::dockerfile::context::Ignore;

impl Converter<'_> {
    /// Reads the context's `.dockerignore`, if there is one.
    pub(super) fn read_ignore_file(&mut self) -> Outcome<()> {
        let Some(text) = &self.input.request.dockerignore else {
            return Ok(());
        };
        let ignore = Ignore::parse(text).map_err(|error| error.to_string())?;
        self.ignore = Some(ignore).filter(|ignore| !ignore.is_empty());
        Ok(())
    }
}
