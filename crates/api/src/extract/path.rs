//! What an address names: a number, or what clients call a payment.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::extract::inputs::plain_number;
use crate::problem::Problem;

/// The `{id}` of the path: decimal digits, 1 to 2^63-1; anything else is no such object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathId(pub i64);

/// The `{image_id}` of the path, alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathImageId(pub i64);

/// The `{id}` of the path of a payment: `PAY-` and 16 hexadecimal digits in capitals; anything else is no such object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPaymentId(pub String);

impl FromRequest for PathPaymentId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").filter(|id| is_payment(id));
        ready(id.map(|id| Self(id.to_owned())).ok_or(Problem::NotFound))
    }
}

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(named(request, "id").map(Self))
    }
}

impl FromRequest for PathImageId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(named(request, "image_id").map(Self))
    }
}

fn named(request: &HttpRequest, name: &str) -> Result<i64, Problem> {
    request.match_info().get(name).and_then(parse).ok_or(Problem::NotFound)
}

fn parse(text: &str) -> Option<i64> {
    plain_number(text).filter(|id| *id >= 1)
}

fn is_payment(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
    let digits = text.strip_prefix("PAY-");
    digits.is_some_and(|digits| digits.len() == 16 && digits.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::{is_payment, parse};

    #[test]
    fn only_what_we_call_payments_is_one() {
        assert!(is_payment("PAY-0123456789ABCDEF"));
        for text in [
            "",
            "1",
            "PAY-",
            "PAY-0123456789ABCDE",
            "PAY-0123456789ABCDEF0",
            "PAY-0123456789abcdef",
            "pay-0123456789ABCDEF",
            "PAY-0123456789ABCDE'",
        ] {
            assert!(!is_payment(text), "{text}");
        }
    }

    #[test]
    fn only_plain_positive_numbers_are_ids() {
        assert_eq!(parse("9223372036854775807"), Some(i64::MAX));
        for text in ["0", "-1", "+1", "9223372036854775808", "1;drop", "", "1.0", "١"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
