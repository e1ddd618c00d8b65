//! Counts in the memory of one process.
//!
//! A window slides in steps of its sixtieth, so that a subject costs at most as many entries, however high its rate. An own
//! window was preferred to a crate of the leaky-bucket kind: that lets twice the rate pass in its first window, and ten failed
//! log-ins a minute are ten here. Subjects are kept in two generations; when the younger is full it becomes the older and
//! what nobody asked for since is forgotten, so that memory is bounded whoever comes.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::{Limit, Rate, STEPS, Step, Tally};

/// So many subjects are remembered for certain, and as many again until they are needed.
const SUBJECTS_MAX: usize = 50_000;

/// Counts in the memory of this process.
pub struct InMemory {
    /// Keyed at random: nobody can make two subjects collide.
    hashing: RandomState,
    windows: Mutex<Generations>,
    subjects_max: usize,
}

impl Default for InMemory {
    fn default() -> Self {
        Self::holding(SUBJECTS_MAX)
    }
}

#[derive(Default)]
struct Generations {
    young: HashMap<u64, Window>,
    old: HashMap<u64, Window>,
}

/// How many in each step, the oldest first.
#[derive(Debug, Default)]
struct Window(VecDeque<(i64, u32)>);

impl InMemory {
    /// Counts of at least `subjects_max` subjects and at most twice as many.
    #[must_use]
    pub fn holding(subjects_max: usize) -> Self {
        Self {
            hashing: RandomState::new(),
            windows: Mutex::default(),
            subjects_max,
        }
    }

    fn windows(&self) -> MutexGuard<'_, Generations> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, limit: Limit, subject: &str) -> u64 {
        self.hashing.hash_one((limit, subject))
    }

    /// Lets one pass who has room, and does this with his window and the step that is now; tells others when they will have.
    fn admit(
        &self,
        limit: Limit,
        subject: &str,
        rate: Rate,
        now: DateTime<Utc>,
        pass: impl FnOnce(&mut Window, i64),
    ) -> Result<(), DateTime<Utc>> {
        let now_step = Step::of(rate, now);
        let key = self.key(limit, subject);
        let mut windows = self.windows();
        let window = windows.of(key, self.subjects_max);
        window.slide(now_step.number);
        if let Some(room_at) = window.room_at(rate.most) {
            return Err(now_step.begin_of(room_at));
        }
        pass(window, now_step.number);
        Ok(())
    }
}

impl Tally for InMemory {
    fn take(&self, limit: Limit, subject: &str, rate: Rate, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        self.admit(limit, subject, rate, now, Window::count)
    }

    fn refused_already(
        &self,
        limit: Limit,
        subject: &str,
        rate: Rate,
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
        self.admit(limit, subject, rate, now, |_, _| {})
    }

    fn give_back(&self, limit: Limit, subject: &str, _: DateTime<Utc>) {
        let key = self.key(limit, subject);
        self.windows().of(key, self.subjects_max).discount();
    }

    fn makes_wait(&self) -> bool {
        false
    }
}

impl Generations {
    /// The window of a subject, which is young from now on.
    fn of(&mut self, key: u64, subjects_max: usize) -> &mut Window {
        if !self.young.contains_key(&key) && self.young.len() >= subjects_max {
            self.old = std::mem::take(&mut self.young);
        }
        let known = self.old.remove(&key).unwrap_or_default();
        self.young.entry(key).or_insert(known)
    }
}

impl Window {
    /// Forgets what is over; after a clock was set back, also what has not come yet.
    fn slide(&mut self, now_step: i64) {
        self.0
            .retain(|(step, _)| (now_step.saturating_sub(STEPS)..=now_step).contains(step));
    }

    /// The step in which one more has room; none when that is now.
    fn room_at(&self, most: u32) -> Option<i64> {
        let mut left = self.0.iter().fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
        if left < most {
            return None;
        }
        let full = self.0.iter().find(|(_, count)| {
            left = left.saturating_sub(*count);
            left < most
        });
        full.map(|(step, _)| step.saturating_add(STEPS).saturating_add(1))
    }

    fn count(&mut self, now_step: i64) {
        match self.0.back_mut() {
            Some((step, count)) if *step == now_step => *count = count.saturating_add(1),
            Some(_) | None => self.0.push_back((now_step, 1)),
        }
    }

    fn discount(&mut self) {
        if let Some((_, count)) = self.0.back_mut() {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.0.pop_back();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::InMemory;
    use crate::limits::{Limit, Rate, Tally};

    const LIMIT: Limit = Limit::LoginsOfAccount;
    const THREE: Rate = Rate {
        most: 3,
        window: TimeDelta::minutes(1),
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000_020 + seconds, 0).unwrap()
    }

    fn takes(tally: &InMemory, subject: &str, seconds: i64) -> bool {
        tally.take(LIMIT, subject, THREE, at(seconds)).is_ok()
    }

    #[test]
    fn as_many_as_the_rate_pass_in_any_window() {
        let tally = InMemory::default();

        let passed: Vec<_> = [0, 10, 20, 30, 59, 60]
            .iter()
            .filter(|second| takes(&tally, "a", **second))
            .collect();
        assert_eq!(passed, [&0, &10, &20]);

        // A place is free once the oldest is over, and no earlier.
        assert_eq!(tally.take(LIMIT, "a", THREE, at(60)), Err(at(61)));
        assert!(takes(&tally, "a", 61));
        assert!(!takes(&tally, "a", 62));
        assert!(takes(&tally, "a", 71));
    }

    #[test]
    fn each_subject_and_each_limit_has_its_own_count() {
        let tally = InMemory::default();
        (0..3).for_each(|_| assert!(takes(&tally, "a", 0)));

        assert!(!takes(&tally, "a", 0));
        assert!(takes(&tally, "b", 0));
        assert!(tally.take(Limit::LoginsOfAddress, "a", THREE, at(0)).is_ok());
    }

    #[test]
    fn what_is_given_back_was_not_counted() {
        let tally = InMemory::default();

        for second in 0..100 {
            assert!(takes(&tally, "a", second / 10));
            tally.give_back(LIMIT, "a", at(second / 10));
        }
        (0..3).for_each(|_| assert!(takes(&tally, "a", 11)));
        assert!(!takes(&tally, "a", 11));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let tally = InMemory::default();
        (0..3).for_each(|_| assert!(takes(&tally, "a", 7200)));

        assert!(takes(&tally, "a", 0));
    }

    #[test]
    fn memory_is_bounded_and_who_comes_again_is_remembered() {
        let tally = InMemory::holding(10);
        (0..3).for_each(|_| assert!(takes(&tally, "again", 0)));

        for stranger in 0..10_000 {
            takes(&tally, &stranger.to_string(), 0);
            assert!(!takes(&tally, "again", 0), "after {stranger}");
        }

        let windows = tally.windows();
        assert!(windows.young.len() <= 10 && windows.old.len() <= 10);
    }
}
