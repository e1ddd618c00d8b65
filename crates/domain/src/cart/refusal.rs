//! Why a cart is not changed.

use crate::ids::StoreId;

/// A change of a cart that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CartRefusal {
    /// Less can be sold than the line would hold.
    InsufficientStock {
        /// What can be sold, in whole pieces.
        available: i64,
        /// What the line would hold, in pieces.
        requested: i64,
    },
    /// The cart holds lines of another store.
    StoreMismatch {
        /// The store of the cart.
        store_id: StoreId,
    },
    /// Nothing to park, or nothing parked to bring back.
    NothingToSplit,
}

impl CartRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InsufficientStock { .. } => "insufficient_stock",
            Self::StoreMismatch { .. } => "cart_store_mismatch",
            Self::NothingToSplit => "nothing_to_split",
        }
    }
}
