//! Why a sale is not made or not undone.

use crate::ids::ProductId;
use crate::money::Money;

/// A sale or cancel that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaleRefusal {
    /// The product has no price, and no one with the right to name one did.
    PriceMissing {
        /// The product.
        product_id: ProductId,
    },
    /// The sale was cancelled before.
    AlreadyCancelled,
    /// Goods of it came back, or are about to.
    HasReturns,
    /// The store gives no discounts at the counter.
    DiscountNotAllowed,
    /// More discount than a seller may give.
    DiscountLimitExceeded {
        /// The most for this sale.
        limit: Money,
        /// What was asked.
        asked: Money,
    },
    /// A price that a seller may not name.
    PriceOverrideNotAllowed {
        /// The product whose list price was contradicted; `None` where a price below it was asked without a limit to
        /// hold it.
        product_id: Option<ProductId>,
        /// Its list price.
        price: Option<Money>,
    },
}

impl SaleRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PriceMissing { .. } => "price_missing",
            Self::AlreadyCancelled => "sale_already_cancelled",
            Self::HasReturns => "sale_has_returns",
            Self::DiscountNotAllowed => "discount_not_allowed",
            Self::DiscountLimitExceeded { .. } => "discount_limit_exceeded",
            Self::PriceOverrideNotAllowed { .. } => "price_override_not_allowed",
        }
    }
}
