//! Whether the server can take requests.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use savdo_domain::coded::Coded;
use savdo_persistence::dispatches;
use savdo_persistence::migrate::Migrated;

use crate::{Context, jobs};

const FRESH_FOR: Duration = Duration::from_secs(1);
/// How long a message may be due before something is wrong (shop.md 23).
const LATE: TimeDelta = TimeDelta::minutes(15);
const OK: &str = "ok";

/// Each check `ok` or a short reason without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Whether the database answers.
    pub database: String,
    /// Whether it has the migrations of this build.
    pub migrations: String,
    /// Whether no message of the outbox waits for long.
    pub outbox: String,
    /// Whether there is room to write.
    pub disk: String,
    /// Whether all of them are, and the server is not stopping.
    pub is_ready: bool,
}

impl Readiness {
    /// Nothing could be looked at, for a reason.
    #[must_use]
    pub fn unknown(why: &str) -> Self {
        Self {
            database: why.to_owned(),
            migrations: "unknown".to_owned(),
            outbox: "unknown".to_owned(),
            disk: "unknown".to_owned(),
            is_ready: false,
        }
    }
}

/// Looks at what the server stands on, at most once a second.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    free_bytes_min: u64,
    is_draining: AtomicBool,
    last: Mutex<Option<(Instant, Readiness)>>,
}

impl Watch {
    /// A watch over the disk that holds `folder`, of which at least `free_bytes_min` bytes should be free.
    #[must_use]
    pub fn new(folder: PathBuf, free_bytes_min: u64) -> Self {
        Self {
            folder,
            free_bytes_min,
            is_draining: AtomicBool::new(false),
            last: Mutex::new(None),
        }
    }

    /// From now on the server is not ready: it is about to stop.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::SeqCst);
    }

    /// Whether the server is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::SeqCst)
    }

    /// How it stands; no older than a second.
    #[must_use]
    pub fn look(&self, context: &Context) -> Readiness {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let fresh = last
            .as_ref()
            .filter(|(at, _)| at.elapsed() < FRESH_FOR)
            .map(|(_, readiness)| readiness.clone());
        let mut readiness = fresh.unwrap_or_else(|| {
            let readiness = self.examine(context);
            *last = Some((Instant::now(), readiness.clone()));
            readiness
        });
        if self.is_draining() {
            readiness.is_ready = false;
        }
        readiness
    }

    fn examine(&self, context: &Context) -> Readiness {
        let (database, migrations) = match context.database().migrated() {
            Ok(Migrated::Yes) => (OK.to_owned(), OK.to_owned()),
            Ok(Migrated::Otherwise) => (OK.to_owned(), "not those of this version".to_owned()),
            Ok(Migrated::Never) => (OK.to_owned(), "never migrated".to_owned()),
            Err(savdo_persistence::Error::Busy(cause)) => (cause.to_string(), "unknown".to_owned()),
            Err(error) => {
                tracing::error!(%error, "The database cannot be read: {error}");
                ("cannot be read".to_owned(), "unknown".to_owned())
            }
        };
        let outbox = if migrations == OK {
            examine_outbox(context)
        } else {
            "unknown".to_owned()
        };
        let disk = self.examine_disk(context);
        let is_ready = [&database, &migrations, &outbox, &disk]
            .iter()
            .all(|check| *check == OK);
        Readiness {
            database,
            migrations,
            outbox,
            disk,
            is_ready,
        }
    }

    /// The disk of the data, and that of the files once there are any.
    fn examine_disk(&self, context: &Context) -> String {
        let of_files = context.files().folder();
        let folders = [
            Some(self.folder.as_path()),
            Some(of_files).filter(|folder| folder.exists()),
        ];
        for folder in folders.into_iter().flatten() {
            match fs4::available_space(folder) {
                Ok(free) if free >= self.free_bytes_min => {}
                Ok(free) => return format!("{} MiB free", free / (1024 * 1024)),
                Err(_) => return "the data folder cannot be read".to_owned(),
            }
        }
        OK.to_owned()
    }
}

/// A message that was due long ago: no worker runs, or its sink takes nothing.
fn examine_outbox(context: &Context) -> String {
    let due_by = context.now().checked_sub_signed(LATE).unwrap_or_default();
    let is_late = context.database().read("outbox_is_late", |reader| {
        jobs::Sink::ALL.iter().try_fold(false, |is_late, sink| {
            Ok::<_, savdo_persistence::Error>(is_late || dispatches::is_due_unscoped(reader, sink.code(), due_by)?)
        })
    });
    match is_late {
        Ok(false) => OK.to_owned(),
        Ok(true) => format!("a message is due for over {} minutes", LATE.num_minutes()),
        Err(savdo_persistence::Error::Busy(cause)) => cause.to_string(),
        Err(error) => {
            tracing::error!(%error, "The outbox cannot be read: {error}");
            "cannot be read".to_owned()
        }
    }
}
