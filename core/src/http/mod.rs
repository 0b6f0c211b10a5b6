//! Headers that registries write in all kinds of ways: what they ask for is read here, what is done
//! about it is the driver's. Reading is total: any text gives a value.

pub mod challenge;
mod retry_after;

pub use challenge::Challenge;
pub use retry_after::retry_after;
