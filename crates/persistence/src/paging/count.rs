//! How many rows a list has: exact while they are few, else counted now and then.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    kept: Mutex<HashMap<String, (DateTime<Utc>, i64)>>,
}

impl Counts {
    /// Up to how many rows the length of a list is exact.
    pub const EXACT_MAX: i64 = 1000;

    fn fresh(&self, list: &str, now: DateTime<Utc>) -> Option<i64> {
        let kept = self.kept();
        let (counted_at, total) = kept.get(list)?;
        is_fresh(*counted_at, now).then_some(*total)
    }

    fn keep(&self, list: String, now: DateTime<Utc>, total: i64) {
        let mut kept = self.kept();
        if kept.len() >= KEPT_MAX {
            kept.retain(|_, (counted_at, _)| is_fresh(*counted_at, now));
        }
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(list, (now, total));
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, (DateTime<Utc>, i64)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// The same of a list that is told from all others by `list`, and counted in more ways than one.
    pub(crate) fn count_by(
        &self,
        reader: &mut Reader<'_>,
        list: String,
        run: impl Fn(&mut Reader<'_>, Option<i64>) -> Result<i64, Error>,
    ) -> Result<i64, Error> {
        let enough = Counts::EXACT_MAX.saturating_add(1);
        let kept = self.counts.fresh(&list, self.now);
        if let Some(total) = kept.filter(|total| *total >= SURELY_LONG) {
            return Ok(total);
        }
        if let Some(total) = kept {
            let few = run(reader, Some(enough))?;
            return Ok(if few < enough { few } else { total.max(enough) });
        }
        let total = run(reader, None)?;
        if total >= enough {
            self.counts.keep(list, self.now, total);
        }
        Ok(total)
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
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Counts, KEPT_MAX};

    fn now() -> DateTime<Utc> {
        "2026-03-12T05:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_length_is_believed_for_thirty_seconds() {
        let counts = Counts::default();
        counts.keep("sales 1".to_owned(), now(), 5000);

        let after = |seconds| counts.fresh("sales 1", now() + TimeDelta::seconds(seconds));
        assert_eq!([0, 29, 30, -1].map(after), [Some(5000), Some(5000), None, None]);
        assert_eq!(counts.fresh("sales 2", now()), None);
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
        assert_eq!(counts.fresh("sales", later), Some(5000));
    }
}
