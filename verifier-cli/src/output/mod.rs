//! Everything that is printed: reports in each format, and the two standard streams.

use std::io::{self, Write};

use crate::error::CliError;

/// Writes to standard output, with styles only where a terminal shows them.
///
/// A reader that went away (`polyarch … | head`) ends the output, not the verdict.
pub(crate) fn stdout(text: &str) -> Result<(), CliError> {
    let mut stream = anstream::stdout().lock();
    match stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.flush())
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes to standard error; there is nowhere to report a failure of that.
pub(crate) fn stderr(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
