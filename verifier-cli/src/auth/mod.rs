//! Logging in to registries: what they ask for, where logins are stored, which tokens are held.
//!
//! A login goes to its own registry and to the token server that this registry names, if that is
//! acceptable ([`realm`]); nothing here follows a redirect with one.

pub(crate) mod basic;
pub(crate) mod docker_config;
pub(crate) mod helper;
pub(crate) mod keychain;
pub(crate) mod realm;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod token;
