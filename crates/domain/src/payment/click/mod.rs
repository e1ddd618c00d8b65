//! Click calls us: the Click SHOP API, decided (contract, payments 3).
//!
//! A call is judged in the order required fields, signature, service, action ([`Form::judge`]), then by the bill of its order. The HTTP status
//! is always 200. Bytes are deliberately absent: the API decodes a form, a multipart body or JSON into pairs of texts, and writes answers.

pub mod complete;
pub mod fiscal;
pub mod form;
pub mod link;
pub mod merchant;
pub mod prepare;
pub mod reversal;
pub mod signature;

#[cfg(test)]
mod complete_table;
#[cfg(test)]
mod form_table;

use crate::coded_enum;
use crate::ids::TransactionId;
use crate::payment::LogEvent;
use crate::payment::desk::Desk;
use crate::payment::effect::{Decision, Which};

pub use complete::Complete;
pub use fiscal::{FiscalItem, FiscalSale, TaxNumber};
pub use form::{Action, Call, Field, Form};
pub use link::PayLink;
pub use merchant::{ClickStatus, auth_header};
pub use prepare::{Prepare, PrepareFacts};
pub use reversal::{NextTry, ReversalAnswer};
pub use signature::Signed;

/// What a call leads to.
pub type Decided = Decision<Answer>;

/// A desk at Click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickDesk {
    /// Stores, world and secrets.
    pub desk: Desk,
    /// The service, by which a call names the desk.
    pub service_id: String,
    /// The merchant, who stands in links.
    pub merchant_id: String,
    /// Who calls Click's Merchant API.
    pub merchant_user_id: String,
}

/// What Click is answered, beside what it sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// `error`.
    pub code: Code,
    /// `merchant_prepare_id` of Prepare, `merchant_confirm_id` of Complete; null without one.
    pub number: Option<Which<TransactionId>>,
}

coded_enum! {
    /// `error` in an answer to Click, with `error_note` as its code (contract 3.3).
    pub enum Code {
        /// Done.
        Success = "Success",
        /// The signature is wrong or empty, or there is no secret.
        BadSignature = "SIGN CHECK FAILED!",
        /// The amount is another than the order's, or no amount.
        WrongAmount = "Incorrect parameter amount",
        /// The action is neither Prepare nor Complete.
        UnknownAction = "Action not found",
        /// The order or the attempt is paid.
        AlreadyPaid = "Already paid",
        /// No such order at this desk.
        OrderNotFound = "User does not exist",
        /// No such attempt of this order.
        AttemptNotFound = "Transaction does not exist",
        /// We failed; never after a debit.
        OurFailure = "Failed to update user",
        /// A field is missing, malformed or there twice, or the service is not ours.
        BadRequest = "Error in request from click",
        /// Click failed; the attempt or its order is cancelled, expired or not payable.
        Cancelled = "Transaction cancelled",
    }
}

impl Code {
    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Success => 0,
            Self::BadSignature => -1,
            Self::WrongAmount => -2,
            Self::UnknownAction => -3,
            Self::AlreadyPaid => -4,
            Self::OrderNotFound => -5,
            Self::AttemptNotFound => -6,
            Self::OurFailure => -7,
            Self::BadRequest => -8,
            Self::Cancelled => -9,
        }
    }
}

impl Answer {
    /// An answer without a number of ours.
    #[must_use]
    pub const fn bare(code: Code) -> Self {
        Self { code, number: None }
    }
}

impl Call {
    /// What the log of the payment calls it, where it concerns one.
    #[must_use]
    pub const fn log_event(&self) -> LogEvent {
        match self {
            Self::Prepare(_) => LogEvent::ClickPrepare,
            Self::Complete(_) => LogEvent::ClickComplete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use crate::coded::Coded;

    #[test]
    fn every_code_has_the_number_and_note_of_the_table() {
        let told: Vec<_> = Code::ALL
            .iter()
            .map(|code| format!("{} {code}", code.number()))
            .collect();

        let expected = [
            "0 Success",
            "-1 SIGN CHECK FAILED!",
            "-2 Incorrect parameter amount",
            "-3 Action not found",
            "-4 Already paid",
            "-5 User does not exist",
            "-6 Transaction does not exist",
            "-7 Failed to update user",
            "-8 Error in request from click",
            "-9 Transaction cancelled",
        ];
        assert_eq!(told, expected);
    }
}
