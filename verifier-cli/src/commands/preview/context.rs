//! The names of the files in a build context, and the contents that a prediction reads.

use std::collections::VecDeque;
use std::path::Path;

use polyarch_core::analysis::ContextFile;

/// More files than this are not listed; a context of that size is a mistake or a home folder.
const MAX_FILES: usize = 100_000;

/// Ignore files larger than this are not read.
const MAX_IGNORE_FILE: u64 = 4 << 20;

/// Other files are read whole up to this size: it tells text from programs.
const MAX_TEXT: u64 = 256 << 10;

/// In all not more than this is read.
const MAX_BYTES: u64 = 512 << 20;

/// All files below a folder with slash-separated names, sorted. What cannot be read is left out:
/// the build would name it, the prediction does not depend on it. With `contents` all files up to
/// a size are read, since a job may use any of them; without, programs and small files are.
pub(in crate::commands) fn files(
    root: &Path,
    dockerfile: &str,
    contents: bool,
) -> Vec<ContextFile> {
    let own_ignore = format!("{dockerfile}.dockerignore");
    let mut folders = VecDeque::from([(root.to_owned(), String::new())]);
    let mut files = Vec::new();
    let mut left = MAX_BYTES;
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
            let length = entry.metadata().map_or(u64::MAX, |m| m.len());
            let small = length <= MAX_IGNORE_FILE && (is_ignore || contents);
            let allowed = kind.is_file() && left >= length;
            let bytes = if small {
                std::fs::read(entry.path()).ok()
            } else if allowed && (length <= MAX_TEXT || is_program(&entry.path())) {
                left -= length.min(left);
                std::fs::read(entry.path()).ok()
            } else {
                None
            };
            files.push(ContextFile { path, bytes });
            if files.len() == MAX_FILES {
                folders.clear();
                break;
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The file begins as programs do.
fn is_program(path: &Path) -> bool {
    use std::io::Read as _;
    let mut head = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok()
        && (head == *b"\x7fELF"
            || head.starts_with(b"MZ")
            || matches!(
                head,
                [0xce | 0xcf, 0xfa, 0xed, 0xfe] | [0xca, 0xfe, 0xba, 0xbe | 0xbf]
            ))
}
