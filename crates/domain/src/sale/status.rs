//! The two states of a sale.

use crate::coded_enum;
use crate::sale::refusal::SaleRefusal;

coded_enum! {
    /// Where a sale stands.
    pub enum SaleStatus {
        /// Sold and paid.
        Completed = "completed",
        /// Undone, goods and money back.
        Cancelled = "cancelled",
    }
}

impl SaleStatus {
    /// The state after a cancel.
    ///
    /// # Errors
    /// [`SaleRefusal::AlreadyCancelled`]: a sale is undone once.
    pub const fn cancel(self) -> Result<Self, SaleRefusal> {
        match self {
            Self::Completed => Ok(Self::Cancelled),
            Self::Cancelled => Err(SaleRefusal::AlreadyCancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SaleStatus;
    use crate::sale::refusal::SaleRefusal;

    #[test]
    fn a_sale_is_cancelled_once() {
        assert_eq!(SaleStatus::Completed.cancel(), Ok(SaleStatus::Cancelled));
        assert_eq!(SaleStatus::Cancelled.cancel(), Err(SaleRefusal::AlreadyCancelled));
    }
}
