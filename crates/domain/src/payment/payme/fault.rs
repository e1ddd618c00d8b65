//! Errors of the Payme Merchant API (contract 2.5).
//!
//! A fault has a number for Payme and a code for the words, which the API keeps in three languages.

/// A call that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not a POST.
    NotPost,
    /// The body is no JSON, or not in UTF-8; its `id` is null.
    NotJson,
    /// A field is missing or of another type, the body or `params` is no object.
    BadShape,
    /// No such method.
    UnknownMethod(String),
    /// A parameter of SetFiscalData does not fit.
    BadParameter,
    /// The credential opens no desk.
    Unauthorised,
    /// We failed; Payme calls again later.
    OurFailure,
    /// SetFiscalData: no such transaction.
    ReceiptNotFound,
    /// The amount is another than the order's, or no whole number of tiyin above zero.
    WrongAmount,
    /// Perform, Cancel, Check: no such transaction.
    TransactionNotFound,
    /// The goods are with the courier or handed over, or the money went back another way: nothing can be cancelled.
    CannotCancel,
    /// Not possible as the transaction or its order stands.
    NotPossible,
    /// Something is wrong with the order that `account` names.
    Account(AccountFault),
}

/// What is wrong with the order that `account` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountFault {
    /// Unknown, or of a store that this desk does not serve.
    NotFound,
    /// Paid already.
    Paid,
    /// Cancelled, expired, waiting for a prescription, or to be paid in cash.
    NotPayable,
    /// Another transaction holds it.
    InProgress,
    /// No order number at all.
    Malformed,
}

impl Fault {
    /// The number that Payme reads.
    #[must_use]
    pub const fn number(&self) -> i64 {
        match self {
            Self::NotPost => -32300,
            Self::NotJson => -32700,
            Self::BadShape => -32600,
            Self::UnknownMethod(_) => -32601,
            Self::BadParameter => -32602,
            Self::Unauthorised => -32504,
            Self::OurFailure => -32400,
            Self::ReceiptNotFound => -32001,
            Self::WrongAmount => -31001,
            Self::TransactionNotFound => -31003,
            Self::CannotCancel => -31007,
            Self::NotPossible => -31008,
            Self::Account(AccountFault::NotFound) => -31050,
            Self::Account(AccountFault::Paid) => -31051,
            Self::Account(AccountFault::NotPayable) => -31052,
            Self::Account(AccountFault::InProgress) => -31053,
            Self::Account(AccountFault::Malformed) => -31054,
        }
    }

    /// The stable code of its words.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotPost => "not_post",
            Self::NotJson => "not_json",
            Self::BadShape => "bad_shape",
            Self::UnknownMethod(_) => "unknown_method",
            Self::BadParameter => "bad_parameter",
            Self::Unauthorised => "unauthorised",
            Self::OurFailure => "our_failure",
            Self::ReceiptNotFound => "receipt_not_found",
            Self::WrongAmount => "wrong_amount",
            Self::TransactionNotFound => "transaction_not_found",
            Self::CannotCancel => "cannot_cancel",
            Self::NotPossible => "not_possible",
            Self::Account(AccountFault::NotFound) => "order_not_found",
            Self::Account(AccountFault::Paid) => "order_paid",
            Self::Account(AccountFault::NotPayable) => "order_not_payable",
            Self::Account(AccountFault::InProgress) => "order_in_progress",
            Self::Account(AccountFault::Malformed) => "order_malformed",
        }
    }

    /// What stands in `data`: the unknown method, or the field of `account` that does not fit, by the desk's name for it.
    #[must_use]
    pub fn about<'a>(&'a self, account_field: &'a str) -> Option<&'a str> {
        match self {
            Self::UnknownMethod(method) => Some(method),
            Self::Account(_) => Some(account_field),
            Self::NotPost
            | Self::NotJson
            | Self::BadShape
            | Self::BadParameter
            | Self::Unauthorised
            | Self::OurFailure
            | Self::ReceiptNotFound
            | Self::WrongAmount
            | Self::TransactionNotFound
            | Self::CannotCancel
            | Self::NotPossible => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountFault, Fault};

    #[test]
    fn every_fault_has_the_number_of_the_table() {
        let faults = [
            Fault::NotPost,
            Fault::NotJson,
            Fault::BadShape,
            Fault::UnknownMethod("ChangePassword".to_owned()),
            Fault::BadParameter,
            Fault::Unauthorised,
            Fault::OurFailure,
            Fault::ReceiptNotFound,
            Fault::WrongAmount,
            Fault::TransactionNotFound,
            Fault::CannotCancel,
            Fault::NotPossible,
            Fault::Account(AccountFault::NotFound),
            Fault::Account(AccountFault::Paid),
            Fault::Account(AccountFault::NotPayable),
            Fault::Account(AccountFault::InProgress),
            Fault::Account(AccountFault::Malformed),
        ];

        let told: Vec<_> = faults
            .iter()
            .map(|fault| format!("{} {} {:?}", fault.number(), fault.code(), fault.about("order_id")))
            .collect();

        let expected = [
            "-32300 not_post None",
            "-32700 not_json None",
            "-32600 bad_shape None",
            "-32601 unknown_method Some(\"ChangePassword\")",
            "-32602 bad_parameter None",
            "-32504 unauthorised None",
            "-32400 our_failure None",
            "-32001 receipt_not_found None",
            "-31001 wrong_amount None",
            "-31003 transaction_not_found None",
            "-31007 cannot_cancel None",
            "-31008 not_possible None",
            "-31050 order_not_found Some(\"order_id\")",
            "-31051 order_paid Some(\"order_id\")",
            "-31052 order_not_payable Some(\"order_id\")",
            "-31053 order_in_progress Some(\"order_id\")",
            "-31054 order_malformed Some(\"order_id\")",
        ];
        assert_eq!(told, expected);
    }
}
