//! Opens connections, and says the true cause when that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use super::DatabaseSettings;
use crate::connection::AnyConnection;
use crate::database::{postgres, sqlite};
use crate::error::ConnectError;
use crate::url::DatabaseUrl;

pub(super) type Pool = r2d2::Pool<Manager>;
pub(super) type PooledConnection = r2d2::PooledConnection<Manager>;

/// Opens connections for the pool.
///
/// When one connection turns out to be lost, those of its generation are replaced on their next use, so that a restarted
/// server costs one failed request and not one per connection.
#[derive(Debug)]
pub(super) struct Manager {
    settings: DatabaseSettings,
    generation: Arc<AtomicU64>,
}

/// A connection of the pool.
pub(super) struct Open {
    connection: AnyConnection,
    born: u64,
    generation: Arc<AtomicU64>,
    /// Set while in use and left so by a panic: such a connection may be inside a transaction.
    is_dirty: bool,
}

impl Open {
    /// Lends the connection to `work`, which answers and says whether the connection is still good.
    pub(super) fn in_use<T>(&mut self, work: impl FnOnce(&mut AnyConnection) -> (T, bool)) -> T {
        self.is_dirty = true;
        let (outcome, is_usable) = work(&mut self.connection);
        if is_usable {
            self.is_dirty = false;
        } else {
            let _ = self.generation.compare_exchange(
                self.born,
                self.born.saturating_add(1),
                Ordering::SeqCst,
                Ordering::SeqCst,
            );
        }
        outcome
    }
}

impl Manager {
    pub(super) fn new(settings: &DatabaseSettings) -> Self {
        Self {
            settings: settings.clone(),
            generation: Arc::default(),
        }
    }

    pub(super) fn into_pool(self) -> Pool {
        self.pool_of(1, Box::new(LogFailures))
    }

    /// Whoever asks a replica tells himself when it cannot be reached.
    pub(super) fn into_pool_of_replica(self) -> Pool {
        self.pool_of(0, Box::new(r2d2::NopErrorHandler))
    }

    fn pool_of(self, idle_min: u32, on_failure: Box<dyn r2d2::HandleError<PoolError>>) -> Pool {
        let settings = self.settings.clone();
        r2d2::Pool::builder()
            .max_size(settings.pool_size.max(1))
            .min_idle(Some(idle_min))
            .connection_timeout(settings.checkout_timeout)
            .max_lifetime(Some(settings.connection_life))
            .idle_timeout(Some(Duration::from_secs(5 * 60)))
            .error_handler(on_failure)
            .build_unchecked(self)
    }

    /// Opens SQLite's writer, the one connection that may write.
    pub(super) fn open_writer(&self) -> Result<AnyConnection, ConnectError> {
        self.open(sqlite::Role::Writer)
    }

    /// Refuses a PostgreSQL that is too old or would lose acknowledged writes.
    pub(super) fn check_server(&self, require_fsync: bool) -> Result<(), ConnectError> {
        match self.open(sqlite::Role::Reader)? {
            AnyConnection::Postgres(mut connection) => {
                postgres::check_server(&mut connection, &self.settings.url, require_fsync)
            }
            AnyConnection::Sqlite(_) => Ok(()),
        }
    }

    fn open(&self, role: sqlite::Role) -> Result<AnyConnection, ConnectError> {
        let url = &self.settings.url;
        let unreachable = |message: String| ConnectError::Unreachable {
            url: url.to_string(),
            message,
        };
        match url {
            DatabaseUrl::Sqlite(path) => {
                sqlite::make_folder(path).map_err(|error| unreachable(error.to_string()))?;
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(|error| unreachable(error.to_string()))?;
                connection
                    .batch_execute(&sqlite::pragmas(&self.settings, role))
                    .map_err(|error| unreachable(error.to_string()))?;
                Ok(AnyConnection::Sqlite(connection))
            }
            DatabaseUrl::Postgres(text) => {
                let mut connection = PgConnection::establish(&postgres::with_timeouts(text))
                    .map_err(|error| unreachable(error.to_string().trim().to_owned()))?;
                postgres::prepare(&mut connection, &self.settings).map_err(|error| unreachable(error.to_string()))?;
                Ok(AnyConnection::Postgres(connection))
            }
        }
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Open;
    type Error = PoolError;

    fn connect(&self) -> Result<Open, PoolError> {
        let born = self.generation.load(Ordering::SeqCst);
        let connection = self.open(sqlite::Role::Reader)?;
        Ok(Open {
            connection,
            born,
            generation: Arc::clone(&self.generation),
            is_dirty: false,
        })
    }

    /// Asks nothing of the server: only whether the connection belongs to a generation found lost.
    fn is_valid(&self, open: &mut Open) -> Result<(), PoolError> {
        if open.born == self.generation.load(Ordering::SeqCst) {
            Ok(())
        } else {
            Err(PoolError::Outlived)
        }
    }

    fn has_broken(&self, open: &mut Open) -> bool {
        open.is_dirty
    }
}

/// Why the pool has one connection less.
#[derive(Debug, thiserror::Error)]
pub(super) enum PoolError {
    /// None could be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// One of its generation was lost.
    #[error("opened before a connection was lost")]
    Outlived,
}

/// Who waits for a connection learns only that none was free; here is why.
#[derive(Debug)]
struct LogFailures;

impl r2d2::HandleError<PoolError> for LogFailures {
    fn handle_error(&self, error: PoolError) {
        match error {
            PoolError::Connect(error) => log_refusal(&error),
            PoolError::Outlived => {}
        }
    }
}

fn log_refusal(error: &ConnectError) {
    tracing::warn!(%error, "No connection could be opened: {error}");
}
