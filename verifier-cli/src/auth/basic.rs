//! The `Authorization` values: Basic and Bearer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::secret::{Redactor, Secret};

/// `Basic <base64 of user:password>`; both forms are remembered as secrets.
pub(crate) fn basic(username: &str, password: &Secret, redactor: &Redactor) -> Secret {
    let encoded = STANDARD.encode(format!("{username}:{}", password.expose()));
    redactor.learn(password);
    redactor.learn(&Secret::new(encoded.as_str()));
    Secret::new(format!("Basic {encoded}"))
}

/// `Bearer <token>`.
pub(crate) fn bearer(token: &Secret, redactor: &Redactor) -> Secret {
    redactor.learn(token);
    Secret::new(format!("Bearer {}", token.expose()))
}
