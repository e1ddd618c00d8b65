//! Money for online orders, one row for each way it was tried.
//!
//! An order has one successful payment at most that is not late. Every call of a provider, and everything else that moves such money, is
//! decided here by a pure function of the bill as it was read under its locks: it says what becomes of each row, and what is
//! answered. Bytes, headers, rows and the moment of writing are deliberately absent.

pub mod bill;
pub mod cash;
pub mod click;
pub mod desk;
mod digits;
mod draft;
pub mod effect;
pub mod fiscal;
pub mod give_up;
pub mod machine;
pub mod payme;
pub mod reason;
pub mod refund;
pub mod refusal;
pub mod start;
pub mod transaction;

#[cfg(test)]
mod bills;
#[cfg(test)]
mod book;
#[cfg(test)]
mod laws;

use crate::coded_enum;

pub use bill::{Bill, NotPayable, Payment};
pub use effect::{Alert, Decision, Effect, NewPayment, NewTransaction, TransactionStep, Which};
pub use machine::Mover;
pub use refusal::PaymentRefusal;
pub use transaction::{ExternalId, Millis, Transaction, TransactionState};

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

coded_enum! {
    /// What the log of a payment tells.
    pub enum LogEvent {
        /// The payment was made.
        Created = "created",
        /// Payme called CreateTransaction.
        PaymeCreate = "payme_create",
        /// Payme called PerformTransaction.
        PaymePerform = "payme_perform",
        /// Payme called CancelTransaction.
        PaymeCancel = "payme_cancel",
        /// A transaction of Payme was open for longer than it may.
        PaymeExpired = "payme_expired",
        /// Payme called SetFiscalData.
        PaymeFiscal = "payme_fiscal",
        /// Click called Prepare.
        ClickPrepare = "click_prepare",
        /// Click called Complete.
        ClickComplete = "click_complete",
        /// Somebody received cash.
        CashReceived = "cash_received",
        /// The money is here.
        Completed = "completed",
        /// The provider gave the payment up.
        Failed = "failed",
        /// The payment is wanted no more.
        Cancelled = "cancelled",
        /// The money is to be given back.
        RefundRequested = "refund_requested",
        /// The money was given back.
        Refunded = "refunded",
        /// Money came for an order that was paid or over.
        LateMoney = "late_money",
        /// Click was asked where the payment stands.
        ClickStatus = "click_status",
        /// Click was asked to give the money back.
        ClickReversal = "click_reversal",
    }
}
