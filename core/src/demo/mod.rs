//! Example images, good and broken, made in memory by code.
//!
//! They are real: layers are archives with executables for the CPUs they claim, documents are
//! written as BuildKit writes them, digests are right unless a recipe breaks them. The command
//! line's demo registry, the page without a server, the examples in the rules' pages and tests all
//! take their images from here.

mod archive;
mod compose;
mod images;
mod program;
mod recipe;
mod registry;

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::verify::Expectation;

pub use images::{Example, IMAGES};
pub use program::program;
pub use recipe::{
    AttestForm, Compression, Demands, Failing, Fault, Format, OPERATIONS, Operation, Part, Problem,
    Recipe, RecipeError,
};
pub use registry::{
    DigestHeader, Flip, Method, Object, Registry, Reply, Repository, Response, Serving, Tag,
};

/// The repository that holds all demo images.
pub const REPOSITORY: &str = "demo";

/// The tag of a recipe that is built without a name.
pub const TAG: &str = "example";

impl Recipe {
    /// The image in a registry of its own, as `demo:example`.
    pub fn build(&self) -> Registry {
        self.build_as(TAG)
    }

    /// The image in a registry of its own, under another tag.
    pub fn build_as(&self, tag: &str) -> Registry {
        let repository = compose::compose(self, tag);
        let mut registry = Registry::default();
        registry
            .repositories
            .insert(REPOSITORY.to_owned(), repository);
        registry
    }

    /// What a verifier is told to demand of the image.
    pub fn expectation(&self) -> Expectation {
        let mut expectation = self.wanted();
        let demands = &self.demands;
        if demands.expect_digest.is_none() && demands.same_as.is_none() {
            return expectation;
        }
        let registry = self.build();
        let mut demand = |source: String, digest: Option<&Digest>| {
            expectation
                .digests
                .extend(digest.map(|d| (source, d.clone())));
        };
        let root = registry.digest_of(REPOSITORY, TAG);
        match demands.expect_digest {
            Some(true) => demand("--expect-digest".to_owned(), root),
            Some(false) => {
                let other = Digest::sha256(b"another image");
                demand("--expect-digest".to_owned(), Some(&other));
            }
            None => {}
        }
        if demands.same_as.is_some() {
            let twin = compose::twin_of(TAG);
            let digest = registry.digest_of(REPOSITORY, &twin);
            demand(format!("{REPOSITORY}:{twin}"), digest);
        }
        expectation
    }
}

/// The registry that `serve --demo` shows: every image of [`IMAGES`] under its name.
pub fn registry() -> Registry {
    let mut registry = Registry::default();
    registry.repositories = BTreeMap::from([(REPOSITORY.to_owned(), Repository::default())]);
    for example in IMAGES {
        // A recipe that cannot be read is caught by a test.
        if let Ok(recipe) = Recipe::parse(example.recipe) {
            registry.extend(recipe.build_as(example.name));
        }
    }
    registry
}

#[cfg(test)]
mod tests;
