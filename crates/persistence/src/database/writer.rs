//! SQLite's one writer: a thread with a first-come queue that commits in groups.
//!
//! Each transaction runs in a savepoint of its own; the group takes only what already waits, is committed once, and only
//! then is anybody answered. So one sync of the disk serves all who came at the same time, and a refused or panicking
//! transaction takes nobody with it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::connection::{
    AnsiTransactionManager, SimpleConnection, TransactionDepthChange, TransactionManager, TransactionManagerStatus,
};

use super::manager::Manager;
use super::{DatabaseSettings, Tx};
use crate::connection::AnyConnection;
use crate::error::{BusyCause, ConnectError, Error};
use crate::probe::Probe;

const GROUP_MAX: usize = 32;

/// The way to the writer's thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    queue: SyncSender<Box<dyn Job>>,
    patience: Duration,
    probe: Arc<Probe>,
    // Dropped after the queue, whose end is the thread's.
    _desk: Joined,
}

/// A thread whose end is waited for, so that its connection is closed and the write-ahead log folded in.
#[derive(Debug)]
struct Joined(Option<JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        // Work that held the last handle on the database drops it on the writer's own thread.
        let others = self
            .0
            .take()
            .filter(|thread| thread.thread().id() != std::thread::current().id());
        if let Some(thread) = others {
            let _ = thread.join();
        }
    }
}

impl Writer {
    pub(super) fn start(
        manager: &Manager,
        settings: &DatabaseSettings,
        probe: Arc<Probe>,
    ) -> Result<Self, ConnectError> {
        let connection = manager.open_writer()?;
        let (queue, waiting) = sync_channel(settings.writer_queue.max(1));
        let desk = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn({
                let probe = Arc::clone(&probe);
                move || Desk { connection, probe }.serve(&waiting)
            })
            .map_err(|error| ConnectError::Unreachable {
                url: settings.url.to_string(),
                message: format!("no thread for the writer: {error}"),
            })?;
        Ok(Self {
            queue,
            patience: settings.checkout_timeout,
            probe,
            _desk: Joined(Some(desk)),
        })
    }

    /// Queues `work` and waits for its answer, given after its commit.
    pub(super) fn write<T, E, F>(&self, name: &'static str, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.enqueue(name, work)?.wait()
    }

    fn enqueue<T, E, F>(&self, name: &'static str, work: F) -> Result<Ticket<T, E>, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        let claim = Arc::new(AtomicBool::new(false));
        let job = Transaction {
            name,
            work,
            outcome: None,
            reply,
            claim: Arc::clone(&claim),
        };
        // Counted before it is there: the desk may take it at once.
        self.probe.enqueued();
        self.queue.try_send(Box::new(job)).map_err(|error| {
            self.probe.dequeued(1);
            match error {
                TrySendError::Full(_) => Error::Busy(BusyCause::QueueFull),
                TrySendError::Disconnected(_) => Error::Busy(BusyCause::ConnectionLost),
            }
        })?;
        Ok(Ticket {
            answer,
            claim,
            patience: self.patience,
        })
    }
}

/// A place in the queue.
struct Ticket<T, E> {
    answer: Receiver<Outcome<T, E>>,
    claim: Arc<AtomicBool>,
    patience: Duration,
}

impl<T, E: From<Error>> Ticket<T, E> {
    /// Waits until the work is done; gives up when its turn does not come in time.
    fn wait(self) -> Result<T, E> {
        let outcome = match self.answer.recv_timeout(self.patience) {
            Err(RecvTimeoutError::Timeout) if !self.claim.swap(true, Ordering::SeqCst) => {
                return Err(Error::Busy(BusyCause::QueueFull).into());
            }
            Err(RecvTimeoutError::Timeout) => self.answer.recv().ok(),
            Err(RecvTimeoutError::Disconnected) => None,
            Ok(outcome) => Some(outcome),
        };
        match outcome {
            Some(Ok(outcome)) => outcome,
            Some(Err(panic)) => resume_unwind(panic),
            None => Err(Error::Busy(BusyCause::ConnectionLost).into()),
        }
    }
}

/// Work in the queue.
trait Job: Send {
    /// Takes the work from a caller who still waits; false when he has given up.
    fn claim(&self) -> bool;
    /// Runs it; says whether its savepoint is to be kept.
    fn run(&mut self, connection: &mut AnyConnection, probe: &Probe) -> bool;
    /// Whether it ran and went through.
    fn succeeded(&self) -> bool;
    /// Replaces its outcome: it never ran, or what it did was lost.
    fn fail(&mut self, error: Error);
    /// Answers the caller.
    fn answer(self: Box<Self>);
}

type Outcome<T, E> = Result<Result<T, E>, Box<dyn Any + Send>>;

struct Transaction<T, E, F> {
    name: &'static str,
    work: F,
    outcome: Option<Outcome<T, E>>,
    reply: SyncSender<Outcome<T, E>>,
    claim: Arc<AtomicBool>,
}

impl<T, E, F> Job for Transaction<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn claim(&self) -> bool {
        !self.claim.swap(true, Ordering::SeqCst)
    }

    fn run(&mut self, connection: &mut AnyConnection, probe: &Probe) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::new(connection, self.name, probe);
            let outcome = (self.work)(&mut tx);
            match tx.fault() {
                Some((error, _)) if outcome.is_ok() => Err(error.clone().into()),
                _ => outcome,
            }
        }));
        self.outcome = Some(outcome);
        self.succeeded()
    }

    fn succeeded(&self) -> bool {
        matches!(self.outcome, Some(Ok(Ok(_))))
    }

    fn fail(&mut self, error: Error) {
        self.outcome = Some(Ok(Err(error.into())));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // A caller who has gone away needs no answer.
            let _ = self.reply.send(outcome);
        }
    }
}

/// The writer's thread.
struct Desk {
    connection: AnyConnection,
    probe: Arc<Probe>,
}

/// The transaction around a group was rolled back behind our back.
struct Broken(Error);

impl Desk {
    fn serve(mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let rest = std::iter::from_fn(|| waiting.try_recv().ok()).take(GROUP_MAX - 1);
            let taken: Vec<_> = std::iter::once(first).chain(rest).collect();
            self.probe.dequeued(taken.len());
            let mut group: Vec<_> = taken.into_iter().filter(|job| job.claim()).collect();
            match self.execute("BEGIN IMMEDIATE") {
                Ok(()) => self.commit(&mut group),
                Err(Broken(error)) => group.iter_mut().for_each(|job| job.fail(error.clone())),
            }
            group.into_iter().for_each(|job| job.answer());
        }
    }

    /// Commits the group together or, where that fails, each of it once more on its own, so that only the one at fault fails.
    fn commit(&mut self, group: &mut [Box<dyn Job>]) {
        let Err(Broken(cause)) = self.commit_together(group) else {
            return;
        };
        tracing::warn!(%cause, jobs = group.len(), "A group of transactions was rolled back: {cause}");
        self.clear();
        for job in group {
            self.commit_alone(job);
        }
    }

    /// Work that was refused keeps its own reason, also when SQLite rolled back more than its savepoint.
    fn commit_alone(&mut self, job: &mut Box<dyn Job>) {
        if let Err(Broken(error)) = self.execute("BEGIN IMMEDIATE") {
            job.fail(error);
            return;
        }
        if let Err(Broken(error)) = self.commit_together(std::slice::from_mut(job)) {
            self.clear();
            if job.succeeded() {
                job.fail(error);
            }
        }
    }

    /// Runs each of the group in a savepoint of the open transaction, and commits that.
    fn commit_together(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), Broken> {
        for job in group.iter_mut() {
            self.execute("SAVEPOINT work")?;
            tell_depth(&mut self.connection);
            if job.run(&mut self.connection, &self.probe) {
                self.execute("RELEASE work")?;
            } else {
                self.execute("ROLLBACK TO work; RELEASE work")?;
            }
        }
        self.execute("COMMIT")
    }

    /// Leaves whatever transaction is still open; SQLite may have left it already.
    fn clear(&mut self) {
        let _ = self.connection.batch_execute("ROLLBACK");
    }

    fn execute(&mut self, sql: &'static str) -> Result<(), Broken> {
        self.connection
            .batch_execute(sql)
            .map_err(|error| Broken(Error::from_driver(sql, &error).0))
    }
}

/// Tells Diesel that a transaction is open, so that where it wants one of its own (inserts of several rows that leave a
/// column to its default) it makes a savepoint. Nothing else here asks it, so it is told anew for each job.
fn tell_depth(connection: &mut AnyConnection) {
    if let AnyConnection::Sqlite(connection) = connection {
        let status = AnsiTransactionManager::transaction_manager_status_mut(connection);
        *status = TransactionManagerStatus::default();
        if let TransactionManagerStatus::Valid(status) = status {
            // Only leaving more transactions than were entered can fail.
            let _ = status.change_transaction_depth(TransactionDepthChange::IncreaseDepth);
        }
    }
}

#[cfg(test)]
#[path = "tests/writer.rs"]
mod tests;
