//! Between a project as typed and a build as a job asks for it.

use super::super::{ContextFile, Project};
use crate::build::documents::ExportFlags;
use crate::ci::build::{ContextFile as Made, Invocation};
use crate::ci::runner::{Attempt, Files};
use crate::environment::ImageStore;
use crate::platform::Platform;

/// The project's files as the job finds them after its checkout.
pub(super) fn files(project: &Project) -> Files {
    let mut files: Files = project
        .files
        .iter()
        .map(|file| {
            (
                file.path.trim_start_matches("./").to_owned(),
                file.bytes.clone().unwrap_or_default(),
            )
        })
        .collect();
    if !project.dockerfile.is_empty() {
        files.insert(
            project.dockerfile_name.clone(),
            project.dockerfile.clone().into_bytes(),
        );
    }
    files
}

/// The project that a build of the job is about.
pub(super) fn of_attempt(project: &Project, attempt: &Attempt) -> Project {
    of_invocation(project, &attempt.invocation, &attempt.environment)
}

pub(super) fn of_invocation(
    project: &Project,
    invocation: &Invocation,
    environment: &crate::environment::Environment,
) -> Project {
    let mut own = Project {
        dockerfile: invocation.dockerfile.clone(),
        dockerfile_name: invocation.dockerfile_name.clone(),
        files: invocation
            .context
            .iter()
            .map(|(path, file)| context_file(path, file))
            .collect(),
        bases: project.bases.clone(),
        known: project.known.clone(),
        ..project.clone()
    };
    let native = environment.native().specifier();
    let settings = &mut own.settings;
    settings.platforms = if invocation.platforms.is_empty() {
        vec![native.clone()]
    } else {
        invocation.platforms.clone()
    };
    settings.build_platform = native;
    settings.build_args = invocation.build_args.clone().into_iter().collect();
    settings.target.clone_from(&invocation.target);
    settings.contexts = invocation.build_contexts.clone().into_iter().collect();
    settings.tags.clone_from(&invocation.tags);
    settings.push = invocation.push;
    environment.driver.as_str().clone_into(&mut settings.driver);
    settings.containerd_store = environment.store == ImageStore::Containerd;
    settings.emulators.clone_from(&environment.binfmt);
    settings.buildkit = Some(environment.buildkit.to_string());
    settings.export = ExportFlags {
        outputs: invocation.outputs.clone(),
        provenance: invocation.provenance.clone(),
        sbom: invocation.sbom.clone(),
        annotations: invocation.annotations.clone(),
        cache_to: invocation.cache_to.clone(),
        no_default_attestations: !invocation.attests,
        ..ExportFlags::default()
    };
    own
}

fn context_file(path: &str, file: &Made) -> ContextFile {
    let machine = file.made.as_ref().and_then(|made| made.machine.as_ref());
    let bytes = match (&file.bytes, machine) {
        (Some(bytes), _) => Some(bytes.clone()),
        // A program that the job compiled: its first bytes say its CPU, as the real file's would.
        (None, Some(machine)) => elf_header(machine),
        (None, None) => None,
    };
    ContextFile {
        path: path.to_owned(),
        bytes,
    }
}

/// The first bytes of an executable for a Linux platform (ELF, `e_machine`).
fn elf_header(platform: &Platform) -> Option<Vec<u8>> {
    if platform.os != "linux" {
        return None;
    }
    let (class, order, machine): (u8, u8, u16) = match platform.architecture.as_str() {
        "amd64" => (2, 1, 62),
        "386" => (1, 1, 3),
        "arm64" => (2, 1, 183),
        "arm" => (1, 1, 40),
        "riscv64" => (2, 1, 243),
        "ppc64le" => (2, 1, 21),
        "s390x" => (2, 2, 22),
        _ => return None,
    };
    let mut bytes = vec![0x7f, b'E', b'L', b'F', class, order, 1, 0];
    bytes.resize(16, 0);
    let word = |value: u16| {
        if order == 1 {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    bytes.extend(word(2));
    bytes.extend(word(machine));
    bytes.resize(64, 0);
    Some(bytes)
}
