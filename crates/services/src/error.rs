//! Why a use-case did not happen.

use savdo_domain::access::{AccessRefusal, StaffRefusal};
use savdo_domain::account::AccountRefusal;
use savdo_domain::cart::CartRefusal;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::delivery::DeliveryRefusal;
use savdo_domain::notice::NoticeRefusal;
use savdo_domain::order::OrderRefusal;
use savdo_domain::payment::PaymentRefusal;
use savdo_domain::prescription::PrescriptionRefusal;
use savdo_domain::sale::SaleRefusal;
use savdo_domain::sale_return::SaleReturnRefusal;
use savdo_domain::shift::ShiftRefusal;
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldErrors, Refusal};

/// Why a use-case did not happen; nothing of it remains.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The trade says no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The database cannot, or found a row that cannot be.
    #[error(transparent)]
    Storage(#[from] savdo_persistence::Error),
    /// The idempotency key came before, with another body.
    #[error("the idempotency key was used for another body")]
    KeyReused,
    /// The first request with this idempotency key still runs.
    #[error("the first request with this idempotency key still runs")]
    KeyInFlight,
    /// Done too often; there is room again after this time.
    #[error("done too often; again in {retry_after_seconds} s")]
    Throttled {
        /// How long to wait.
        retry_after_seconds: u64,
    },
    /// A phone asked for a code too soon after another, or too often; there is room again after this time.
    #[error("a code was asked for too soon; again in {retry_after_seconds} s")]
    CodeTooSoon {
        /// How long to wait.
        retry_after_seconds: u64,
    },
    /// No place is free for slow work such as hashing.
    #[error("too many wait for the same slow work")]
    Overloaded,
    /// Something that should not happen and that no caller can act on.
    #[error("{0:#}")]
    Unexpected(#[from] anyhow::Error),
}

macro_rules! refused {
    ($($refusal:ty),+ $(,)?) => {$(
        impl From<$refusal> for Error {
            fn from(refusal: $refusal) -> Self {
                Self::Refused(refusal.into())
            }
        }
    )+};
}

refused!(
    Refusal,
    FieldErrors,
    AccessRefusal,
    StaffRefusal,
    AccountRefusal,
    CatalogRefusal,
    NoticeRefusal,
    StockRefusal,
    SaleRefusal,
    ShiftRefusal,
    SaleReturnRefusal,
    CartRefusal,
    OrderRefusal,
    PaymentRefusal,
    DeliveryRefusal,
    PrescriptionRefusal,
);
