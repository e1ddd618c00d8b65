//! Who wrote last where in the log, so that everybody sees his own writes although lists are read from a replica.
//!
//! A mark is kept for longer than a replica that is asked may be behind. Where several servers serve one user, the marks lie in a store
//! that they share; while it does not answer, nobody's lists are read from the replica. Memory is bounded whoever writes: what found no
//! room makes nobody's last write known until its time is over.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use savdo_domain::access::{Actor, Origin};
use savdo_persistence::LogPosition;

use crate::limits::network_of_origin;

/// So long a mark is kept at the least.
pub const KEPT: Duration = Duration::from_secs(60);

/// The longest that a replica which is asked may be behind, below [`KEPT`].
pub const LAG_MAX: Duration = Duration::from_secs(30);

/// What is known of the last write of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latest {
    /// There was none lately, or what he wrote lies before this place.
    Known(Option<LogPosition>),
    /// Nobody knows.
    Unknown,
}

/// Remembers who wrote where.
pub trait Marks: Send + Sync {
    /// Notes that what `writer` wrote lies before this place. Of two the later stays.
    fn note(&self, writer: &str, position: LogPosition);

    /// The latest mark of these.
    fn latest(&self, writers: &[String]) -> Latest;
}

/// So many writers are remembered in each generation.
const WRITERS_MAX: usize = 50_000;

/// Marks in the memory of one process.
pub struct InMemoryMarks {
    /// Two writers that collide share the later mark.
    hashing: RandomState,
    generations: Mutex<Generations>,
    writers_max: usize,
}

impl Default for InMemoryMarks {
    fn default() -> Self {
        Self::holding(WRITERS_MAX)
    }
}

/// The older of two is dropped whole, once all of it was kept long enough.
#[derive(Default)]
struct Generations {
    began: Option<Instant>,
    young: Generation,
    old: Generation,
}

#[derive(Default)]
struct Generation {
    marks: HashMap<u64, LogPosition>,
    /// Whether a mark found no room.
    has_lost: bool,
}

impl InMemoryMarks {
    /// Marks of at least `writers_max` writers and at most twice as many.
    #[must_use]
    pub fn holding(writers_max: usize) -> Self {
        Self {
            hashing: RandomState::new(),
            generations: Mutex::default(),
            writers_max,
        }
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.began.is_none_or(|began| began.elapsed() >= KEPT) {
            generations.began = Some(Instant::now());
            generations.old = std::mem::take(&mut generations.young);
        }
        generations
    }
}

impl Marks for InMemoryMarks {
    fn note(&self, writer: &str, position: LogPosition) {
        let key = self.hashing.hash_one(writer);
        let young = &mut self.generations().young;
        if young.marks.len() >= self.writers_max && !young.marks.contains_key(&key) {
            young.has_lost = true;
            return;
        }
        let mark = young.marks.entry(key).or_insert(position);
        *mark = position.max(*mark);
    }

    fn latest(&self, writers: &[String]) -> Latest {
        let generations = self.generations();
        if !writers.is_empty() && (generations.young.has_lost || generations.old.has_lost) {
            return Latest::Unknown;
        }
        let marks = writers.iter().flat_map(|writer| {
            let key = self.hashing.hash_one(writer);
            let young = generations.young.marks.get(&key);
            young.into_iter().chain(generations.old.marks.get(&key))
        });
        Latest::Known(marks.max().copied())
    }
}

/// What a user is called among the writers.
pub(crate) fn user(actor: &Actor) -> String {
    format!("user {}", actor.user_id)
}

/// What somebody who is not signed in is called among the writers.
pub(crate) fn address(origin: &Origin) -> String {
    format!("address {}", network_of_origin(origin))
}

#[cfg(test)]
mod tests {
    use savdo_persistence::LogPosition;

    use super::{InMemoryMarks, Latest, Marks};

    #[test]
    fn the_latest_write_of_somebody_is_remembered_and_nobody_elses() {
        let marks = InMemoryMarks::default();
        let latest = |writers: &[&str]| {
            let writers: Vec<String> = writers.iter().map(|writer| (*writer).to_owned()).collect();
            marks.latest(&writers)
        };

        for (writer, position) in [
            ("user 1", 5),
            ("user 1", 9),
            ("user 1", 7),
            ("user 2", 8),
            ("address", 12),
        ] {
            marks.note(writer, LogPosition::new(position));
        }

        let known = |position| Latest::Known(Some(LogPosition::new(position)));
        assert_eq!(latest(&["user 1"]), known(9));
        assert_eq!(latest(&["user 2", "address"]), known(12));
        assert_eq!(latest(&["user 3"]), Latest::Known(None));
    }

    #[test]
    fn a_mark_that_finds_no_room_leaves_nobody_known() {
        let marks = InMemoryMarks::holding(2);
        let note = |writer: &str| marks.note(writer, LogPosition::new(5));
        let latest = |writer: &str| marks.latest(&[writer.to_owned()]);
        note("user 1");
        note("user 2");
        note("user 2");
        assert_eq!(latest("user 3"), Latest::Known(None));

        note("user 3");

        assert_eq!((latest("user 3"), latest("user 4")), (Latest::Unknown, Latest::Unknown));
        assert_eq!(marks.latest(&[]), Latest::Known(None));
        assert_eq!(marks.generations().young.marks.len(), 2);
    }
}
