//! What one verification cost: requests, bytes and the longest chain of answers that were waited
//! for one after the other.

use std::sync::atomic::{AtomicU64, Ordering};

/// Shared by all requests of one reference.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: AtomicU64,
    bytes: AtomicU64,
    completed_round: AtomicU64,
}

/// The numbers at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
    pub(crate) round_trips: u64,
}

/// A request that was sent; tells the counters when its answer came.
#[derive(Debug)]
pub(crate) struct Sent<'a> {
    counters: &'a Counters,
    round: u64,
}

impl Counters {
    /// Counts a request that goes out now: its round is one more than the last that came back.
    pub(crate) fn send(&self) -> Sent<'_> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        Sent {
            counters: self,
            round: self.completed_round.load(Ordering::Relaxed) + 1,
        }
    }

    /// Counts body bytes.
    pub(crate) fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// The numbers so far.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            requests: self.requests.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            round_trips: self.completed_round.load(Ordering::Relaxed),
        }
    }
}

impl Sent<'_> {
    /// The head of the answer is here.
    pub(crate) fn answered(self) {
        self.counters
            .completed_round
            .fetch_max(self.round, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_side_by_side_are_one_round_trip() {
        let counters = Counters::default();
        counters.send().answered();
        let (first, second) = (counters.send(), counters.send());
        first.answered();
        second.answered();
        counters.send().answered();
        counters.received(10);
        let expected = Cost {
            requests: 4,
            bytes: 10,
            round_trips: 3,
        };
        assert_eq!(counters.cost(), expected);
    }
}
