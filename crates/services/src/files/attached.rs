//! The file that a request brings along, if it does, on its way to the row that names it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::draft::{Draft, Token};
use super::store::Files;
use super::{Place, Upload, receive};
use crate::{Context, Result};

/// What a request says of the file of a row.
pub(crate) struct Attached {
    files: Files,
    place: Place,
    said: Said,
}

enum Said {
    /// Nothing: the row keeps what it has.
    Nothing,
    /// The row has none any more.
    None,
    /// The row gets this one.
    This(Draft),
}

impl Attached {
    /// The file of a row that is about to be made; none where none was sent.
    ///
    /// # Errors
    /// At the key of the place: a file that is none of those wanted, or that cannot be read; too many decoding at once; no
    /// room on the disk.
    pub(crate) fn of_new(context: &Context, place: Place, sent: Option<Upload>, now: DateTime<Utc>) -> Result<Self> {
        Self::of_change(context, place, sent.map(Some), now)
    }

    /// The file of a row that is about to change; `None` leaves it as it is, `Some(None)` takes it away.
    ///
    /// # Errors
    /// As [`Attached::of_new`].
    pub(crate) fn of_change(
        context: &Context,
        place: Place,
        sent: Option<Option<Upload>>,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let said = match sent {
            None => Said::Nothing,
            Some(None) => Said::None,
            Some(Some(upload)) => Said::This(receive(context, place, &upload, now)?),
        };
        Ok(Self {
            files: context.files().clone(),
            place,
            said,
        })
    }

    /// The name for a new row; empty without a file.
    pub(crate) fn name(&self) -> &str {
        match &self.said {
            Said::Nothing | Said::None => "",
            Said::This(draft) => draft.name(),
        }
    }

    /// The name that the row gets, if it is to change.
    pub(crate) fn change(&self) -> Option<String> {
        match &self.said {
            Said::Nothing => None,
            Said::None | Said::This(_) => Some(self.name().to_owned()),
        }
    }

    /// For the work that writes the row: it says when it did.
    pub(crate) fn token(&self) -> Token {
        match &self.said {
            Said::Nothing | Said::None => Token::default(),
            Said::This(draft) => draft.token(),
        }
    }

    /// Keeps the file if its row is there or may be.
    ///
    /// # Errors
    /// Those of the outcome itself.
    pub(crate) fn settle<T>(self, outcome: Result<T>) -> Result<T> {
        match self.said {
            Said::Nothing | Said::None => outcome,
            Said::This(draft) => draft.settle(outcome),
        }
    }

    /// The same for a change, whose work notes the name that the row had before: that file goes.
    ///
    /// # Errors
    /// Those of the outcome itself.
    pub(crate) fn settle_change<T>(self, outcome: Result<T>, replaced: &Replaced) -> Result<T> {
        let (files, drawer, is_changed) = (self.files.clone(), self.place.drawer, self.change().is_some());
        let changed = self.settle(outcome)?;
        let before = replaced.name();
        if is_changed
            && !before.is_empty()
            && let Err(error) = files.remove(drawer, &before)
        {
            tracing::warn!(%error, "A replaced file stays until the sweep: {error}");
        }
        Ok(changed)
    }
}

/// The name of the file that a row had before a change, as the work of its transaction notes it; empty without one, and where an answer
/// was given again.
#[derive(Clone, Default)]
pub(crate) struct Replaced(Arc<Mutex<String>>);

impl Replaced {
    /// The row had this file.
    pub(crate) fn note(&self, name: &str) {
        name.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn name(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
