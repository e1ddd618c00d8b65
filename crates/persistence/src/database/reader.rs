//! What a query is written against.

use std::ops::{Deref, DerefMut};

use diesel::{PgConnection, QueryResult};

use crate::connection::AnyConnection;
use crate::error::{Error, FaultKind};
use crate::probe::Probe;
use crate::trail::{self, Trail};

/// A connection that reads. Queries take it as their first argument.
pub struct Reader<'c> {
    connection: &'c mut AnyConnection,
    work: &'static str,
    probe: &'c Probe,
    fault: Option<(Error, FaultKind)>,
}

impl<'c> Reader<'c> {
    pub(super) fn new(connection: &'c mut AnyConnection, work: &'static str, probe: &'c Probe) -> Self {
        Self {
            connection,
            work,
            probe,
            fault: None,
        }
    }

    /// Runs one statement: the only door, which names, counts and times it and understands its errors.
    pub(crate) fn statement<T>(
        &mut self,
        name: &'static str,
        run: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, Error> {
        let started = match self.probe.before(name) {
            Ok(started) => started,
            Err(error) => return Err(self.note(error, FaultKind::Final)),
        };
        let outcome = run(self.connection);
        self.probe.after(self.work, name, started);
        outcome.map_err(|error| {
            let (error, kind) = Error::from_driver(name, &error);
            self.note(error, kind)
        })
    }

    /// Runs a statement of PostgreSQL's own, which does at once what takes SQLite several; there it answers `None`, and nothing has run.
    pub(crate) fn on_postgres<T>(
        &mut self,
        name: &'static str,
        run: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<Option<T>, Error> {
        if matches!(self.connection, AnyConnection::Sqlite(_)) {
            return Ok(None);
        }
        self.statement(name, |on| match on {
            AnyConnection::Postgres(on) => run(on).map(Some),
            AnyConnection::Sqlite(_) => Ok(None),
        })
    }

    /// Whether the connection can serve others after this work.
    pub(super) fn is_usable(&self) -> bool {
        !matches!(self.fault, Some((_, FaultKind::Lost)))
    }

    /// Marks the connection as one that nobody should use again.
    pub(super) fn abandon(&mut self) {
        self.fault = Some((Error::Busy(crate::error::BusyCause::ConnectionLost), FaultKind::Lost));
    }

    /// The first statement that failed, if one did.
    pub(super) fn fault(&self) -> Option<&(Error, FaultKind)> {
        self.fault.as_ref()
    }

    fn note(&mut self, error: Error, kind: FaultKind) -> Error {
        if self.fault.is_none() || kind == FaultKind::Lost {
            self.fault = Some((error.clone(), kind));
        }
        error
    }
}

/// A connection inside a transaction that may write. Reads as a [`Reader`].
///
/// A statement that failed has spoilt the transaction: whatever the closure answers, nothing of it remains.
pub struct Tx<'c> {
    reader: Reader<'c>,
    counts: Vec<Counted>,
    trail: Trail,
}

/// What is counted once it is durable, and two names that say which: few, and ours.
pub(crate) type Counted = (&'static str, [&'static str; 2]);

impl<'c> Tx<'c> {
    pub(super) fn new(connection: &'c mut AnyConnection, work: &'static str, probe: &'c Probe) -> Self {
        Self {
            reader: Reader::new(connection, work, probe),
            counts: Vec::new(),
            trail: Trail::default(),
        }
    }

    /// Counts one more of this, if the transaction goes through.
    pub(crate) fn count(&mut self, what: &'static str, which: [&'static str; 2]) {
        self.counts.push((what, which));
    }

    /// Where rows go that this transaction leaves behind, to be written at its end; `None` on SQLite, which writes them at once.
    pub(crate) fn trail(&mut self) -> Option<&mut Trail> {
        matches!(self.reader.connection, AnyConnection::Postgres(_)).then_some(&mut self.trail)
    }

    /// Writes what it leaves behind, when all else is done and nothing has spoilt it; what it counts.
    pub(super) fn finish(&mut self) -> Result<Vec<Counted>, Error> {
        if self.fault().is_none() {
            trail::write(self)?;
        }
        Ok(std::mem::take(&mut self.counts))
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}
