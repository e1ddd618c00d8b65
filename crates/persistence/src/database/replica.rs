//! A copy of the database that follows it, a moment behind: for lists, which nobody decides by.
//!
//! It is asked only while it follows closely, and by somebody who wrote only once it has what he wrote. Whatever goes wrong with it, the
//! database itself is asked instead; what failed is logged when it begins and when it ends.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::{QueryableByName, RunQueryDsl, sql_types};

use super::manager::{Manager, Pool};
use super::{DatabaseSettings, Reader, consistent};
use crate::connection::AnyConnection;
use crate::error::Error;
use crate::probe::Probe;
use crate::url::DatabaseUrl;

/// The longest wait for a connection: the database itself is near.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long one that failed is left alone.
const PAUSE: Duration = Duration::from_secs(5);
/// How long it is believed to follow as it did.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// A place in the log of PostgreSQL, by which a replica tells how far it is. Later is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPosition(i64);

impl LogPosition {
    /// The place that is kept as this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// As it is kept.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

#[derive(Debug)]
pub(super) struct Replica {
    url: DatabaseUrl,
    pool: Pool,
    lag_max: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Nobody asks it before this.
    left_alone_until: Option<Instant>,
    replayed: Option<LogPosition>,
    looked_at: Option<Instant>,
    is_lagging: bool,
}

/// What it says of itself.
#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = sql_types::Nullable<sql_types::BigInt>)]
    replayed: Option<i64>,
    #[diesel(sql_type = sql_types::BigInt)]
    behind_ms: i64,
}

#[derive(QueryableByName)]
struct Ending {
    #[diesel(sql_type = sql_types::BigInt)]
    position: i64,
}

impl Replica {
    pub(super) fn new(url: DatabaseUrl, settings: &DatabaseSettings) -> Self {
        let of_replica = DatabaseSettings {
            url: url.clone(),
            ..settings.clone()
        };
        Self {
            url,
            pool: Manager::new(&of_replica).into_pool_of_replica(),
            lag_max: settings.replica_lag,
            state: Mutex::default(),
        }
    }

    /// What `work` reads there at one moment, with all that was written up to `least`; none where the database itself is to be asked.
    pub(super) fn read<T, E: From<Error>>(
        &self,
        (name, probe): (&'static str, &Probe),
        least: Option<LogPosition>,
        end: impl Fn() -> Result<LogPosition, Error>,
        mut work: impl FnMut(&mut Reader<'_>) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        if !self.state().admits() {
            return None;
        }
        let Ok(mut connection) = self.pool.get_timeout(PATIENCE) else {
            // Where all of them are busy it is as well as it can be.
            if self.pool.state().connections == 0 {
                self.rest("it takes no connection");
            }
            return None;
        };
        connection.in_use(|open| {
            let mut reader = Reader::new(open, name, probe);
            let follows = self.follows(&mut reader, least, end);
            let outcome = follows.then(|| consistent(&mut reader, &self.url, &mut work));
            if !reader.is_usable() {
                self.rest("its connection was lost");
            }
            // Whatever it could not say, such as rows that it had to drop, the database can.
            let has_failed = reader.fault().is_some();
            (outcome.filter(|_| !has_failed), reader.is_usable())
        })
    }

    /// Asks before the transaction begins: what it had then, the transaction sees.
    fn follows(
        &self,
        reader: &mut Reader<'_>,
        least: Option<LogPosition>,
        end: impl Fn() -> Result<LogPosition, Error>,
    ) -> bool {
        if let Some(follows) = self.state().follows(least) {
            return follows;
        }
        let Ok(standing) = standing(reader) else {
            return false;
        };
        let Some(replayed) = standing.replayed.map(LogPosition) else {
            self.rest("it is no replica");
            return false;
        };
        let is_late = standing.behind_ms > i64::try_from(self.lag_max.as_millis()).unwrap_or(i64::MAX);
        let is_lagging = is_late && end().is_ok_and(|end| replayed < end);
        let mut state = self.state();
        if state.left_alone_until.take().is_some() || state.is_lagging != is_lagging {
            tell(&self.url, is_lagging);
        }
        state.is_lagging = is_lagging;
        state.looked_at = Some(Instant::now());
        state.replayed = state.replayed.max(Some(replayed));
        !is_lagging && state.replayed >= least
    }

    fn rest(&self, why: &'static str) {
        let news = self.state().left_alone_until.replace(Instant::now() + PAUSE).is_none();
        if news {
            let replica = &self.url;
            tracing::warn!(%replica, why, "The replica is left alone, {why}: lists are read from the database");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether somebody may ask now. After a failure that is one; the others wait for how he fares.
    fn admits(&mut self) -> bool {
        let now = Instant::now();
        match self.left_alone_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.left_alone_until = Some(now + PAUSE);
                self.looked_at = None;
                true
            }
        }
    }

    /// Whether it follows far enough, where that is known.
    fn follows(&self, least: Option<LogPosition>) -> Option<bool> {
        let is_fresh = self.looked_at.is_some_and(|at| at.elapsed() < LOOK_AGAIN);
        if is_fresh && self.is_lagging {
            return Some(false);
        }
        (is_fresh && self.replayed >= least).then_some(true)
    }
}

fn tell(replica: &DatabaseUrl, is_lagging: bool) {
    let news = if is_lagging {
        "is too far behind: lists are read from the database"
    } else {
        "follows: lists are read from it"
    };
    tracing::warn!(%replica, "The replica {news}");
}

/// Before the first change that it saw is replayed nothing is known of its time: it counts as late.
fn standing(reader: &mut Reader<'_>) -> Result<Standing, Error> {
    const STANDING: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END AS replayed, \
         COALESCE(1000 * extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 1e12)::bigint AS behind_ms";
    reader.statement("replica_standing", |on| match on {
        AnyConnection::Postgres(on) => diesel::sql_query(STANDING).get_result(on),
        AnyConnection::Sqlite(_) => Err(diesel::result::Error::NotFound),
    })
}

/// Where the log ends now: behind everything that is committed.
pub(super) fn log_end(reader: &mut Reader<'_>) -> Result<LogPosition, Error> {
    const END: &str = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS position";
    let ending: Ending = reader.statement("log_end", |on| match on {
        AnyConnection::Postgres(on) => diesel::sql_query(END).get_result(on),
        AnyConnection::Sqlite(_) => Err(diesel::result::Error::NotFound),
    })?;
    Ok(LogPosition(ending.position))
}
