//! The one place that every statement passes: counted, timed, and in tests made to fail.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::database::Counted;
use crate::durations::{Durations, Histogram};
use crate::error::{BusyCause, Error};
use crate::replica_reads::ReplicaReads;

/// Counts the statements of one [`Database`](crate::Database) and can make the n-th of them fail.
///
/// With nothing armed it costs two atomic operations a statement.
#[derive(Debug)]
pub struct Probe {
    statements: AtomicU64,
    retries: AtomicU64,
    /// How many more statements may pass before one fails; zero: none fails.
    fuse: AtomicU64,
    /// Whether the one that fails finds the database busy.
    is_fuse_busy: AtomicBool,
    slow: Duration,
    transactions: Durations<&'static str>,
    /// Waits for a connection of the pool.
    waits: Durations<()>,
    /// How many transactions wait for the one writer.
    queued: AtomicU64,
    replica: ReplicaReads,
    /// What transactions counted that went through.
    counts: Mutex<BTreeMap<Counted, u64>>,
}

/// The connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// In use.
    pub busy: u32,
    /// Waiting for work.
    pub idle: u32,
}

impl Probe {
    pub(crate) fn new(slow: Duration) -> Self {
        Self {
            statements: AtomicU64::new(0),
            retries: AtomicU64::new(0),
            fuse: AtomicU64::new(0),
            is_fuse_busy: AtomicBool::new(false),
            slow,
            transactions: Durations::default(),
            waits: Durations::default(),
            queued: AtomicU64::new(0),
            replica: ReplicaReads::default(),
            counts: Mutex::default(),
        }
    }

    /// How long transactions that write took, by name, whether or not they went through.
    #[must_use]
    pub fn transactions(&self) -> BTreeMap<&'static str, Histogram> {
        self.transactions.all()
    }

    /// How long work waited for a connection of the pool.
    #[must_use]
    pub fn waits(&self) -> Histogram {
        self.waits.all().remove(&()).unwrap_or_default()
    }

    /// Where lists were read.
    #[must_use]
    pub const fn replica(&self) -> &ReplicaReads {
        &self.replica
    }

    /// How many of this there were in transactions that went through, by the two names that say which.
    #[must_use]
    pub fn counted(&self, what: &str) -> BTreeMap<[&'static str; 2], u64> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = counts.iter().filter(|((counted, _), _)| *counted == what);
        of_kind.map(|((_, which), count)| (*which, *count)).collect()
    }

    /// Notes what a transaction that went through counts.
    pub(crate) fn count(&self, counts: Vec<Counted>) {
        if counts.is_empty() {
            return;
        }
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for counted in counts {
            let count = all.entry(counted).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How many transactions wait for the one writer.
    #[must_use]
    pub fn queued(&self) -> u64 {
        self.queued.load(Ordering::Relaxed)
    }

    /// Notes that a transaction took this long.
    pub(crate) fn wrote(&self, name: &'static str, elapsed: Duration) {
        self.transactions.note(name, elapsed);
    }

    /// Notes that work waited this long for a connection.
    pub(crate) fn waited(&self, elapsed: Duration) {
        self.waits.note((), elapsed);
    }

    /// Notes that a transaction began to wait for the writer.
    pub(crate) fn enqueued(&self) {
        self.queued.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that so many transactions wait no more.
    pub(crate) fn dequeued(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.queued.fetch_sub(count, Ordering::Relaxed);
    }

    /// How many statements have passed so far.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How often a transaction was run again after a dead-lock or a serialization failure.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Makes the `nth` statement from now on (1: the next) fail without reaching the database.
    #[cfg(feature = "testing")]
    pub fn fail_at(&self, nth: u64) {
        self.is_fuse_busy.store(false, Ordering::SeqCst);
        self.fuse.store(nth, Ordering::SeqCst);
    }

    /// Makes the `nth` statement from now on find the database busy.
    #[cfg(feature = "testing")]
    pub fn be_busy_at(&self, nth: u64) {
        self.is_fuse_busy.store(true, Ordering::SeqCst);
        self.fuse.store(nth, Ordering::SeqCst);
    }

    /// Lets every statement pass again; says whether the armed one had not come yet.
    #[cfg(feature = "testing")]
    pub fn disarm(&self) -> bool {
        self.fuse.swap(0, Ordering::SeqCst) > 0
    }

    /// Notes that a transaction is run again.
    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a statement is about to run.
    pub(crate) fn before(&self, statement: &'static str) -> Result<Instant, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if self.fuse.load(Ordering::Relaxed) > 0 && self.fuse.fetch_sub(1, Ordering::SeqCst) == 1 {
            if self.is_fuse_busy.load(Ordering::SeqCst) {
                return Err(Error::Busy(BusyCause::StatementTimeout));
            }
            return Err(Error::Statement {
                statement,
                message: "a fault made on purpose".to_owned(),
            });
        }
        Ok(Instant::now())
    }

    /// Notes that the statement `statement` of the work `work` has run.
    pub(crate) fn after(&self, work: &'static str, statement: &'static str, started: Instant) {
        let elapsed = started.elapsed();
        if elapsed >= self.slow {
            let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(
                work,
                statement,
                elapsed_ms,
                "Statement {statement} of {work} took {elapsed_ms} ms"
            );
        }
    }
}
