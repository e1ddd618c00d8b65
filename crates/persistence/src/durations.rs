//! How long things took, by what they were: histograms of fixed bounds, in whole microseconds.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets in microseconds; what takes longer is in none of them.
pub const BOUNDS_MICROS: [u64; 12] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
];

/// How long one kind of thing took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Histogram {
    /// How many were at most as long as each bound.
    pub at_most: [u64; BOUNDS_MICROS.len()],
    /// How many there were.
    pub count: u64,
    /// All of them together, in microseconds.
    pub sum_micros: u64,
}

/// How long things took, each kind by its key. Keys are few: names and patterns, never what a client wrote.
#[derive(Debug)]
pub struct Durations<K>(Mutex<BTreeMap<K, Histogram>>);

impl<K> Default for Durations<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord + Clone> Durations<K> {
    /// Notes that one of this kind took so long.
    pub fn note(&self, key: K, elapsed: Duration) {
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(key).or_default().note(micros);
    }

    /// What was noted so far.
    #[must_use]
    pub fn all(&self) -> BTreeMap<K, Histogram> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Histogram {
    fn note(&mut self, micros: u64) {
        for (count, bound) in self.at_most.iter_mut().zip(BOUNDS_MICROS) {
            if micros <= bound {
                *count = count.saturating_add(1);
            }
        }
        self.count = self.count.saturating_add(1);
        self.sum_micros = self.sum_micros.saturating_add(micros);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Durations;

    #[test]
    fn each_bucket_holds_what_was_at_most_as_long() {
        let durations = Durations::default();

        for millis in [1, 3, 3, 600, 20_000] {
            durations.note("work", Duration::from_millis(millis));
        }

        let all = durations.all();
        let work = all["work"];
        assert_eq!(work.at_most, [1, 1, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4]);
        assert_eq!((work.count, work.sum_micros), (5, 20_607_000));
    }
}
