//! What is known of a document or layer, in one word.

use polyarch_core::verify::{Body, FailureKind, LayerState, Node, Retrieval};

/// `checked`, `mismatch`, `missing`, `unavailable` or `skipped`.
pub(super) fn of_retrieval(retrieval: &Retrieval) -> &'static str {
    match retrieval {
        Retrieval::Held(_) => "checked",
        Retrieval::Disproved(_) => "mismatch",
        Retrieval::Failed(failure) => of_failure(failure.kind),
        Retrieval::Skipped(_) => "skipped",
    }
}

/// `present` where only its existence is known.
pub(super) fn of_layer(state: Option<&LayerState>) -> &'static str {
    match state {
        Some(LayerState::Present { .. }) => "present",
        Some(LayerState::Examined(_)) => "checked",
        Some(LayerState::Failed(failure)) => of_failure(failure.kind),
        Some(LayerState::Skipped(_)) | None => "skipped",
    }
}

fn of_failure(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NotFound => "missing",
        FailureKind::Unauthorized
        | FailureKind::RateLimited
        | FailureKind::MethodNotAllowed
        | FailureKind::RegistryError
        | FailureKind::Unreachable
        | FailureKind::TooLarge => "unavailable",
    }
}

/// What a node is.
pub(super) fn kind(node: &Node) -> &'static str {
    match &node.body {
        Body::Index(..) => "index",
        Body::Image(_) => "image",
        Body::Attestation(_) => "attestation",
        Body::Artifact(_) => "artifact",
        Body::Flawed(_) => "unreadable",
        Body::Nothing if node.is_attestation() => "attestation",
        Body::Nothing => "manifest",
    }
}
