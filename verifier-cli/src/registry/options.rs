//! The limits and habits of the transport, as the command line sets them.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Url;

/// Largest body of a token or an error that is read.
pub(crate) const SMALL_BODY: u64 = 64 * 1024;

/// Redirects that one request follows.
pub(crate) const MAX_REDIRECTS: usize = 5;

/// A server that asks for more patience than this is not waited for.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Settings of one run.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// For one request with its body. A layer gets more unless `timeout_is_explicit`.
    pub(crate) timeout: Duration,
    pub(crate) timeout_is_explicit: bool,
    /// Further tries after the first.
    pub(crate) retries: u32,
    /// Requests in flight.
    pub(crate) jobs: usize,
    /// `http` for every registry, not only for loopback.
    pub(crate) plain_http: bool,
    /// PEM certificates that are trusted beside the system's.
    pub(crate) extra_roots: Option<Vec<u8>>,
    /// Lower-case host of a reference to the URL (ending with a slash) that is asked instead.
    pub(crate) mirrors: BTreeMap<String, Url>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            timeout_is_explicit: false,
            retries: 3,
            jobs: 32,
            plain_http: false,
            extra_roots: None,
            mirrors: BTreeMap::new(),
        }
    }
}

impl Options {
    /// The time for a layer of `size` bytes: a second for each MiB on top, unless the user said
    /// how long a request may take.
    pub(crate) fn layer_timeout(&self, size: u64) -> Duration {
        if self.timeout_is_explicit {
            self.timeout
        } else {
            self.timeout + Duration::from_secs(size >> 20)
        }
    }
}
