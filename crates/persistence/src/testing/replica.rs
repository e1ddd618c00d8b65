//! The streaming replica of the throw-away server, found through `SAVDO_TEST_REPLICA_URL`.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl, sql_types};

use super::TestDatabase;
use crate::url::DatabaseUrl;

/// It has one log for all databases: who pauses it has it for himself.
static TURN: Mutex<()> = Mutex::new(());

const CATCHES_UP_WITHIN: Duration = Duration::from_secs(30);

/// The replica, for as long as one test has it.
pub struct TestReplica {
    server: String,
    _turn: MutexGuard<'static, ()>,
}

#[derive(QueryableByName)]
struct Replayed {
    #[diesel(sql_type = sql_types::Bool)]
    is_replayed: bool,
}

impl TestReplica {
    /// Waits for the turn of this test.
    ///
    /// # Panics
    /// When there is no replica.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the throw-away replica is known through its variable alone"
    )]
    pub fn new() -> Self {
        let url = std::env::var("SAVDO_TEST_REPLICA_URL")
            .unwrap_or_else(|_| panic!("SAVDO_TEST_REPLICA_URL is not set: run the tests by `make replica`"));
        let (server, _) = url.rsplit_once('/').unwrap_or((&url, ""));
        Self {
            server: server.to_owned(),
            _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The copy of a database, once it is there and has all that was written.
    ///
    /// # Panics
    /// When it does not come.
    #[must_use]
    pub fn of(&self, database: &TestDatabase) -> DatabaseUrl {
        self.catch_up(database);
        let DatabaseUrl::Postgres(url) = &database.settings().url else {
            panic!("a file has no replica");
        };
        let name = url.rsplit_once('/').map_or("", |(_, name)| name);
        DatabaseUrl::Postgres(format!("{}/{name}", self.server))
    }

    /// Waits until it has all that was written.
    ///
    /// # Panics
    /// When it does not follow.
    pub fn catch_up(&self, database: &TestDatabase) {
        let end = database.log_end().unwrap_or_else(|error| panic!("{error}")).get();
        let replayed = format!("SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint >= {end} AS is_replayed");
        let deadline = Instant::now() + CATCHES_UP_WITHIN;
        let mut connection = self.connect();
        loop {
            let row: Replayed = diesel::sql_query(&replayed)
                .get_result(&mut connection)
                .unwrap_or_else(|error| panic!("{error}"));
            if row.is_replayed {
                return;
            }
            assert!(Instant::now() < deadline, "the replica does not follow");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Stands still: what is written from now on is not seen there.
    ///
    /// # Panics
    /// When it cannot be told to.
    pub fn pause(&self) {
        self.tell("SELECT pg_wal_replay_pause()");
    }

    /// Follows again.
    ///
    /// # Panics
    /// When it cannot be told to.
    pub fn resume(&self) {
        self.tell("SELECT pg_wal_replay_resume()");
    }

    fn tell(&self, sql: &str) {
        self.connect()
            .batch_execute(sql)
            .unwrap_or_else(|error| panic!("{error}"));
    }

    fn connect(&self) -> PgConnection {
        PgConnection::establish(&format!("{}/postgres", self.server)).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Default for TestReplica {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestReplica {
    fn drop(&mut self) {
        self.resume();
    }
}
