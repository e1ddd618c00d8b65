//! Why a payment is not made or not given back.

/// A wish about a payment that is not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentRefusal {
    /// The order does not wait for an online payment.
    OrderNotAwaitingPayment,
    /// Another provider is about to take the money.
    PaymentInProgress,
    /// The store has no desk of this provider that is on.
    ProviderNotConfigured,
    /// The money is not here, or nobody is owed it.
    NotRefundable,
}

impl PaymentRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OrderNotAwaitingPayment => "order_not_awaiting_payment",
            Self::PaymentInProgress => "payment_in_progress",
            Self::ProviderNotConfigured => "provider_not_configured",
            Self::NotRefundable => "not_refundable",
        }
    }
}
