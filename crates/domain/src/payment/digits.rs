//! Whole numbers as providers write them in text: plain digits, nothing beside them.

use crate::ids::OrderId;

/// The most digits that an order number is read with.
const ORDER_DIGITS_MAX: usize = 19;

/// A whole number of 64 bits; neither a plus sign nor a blank stands before it.
pub(super) fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text.parse().ok().filter(|_| is_plain(digits))
}

/// An order, where the text can be one's number; zeros may lead.
pub(super) fn order(text: &str) -> Option<OrderId> {
    let is_number = text.len() <= ORDER_DIGITS_MAX && is_plain(text);
    text.parse().ok().filter(|_| is_number).map(OrderId::new)
}

fn is_plain(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
