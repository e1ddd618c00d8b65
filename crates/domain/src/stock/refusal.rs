//! Why stock is not moved.

use crate::ids::{BatchId, ProductId};
use crate::quantity::Quantity;
use crate::stock::location::Place;

/// A change of stock that is not carried out; nothing has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockRefusal {
    /// Less is there than is asked for: every short product, in the order of their ids.
    Insufficient(Vec<ShortLine>),
    /// The one batch that was named holds less than is asked for.
    BatchShort {
        /// The batch.
        batch_id: BatchId,
        /// What it holds.
        available: Quantity,
        /// What was asked.
        requested: Quantity,
    },
    /// The level is not what the caller expected.
    Changed {
        /// What it is.
        quantity: Quantity,
    },
    /// The place is switched off: nothing new moves there.
    LocationInactive,
    /// The product is switched off: nothing new moves of it.
    ProductInactive,
    /// A sum of quantities or values does not fit the ledger.
    AmountOutOfRange,
}

/// A product of which there is too little.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortLine {
    /// The product.
    pub product_id: ProductId,
    /// Its name, as the document carries it.
    pub product_name: String,
    /// Where it was looked for.
    pub place: Place,
    /// What can be taken.
    pub available: Quantity,
    /// What was asked, summed over the lines of the document.
    pub requested: Quantity,
}

impl StockRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Insufficient(_) => "insufficient_stock",
            Self::BatchShort { .. } => "batch_short",
            Self::Changed { .. } => "stock_changed",
            Self::LocationInactive => "location_inactive",
            Self::ProductInactive => "product_inactive",
            Self::AmountOutOfRange => "amount_out_of_range",
        }
    }
}
