//! When a failed request is tried again, and how long that waits.
//!
//! Full jitter: a random time between nothing and a bound that doubles. A server that says
//! `Retry-After` is obeyed up to a minute; beyond that nothing is retried.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::fault::{Again, Fault};
use super::options::MAX_RETRY_AFTER;

const FIRST_BOUND: Duration = Duration::from_millis(250);
const LARGEST_BOUND: Duration = Duration::from_secs(8);

/// The tries that one request has left.
#[derive(Debug)]
pub(crate) struct Retry {
    left: u32,
    bound: Duration,
}

impl Retry {
    /// `retries` further tries after the first.
    pub(crate) fn new(retries: u32) -> Self {
        Self {
            left: retries,
            bound: FIRST_BOUND,
        }
    }

    /// How long to wait before the next try, or `None` if this failure stands.
    pub(crate) fn after(&mut self, fault: &Fault) -> Option<Duration> {
        if self.left == 0 {
            return None;
        }
        let wait = match fault.again {
            Again::Never => return None,
            Again::Soon => jitter(self.bound),
            Again::After(wait) if wait > MAX_RETRY_AFTER => return None,
            Again::After(wait) => wait,
        };
        self.left -= 1;
        self.bound = (self.bound * 2).min(LARGEST_BOUND);
        Some(wait)
    }
}

/// A random time below `bound`; the standard library's hash seeds are random enough for spreading.
fn jitter(bound: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    #[expect(clippy::cast_precision_loss, reason = "a share of a waiting time")]
    let share = random as f64 / u64::MAX as f64;
    bound.mul_f64(share)
}

#[cfg(test)]
mod tests {
    use polyarch_core::verify::FailureKind;

    use super::*;

    fn fault(again: Again) -> Fault {
        Fault {
            kind: FailureKind::RegistryError,
            detail: String::new(),
            again,
        }
    }

    #[test]
    fn waiting_is_bounded_and_the_tries_run_out() {
        let mut retry = Retry::new(3);
        for bound in [250, 500, 1000] {
            let wait = retry.after(&fault(Again::Soon)).unwrap();
            assert!(wait <= Duration::from_millis(bound), "{wait:?}");
        }
        assert_eq!(retry.after(&fault(Again::Soon)), None);
        let mut retry = Retry::new(3);
        let minute = Duration::from_secs(60);
        assert_eq!(retry.after(&fault(Again::After(minute))), Some(minute));
        let longer = Duration::from_secs(61);
        assert_eq!(retry.after(&fault(Again::After(longer))), None);
        assert_eq!(retry.after(&fault(Again::Never)), None);
    }
}
