//! What the use-cases count of themselves, for whoever watches the installation.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::payment::Provider;

pub use savdo_persistence::durations::{BOUNDS_MICROS, Durations, Histogram};
pub use savdo_persistence::probe::{PoolState, Probe};
pub use savdo_persistence::replica_reads::ReplicaReads;

use crate::limits::Limit;

coded_enum! {
    /// How a provider was asked to give money back, and what became of it.
    pub enum ReversalOutcome {
        /// It went back.
        Done = "done",
        /// The provider will not.
        Refused = "refused",
        /// The provider surely did nothing.
        NotNow = "not_now",
        /// Nobody knows.
        Unknown = "unknown",
    }
}

coded_enum! {
    /// Who called whom.
    pub enum Direction {
        /// The provider called us.
        In = "in",
        /// We called the provider.
        Out = "out",
    }
}

/// Counts since the start of the process.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    replays: AtomicU64,
    throttled: [AtomicU64; Limit::ALL.len()],
    provider_calls: Durations<ProviderCall>,
    reversals: [AtomicU64; ReversalOutcome::ALL.len()],
    differing: AtomicU64,
    comparison_failures: AtomicU64,
}

/// A call between a provider of payments and us, as it is counted: all of it is named by us or by the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProviderCall {
    /// Who called, or was called.
    pub provider: Provider,
    /// Which of both.
    pub direction: Direction,
    /// What was asked; `unknown` for what is none of the protocol.
    pub method: &'static str,
    /// What was answered; zero where it went well. Of our calls 401 for a log-in that was refused, 503 for what was surely not done, 504 for
    /// what nobody knows.
    pub code: i64,
}

impl Counters {
    pub(crate) fn replayed(&self) {
        self.replays.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn throttled(&self, limit: Limit) {
        let counters = Limit::ALL.iter().zip(&self.throttled);
        for (_, counter) in counters.filter(|(known, _)| **known == limit) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes a call between a provider and us.
    pub(crate) fn provider_called(&self, call: ProviderCall, elapsed: Duration) {
        self.provider_calls.note(call, elapsed);
    }

    /// How long calls between providers and us took.
    pub(crate) fn provider_calls(&self) -> BTreeMap<ProviderCall, Histogram> {
        self.provider_calls.all()
    }

    pub(crate) fn reversed(&self, outcome: ReversalOutcome) {
        let counters = ReversalOutcome::ALL.iter().zip(&self.reversals);
        for (_, counter) in counters.filter(|(known, _)| **known == outcome) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn differed(&self) {
        self.differing.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn comparison_failed(&self) {
        self.comparison_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// How often a desk could not be compared, or a day or an attempt was given up.
    pub(crate) fn comparison_failures(&self) -> u64 {
        self.comparison_failures.load(Ordering::Relaxed)
    }

    /// How often a provider was asked to give money back, by what became of it.
    pub(crate) fn all_reversals(&self) -> BTreeMap<&'static str, u64> {
        let counters = ReversalOutcome::ALL.iter().zip(&self.reversals);
        counters
            .map(|(outcome, counter)| (outcome.code(), counter.load(Ordering::Relaxed)))
            .collect()
    }

    /// How many payments a provider knew otherwise than we.
    pub(crate) fn differing(&self) -> u64 {
        self.differing.load(Ordering::Relaxed)
    }

    /// How many were answered again with their first answer.
    pub(crate) fn replays(&self) -> u64 {
        self.replays.load(Ordering::Relaxed)
    }

    /// How many were turned away, by what they did too often.
    pub(crate) fn all_throttled(&self) -> BTreeMap<&'static str, u64> {
        let counters = Limit::ALL.iter().zip(&self.throttled);
        counters
            .map(|(limit, counter)| (limit.code(), counter.load(Ordering::Relaxed)))
            .collect()
    }
}
