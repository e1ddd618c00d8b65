//! The doors to the database.
//!
//! [`Database::read`] runs statements on their own, [`Database::read_consistent`] lets several of them agree, and
//! [`Database::write`] is the only way to a [`Tx`]. All three block; nothing here knows an async runtime.

mod log_position;
mod manager;
mod postgres;
mod reader;
mod replica;
mod sqlite;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use crate::error::{BusyCause, ConnectError, Error};
use crate::probe::{PoolState, Probe};
use crate::url::DatabaseUrl;
pub use log_position::LogPosition;
use manager::{Manager, Pool, PooledConnection};
pub(crate) use postgres::with_timeouts;
pub(crate) use reader::Counted;
pub use reader::{Reader, Tx};
use replica::Replica;
pub(crate) use sqlite::make_folder;
pub use sqlite::make_private_folder;
use writer::Writer;

/// How to reach the database and how long to wait for it.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Which database.
    pub url: DatabaseUrl,
    /// A PostgreSQL that follows it, for lists.
    pub replica_url: Option<DatabaseUrl>,
    /// A replica that is further behind is not asked.
    pub replica_lag: Duration,
    /// Connections to PostgreSQL, or readers of SQLite beside its one writer.
    pub pool_size: u32,
    /// The longest wait for a free connection or for the writer.
    pub checkout_timeout: Duration,
    /// The longest that one statement may run (PostgreSQL).
    pub statement_timeout: Duration,
    /// The longest wait for another transaction's lock.
    pub lock_timeout: Duration,
    /// How long a connection is kept before it is opened anew, so that its plans follow the tables' growth.
    pub connection_life: Duration,
    /// From when on a statement is logged as slow.
    pub slow_statement: Duration,
    /// How many transactions may wait for SQLite's writer.
    pub writer_queue: usize,
    /// Whether an acknowledged write must survive a power cut. Without it a PostgreSQL with fsync off is accepted and
    /// SQLite does not wait for the disk: for throw-away databases only.
    pub require_fsync: bool,
}

impl DatabaseSettings {
    /// The defaults for a URL.
    #[must_use]
    pub fn new(url: DatabaseUrl) -> Self {
        Self {
            url,
            replica_url: None,
            replica_lag: Duration::from_secs(5),
            pool_size: 8,
            checkout_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(3),
            connection_life: Duration::from_secs(30 * 60),
            slow_statement: Duration::from_millis(250),
            writer_queue: 1024,
            require_fsync: true,
        }
    }
}

/// An open database. Cheap to clone; all clones share the same connections.
#[derive(Debug, Clone)]
pub struct Database {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: DatabaseSettings,
    pool: Pool,
    /// SQLite's one writer; PostgreSQL writes through the pool.
    writer: Option<Writer>,
    replica: Option<Replica>,
    probe: Arc<Probe>,
}

impl Database {
    /// Opens the database and says why when that is not possible. Migrations are a separate step.
    ///
    /// # Errors
    /// No connection, a PostgreSQL older than 13, or one with fsync off while it is required.
    pub fn open(settings: DatabaseSettings) -> Result<Self, ConnectError> {
        let probe = Arc::new(Probe::new(settings.slow_statement));
        let manager = Manager::new(&settings);
        let writer = match settings.url {
            DatabaseUrl::Sqlite(_) => Some(Writer::start(&manager, &settings, Arc::clone(&probe))?),
            DatabaseUrl::Postgres(_) => {
                manager.check_server(settings.require_fsync)?;
                None
            }
        };
        let pool = manager.into_pool();
        let replica = settings.replica_url.clone().map(|url| Replica::new(url, &settings));
        Ok(Self {
            shared: Arc::new(Shared {
                settings,
                pool,
                writer,
                replica,
                probe,
            }),
        })
    }

    /// The settings it was opened with.
    #[must_use]
    pub fn settings(&self) -> &DatabaseSettings {
        &self.shared.settings
    }

    /// Counts of statements, and in tests the means to make one fail.
    #[must_use]
    pub fn probe(&self) -> &Probe {
        &self.shared.probe
    }

    /// Runs statements each on its own: for an answer of one statement, or of several that need not agree.
    ///
    /// # Errors
    /// Those of `work`, and [`Error::Busy`] when no connection is free in time.
    pub fn read<T, E: From<Error>>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.checkout()?;
        self.on_reader(name, &mut connection, work)
    }

    /// Runs statements that all see the database as it is now.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub fn read_consistent<T, E: From<Error>>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.checkout()?;
        self.on_reader(name, &mut connection, |reader| {
            consistent(reader, &self.shared.settings.url, work)
        })
    }

    /// Whether there is a replica.
    #[must_use]
    pub fn has_replica(&self) -> bool {
        self.shared.replica.is_some()
    }

    /// Runs statements that all see the database at one moment, which may be a few seconds ago but is behind `least`: for answers that
    /// nobody decides by. `work` may run twice.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub fn read_replayed<T, E: From<Error>>(
        &self,
        name: &'static str,
        least: Option<LogPosition>,
        mut work: impl FnMut(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let replica = self.shared.replica.as_ref();
        let end = || self.read("log_flushed", log_position::log_flushed);
        let replayed = replica.map(|it| it.read((name, &self.shared.probe), least, end, &mut work));
        match replayed {
            Some(Ok(answer)) => {
                self.probe().replica().answer();
                return Ok(answer);
            }
            Some(Err(why)) => self.probe().replica().fell_back(why),
            None => {}
        }
        self.read_consistent(name, work)
    }

    /// Where the log of PostgreSQL ends now: a replica that is there has everything that was written so far.
    ///
    /// # Errors
    /// As [`Database::read`]; always on SQLite, which has no replicas.
    pub fn log_end(&self) -> Result<LogPosition, Error> {
        self.read("log_end", log_position::log_end)
    }

    /// Makes the decision of `work` durable in one transaction: all of it when it answers `Ok`, nothing otherwise.
    ///
    /// `work` may run more than once and must have no effect but through its [`Tx`]. A serialization failure or a
    /// dead-lock runs it again, at most five times; a commit whose outcome is unknown never does.
    ///
    /// # Errors
    /// Those of `work`, and [`Error::Busy`] when the database cannot take the work now.
    pub fn write<T, E, F>(&self, name: &'static str, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let started = Instant::now();
        let probe = &self.shared.probe;
        let counting = move |tx: &mut Tx<'_>| {
            let answer = work(tx)?;
            Ok((answer, tx.finish()?))
        };
        let outcome: Result<_, E> = match &self.shared.writer {
            Some(writer) => writer.write(name, counting),
            None => postgres::write(name, probe, || self.checkout(), counting),
        };
        probe.wrote(name, started.elapsed());
        let (answer, counts) = outcome?;
        probe.count(counts);
        Ok(answer)
    }

    /// The connections of the pool.
    #[must_use]
    pub fn pool_state(&self) -> PoolState {
        let state = self.shared.pool.state();
        PoolState {
            busy: state.connections.saturating_sub(state.idle_connections),
            idle: state.idle_connections,
        }
    }

    fn on_reader<T, E: From<Error>>(
        &self,
        name: &'static str,
        connection: &mut PooledConnection,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        connection.in_use(|open| {
            let mut reader = Reader::new(open, name, &self.shared.probe);
            let outcome = work(&mut reader);
            (outcome, reader.is_usable())
        })
    }

    fn checkout(&self) -> Result<PooledConnection, Error> {
        let started = Instant::now();
        let connection = self.shared.pool.get();
        self.shared.probe.waited(started.elapsed());
        connection.map_err(|_| Error::Busy(BusyCause::NoConnection))
    }
}

/// Runs `work` in a transaction that only reads and sees the database at one moment.
fn consistent<T, E: From<Error>>(
    reader: &mut Reader<'_>,
    url: &DatabaseUrl,
    work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let begin = match url {
        DatabaseUrl::Sqlite(_) => "BEGIN",
        DatabaseUrl::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    reader.statement("begin", |on| on.batch_execute(begin))?;
    let outcome = work(reader);
    let ended = reader.statement("commit", |on| on.batch_execute("COMMIT"));
    if ended.is_err() {
        reader.abandon();
    }
    outcome
}
