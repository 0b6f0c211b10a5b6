//! Which CPU each file of a built image is for, and why.
//!
//! Files are followed from where they come (the context, another image, a download, a command of
//! RUN) through the stages to the final image. There are three answers: for this CPU, for any CPU,
//! not known. What is not modelled is not known; a wrong answer would be far worse.

mod context;
mod label;
mod names;
mod run;
mod start;
mod transfer;
mod tree;
mod walk;

use crate::platform::Platform;

pub use label::{Label, Libc, Machine, Origin};
pub(crate) use names::is_archive;
pub use walk::{Followed, Project, Stuck, follow};

/// A file of a build context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceFile<'a> {
    /// Slash-separated, below the context's root.
    pub path: &'a str,
    /// Its whole content, where it is known.
    pub bytes: Option<&'a [u8]>,
}

/// A file or folder of a final image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Absolute.
    pub path: String,
    pub label: Label,
    /// It speaks for all files in it that have no entry of their own.
    pub folder: bool,
    /// Position in `Dockerfile::instructions` of what put it into the image; `None` for a program
    /// that comes with the base.
    pub put_at: Option<usize>,
}

impl Content {
    /// Whether a program for another CPU was put into the image of this platform.
    pub fn is_wrong_on(&self, platform: &Platform) -> bool {
        match &self.label.machine {
            Machine::For(machine) => !machine.runs_on(platform) && !is_test_data(&self.path),
            Machine::Any | Machine::Unknown => false,
        }
    }
}

/// Programs that are data here: for tests, and emulators.
fn is_test_data(path: &str) -> bool {
    path.contains("/testdata/") || path.contains("/qemu-")
}

#[cfg(test)]
mod tests;
