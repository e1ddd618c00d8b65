//! What Payme may have sent, as far as a rule looks at it: values of JSON without their bytes.
//!
//! The API makes these of a body; keys that nobody asks for are left out, so that unknown ones are tolerated.

use crate::ids::OrderId;
use crate::money::Money;
use crate::payment::digits;
use crate::payment::payme::fault::{AccountFault, Fault};
use crate::payment::transaction::{ExternalId, Millis};

/// A value of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sent {
    /// The key is not there.
    #[default]
    Absent,
    /// A number written without fraction and exponent, that fits 64 bits.
    Whole(i64),
    /// A text.
    Text(String),
    /// Any other number, null, true, false, an array, an object.
    Other,
}

/// A body that is a JSON object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentCall {
    /// `method`.
    pub method: Sent,
    /// `id`; echoed as it was sent whatever becomes of the call.
    pub id: Sent,
    /// `params`, where it is an object.
    pub params: Option<SentParams>,
}

/// The keys of `params` that any method looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentParams {
    /// `id` of the transaction.
    pub id: Sent,
    /// `time`.
    pub time: Sent,
    /// `amount`.
    pub amount: Sent,
    /// `account`.
    pub account: SentAccount,
    /// `reason`.
    pub reason: Sent,
    /// `from`.
    pub from: Sent,
    /// `to`.
    pub to: Sent,
    /// `type`.
    pub kind: Sent,
    /// `fiscal_data`, where it is an object.
    pub fiscal: Option<SentFiscal>,
}

/// `account`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SentAccount {
    /// Not there, or no object.
    #[default]
    NoObject,
    /// An object, with what stands at the desk's field for the order.
    Order(Sent),
}

/// `fiscal_data`: any of its fields may be missing or of another type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentFiscal {
    /// `receipt_id`: a text or a number.
    pub receipt_id: Sent,
    /// `status_code`; 0 is registered.
    pub status_code: Sent,
    /// `message`.
    pub message: Sent,
    /// `terminal_id`.
    pub terminal_id: Sent,
    /// `fiscal_sign`.
    pub fiscal_sign: Sent,
    /// `qr_code_url`.
    pub qr_code_url: Sent,
    /// `date`: `YYYYMMDDhhmmss`.
    pub date: Sent,
}

impl Sent {
    /// The text; anything else does not fit.
    pub(super) fn text(&self) -> Result<&str, Fault> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Absent | Self::Whole(_) | Self::Other => Err(Fault::BadShape),
        }
    }

    /// The whole number; anything else does not fit.
    pub(super) const fn whole(&self) -> Result<i64, Fault> {
        match self {
            Self::Whole(number) => Ok(*number),
            Self::Absent | Self::Text(_) | Self::Other => Err(Fault::BadShape),
        }
    }

    /// A moment in milliseconds.
    pub(super) fn millis(&self) -> Result<Millis, Fault> {
        self.whole().map(Millis::new)
    }

    /// What Payme calls a transaction; `None` for a text that no row could hold.
    pub(super) fn external_id(&self) -> Result<Option<ExternalId>, Fault> {
        self.text().map(ExternalId::new)
    }

    /// An amount in tiyin. It must be there; one that is no whole number above zero is `None`, which is no order's amount.
    pub(super) fn amount(&self) -> Result<Option<Money>, Fault> {
        match self {
            Self::Absent => Err(Fault::BadShape),
            Self::Whole(tiyin) => Ok((*tiyin > 0).then(|| Money::from_tiyin(*tiyin))),
            Self::Text(_) | Self::Other => Ok(None),
        }
    }

    /// A number as text, or a text, cut at `length_max` characters; nothing where neither stands.
    pub(super) fn words(&self, length_max: usize) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.chars().filter(|letter| *letter != '\0').take(length_max).collect()),
            Self::Whole(number) => Some(number.to_string()),
            Self::Absent | Self::Other => None,
        }
    }
}

impl SentAccount {
    /// The order: a text of digits, or a whole number. Whatever else an object holds is no order number.
    pub(super) fn order(&self) -> Result<Result<OrderId, AccountFault>, Fault> {
        let order = match self {
            Self::NoObject => return Err(Fault::BadShape),
            Self::Order(Sent::Whole(number)) => (*number >= 0).then(|| OrderId::new(*number)),
            Self::Order(Sent::Text(text)) => digits::order(text),
            Self::Order(Sent::Absent | Sent::Other) => None,
        };
        Ok(order.ok_or(AccountFault::Malformed))
    }
}

#[cfg(test)]
mod tests {
    use super::{Sent, SentAccount};
    use crate::ids::OrderId;
    use crate::money::Money;
    use crate::payment::payme::fault::{AccountFault, Fault};

    fn text(text: &str) -> Sent {
        Sent::Text(text.to_owned())
    }

    #[test]
    fn an_order_number_is_a_text_of_digits_or_an_integer() {
        for sent in [text("1001"), text("001001"), Sent::Whole(1001)] {
            assert_eq!(SentAccount::Order(sent).order(), Ok(Ok(OrderId::new(1001))));
        }
        let most = SentAccount::Order(text("9223372036854775807")).order();
        assert_eq!(most, Ok(Ok(OrderId::new(i64::MAX))));
    }

    #[test]
    fn junk_in_account_is_malformed_and_not_a_bad_shape() {
        let junk = [
            Sent::Absent,
            Sent::Other,
            Sent::Whole(-1),
            text(""),
            text(" 1001"),
            text("-1"),
            text("+1"),
            text("1001'; --"),
            text("\"1001\""),
            text("١٠٠١"),
            text("9223372036854775808"),
            text(&"1".repeat(300)),
            text(&"0".repeat(300)),
        ];
        for sent in junk {
            let order = SentAccount::Order(sent.clone()).order();
            assert_eq!(order, Ok(Err(AccountFault::Malformed)), "{sent:?}");
        }
    }

    #[test]
    fn an_account_that_is_missing_or_no_object_is_a_bad_shape() {
        assert_eq!(SentAccount::NoObject.order(), Err(Fault::BadShape));
    }

    #[test]
    fn an_amount_is_a_whole_number_of_tiyin_above_zero() {
        assert_eq!(Sent::Whole(1).amount(), Ok(Some(Money::from_tiyin(1))));
        let most = Sent::Whole(9_999_999_999_999_999).amount();
        assert_eq!(most, Ok(Some(Money::MAX_TOTAL)));
        for sent in [Sent::Whole(0), Sent::Whole(-1), text("500000"), Sent::Other] {
            assert_eq!(sent.amount(), Ok(None), "{sent:?}");
        }
        assert_eq!(Sent::Absent.amount(), Err(Fault::BadShape));
    }
}
