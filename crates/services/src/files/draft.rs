//! A file whose row is about to be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use savdo_persistence::{BusyCause, Error as StorageError};

use super::store::{Drawer, Files};
use crate::{Error, Result};

/// A written file that no row names yet; dropped, it is taken away again.
pub(super) struct Draft {
    files: Files,
    drawer: Drawer,
    name: String,
    token: Token,
    stays: bool,
}

/// What the work of a transaction says that it named the file by.
#[derive(Clone, Default)]
pub(crate) struct Token(Arc<AtomicBool>);

impl Token {
    /// The row that names the file is written.
    pub(crate) fn used(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it is.
    pub(super) fn is_used(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Draft {
    /// Writes a file.
    ///
    /// # Errors
    /// No room on the disk, a disk that cannot be written.
    pub(super) fn write(
        files: &Files,
        drawer: Drawer,
        extension: &'static str,
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Self> {
        Ok(Self {
            name: files.write(drawer, extension, bytes, now)?,
            files: files.clone(),
            drawer,
            token: Token::default(),
            stays: false,
        })
    }

    /// The name for the row.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// For the work that writes the row.
    pub(super) fn token(&self) -> Token {
        self.token.clone()
    }

    /// Keeps the file if its row is there or may be: not after a refusal, nor where an answer was given again.
    ///
    /// # Errors
    /// Those of the outcome itself.
    pub(super) fn settle<T>(mut self, outcome: Result<T>) -> Result<T> {
        self.stays = match &outcome {
            Ok(_) => self.token.is_used(),
            // Whether the row is there nobody knows: the sweep will.
            Err(Error::Storage(StorageError::Busy(BusyCause::CommitUnknown))) => true,
            Err(_) => false,
        };
        outcome
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.stays
            && let Err(error) = self.files.remove(self.drawer, &self.name)
        {
            tracing::warn!(%error, "A file that no row names stays until the sweep: {error}");
        }
    }
}
