//! The keyed requests that this process is about.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use savdo_persistence::idempotency::RequestKey;

/// Each is here from before its transaction until after it: at most as many as threads.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<HashSet<RequestKey>>);

/// A request that is under way, until dropped.
pub(super) struct Flight<'a> {
    all: &'a InFlight,
    request: RequestKey,
}

impl InFlight {
    /// Takes the request; none when it is under way already.
    pub(super) fn begin(&self, request: &RequestKey) -> Option<Flight<'_>> {
        let is_new = self.all().insert(request.clone());
        is_new.then(|| Flight {
            all: self,
            request: request.clone(),
        })
    }

    fn all(&self) -> MutexGuard<'_, HashSet<RequestKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.all.all().remove(&self.request);
    }
}
