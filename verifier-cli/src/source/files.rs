//! A folder or an archive, seen as files by name; what an OCI layout is made of.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Names to contents.
#[derive(Debug)]
pub(super) enum Files {
    Folder(PathBuf),
    /// Positions and sizes within one file.
    Archive {
        file: PathBuf,
        entries: BTreeMap<String, Part>,
    },
}

/// Where a file is within an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) size: u64,
}

impl Files {
    /// The files below a folder.
    pub(super) fn folder(path: &Path) -> Self {
        Self::Folder(path.to_owned())
    }

    /// Opens a file by its name with slashes; its size comes first. `None` if there is none.
    pub(super) fn open(&self, name: &str) -> io::Result<Option<(u64, Box<dyn Read + Send>)>> {
        match self {
            Self::Folder(folder) => {
                let file = match File::open(folder.join(name)) {
                    Ok(file) => file,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(error),
                };
                let metadata = file.metadata()?;
                if !metadata.is_file() {
                    return Err(io::Error::other(format!("{name} is not a file")));
                }
                Ok(Some((metadata.len(), Box::new(file))))
            }
            Self::Archive { file, entries } => {
                let Some(part) = entries.get(name) else {
                    return Ok(None);
                };
                let mut file = File::open(file)?;
                file.seek(SeekFrom::Start(part.offset))?;
                Ok(Some((part.size, Box::new(file.take(part.size)))))
            }
        }
    }

    /// At most `limit` bytes of a file, and one more if there are more.
    pub(super) fn read(&self, name: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Some((_, reader)) = self.open(name)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        reader
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}
