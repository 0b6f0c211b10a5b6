//! The client against a small server that answers with whatever bytes a test wants.

mod auth;
mod faults;
mod http2;
mod redirects;
mod script;
