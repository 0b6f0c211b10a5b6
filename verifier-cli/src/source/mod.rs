//! Where a tag is looked at: a registry, an OCI layout in a folder or an archive, what `docker
//! save` wrote, or one document on standard input.
//!
//! All of them answer the same questions of core's walk, so that all get the same verdict.

mod archive;
mod docker_archive;
mod document;
mod files;
mod layout;
mod location;
mod walk;

use std::sync::Arc;

use polyarch_core::digest::Digest;
use polyarch_core::reference::Target;
use polyarch_core::verify::{Answer, Ask};

use crate::auth::keychain::Keychain;
use crate::error::CliError;
use crate::registry::client::Client;
use crate::registry::counters::Counters;
use crate::registry::endpoint::Endpoint;
use crate::registry::transport::Transport;

pub(crate) use location::Location;
pub(crate) use walk::walk;

/// A place that can answer a walk.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// What stands before `@sha256:…` when the verified thing is named.
    pub(crate) name: String,
    /// What a user should know about this kind of source.
    pub(crate) note: Option<&'static str>,
    /// What the walk starts with.
    pub(crate) target: Target,
    store: Store<'a>,
}

#[derive(Debug)]
enum Store<'a> {
    Registry(Box<Client<'a>>),
    Layout(layout::Layout),
    Document(Vec<u8>),
}

/// What all sources of a run share.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) transport: Transport,
    pub(crate) keychain: Keychain,
}

impl<'a> Source<'a> {
    /// Opens a location. What cannot be opened at all is an error; what is open and broken is for
    /// the walk to find.
    pub(crate) fn open(
        location: &Location,
        around: &'a Surroundings,
        counters: &'a Arc<Counters>,
    ) -> Result<Self, CliError> {
        match location {
            Location::Registry(reference) => {
                let endpoint = Endpoint::new(reference, &around.transport.options)?;
                let client = Client::new(endpoint, &around.transport, &around.keychain, counters);
                Ok(Self {
                    name: reference.name(),
                    note: None,
                    target: reference.target(),
                    store: Store::Registry(Box::new(client)),
                })
            }
            Location::Layout { folder, tag } => {
                let files = files::Files::folder(folder);
                let layout = layout::Layout::open(folder, files)?;
                Ok(Self::of_layout(location, layout, tag.as_deref()))
            }
            Location::Archive { file, tag } => {
                let layout = layout::Layout::open(file, archive::open(file)?)?;
                Ok(Self::of_layout(location, layout, tag.as_deref()))
            }
            Location::DockerArchive { file } => {
                let (layout, note) = docker_archive::open(file)?;
                Ok(Self {
                    note,
                    ..Self::of_layout(location, layout, None)
                })
            }
            Location::Stdin => {
                let bytes = document::read_stdin()?;
                Ok(Self {
                    name: location.name(),
                    note: None,
                    target: Target::Digest(Digest::sha256(&bytes)),
                    store: Store::Document(bytes),
                })
            }
        }
    }

    fn of_layout(location: &Location, layout: layout::Layout, tag: Option<&str>) -> Self {
        Self {
            name: location.name(),
            note: None,
            target: layout.target(tag),
            store: Store::Layout(layout),
        }
    }

    /// Answers one question of the walk.
    pub(crate) async fn answer(&self, ask: &Ask) -> Answer {
        match &self.store {
            Store::Registry(client) => client.answer(ask).await,
            Store::Layout(layout) => layout.answer(ask).await,
            Store::Document(bytes) => document::answer(bytes, ask),
        }
    }
}
