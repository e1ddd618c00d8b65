//! The desks as calls are judged by them: read anew when they may be old, kept in between.
//!
//! What is kept is never older than [`FRESH_FOR`], or twice that while somebody reads it anew; where the database does not tell, nobody is let
//! in by what is older.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use savdo_persistence::{Database, payment_desks};

use super::Desks;
use super::kept::{self, Kept, Trouble};
use crate::Result;
use crate::sealing::Seals;

/// So long a change takes at most to be in force everywhere. Every call of a provider needs the desks, also one that proves nothing: this
/// bounds what they cost to one small statement in this time, and a leaked secret that was switched off to this time; to twice that where the
/// database is so slow to tell.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(5);

/// Desks of the configuration and of the database.
pub(crate) struct DeskBook {
    configured: Desks,
    seals: Seals,
    latest: Mutex<Option<Reading>>,
    is_being_read: AtomicBool,
}

/// Whoever has it reads the desks for all.
struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

struct Reading {
    at: DateTime<Utc>,
    desks: Arc<Desks>,
    troubles: Vec<Trouble>,
}

impl DeskBook {
    pub(crate) const fn new(configured: Desks, seals: Seals) -> Self {
        Self {
            configured,
            seals,
            latest: Mutex::new(None),
            is_being_read: AtomicBool::new(false),
        }
    }

    /// Those of the configuration.
    pub(crate) const fn configured(&self) -> &Desks {
        &self.configured
    }

    pub(super) const fn seals(&self) -> &Seals {
        &self.seals
    }

    /// The desks, if they were read just now, or a moment before and somebody reads them anew; a clock that was put back makes them old.
    pub(crate) fn at_hand(&self, now: DateTime<Utc>) -> Option<Arc<Desks>> {
        self.younger_than(self.patience(), now)
    }

    /// Of what age desks still serve.
    fn patience(&self) -> TimeDelta {
        if self.is_being_read.load(Ordering::Acquire) {
            FRESH_FOR * 2
        } else {
            FRESH_FOR
        }
    }

    fn younger_than(&self, lasts: TimeDelta, now: DateTime<Utc>) -> Option<Arc<Desks>> {
        let latest = self.latest();
        let latest = latest.as_ref()?;
        let age = now.signed_duration_since(latest.at);
        let is_fresh = TimeDelta::zero() <= age && age < lasts;
        is_fresh.then(|| Arc::clone(&latest.desks))
    }

    /// The turn to read them; none while another has it.
    fn turn(&self) -> Option<Turn<'_>> {
        let was_free = self
            .is_being_read
            .compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire);
        was_free.is_ok().then(|| Turn(&self.is_being_read))
    }

    /// The desks; waits for the database where they are not at hand. Nobody holds the lock meanwhile; one reads, and the others go by what
    /// was read before unless that is too old.
    ///
    /// # Errors
    /// A database that does not tell them.
    pub(crate) fn read(&self, database: &Database, now: DateTime<Utc>) -> Result<Arc<Desks>> {
        if let Some(desks) = self.at_hand(now) {
            return Ok(desks);
        }
        let turn = self.turn();
        // Another took it, or gave it back with what he read, since they were looked for.
        let lasts = if turn.is_some() { FRESH_FOR } else { FRESH_FOR * 2 };
        if let Some(desks) = self.younger_than(lasts, now) {
            return Ok(desks);
        }
        let views = database.read("payment_desks", payment_desks::all_unscoped)?;
        let kept: Vec<Kept> = views.into_iter().map(|view| Kept::open(&self.seals, view)).collect();
        let desks = Arc::new(kept::beside(&self.configured, &kept));
        let troubles = kept::troubles(&self.configured, &kept);
        let mut latest = self.latest();
        let known = latest.as_ref().map_or(&[][..], |latest| &latest.troubles);
        for trouble in troubles.iter().filter(|trouble| !known.contains(trouble)) {
            tracing::error!("{trouble}");
        }
        *latest = Some(Reading {
            at: now,
            desks: Arc::clone(&desks),
            troubles,
        });
        Ok(desks)
    }

    /// Reads them anew the next time: this process has changed them.
    pub(super) fn turn_page(&self) {
        if let Some(latest) = self.latest().as_mut() {
            latest.at = DateTime::<Utc>::MIN_UTC;
        }
    }

    fn latest(&self) -> MutexGuard<'_, Option<Reading>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
