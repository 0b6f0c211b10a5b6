//! The real parts that tests run against, each gone when its value is dropped.
//!
//! Nothing here imitates a registry or a push tool: Debian's `docker-registry` stores, `buildah`
//! builds and pushes, `skopeo` copies. The counting proxy only looks on.

pub(crate) mod forward;
pub(crate) mod image;
pub(crate) mod layout;
pub(crate) mod memory;
pub(crate) mod polyarch;
pub(crate) mod process;
pub(crate) mod proxy;
pub(crate) mod registry;
pub(crate) mod schema;
