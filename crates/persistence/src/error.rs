//! What can go wrong between us and a database.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind};

use crate::constraints::Constraint;

/// A statement or a transaction that did not go through. Nothing of it remains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database cannot take the work now; the same work may go through later.
    #[error("the database is busy: {0}")]
    Busy(BusyCause),
    /// No room is left on the disk.
    #[error("no room is left on the disk")]
    StorageFull,
    /// A rule of the schema refused the row.
    #[error("constraint {0:?} refused the row")]
    Refused(Constraint),
    /// A row that cannot be: a bug or a hand at the database.
    #[error("row {id} of {table} is corrupt: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row's id.
        id: i64,
        /// What cannot be.
        why: String,
    },
    /// A fault of the statement itself: a bug of ours.
    #[error("statement {statement} failed: {message}")]
    Statement {
        /// Its name.
        statement: &'static str,
        /// What the database said.
        message: String,
    },
}

/// Why the database is busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BusyCause {
    /// No connection was free in time, or none could be opened.
    #[error("no connection was free in time")]
    NoConnection,
    /// The queue of writers is full, or the work waited in it too long.
    #[error("the queue of writers is full")]
    QueueFull,
    /// Another transaction held a lock for too long.
    #[error("a lock was not free in time")]
    LockTimeout,
    /// A statement ran too long.
    #[error("a statement took too long")]
    StatementTimeout,
    /// The connection was lost before the commit: nothing is written.
    #[error("the connection was lost")]
    ConnectionLost,
    /// The connection was lost during the commit: whether it is written is unknown.
    #[error("the outcome of a commit is unknown")]
    CommitUnknown,
    /// Other transactions got in the way every time.
    #[error("other transactions got in the way")]
    Contention,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No connection, in the words of the driver.
    #[error("cannot connect to {url}: {message}")]
    Unreachable {
        /// The database, without its password.
        url: String,
        /// The driver's words.
        message: String,
    },
    /// A server older than we speak to.
    #[error("PostgreSQL {version} at {url} is too old; 13 or newer is needed")]
    TooOld {
        /// The database.
        url: String,
        /// Its version.
        version: String,
    },
    /// A server that would lose acknowledged writes.
    #[error(
        "PostgreSQL at {url} runs with fsync off and would lose acknowledged sales; turn it on, or set database.require_fsync to false for a throw-away server"
    )]
    FsyncOff {
        /// The database.
        url: String,
    },
    /// Migrations failed.
    #[error("migrations of {url} failed: {message}")]
    Migration {
        /// The database.
        url: String,
        /// What failed.
        message: String,
    },
    /// A statement of the start-up failed.
    #[error(transparent)]
    Database(#[from] Error),
}

/// How a failed statement is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The transaction may be run again as it is.
    Retryable,
    /// The connection is gone.
    Lost,
    /// The rest.
    Final,
}

impl Error {
    /// Understands what a driver says about the statement called `statement`.
    pub(crate) fn from_driver(statement: &'static str, error: &diesel::result::Error) -> (Self, FaultKind) {
        match error {
            diesel::result::Error::DatabaseError(kind, information) => {
                Self::from_database(statement, kind, information.as_ref())
            }
            other => (
                Self::Statement {
                    statement,
                    message: other.to_string(),
                },
                FaultKind::Final,
            ),
        }
    }

    fn from_database(
        statement: &'static str,
        kind: &DatabaseErrorKind,
        information: &(dyn DatabaseErrorInformation + Send + Sync),
    ) -> (Self, FaultKind) {
        let message = information.message();
        match kind {
            DatabaseErrorKind::SerializationFailure => (Self::Busy(BusyCause::Contention), FaultKind::Retryable),
            DatabaseErrorKind::ClosedConnection => (Self::Busy(BusyCause::ConnectionLost), FaultKind::Lost),
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::CheckViolation => Constraint::named(information.constraint_name(), message)
                .map_or_else(
                    || {
                        (
                            Self::Statement {
                                statement,
                                message: message.to_owned(),
                            },
                            FaultKind::Final,
                        )
                    },
                    |constraint| (Self::Refused(constraint), FaultKind::Final),
                ),
            _ => Self::from_message(statement, message),
        }
    }

    /// The drivers give no code for these: SQLite's texts are fixed, PostgreSQL's are asked for in English on connect.
    fn from_message(statement: &'static str, message: &str) -> (Self, FaultKind) {
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if says(&["deadlock detected"]) {
            (Self::Busy(BusyCause::Contention), FaultKind::Retryable)
        } else if says(&["due to lock timeout", "database is locked", "database table is locked"]) {
            (Self::Busy(BusyCause::LockTimeout), FaultKind::Final)
        } else if says(&["due to statement timeout"]) {
            (Self::Busy(BusyCause::StatementTimeout), FaultKind::Final)
        } else if says(&["disk is full", "No space left on device"]) {
            (Self::StorageFull, FaultKind::Final)
        } else if says(&[
            "server closed the connection",
            "terminating connection",
            "connection not open",
            "no connection to the server",
            "could not receive data",
            "could not send data",
            "the database system is",
        ]) {
            (Self::Busy(BusyCause::ConnectionLost), FaultKind::Lost)
        } else {
            (
                Self::Statement {
                    statement,
                    message: message.to_owned(),
                },
                FaultKind::Final,
            )
        }
    }
}
