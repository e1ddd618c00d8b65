//! How long the pictures of prescriptions are kept.

use chrono::{DateTime, TimeDelta, Utc};
use savdo_persistence::prescriptions::files::Outdated;

/// How long the pictures of prescriptions are kept, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// After the order was handed over.
    pub delivered_days: u32,
    /// After the order was cancelled; after it came, for one without an order.
    pub cancelled_days: u32,
}

impl Default for Keeping {
    /// Five years, and thirty days.
    fn default() -> Self {
        Self {
            delivered_days: 1827,
            cancelled_days: 30,
        }
    }
}

impl Keeping {
    /// Whose time is over now.
    pub(super) fn outdated(self, now: DateTime<Utc>) -> Outdated {
        let before = |days: u32| now.checked_sub_signed(TimeDelta::days(days.into())).unwrap_or(now);
        Outdated {
            delivered_before: before(self.delivered_days),
            cancelled_before: before(self.cancelled_days),
        }
    }
}
