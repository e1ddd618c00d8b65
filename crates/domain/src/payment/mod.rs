//! Money for online orders, one row for each way it was tried.
//!
//! An order has one successful payment at most. Today cash alone makes rows: expected when the order is put together, here when
//! somebody received it. What providers and refunds do comes with them and is not decided here.

use crate::coded_enum;

coded_enum! {
    /// Who takes the money.
    pub enum Provider {
        /// Payme.
        Payme = "payme",
        /// Click.
        Click = "click",
        /// A courier, or staff at the counter.
        Cash = "cash",
    }
}

coded_enum! {
    /// Where a payment stands.
    pub enum PaymentState {
        /// Expected.
        Pending = "pending",
        /// A provider is taking it.
        Processing = "processing",
        /// Here.
        Success = "success",
        /// The provider gave it up.
        Failed = "failed",
        /// Not wanted any more.
        Cancelled = "cancelled",
        /// Given back.
        Refunded = "refunded",
    }
}
