//! Why a delivery is not made or not moved.

use crate::delivery::status::DeliveryStatus;

/// An assignment or a step of a delivery that is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryRefusal {
    /// The order is not packed, or is past it.
    OrderNotReady,
    /// The courier is on the way already: it is cancelled first.
    OnTheWay,
    /// No delivery goes this way.
    IllegalTransition {
        /// Where it stands.
        from: DeliveryStatus,
        /// Where it was to go.
        to: DeliveryStatus,
    },
}

impl DeliveryRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OrderNotReady => "order_not_ready",
            Self::OnTheWay => "delivery_on_the_way",
            Self::IllegalTransition { .. } => "illegal_transition",
        }
    }
}
