//! Days of a store as clients ask for them.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::zone::Zone;
use savdo_domain::{FieldProblem, Refusal};

use crate::Result;

/// Which days of the store are wanted; all where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// This day alone.
    pub day: Option<NaiveDate>,
    /// This day or later.
    pub from: Option<NaiveDate>,
    /// This day or before.
    pub to: Option<NaiveDate>,
}

/// The first instant that belongs, and the first one after it that does not.
pub(crate) type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl Period {
    /// Its first and its last day.
    ///
    /// # Errors
    /// A problem at `date_from` where it is after `date_to`.
    pub(crate) fn days(&self) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            return Err(Refusal::field("date_from", FieldProblem::EmptyPeriod).into());
        }
        let first = self.day.into_iter().chain(self.from).max();
        let last = self.day.into_iter().chain(self.to).min();
        Ok((first, last))
    }

    /// The instants of its days in `zone`.
    ///
    /// # Errors
    /// As [`Period::days`].
    pub(crate) fn span(&self, zone: Zone) -> Result<Span> {
        let (first, last) = self.days()?;
        let from = first.map(|day| zone.start_of(day));
        let before = last.and_then(|day| day.succ_opt()).map(|next| zone.start_of(next));
        Ok((from, before))
    }
}
