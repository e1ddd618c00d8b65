//! The shortest legal values for the tests of stock.

use chrono::{DateTime, NaiveDate};

use crate::ids::{BatchId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::batch::Batch;

/// A day of March.
pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

pub(super) fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

pub(super) fn pieces(pieces: i64) -> Quantity {
    Quantity::from_pieces(pieces).unwrap()
}

pub(super) fn batch(id: i64, product: i64, left: i64, value: &str, expires_on: Option<u32>) -> Batch {
    Batch {
        id: BatchId::new(id),
        product_id: ProductId::new(product),
        left: pieces(left),
        value: money(value),
        expires_on: expires_on.map(day),
        is_blocked: false,
        received_at: DateTime::UNIX_EPOCH,
    }
}
