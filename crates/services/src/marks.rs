//! Who wrote last where in the log, so that everybody sees his own writes although lists are read from a replica.
//!
//! A mark is kept for longer than a replica that is asked may be behind. Where several servers serve one user, the marks lie in a store
//! that they share; while it does not answer, nobody's lists are read from the replica.

use std::collections::HashMap;
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

/// Marks in the memory of one process.
#[derive(Default)]
pub struct InMemoryMarks(Mutex<Generations>);

/// The older of two is dropped whole, once all of it was kept long enough.
#[derive(Default)]
struct Generations {
    began: Option<Instant>,
    young: HashMap<String, LogPosition>,
    old: HashMap<String, LogPosition>,
}

impl InMemoryMarks {
    fn generations(&self) -> MutexGuard<'_, Generations> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.began.is_none_or(|began| began.elapsed() >= KEPT) {
            generations.began = Some(Instant::now());
            generations.old = std::mem::take(&mut generations.young);
        }
        generations
    }
}

impl Marks for InMemoryMarks {
    fn note(&self, writer: &str, position: LogPosition) {
        let mut generations = self.generations();
        let mark = generations.young.entry(writer.to_owned()).or_insert(position);
        *mark = position.max(*mark);
    }

    fn latest(&self, writers: &[String]) -> Latest {
        let generations = self.generations();
        let marks = writers.iter().flat_map(|writer| {
            let young = generations.young.get(writer);
            young.into_iter().chain(generations.old.get(writer))
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
}
