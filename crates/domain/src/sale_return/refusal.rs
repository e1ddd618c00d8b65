//! Why a return is not taken.

use crate::ids::ProductId;
use crate::quantity::Quantity;

/// A return that is not written down, not confirmed or not cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaleReturnRefusal {
    /// It was confirmed or cancelled before.
    NotPending,
    /// More would come back than was sold.
    ExceedsSold(Vec<ExceededLine>),
}

/// A product of which more is brought back than can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceededLine {
    /// The product.
    pub product_id: ProductId,
    /// How much of it was sold: on the line that was named, else on all lines of the sale.
    pub sold: Quantity,
    /// How much of that came back already or is about to.
    pub returned: Quantity,
    /// How much is brought back now.
    pub requested: Quantity,
}

impl SaleReturnRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotPending => "return_not_pending",
            Self::ExceedsSold(_) => "return_exceeds_sold",
        }
    }
}
