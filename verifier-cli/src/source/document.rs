//! One document on standard input: it can be judged, what it names cannot be fetched.

use std::io::Read;
use std::path::PathBuf;

use polyarch_core::oci::MAX_DOCUMENT;
use polyarch_core::verify::archive::content_type;
use polyarch_core::verify::{Answer, Ask, Failure, FailureKind, Received};

use crate::error::CliError;

/// Reads standard input, one byte more than a document may have.
pub(super) fn read_stdin() -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let read = std::io::stdin()
        .lock()
        .take(MAX_DOCUMENT + 1)
        .read_to_end(&mut bytes);
    read.map_err(|source| CliError::Read {
        path: PathBuf::from("standard input"),
        source,
    })?;
    Ok(bytes)
}

/// The document for the question about it, and "cannot be fetched" for all others.
pub(super) fn answer(bytes: &[u8], ask: &Ask) -> Answer {
    match ask {
        Ask::Manifest { target, limit } if target_is(target, bytes) => {
            within_limit(bytes.to_vec(), *limit)
        }
        _ => Answer::Failed(Failure::new(
            FailureKind::Unreachable,
            "only the document itself was given, on standard input",
        )),
    }
}

fn target_is(target: &polyarch_core::reference::Target, bytes: &[u8]) -> bool {
    target.to_string() == polyarch_core::digest::Digest::sha256(bytes).as_str()
}

/// A stored document as if a well-behaved registry had sent it.
pub(super) fn within_limit(body: Vec<u8>, limit: u64) -> Answer {
    if body.len() as u64 > limit {
        let detail = format!("it is larger than {limit} bytes");
        return Answer::Failed(Failure::new(FailureKind::TooLarge, detail));
    }
    Answer::Document(Received {
        content_type: Some(content_type(&body)),
        digest_header: None,
        body,
    })
}
