//! Every way in which the trade says no.
//!
//! Each noun has its own refusals; this is their sum, so that a dialect can map all of them in one exhaustive `match`.

use crate::access::{AccessRefusal, StaffRefusal};
use crate::account::AccountRefusal;
use crate::cart::CartRefusal;
use crate::catalog::CatalogRefusal;
use crate::delivery::DeliveryRefusal;
use crate::fields::{FieldErrors, FieldProblem};
use crate::notice::NoticeRefusal;
use crate::order::OrderRefusal;
use crate::payment::PaymentRefusal;
use crate::prescription::PrescriptionRefusal;
use crate::sale::SaleRefusal;
use crate::sale_return::SaleReturnRefusal;
use crate::shift::ShiftRefusal;
use crate::stock::StockRefusal;

/// A request that was understood and is not carried out; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Something is wrong with what was sent.
    Fields(FieldErrors),
    /// No such object for this caller.
    NotFound,
    /// A PATCH without a single known key.
    EmptyPatch,
    /// The caller may not.
    Access(AccessRefusal),
    /// Workers.
    Staff(StaffRefusal),
    /// Signing in, tokens and accounts.
    Account(AccountRefusal),
    /// Stores, places, categories and products.
    Catalog(CatalogRefusal),
    /// Stock.
    Stock(StockRefusal),
    /// Sales at the counter.
    Sale(SaleRefusal),
    /// Shifts.
    Shift(ShiftRefusal),
    /// Returns of what was sold.
    SaleReturn(SaleReturnRefusal),
    /// Carts.
    Cart(CartRefusal),
    /// Online orders.
    Order(OrderRefusal),
    /// Online payments.
    Payment(PaymentRefusal),
    /// Deliveries of online orders.
    Delivery(DeliveryRefusal),
    /// Messages to people.
    Notice(NoticeRefusal),
    /// Prescriptions.
    Prescription(PrescriptionRefusal),
}

impl Refusal {
    /// A problem at one field.
    #[must_use]
    pub fn field(field: impl Into<String>, problem: FieldProblem) -> Self {
        Self::Fields(FieldErrors::one(field, problem))
    }

    /// The stable code; `None` for field errors, which carry none.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Fields(_) => None,
            Self::NotFound => Some("not_found"),
            Self::EmptyPatch => Some("empty_patch"),
            Self::Access(refusal) => Some(refusal.code()),
            Self::Staff(refusal) => Some(refusal.code()),
            Self::Account(refusal) => Some(refusal.code()),
            Self::Catalog(refusal) => Some(refusal.code()),
            Self::Stock(refusal) => Some(refusal.code()),
            Self::Sale(refusal) => Some(refusal.code()),
            Self::Shift(refusal) => Some(refusal.code()),
            Self::SaleReturn(refusal) => Some(refusal.code()),
            Self::Cart(refusal) => Some(refusal.code()),
            Self::Order(refusal) => Some(refusal.code()),
            Self::Payment(refusal) => Some(refusal.code()),
            Self::Delivery(refusal) => Some(refusal.code()),
            Self::Notice(refusal) => Some(refusal.code()),
            Self::Prescription(refusal) => Some(refusal.code()),
        }
    }
}

macro_rules! from_noun {
    ($($noun:ident($refusal:ty)),+ $(,)?) => {$(
        impl From<$refusal> for Refusal {
            fn from(refusal: $refusal) -> Self {
                Self::$noun(refusal)
            }
        }
    )+};
}

from_noun! {
    Fields(FieldErrors),
    Access(AccessRefusal),
    Staff(StaffRefusal),
    Account(AccountRefusal),
    Catalog(CatalogRefusal),
    Stock(StockRefusal),
    Sale(SaleRefusal),
    Shift(ShiftRefusal),
    SaleReturn(SaleReturnRefusal),
    Cart(CartRefusal),
    Order(OrderRefusal),
    Payment(PaymentRefusal),
    Delivery(DeliveryRefusal),
    Notice(NoticeRefusal),
    Prescription(PrescriptionRefusal),
}
