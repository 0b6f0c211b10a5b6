//! Writes CI jobs that build for several platforms, push, and verify what was pushed.
//!
//! What is written passes the simulation without findings; a test sees to that over the whole
//! matrix of options.

mod follow;
mod github;
mod gitlab;
mod options;
#[cfg(test)]
mod tests;

pub use follow::{Followed, follow};
pub use github::github;
pub use gitlab::gitlab;
pub use options::{Options, Registry, Strategy};
