//! The two states of a shift, and who may bring it from the one to the other.

use crate::coded_enum;
use crate::ids::WorkerId;
use crate::money::Money;
use crate::shift::refusal::ShiftRefusal;

coded_enum! {
    /// Where a shift stands.
    pub enum ShiftStatus {
        /// What is done at the counter joins it.
        Open = "open",
        /// Over; its report is frozen.
        Closed = "closed",
    }
}

/// A shift, as far as its end depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Where it stands.
    pub status: ShiftStatus,
    /// Who opened it.
    pub opened_by: WorkerId,
    /// What lay in the drawer at its beginning.
    pub cash_start: Money,
}

impl Shift {
    /// Judges whether `worker` may open one more in a branch and day that had `opened_today`; those who lead the shop may
    /// always.
    ///
    /// # Errors
    /// [`ShiftRefusal::PerDayReached`].
    pub const fn check_number(opened_today: i64, per_day: i64, is_manager: bool) -> Result<(), ShiftRefusal> {
        if is_manager || opened_today < per_day {
            Ok(())
        } else {
            Err(ShiftRefusal::PerDayReached)
        }
    }

    /// The state after its end.
    ///
    /// # Errors
    /// [`ShiftRefusal::NotYours`] for who does not lead the shop and did not open it; [`ShiftRefusal::AlreadyClosed`].
    pub fn close(&self, worker: WorkerId, is_manager: bool) -> Result<ShiftStatus, ShiftRefusal> {
        if !is_manager && worker != self.opened_by {
            return Err(ShiftRefusal::NotYours);
        }
        match self.status {
            ShiftStatus::Open => Ok(ShiftStatus::Closed),
            ShiftStatus::Closed => Err(ShiftRefusal::AlreadyClosed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shift, ShiftStatus};
    use crate::ids::WorkerId;
    use crate::money::Money;
    use crate::shift::refusal::ShiftRefusal;

    const OPENER: WorkerId = WorkerId::new(1);
    const OTHER: WorkerId = WorkerId::new(2);

    fn shift(status: ShiftStatus) -> Shift {
        Shift {
            status,
            opened_by: OPENER,
            cash_start: Money::ZERO,
        }
    }

    #[test]
    fn a_shift_is_closed_once_by_who_opened_it_or_who_leads() {
        let open = shift(ShiftStatus::Open);

        assert_eq!(open.close(OPENER, false), Ok(ShiftStatus::Closed));
        assert_eq!(open.close(OTHER, true), Ok(ShiftStatus::Closed));
        assert_eq!(open.close(OTHER, false), Err(ShiftRefusal::NotYours));
        let closed = shift(ShiftStatus::Closed);
        assert_eq!(closed.close(OPENER, false), Err(ShiftRefusal::AlreadyClosed));
        assert_eq!(closed.close(OTHER, true), Err(ShiftRefusal::AlreadyClosed));
        assert_eq!(closed.close(OTHER, false), Err(ShiftRefusal::NotYours));
    }

    #[test]
    fn a_seller_opens_no_more_shifts_a_day_than_the_store_says() {
        assert_eq!(Shift::check_number(1, 2, false), Ok(()));
        assert_eq!(Shift::check_number(2, 2, false), Err(ShiftRefusal::PerDayReached));
        assert_eq!(Shift::check_number(7, 2, true), Ok(()));
    }
}
