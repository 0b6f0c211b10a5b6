//! What the `docker/*` actions do with the same tools.

pub(in crate::ci) use super::bake::run as bake;
pub(in crate::ci) use super::build::{execute, load_context};
pub(in crate::ci) use super::build_flags::{Spec, names_of_output};
pub(in crate::ci) use super::container::qemu_of;
pub(in crate::ci) use super::login::store as login;

use super::Client;
use crate::ci::shell::Shell;
use crate::environment::{DOCKER_NEWEST, Version};

/// A client without a context flag.
pub(in crate::ci) fn client(shell: &Shell<'_, '_>) -> Client {
    Client {
        context: None,
        version: shell.world.tools.docker.unwrap_or(DOCKER_NEWEST),
    }
}

/// Starts a builder; the error is the last line that buildx prints.
pub(in crate::ci) fn boot(shell: &mut Shell<'_, '_>, name: &str) -> Result<(), String> {
    let version = buildx(shell);
    let mut log = super::build_log::Log::new(shell.world.settings.cost);
    let done = super::boot::boot(shell, name, &mut log, version);
    shell.err(&log.text);
    done.map_err(|_| {
        log.text
            .trim_end()
            .lines()
            .next_back()
            .unwrap_or_default()
            .to_owned()
    })
}

/// The plugin's version, the newest where none is known.
pub(in crate::ci) fn buildx(shell: &Shell<'_, '_>) -> Version {
    super::buildx_version(shell).unwrap_or(crate::environment::BUILDX_NEWEST)
}
