//! What is known of a file.

use crate::platform::Platform;

/// What a file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    For(Platform),
    /// Data, scripts, code for a virtual machine.
    Any,
    Unknown,
}

/// Where a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Context,
    /// An image that a stage or COPY takes files from.
    Image,
    Download,
    /// A compiler or another command of RUN.
    Command,
    /// A package manager that installs for the CPU on which it runs: pip, npm and their like.
    Packages,
}

/// The C library that a program was linked with, where it needs one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Libc {
    Glibc,
    Musl,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub machine: Machine,
    pub origin: Origin,
    /// `context:bin/app`, `build:12`, an image or a URL.
    pub from: String,
    /// A sentence without a stop.
    pub why: String,
    pub libc: Option<Libc>,
    /// The platform of the stage in which it was made.
    pub made_on: Option<Platform>,
    /// Position of the instruction that brought it, in `Dockerfile::instructions`.
    pub instruction: usize,
}

impl Machine {
    /// `linux/arm64`, `any` or `unknown`.
    pub fn text(&self) -> String {
        match self {
            Self::For(platform) => specifier(platform),
            Self::Any => "any".to_owned(),
            Self::Unknown => "unknown".to_owned(),
        }
    }
}

/// `linux/arm/v7`; `linux/arm` stays where the variant cannot be told.
fn specifier(platform: &Platform) -> String {
    let bare = platform.architecture == "arm" && platform.variant.is_empty();
    if bare {
        format!("{}/arm", platform.os)
    } else {
        platform.normalised().specifier()
    }
}

impl Label {
    /// The same file with another answer.
    pub(super) fn with(&self, machine: Machine, why: &str) -> Self {
        Self {
            machine,
            why: why.to_owned(),
            libc: None,
            ..self.clone()
        }
    }
}
