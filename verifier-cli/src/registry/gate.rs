//! How many requests one host gets at a time: as many as allowed at first, half of that after each
//! 429, slowly more again while all goes well (additive increase, multiplicative decrease).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

/// Answers without a 429 before one more request at a time is tried.
const CALM_ANSWERS: usize = 16;

/// One host's door.
#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<State>,
    changed: Notify,
    most: usize,
}

#[derive(Debug)]
struct State {
    limit: usize,
    running: usize,
    calm: usize,
    paused_until: Option<Instant>,
}

/// Permission for one request, given back when dropped.
#[derive(Debug)]
pub(crate) struct Pass(Arc<Gate>);

impl Gate {
    /// A door that lets `most` requests in at a time; at least one.
    pub(crate) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            state: Mutex::new(State {
                limit: most,
                running: 0,
                calm: 0,
                paused_until: None,
            }),
            changed: Notify::new(),
            most,
        }
    }

    /// Waits for a place.
    pub(crate) async fn enter(self: &Arc<Self>) -> Pass {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Registered before the look, so that a place given back in between is not missed.
            changed.as_mut().enable();
            let pause = {
                let mut state = self.state();
                let pause = state.paused_until.filter(|until| *until > Instant::now());
                if pause.is_none() && state.running < state.limit {
                    state.running += 1;
                    return Pass(Arc::clone(self));
                }
                pause
            };
            match pause {
                Some(until) => tokio::time::sleep_until(until).await,
                None => changed.await,
            }
        }
    }

    /// The host said 429: half as many from now on, and nothing before `until`.
    pub(crate) fn slow_down(&self, until: Option<Instant>) {
        let mut state = self.state();
        state.limit = (state.limit / 2).max(1);
        state.calm = 0;
        state.paused_until = state.paused_until.max(until);
    }

    /// An answer without a complaint.
    pub(crate) fn went_well(&self) {
        let mut state = self.state();
        state.calm += 1;
        if state.calm >= CALM_ANSWERS && state.limit < self.most {
            state.calm = 0;
            state.limit += 1;
            self.changed.notify_waiters();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// The door that it is for.
    pub(crate) fn gate(&self) -> &Gate {
        &self.0
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.state().running -= 1;
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_429_halves_the_number_of_requests_at_a_time() {
        let gate = Arc::new(Gate::new(4));
        gate.slow_down(None);
        let _first = gate.enter().await;
        let second = gate.enter().await;
        let third = gate.enter();
        tokio::pin!(third);
        let waited = tokio::time::timeout(std::time::Duration::from_millis(20), &mut third).await;
        assert!(waited.is_err(), "only two of four places are left");
        drop(second);
        let _third = third.await;
        for _ in 0..10 {
            gate.slow_down(None);
        }
        assert_eq!(gate.state().limit, 1, "one place always stays");
        for _ in 0..CALM_ANSWERS {
            gate.went_well();
        }
        assert_eq!(gate.state().limit, 2);
    }
}
