//! The commands that show a document of a pushed tag, and the one that proves the tag.

use polyarch_core::analysis::{Analysis, DocumentKind, DocumentView};

use crate::state::command::quoted;

/// Stands where no tag is given.
pub(super) const NO_TAG: &str = "REGISTRY/IMAGE:TAG";

pub(super) fn of(document: &DocumentView, tag: &str, analysis: &Analysis) -> Vec<String> {
    let tag = quoted(tag);
    let platform = document.platform.as_ref().map(ToString::to_string);
    let platform = platform.unwrap_or_default();
    let inspect = "docker buildx imagetools inspect";
    let show = match document.kind {
        DocumentKind::Index => format!("{inspect} --raw {tag}"),
        DocumentKind::Manifest if !document.simulated => {
            let repository = tag.rsplit_once(':').map_or(tag.as_str(), |(name, _)| name);
            format!("{inspect} --raw {repository}@{}", document.digest)
        }
        // Only the index says what digest it will have.
        DocumentKind::Manifest => {
            format!("polyarch inspect --platform {platform} --format raw {tag}")
        }
        DocumentKind::Config => {
            format!("{inspect} --format '{{{{json (index .Image \"{platform}\")}}}}' {tag}")
        }
        DocumentKind::AttestationManifest | DocumentKind::AttestationConfig => {
            format!("{inspect} --format '{{{{json (index .Provenance \"{platform}\")}}}}' {tag}")
        }
    };
    let platforms = analysis.platforms.iter();
    let platforms: Vec<String> = platforms
        .filter_map(|view| Some(view.platform.as_ref()?.to_string()))
        .collect();
    let verify = format!(
        "polyarch verify {tag} --platform {}",
        quoted(&platforms.join(","))
    );
    vec![show, verify]
}

#[cfg(test)]
mod tests {
    use polyarch_core::analysis::{Project, analyse};

    use super::*;

    #[test]
    fn each_kind_of_document_has_its_command() {
        let analysis = analyse(&Project {
            dockerfile: "FROM scratch\n".to_owned(),
            ..Project::default()
        });
        let shown: Vec<String> = analysis
            .documents
            .iter()
            .map(|document| of(document, "a/b:1", &analysis).remove(0))
            .collect();
        let inspect = "docker buildx imagetools inspect";
        assert_eq!(shown[0], format!("{inspect} --raw a/b:1"));
        assert_eq!(
            shown[2],
            format!("{inspect} --format '{{{{json (index .Image \"linux/amd64\")}}}}' a/b:1")
        );
        assert_eq!(
            of(&analysis.documents[0], NO_TAG, &analysis)[1],
            "polyarch verify REGISTRY/IMAGE:TAG --platform linux/amd64,linux/arm64"
        );
    }
}
