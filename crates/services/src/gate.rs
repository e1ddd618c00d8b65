//! A gate before slow work: a few are let in, a bounded number waits, the rest is turned away, so that a flood of it cannot
//! take every thread; and what is let in yields the processor to requests that are soon done.

use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context as _;

use crate::{Error, Result};

/// By how much slow work is nicer than requests: with nothing else to do it has a whole core, beside a busy server a tenth of one.
#[cfg(target_os = "linux")]
const NICER_BY: i32 = 10;

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

    /// Does slow work as soon as it is let in, and waits for it: on a thread of its own, because who has become nicer stays so.
    ///
    /// # Errors
    /// [`Error::Overloaded`] where too many wait already; a system without threads.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        let _pass = self.enter()?;
        thread::scope(|scope| {
            let slow = thread::Builder::new().name("slow-work".to_owned());
            let slow = slow.spawn_scoped(scope, || {
                become_nicer();
                work()
            });
            let slow = slow.context("there is no thread for slow work")?;
            Ok(slow.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
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

/// Linux counts niceness by thread; where it belongs to the whole process, slow work has the priority of all.
fn become_nicer() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICER_BY) {
        tracing::debug!(%error, "Slow work goes on as a request does: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

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
    #[test]
    #[cfg(target_os = "linux")]
    fn slow_work_yields_to_requests_and_these_stay_as_they_are() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();

        let inside = Gate::new(1, 0).run(niceness).unwrap();

        assert_eq!(inside, (before + super::NICER_BY).min(19));
        assert_eq!(niceness(), before);
    }

    #[test]
    fn work_that_panics_does_so_where_it_was_asked_for_and_leaves_the_gate() {
        let gate = Gate::new(1, 0);

        let broken = catch_unwind(AssertUnwindSafe(|| gate.run(|| panic!("broken")).map(|()| "done")));

        assert!(broken.is_err());
        assert_eq!(gate.run(|| 7).unwrap(), 7);
    }
}
