//! What a file of the build context is: by its bytes first, by its name where they are not known.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tools compare names to the letter"
)]

use super::label::{Label, Libc, Machine, Origin};
use super::{SourceFile, names};
use crate::verify::program_of;

/// Bytes at the beginning in which a program names its loader.
const HEAD: usize = 8 << 10;

/// The label of a file of the context.
pub(super) fn label(file: &SourceFile<'_>, instruction: usize) -> Label {
    let (machine, why, libc) = if let Some(bytes) = file.bytes {
        by_bytes(file.path, bytes)
    } else {
        let (machine, why) = by_name(file.path);
        (machine, why, None)
    };
    Label {
        machine,
        origin: Origin::Context,
        from: format!("context:{}", file.path),
        why,
        libc,
        made_on: None,
        instruction,
    }
}

fn by_bytes(path: &str, bytes: &[u8]) -> (Machine, String, Option<Libc>) {
    let plain = |machine, why: &str| (machine, why.to_owned(), None);
    if let Some(program) = program_of(bytes) {
        if program.also.is_empty() {
            let why = "its header says so".to_owned();
            return (Machine::For(program.platform), why, loader(bytes));
        }
        return plain(Machine::Unknown, "it holds programs for several CPUs");
    }
    match bytes {
        [] => return plain(Machine::Any, "it is empty"),
        [b'#', b'!', ..] => return plain(Machine::Any, "it is a script"),
        [0, b'a', b's', b'm', ..] => return plain(Machine::Any, "it is WebAssembly"),
        [0xca, 0xfe, 0xba, 0xbe, ..] => return plain(Machine::Any, "it is a Java class"),
        [0x7f, b'E', b'L', b'F', ..] => {
            return plain(Machine::Unknown, "it is native code, but no program");
        }
        [b'M', b'Z', ..] if names::is_portable(path) || path.ends_with(".exe") => {
            return plain(Machine::Any, "it is a .NET assembly");
        }
        _ => {}
    }
    if let Some(machine) = names::wheel(path) {
        return (machine, "its name says so".to_owned(), None);
    }
    if bytes.starts_with(b"version https://git-lfs") {
        return plain(Machine::Unknown, "it stands for a file in Git LFS");
    }
    let text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    if text {
        return plain(Machine::Any, "it is text");
    }
    if names::is_portable(path) {
        return plain(
            Machine::Any,
            "its kind of file runs or is read on every CPU",
        );
    }
    plain(Machine::Unknown, "its bytes are of no known kind")
}

/// The C library whose loader a program asks for.
fn loader(bytes: &[u8]) -> Option<Libc> {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if has(b"/ld-musl-") {
        Some(Libc::Musl)
    } else if has(b"/ld-linux") || has(b"/ld64.so") {
        Some(Libc::Glibc)
    } else {
        None
    }
}

/// What the name alone says.
pub(super) fn by_name(path: &str) -> (Machine, String) {
    if let Some(machine) = names::wheel(path) {
        return (machine, "its name says so".to_owned());
    }
    if names::is_portable(path) {
        let why = "its kind of file runs or is read on every CPU".to_owned();
        return (Machine::Any, why);
    }
    let machine = match names::cpu(path) {
        Some(platform) if !names::is_archive(path) => Machine::For(platform),
        _ => return (Machine::Unknown, "its content is not known".to_owned()),
    };
    (
        machine,
        "its name says so; its bytes are not known".to_owned(),
    )
}
