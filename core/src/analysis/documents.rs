//! The predicted documents of a project, from the settings that shape them.

use super::project::{Attestations, Project, Settings};
use super::view::{DocumentKind, DocumentView};
use crate::build::Outcome;
use crate::build::documents::{self, Document, Export, ExportError, ExportFlags, Kind, Known};
use crate::environment::Environment;

/// The documents that a build with this outcome would push from a builder; none where it fails.
///
/// Known facts that cannot be read count as not given; the faces refuse such a file themselves,
/// by [`Known::read`].
///
/// # Errors
/// What buildx or BuildKit refuse about the output's options.
pub fn predicted_documents(
    project: &Project,
    outcome: &Outcome,
    environment: &Environment,
) -> Result<Vec<DocumentView>, ExportError> {
    let settings = &project.settings;
    let known = project.known.as_deref().map(Known::read);
    let known = known.and_then(Result::ok).unwrap_or_default();
    let export = Export::new(&flags(settings), environment)?;
    let documents = documents::predict(outcome, &export, &known)?;
    Ok(documents.into_iter().map(view).collect())
}

/// The flags as typed, and what the simpler settings stand for where they are silent.
fn flags(settings: &Settings) -> ExportFlags {
    let mut flags = settings.export.clone();
    let silent = flags.provenance.is_none() && flags.sbom.is_none() && flags.attests.is_empty();
    if silent {
        let (provenance, sbom) = match settings.attestations {
            Attestations::Default => (None, None),
            Attestations::None => (Some("false"), None),
            Attestations::Max => (Some("mode=max"), None),
            Attestations::WithSbom => (None, Some("true")),
        };
        flags.provenance = provenance.map(str::to_owned);
        flags.sbom = sbom.map(str::to_owned);
    }
    let argument = |name: &str| {
        let mut arguments = settings.build_args.iter().rev();
        arguments.find_map(|(key, value)| (key == name).then(|| value.clone()))
    };
    flags.source_date_epoch = flags
        .source_date_epoch
        .or_else(|| argument("SOURCE_DATE_EPOCH"));
    flags.multi_platform = flags
        .multi_platform
        .or_else(|| argument("BUILDKIT_MULTI_PLATFORM"));
    flags
}

fn view(document: Document) -> DocumentView {
    DocumentView {
        kind: match document.kind {
            Kind::Index => DocumentKind::Index,
            Kind::Manifest => DocumentKind::Manifest,
            Kind::Config => DocumentKind::Config,
            Kind::AttestationManifest => DocumentKind::AttestationManifest,
            Kind::AttestationConfig => DocumentKind::AttestationConfig,
        },
        platform: document.platform,
        media_type: document.media_type,
        digest: document.digest,
        simulated: document.simulated,
        // JSON writers make nothing but UTF-8.
        text: String::from_utf8(document.bytes).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(settings: Settings) -> Vec<&'static str> {
        let copied = crate::bases::HistoryEntry::default();
        kinds_of(settings, vec![copied])
    }

    fn kinds_of(settings: Settings, history: Vec<crate::bases::HistoryEntry>) -> Vec<&'static str> {
        let project = Project {
            settings,
            ..Project::default()
        };
        let outcome = Outcome {
            platforms: vec![crate::build::PlatformOutcome {
                requested: "linux/amd64".to_owned(),
                platform: None,
                result: Ok(crate::build::BuiltImage {
                    history,
                    ..crate::build::BuiltImage::default()
                }),
                steps: Vec::new(),
                lint: Vec::new(),
                effects: Vec::new(),
                bases: Vec::new(),
            }],
            ..Outcome::default()
        };
        let environment = crate::analysis::input::environment(&project.settings);
        let documents = predicted_documents(&project, &outcome, &environment).unwrap();
        documents.iter().map(|d| d.kind.as_str()).collect()
    }

    /// As BuildKit's exporter does with `FROM scratch` and nothing but metadata.
    #[test]
    fn an_image_without_layers_is_not_attested() {
        let documents = kinds_of(Settings::default(), Vec::new());
        assert_eq!(documents, ["manifest", "config"]);
    }

    #[test]
    fn the_simple_settings_are_flags() {
        let attested = [
            "index",
            "manifest",
            "config",
            "attestation-manifest",
            "attestation-config",
        ];
        let bare = ["manifest", "config"];
        let with = |attestations| Settings {
            attestations,
            ..Settings::default()
        };
        assert_eq!(kinds(with(Attestations::Default)), attested);
        assert_eq!(kinds(with(Attestations::None)), bare);
        assert_eq!(kinds(with(Attestations::WithSbom)), attested);
        let mut typed = with(Attestations::None);
        typed.export.provenance = Some("mode=max".to_owned());
        assert_eq!(kinds(typed), attested);
        let mut multi = with(Attestations::None);
        multi.build_args = vec![("BUILDKIT_MULTI_PLATFORM".to_owned(), "1".to_owned())];
        assert_eq!(kinds(multi), ["index", "manifest", "config"]);
        let daemon = Settings {
            driver: "docker".to_owned(),
            ..Settings::default()
        };
        assert_eq!(kinds(daemon), bare);
    }
}
