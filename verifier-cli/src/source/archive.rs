//! A tar of an OCI layout: which file is where in it. Nothing is unpacked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::files::{Files, Part};
use crate::error::CliError;

/// More files than any image has.
const MOST_ENTRIES: usize = 100_000;

/// Reads the headers of an archive.
pub(super) fn open(path: &Path) -> Result<Files, CliError> {
    let broken = |source| CliError::Read {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(broken)?;
    let mut magic = [0; 4];
    let start = file.read(&mut magic).map_err(broken)?;
    if matches!(magic[..start], [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd]) {
        return Err(CliError::Usage(format!(
            "{} is compressed; unpack it to a plain tar first (gunzip, zstd -d)",
            path.display()
        )));
    }
    let mut archive = tar::Archive::new(File::open(path).map_err(broken)?);
    let mut entries = BTreeMap::new();
    for entry in archive.entries_with_seek().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.trim_start_matches("./").to_owned();
        let part = Part {
            offset: entry.raw_file_position(),
            size: entry.size(),
        };
        entries.insert(name, part);
        if entries.len() > MOST_ENTRIES {
            return Err(CliError::Usage(format!(
                "{} holds more than {MOST_ENTRIES} files, which no image layout does",
                path.display()
            )));
        }
    }
    Ok(Files::Archive {
        file: path.to_owned(),
        entries,
    })
}
