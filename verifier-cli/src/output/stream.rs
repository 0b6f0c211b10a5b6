//! The two standard streams and files.

use std::io::{self, Write};
use std::path::Path;

use crate::error::CliError;

/// Writes to standard output, with styles only where a terminal shows them.
///
/// A reader that went away (`polyarch … | head`) ends the output, not the verdict.
pub(crate) fn stdout(text: &str) -> Result<(), CliError> {
    let mut stream = anstream::stdout().lock();
    let written = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes to standard error; there is nowhere to report a failure of that.
pub(crate) fn stderr(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Writes a file, without styles.
pub(crate) fn file(path: &Path, text: &str) -> Result<(), CliError> {
    let plain = anstream::adapter::strip_str(text).to_string();
    std::fs::write(path, plain).map_err(|source| CliError::Write {
        path: path.to_owned(),
        source,
    })
}
