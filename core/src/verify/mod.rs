//! Verification of a tag without I/O: what to fetch, and what was found.
//!
//! [`Walk`] says what it wants to know; a driver fetches and hands the answers back; [`Evidence`]
//! is what is known in the end, failures included. Rules judge the evidence (`crate::rules`), and
//! [`Report`] is their verdict. Every cap and every digest check is in here, so that no driver can
//! leave one out.

pub mod archive;
mod covered;
mod evidence;
mod exchange;
mod expectation;
mod layer;
mod limits;
pub mod promise;
mod pull;
mod report;
mod scan;
mod walk;

pub use covered::Covered;
pub use evidence::{
    Body, ConfigNode, Entry, Evidence, FirstAnswer, Held, Image, Layer, LayerState, Node,
    Retrieval, Skipped, TagAgain,
};
pub use exchange::{Answer, Ask, Failure, FailureKind, Headers, Received, Request, RequestId};
pub use expectation::{Depth, Expectation, Waiver};
pub use layer::{Executable, HardLink, LayerFacts, Program, ProgramFormat};
pub use limits::Limits;
pub use promise::Promise;
pub use pull::{CLIENTS, Client, Pull, pull};
pub use report::{Finding, PlatformVerdict, PlatformVerdictKind, Report, Verdict};
pub use scan::{LayerScanner, program_of};
pub use walk::Walk;
