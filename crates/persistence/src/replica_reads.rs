//! How often lists were read from the replica, and how often from the database in its place, and why.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a list was read from the database although there is a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// It does not have what was written a while ago, or what the caller wrote.
    Behind,
    /// It failed, or did not answer, a short while ago.
    LeftAlone,
    /// No connection to it was free in time.
    Busy,
    /// It was asked, and could not say.
    Failed,
    /// Nobody knows what the caller wrote: the Redis of the servers does not answer.
    Unmarked,
}

/// Counts since the process began.
#[derive(Debug, Default)]
pub struct ReplicaReads {
    answered: AtomicU64,
    fallbacks: [AtomicU64; Fallback::ALL.len()],
}

impl Fallback {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Behind, Self::LeftAlone, Self::Busy, Self::Failed, Self::Unmarked];

    /// A name that never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::LeftAlone => "left_alone",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Unmarked => "unmarked",
        }
    }
}

impl ReplicaReads {
    /// How many the replica answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// How many the database answered in its place.
    pub fn fallbacks(&self) -> impl Iterator<Item = (Fallback, u64)> {
        let counts = self.fallbacks.iter().map(|count| count.load(Ordering::Relaxed));
        Fallback::ALL.into_iter().zip(counts)
    }

    /// Notes that the database answers in its place.
    pub fn fell_back(&self, why: Fallback) {
        let mut counts = Fallback::ALL.into_iter().zip(&self.fallbacks);
        if let Some((_, count)) = counts.find(|(reason, _)| *reason == why) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn answer(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Fallback, ReplicaReads};

    #[test]
    fn each_reason_is_counted_for_itself() {
        let reads = ReplicaReads::default();

        reads.answer();
        reads.fell_back(Fallback::Unmarked);
        reads.fell_back(Fallback::Behind);
        reads.fell_back(Fallback::Unmarked);

        let told: Vec<_> = reads.fallbacks().map(|(why, count)| (why.code(), count)).collect();
        let wanted = [
            ("behind", 1),
            ("left_alone", 0),
            ("busy", 0),
            ("failed", 0),
            ("unmarked", 2),
        ];
        assert_eq!((reads.answered(), told.as_slice()), (1, wanted.as_slice()));
    }
}
