//! The names of the files in a build context, and the contents that a prediction reads.

use std::collections::VecDeque;
use std::path::Path;

use polyarch_core::analysis::ContextFile;

/// More files than this are not listed; a context of that size is a mistake or a home folder.
const MAX_FILES: usize = 100_000;

/// Ignore files larger than this are not read.
const MAX_IGNORE_FILE: u64 = 4 << 20;

/// All files below a folder with slash-separated names, sorted. What cannot be read is left out:
/// the build would name it, the prediction does not depend on it. With `contents` all files up to
/// a size are read, since a job may use any of them.
pub(in crate::commands) fn files(
    root: &Path,
    dockerfile: &str,
    contents: bool,
) -> Vec<ContextFile> {
    let own_ignore = format!("{dockerfile}.dockerignore");
    let mut folders = VecDeque::from([(root.to_owned(), String::new())]);
    let mut files = Vec::new();
    while let Some((folder, prefix)) = folders.pop_front() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if kind.is_dir() {
                if path != ".git" {
                    folders.push_back((entry.path(), format!("{path}/")));
                }
                continue;
            }
            let is_ignore = path == ".dockerignore" || path == own_ignore;
            let small = entry.metadata().is_ok_and(|m| m.len() <= MAX_IGNORE_FILE);
            let bytes =
                ((is_ignore || contents) && small).then(|| std::fs::read(entry.path()).ok());
            files.push(ContextFile {
                path,
                bytes: bytes.flatten(),
            });
            if files.len() == MAX_FILES {
                folders.clear();
                break;
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
