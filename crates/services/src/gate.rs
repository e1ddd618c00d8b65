//! A gate before slow work: a few are let in, a bounded number waits, the rest is turned away, so that a flood of it cannot
//! take every thread.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::{Error, Result};

/// Lets a few in and a bounded number wait.
pub(crate) struct Gate {
    running_max: usize,
    waiting_max: usize,
    crowd: Mutex<Crowd>,
    left: Condvar,
}

#[derive(Default)]
struct Crowd {
    running: usize,
    waiting: usize,
    /// How many were let in so far.
    entered: u64,
    /// The last that is let in, in tests.
    #[cfg(feature = "testing")]
    last: Option<u64>,
}

/// Somebody inside the gate, until dropped.
pub(crate) struct Pass<'a>(&'a Gate);

impl Gate {
    /// A gate that lets so many in at once, while so many wait.
    pub(crate) fn new(running_max: usize, waiting_max: usize) -> Self {
        Self {
            running_max,
            waiting_max,
            crowd: Mutex::default(),
            left: Condvar::new(),
        }
    }

    /// Waits to be let in.
    ///
    /// # Errors
    /// [`Error::Overloaded`] where too many wait already.
    pub(crate) fn enter(&self) -> Result<Pass<'_>> {
        let mut crowd = self.crowd();
        #[cfg(feature = "testing")]
        if crowd.last.is_some_and(|last| crowd.entered >= last) {
            return Err(Error::Overloaded);
        }
        if crowd.running >= self.running_max {
            if crowd.waiting >= self.waiting_max {
                return Err(Error::Overloaded);
            }
            crowd.waiting += 1;
            crowd = self
                .left
                .wait_while(crowd, |crowd| crowd.running >= self.running_max)
                .unwrap_or_else(PoisonError::into_inner);
            crowd.waiting -= 1;
        }
        crowd.running += 1;
        crowd.entered += 1;
        Ok(Pass(self))
    }

    /// How many were let in so far.
    #[cfg(feature = "testing")]
    pub(crate) fn entered(&self) -> u64 {
        self.crowd().entered
    }

    /// Turns away all that come after so many more.
    #[cfg(feature = "testing")]
    pub(crate) fn close_after(&self, more: u64) {
        let mut crowd = self.crowd();
        crowd.last = Some(crowd.entered.saturating_add(more));
    }

    fn crowd(&self) -> MutexGuard<'_, Crowd> {
        self.crowd.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.crowd().running -= 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use crate::Error;

    #[test]
    fn who_finds_the_queue_full_is_turned_away() {
        let gate = Gate::new(1, 16);
        let pass = gate.enter().unwrap();
        gate.crowd().waiting = 16;

        assert!(matches!(gate.enter(), Err(Error::Overloaded)));

        gate.crowd().waiting = 0;
        drop(pass);
        assert!(gate.enter().is_ok());
    }
}
