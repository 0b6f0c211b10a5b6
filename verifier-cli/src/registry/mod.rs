//! The registry client: moves bytes for core's walk, and judges nothing.
//!
//! `client` answers the walk's questions; below it `transport` sends one request through
//! redirects, and the small modules hold one policy each: which URL, which address, which redirect,
//! how many at a time, how often again.

pub(crate) mod address;
pub(crate) mod client;
pub(crate) mod counters;
pub(crate) mod endpoint;
pub(crate) mod error_body;
pub(crate) mod fault;
pub(crate) mod gate;
pub(crate) mod options;
mod pinned;
mod redirect;
pub(crate) mod retry;
pub(crate) mod tls;
pub(crate) mod transport;
pub(crate) mod warnings;

#[cfg(test)]
mod tests;
