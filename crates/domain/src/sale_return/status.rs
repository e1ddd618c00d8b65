//! The three states of a return.

use crate::coded_enum;
use crate::sale_return::refusal::SaleReturnRefusal;

coded_enum! {
    /// Where a return stands.
    pub enum SaleReturnStatus {
        /// Written down: its goods are spoken for, and nothing has moved.
        Pending = "pending",
        /// Goods and money went back.
        Confirmed = "confirmed",
        /// Dropped.
        Cancelled = "cancelled",
    }
}

impl SaleReturnStatus {
    /// The state after goods and money went back.
    ///
    /// # Errors
    /// [`SaleReturnRefusal::NotPending`]: that happens once, and never after a cancel.
    pub const fn confirm(self) -> Result<Self, SaleReturnRefusal> {
        match self {
            Self::Pending => Ok(Self::Confirmed),
            Self::Confirmed | Self::Cancelled => Err(SaleReturnRefusal::NotPending),
        }
    }

    /// The state of a return that is dropped.
    ///
    /// # Errors
    /// [`SaleReturnRefusal::NotPending`]: what went back stays back.
    pub const fn cancel(self) -> Result<Self, SaleReturnRefusal> {
        match self {
            Self::Pending => Ok(Self::Cancelled),
            Self::Confirmed | Self::Cancelled => Err(SaleReturnRefusal::NotPending),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SaleReturnStatus::{self, Cancelled, Confirmed, Pending};
    use crate::sale_return::refusal::SaleReturnRefusal::NotPending;

    #[test]
    fn only_a_pending_return_is_confirmed_or_cancelled() {
        let all = [Pending, Confirmed, Cancelled];

        assert_eq!(
            all.map(SaleReturnStatus::confirm),
            [Ok(Confirmed), Err(NotPending), Err(NotPending)]
        );
        assert_eq!(
            all.map(SaleReturnStatus::cancel),
            [Ok(Cancelled), Err(NotPending), Err(NotPending)]
        );
    }
}
