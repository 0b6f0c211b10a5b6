//! The JSON inside a link. Names are stable: old links must stay readable for ever.
//!
//! A new field needs a name here and a default that means "as before". The conversions take the
//! project apart field by field, so that a forgotten one does not compile.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::LinkError;
use crate::analysis::{Attestations, ContextFile, JobRequest, Project, Settings};
use crate::build::documents::ExportFlags;

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct WireProject {
    #[serde(skip_serializing_if = "String::is_empty")]
    dockerfile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dockerfile_name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<WireFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bases: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platforms: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_platform: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    build_args: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contexts: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    push: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    containerd_store: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    emulators: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attestations: Option<WireAttestations>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buildkit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emulation_factor: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<WireExport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<WireJob>,
}

/// A CI file, the job wanted of it, and the switches.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireJob {
    file: String,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    job: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    settings: Vec<(String, String)>,
}

/// Flags that shape the export.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct WireExport {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sbom: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attests: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cache_to: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_date_epoch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_platform: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    no_default_attestations: bool,
    #[serde(skip_serializing_if = "is_false")]
    no_default_oci_artifact: bool,
}

/// A file: with text, with other bytes in base64, or with a name only.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFile {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum WireAttestations {
    None,
    Max,
    Sbom,
}

pub(super) fn to_json(project: &Project) -> Vec<u8> {
    let Project {
        dockerfile,
        dockerfile_name,
        files,
        bases,
        known,
        job,
        settings,
    } = project;
    let Settings {
        platforms,
        build_platform,
        build_args,
        target,
        contexts,
        tags,
        push,
        driver,
        containerd_store,
        emulators,
        attestations,
        buildkit,
        emulation_factor,
        export,
    } = settings;
    let default = Project::default();
    let usual = default.settings;
    let wire = WireProject {
        dockerfile: dockerfile.clone(),
        dockerfile_name: unless(dockerfile_name, &default.dockerfile_name),
        files: files.iter().map(file_to_wire).collect(),
        bases: bases.clone(),
        platforms: unless(platforms, &usual.platforms),
        build_platform: unless(build_platform, &usual.build_platform),
        build_args: build_args.clone(),
        target: target.clone(),
        contexts: contexts.clone(),
        tags: tags.clone(),
        push: unless(push, &usual.push),
        driver: unless(driver, &usual.driver),
        containerd_store: unless(containerd_store, &usual.containerd_store),
        emulators: emulators.clone(),
        attestations: match attestations {
            Attestations::Default => None,
            Attestations::None => Some(WireAttestations::None),
            Attestations::Max => Some(WireAttestations::Max),
            Attestations::WithSbom => Some(WireAttestations::Sbom),
        },
        buildkit: buildkit.clone(),
        emulation_factor: *emulation_factor,
        known: known.clone(),
        export: export_to_wire(export),
        job: job.clone().map(job_to_wire),
    };
    // All keys are strings and nothing is written but to memory: this cannot fail.
    serde_json::to_vec(&wire).unwrap_or_default()
}

pub(super) fn from_json(content: &[u8]) -> Result<Project, LinkError> {
    let wire: WireProject = serde_json::from_slice(content).map_err(|error| {
        // Behind the comma stand all known names and a position in text that nobody sees.
        let text = error.to_string();
        let what = text.split(", expected").next().unwrap_or_default();
        LinkError::Shape(what.to_owned())
    })?;
    let default = Project::default();
    let usual = default.settings;
    let files: Result<Vec<_>, _> = wire.files.into_iter().map(file_from_wire).collect();
    Ok(Project {
        dockerfile: wire.dockerfile,
        dockerfile_name: wire.dockerfile_name.unwrap_or(default.dockerfile_name),
        files: files?,
        bases: wire.bases,
        known: wire.known,
        job: wire.job.map(job_from_wire),
        settings: Settings {
            platforms: wire.platforms.unwrap_or(usual.platforms),
            build_platform: wire.build_platform.unwrap_or(usual.build_platform),
            build_args: wire.build_args,
            target: wire.target,
            contexts: wire.contexts,
            tags: wire.tags,
            push: wire.push.unwrap_or(usual.push),
            driver: wire.driver.unwrap_or(usual.driver),
            containerd_store: wire.containerd_store.unwrap_or(usual.containerd_store),
            emulators: wire.emulators,
            attestations: match wire.attestations {
                None => Attestations::Default,
                Some(WireAttestations::None) => Attestations::None,
                Some(WireAttestations::Max) => Attestations::Max,
                Some(WireAttestations::Sbom) => Attestations::WithSbom,
            },
            buildkit: wire.buildkit,
            // A link made by hand may say what no setting can.
            emulation_factor: wire
                .emulation_factor
                .filter(|factor| (1..=1000).contains(factor)),
            export: export_from_wire(wire.export.unwrap_or_default()),
        },
    })
}

/// `None` where the value is the usual one.
fn unless<T: Clone + PartialEq>(value: &T, usual: &T) -> Option<T> {
    (value != usual).then(|| value.clone())
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands the field by reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

fn export_to_wire(export: &ExportFlags) -> Option<WireExport> {
    let ExportFlags {
        outputs,
        provenance,
        sbom,
        attests,
        annotations,
        cache_to,
        source_date_epoch,
        multi_platform,
        no_default_attestations,
        no_default_oci_artifact,
    } = export.clone();
    let wire = WireExport {
        outputs,
        provenance,
        sbom,
        attests,
        annotations,
        cache_to,
        source_date_epoch,
        multi_platform,
        no_default_attestations,
        no_default_oci_artifact,
    };
    (wire != WireExport::default()).then_some(wire)
}

fn export_from_wire(wire: WireExport) -> ExportFlags {
    ExportFlags {
        outputs: wire.outputs,
        provenance: wire.provenance,
        sbom: wire.sbom,
        attests: wire.attests,
        annotations: wire.annotations,
        cache_to: wire.cache_to,
        source_date_epoch: wire.source_date_epoch,
        multi_platform: wire.multi_platform,
        no_default_attestations: wire.no_default_attestations,
        no_default_oci_artifact: wire.no_default_oci_artifact,
    }
}

fn job_to_wire(request: JobRequest) -> WireJob {
    let JobRequest {
        file,
        text,
        job,
        settings,
    } = request;
    WireJob {
        file,
        text,
        job,
        settings,
    }
}

fn job_from_wire(wire: WireJob) -> JobRequest {
    JobRequest {
        file: wire.file,
        text: wire.text,
        job: wire.job,
        settings: wire.settings,
    }
}

fn file_to_wire(file: &ContextFile) -> WireFile {
    let ContextFile { path, bytes } = file;
    let text = bytes.as_deref().map(std::str::from_utf8);
    WireFile {
        path: path.clone(),
        text: text.and_then(Result::ok).map(str::to_owned),
        base64: match (text, bytes) {
            (Some(Err(_)), Some(bytes)) => Some(STANDARD.encode(bytes)),
            _ => None,
        },
    }
}

fn file_from_wire(file: WireFile) -> Result<ContextFile, LinkError> {
    let bytes = match (file.text, file.base64) {
        (Some(text), None) => Some(text.into_bytes()),
        (None, Some(base64)) => Some(
            STANDARD
                .decode(base64)
                .map_err(|_| LinkError::Damaged("a file's content is no base64"))?,
        ),
        (None, None) => None,
        (Some(_), Some(_)) => return Err(LinkError::Damaged("a file has two contents")),
    };
    Ok(ContextFile {
        path: file.path,
        bytes,
    })
}
