//! How many rows a list has: exact while they are few, else counted now and then.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::Wanted;
use crate::connection::AnyConnection;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;

/// How long a length is believed.
const KEPT: TimeDelta = TimeDelta::seconds(30);
/// From how many rows on a list is not asked whether it has become short meanwhile.
const SURELY_LONG: i64 = 10 * Counts::EXACT_MAX;
/// How many lengths are kept.
const KEPT_MAX: usize = 1000;

/// Lengths of long lists, each as it was up to 30 s ago.
#[derive(Debug, Default)]
pub struct Counts {
    kept: Mutex<HashMap<String, Kept>>,
    /// Lists that somebody counts at the moment.
    counting: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

/// What is kept of a long list.
#[derive(Debug, Clone, Copy)]
struct Kept {
    counted_at: DateTime<Utc>,
    known: Known,
}

/// What is known of a long list without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its length.
    pub(crate) total: i64,
    /// Whether somebody walked for its first rows in vain.
    pub(crate) is_late: bool,
}

/// The right to count a list while others wait.
struct Turn<'c> {
    counts: &'c Counts,
    list: &'c str,
    door: Arc<Mutex<()>>,
}

impl Counts {
    /// Up to how many rows the length of a list is exact.
    pub const EXACT_MAX: i64 = 1000;

    fn fresh(&self, list: &str, now: DateTime<Utc>) -> Option<Known> {
        let kept = self.kept();
        let Kept { counted_at, known } = kept.get(list)?;
        is_fresh(*counted_at, now).then_some(*known)
    }

    fn keep(&self, list: String, now: DateTime<Utc>, total: i64) {
        let mut kept = self.kept();
        if kept.len() >= KEPT_MAX {
            kept.retain(|_, kept| is_fresh(kept.counted_at, now));
        }
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        let known = Known { total, is_late: false };
        kept.insert(list, Kept { counted_at: now, known });
    }

    /// Counts the list, or waits for who is counting it already and takes what that one found, if it was long.
    fn once<E>(&self, list: &str, now: DateTime<Utc>, count: impl FnOnce() -> Result<i64, E>) -> Result<i64, E> {
        let turn = Turn::new(self, list);
        let door = Arc::clone(&turn.door);
        let inside = match door.try_lock() {
            Ok(inside) => Some(inside),
            Err(_) => {
                drop(door.lock().unwrap_or_else(PoisonError::into_inner));
                None
            }
        };
        if inside.is_none()
            && let Some(known) = self.fresh(list, now)
        {
            return Ok(known.total);
        }
        let total = count()?;
        if total > Self::EXACT_MAX {
            self.keep(list.to_owned(), now, total);
        }
        Ok(total)
    }

    fn counting(&self) -> MutexGuard<'_, HashMap<String, Arc<Mutex<()>>>> {
        self.counting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> Turn<'c> {
    fn new(counts: &'c Counts, list: &'c str) -> Self {
        let door = Arc::clone(counts.counting().entry(list.to_owned()).or_default());
        Self { counts, list, door }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.counts.counting().remove(self.list);
    }
}

fn is_fresh(counted_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..KEPT).contains(&(now - counted_at))
}

impl Wanted<'_> {
    /// How many rows the list has that `name` and `narrowed` tell from all others: its scope and filters, which `narrowed`
    /// must hold whole. `run` counts up to so many rows, or all.
    pub(crate) fn count(
        &self,
        reader: &mut Reader<'_>,
        name: &'static str,
        narrowed: impl Debug,
        run: impl Fn(&mut AnyConnection, Option<i64>) -> QueryResult<i64>,
    ) -> Result<i64, Error> {
        self.count_by(reader, format!("{name} {narrowed:?}"), |reader, up_to| {
            reader.statement(name, |on| run(on, up_to))
        })
    }

    /// What is known of a list without asking, if it is long.
    pub(crate) fn known(&self, list: &str) -> Option<Known> {
        self.counts.fresh(list, self.now)
    }

    /// As [`Self::count_by`]; `is_late`: somebody walked for the first rows of the list in vain. As long as its length is kept, nobody
    /// need try again.
    pub(crate) fn count_late(
        &self,
        reader: &mut Reader<'_>,
        list: String,
        is_late: bool,
        run: impl Fn(&mut Reader<'_>, Option<i64>) -> Result<i64, Error>,
    ) -> Result<i64, Error> {
        let total = self.count_by(reader, list.clone(), run)?;
        // Not before: there may have been no length to note it beside.
        if is_late {
            self.know_late(&list);
        }
        Ok(total)
    }

    fn know_late(&self, list: &str) {
        if let Some(kept) = self.counts.kept().get_mut(list) {
            kept.known.is_late = true;
        }
    }

    /// The same of a list that is told from all others by `list`, and counted in more ways than one.
    pub(crate) fn count_by(
        &self,
        reader: &mut Reader<'_>,
        list: String,
        run: impl Fn(&mut Reader<'_>, Option<i64>) -> Result<i64, Error>,
    ) -> Result<i64, Error> {
        let enough = Counts::EXACT_MAX.saturating_add(1);
        let kept = self.counts.fresh(&list, self.now).map(|known| known.total);
        if let Some(total) = kept.filter(|total| *total >= SURELY_LONG) {
            return Ok(total);
        }
        if let Some(total) = kept {
            let few = run(reader, Some(enough))?;
            return Ok(if few < enough { few } else { total.max(enough) });
        }
        self.counts.once(&list, self.now, || run(reader, None))
    }
}

/// The number of rows of a query.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct Counted<Q>(pub(crate) Q);

impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q, Connection> diesel::RunQueryDsl<Connection> for Counted<Q> {}

impl<Q, DB> QueryFragment<DB> for Counted<Q>
where
    Q: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(") AS counted");
        Ok(())
    }
}

fragments! {
    /// What a row is worth when rows are counted.
    One: BigInt = "1";
}

/// Counts the rows of a boxed query, up to so many or all.
macro_rules! counted {
    ($on:expr, $up_to:expr, $query:expr) => {{
        use diesel::RunQueryDsl as _;
        let query = $query.select($crate::paging::One);
        match $up_to {
            Some(most) => $crate::paging::Counted(query.limit(most)).get_result::<i64>($on),
            None => $crate::paging::Counted(query).get_result::<i64>($on),
        }
    }};
}

pub(crate) use counted;

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Counts, KEPT_MAX, Known};
    use crate::paging::{Page, Wanted};

    fn now() -> DateTime<Utc> {
        "2026-03-12T05:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_length_is_believed_for_thirty_seconds() {
        let counts = Counts::default();
        counts.keep("sales 1".to_owned(), now(), 5000);

        let after = |seconds| {
            counts
                .fresh("sales 1", now() + TimeDelta::seconds(seconds))
                .map(|known| known.total)
        };
        assert_eq!([0, 29, 30, -1].map(after), [Some(5000), Some(5000), None, None]);
        assert_eq!(counts.fresh("sales 2", now()), None);
    }

    #[test]
    fn a_long_list_is_counted_once_for_all_who_ask_at_the_same_time() {
        let (counts, asked, counted) = (Counts::default(), Barrier::new(8), AtomicUsize::new(0));
        let ask = || {
            asked.wait();
            counts.once("sales 1", now(), || {
                counted.fetch_add(1, Ordering::SeqCst);
                // Until all others stand before the door: each holds it once, as the list and this thread do.
                while counts
                    .counting()
                    .get("sales 1")
                    .is_none_or(|door| std::sync::Arc::strong_count(door) < 17)
                {
                    thread::yield_now();
                }
                Ok::<_, ()>(5000)
            })
        };

        let totals: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        assert_eq!((totals, counted.into_inner()), (vec![Ok(5000); 8], 1));
        assert!(counts.counting().is_empty());
    }

    #[test]
    fn a_list_whose_count_failed_or_was_short_is_counted_by_the_next() {
        let counts = Counts::default();

        let totals = [Err("busy"), Ok(3), Ok(4000), Ok(5000)].map(|total| counts.once("sales 1", now(), || total));

        assert_eq!(totals, [Err("busy"), Ok(3), Ok(4000), Ok(5000)]);
        assert_eq!(counts.fresh("sales 1", now()).map(|known| known.total), Some(5000));
        assert!(counts.counting().is_empty());
    }

    #[test]
    fn that_a_walk_was_in_vain_is_known_as_long_as_the_length() {
        let (counts, page) = (Counts::default(), Page::new(1, 100));
        let at = |seconds| Wanted::new(&page, &counts, now() + TimeDelta::seconds(seconds));
        let known = |is_late| Some(Known { total: 5000, is_late });

        counts.keep("sales 1".to_owned(), now(), 5000);
        assert_eq!(at(0).known("sales 1"), known(false));
        at(0).know_late("sales 1");
        at(0).know_late("sales 2");

        assert_eq!((at(29).known("sales 1"), at(29).known("sales 2")), (known(true), None));
        assert_eq!(at(30).known("sales 1"), None);
        counts.keep("sales 1".to_owned(), now(), 5000);
        assert_eq!(at(0).known("sales 1"), known(false));
    }

    #[test]
    fn lengths_take_a_bounded_room() {
        let counts = Counts::default();
        for number in 0..KEPT_MAX * 3 {
            counts.keep(format!("sales {number}"), now(), 5000);
            assert!(counts.kept().len() <= KEPT_MAX);
        }
        let later = now() + TimeDelta::minutes(1);
        counts.keep("sales".to_owned(), later, 5000);
        assert_eq!(counts.fresh("sales", later).map(|known| known.total), Some(5000));
    }
}
