//! Why a shift is not opened or closed, or a document not written without one.

use crate::ids::ShiftId;

/// A shift that is not opened or not closed, or something that needs one and has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShiftRefusal {
    /// The branch has no open shift.
    NoneOpen,
    /// The branch has an open shift already.
    AlreadyOpen {
        /// That one.
        shift_id: ShiftId,
    },
    /// The shift is closed: its report is frozen.
    AlreadyClosed,
    /// The shift is open: it has no frozen report yet.
    StillOpen,
    /// As many shifts were opened in this branch and day as a seller may.
    PerDayReached,
    /// A seller at the shift of somebody else.
    NotYours,
}

impl ShiftRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoneOpen => "no_open_shift",
            Self::AlreadyOpen { .. } => "shift_already_open",
            Self::AlreadyClosed => "shift_already_closed",
            Self::StillOpen => "shift_still_open",
            Self::PerDayReached => "shifts_per_day_reached",
            Self::NotYours => "shift_not_yours",
        }
    }
}
