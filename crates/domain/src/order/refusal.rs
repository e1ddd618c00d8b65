//! Why an order is not made or not moved.

use crate::ids::ProductId;
use crate::money::Money;
use crate::order::status::OrderStatus;

/// A checkout or a step of an order that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderRefusal {
    /// No order goes this way.
    IllegalTransition {
        /// Where it stands.
        from: OrderStatus,
        /// Where it was to go.
        to: OrderStatus,
        /// Where this caller may send it now.
        allowed: Vec<OrderStatus>,
    },
    /// Orders go this way, but not by this caller's hand.
    TransitionNotAllowed,
    /// Nobody is there to carry the order.
    CourierRequired,
    /// The cash has not been handed over.
    CashRequired,
    /// The cash is not what the order costs.
    AmountMismatch,
    /// The money is here already, or was.
    AlreadyPaid,
    /// A provider is about to take the money.
    PaymentInProgress,
    /// The caller may not do this to any order.
    Forbidden,
    /// There is nothing to order.
    CartEmpty,
    /// The store does not sell online now.
    StoreClosed,
    /// Some products are not offered any more.
    ProductUnavailable(Vec<UnavailableProduct>),
    /// The total is another than the buyer was shown.
    PriceChanged {
        /// The total now.
        total_price: Money,
        /// Every line with its price now.
        lines: Vec<PriceLine>,
    },
    /// The total does not fit a document.
    AmountOutOfRange,
}

/// A product that cannot be ordered any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnavailableProduct {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
}

/// A line at the prices of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceLine {
    /// The product.
    pub product_id: ProductId,
    /// Its price when it was put into the cart.
    pub price_at_add: Money,
    /// Its price now.
    pub price: Money,
    /// How many pieces.
    pub pieces: i64,
    /// The price of all of them now.
    pub subtotal: Money,
}

impl OrderRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IllegalTransition { .. } => "illegal_transition",
            Self::TransitionNotAllowed => "transition_not_allowed",
            Self::CourierRequired => "courier_required",
            Self::CashRequired => "cash_required",
            Self::AmountMismatch => "amount_mismatch",
            Self::AlreadyPaid => "already_paid",
            Self::PaymentInProgress => "payment_in_progress",
            Self::Forbidden => "forbidden",
            Self::CartEmpty => "cart_empty",
            Self::StoreClosed => "store_closed",
            Self::ProductUnavailable(_) => "product_unavailable",
            Self::PriceChanged { .. } => "price_changed",
            Self::AmountOutOfRange => "amount_out_of_range",
        }
    }
}
