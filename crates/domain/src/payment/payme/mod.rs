//! Payme calls us: the Payme Merchant API, decided (contract, payments 2).
//!
//! A call is judged in the order POST, credential, JSON, shape, method, parameters ([`Request::read`]), then by the bill of its order. The
//! HTTP status is always 200. Bytes and JSON are deliberately absent: the API reads a body into [`SentCall`], and writes answers and faults.

pub mod auth;
pub mod cancel;
pub mod check;
pub mod check_perform;
pub mod create;
pub mod detail;
pub mod fault;
pub mod fiscal;
pub mod link;
pub mod perform;
pub mod request;
pub mod sent;
pub mod statement;

pub use auth::{PaymeDesk, authorised};
pub use cancel::Cancel;
pub use check::Check;
pub use check_perform::CheckPerform;
pub use create::Create;
pub use fault::{AccountFault, Fault};
pub use fiscal::SetFiscal;
pub use perform::Perform;
pub use request::{Body, Call, Request};
pub use sent::{Sent, SentAccount, SentCall, SentFiscal, SentParams};
pub use statement::Statement;

use crate::ids::TransactionId;
use crate::payment::effect::{Decision, Which};
use crate::payment::transaction::{Millis, Transaction, TransactionState};

/// What a method that names a transaction, or an account, leads to.
pub type Decided = Decision<Result<Answer, Fault>>;

/// The result of a call, in Payme's terms; all of it stands in rows, so that a repeat gets the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// CheckPerformTransaction: `{allow: true}`, with `detail` where the desk sends it.
    Allowed,
    /// CreateTransaction.
    Created {
        /// When we made it.
        create_time: Millis,
        /// Ours; written as text.
        transaction: Which<TransactionId>,
        /// Always 1.
        state: TransactionState,
    },
    /// PerformTransaction.
    Performed {
        /// Ours; written as text.
        transaction: TransactionId,
        /// When the money came.
        perform_time: Millis,
        /// Always 2.
        state: TransactionState,
    },
    /// CancelTransaction.
    Cancelled {
        /// Ours; written as text.
        transaction: TransactionId,
        /// When it was cancelled.
        cancel_time: Millis,
        /// -1 or -2.
        state: TransactionState,
    },
    /// CheckTransaction: all six, always.
    Checked {
        /// When we made it.
        create_time: Millis,
        /// When the money came; zero before.
        perform_time: Millis,
        /// When it was cancelled; zero before.
        cancel_time: Millis,
        /// Ours; written as text.
        transaction: TransactionId,
        /// 1, 2, -1 or -2.
        state: TransactionState,
        /// Why it was cancelled; null before.
        reason: Option<i64>,
    },
    /// SetFiscalData: `{success: true}`.
    FiscalKept,
}

impl Answer {
    const fn created(transaction: &Transaction) -> Self {
        Self::Created {
            create_time: transaction.create_time,
            transaction: Which::Known(transaction.id),
            state: TransactionState::Open,
        }
    }

    const fn performed(transaction: &Transaction) -> Self {
        Self::Performed {
            transaction: transaction.id,
            perform_time: transaction.perform_time,
            state: TransactionState::Performed,
        }
    }

    const fn cancelled(transaction: &Transaction) -> Self {
        Self::Cancelled {
            transaction: transaction.id,
            cancel_time: transaction.cancel_time,
            state: transaction.state,
        }
    }

    const fn checked(transaction: &Transaction) -> Self {
        Self::Checked {
            create_time: transaction.create_time,
            perform_time: transaction.perform_time,
            cancel_time: transaction.cancel_time,
            transaction: transaction.id,
            state: transaction.state,
            reason: transaction.reason,
        }
    }
}
