//! Rows of the ledger and what they are in the domain.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::Queryable;
use savdo_domain::Quantity;
use savdo_domain::ids::{BatchId, MovementPartId, ProductId};
use savdo_domain::stock::{Batch, IssuedPart, Level};

use crate::columns;
use crate::stock::levels::LockedLevel;

/// A batch as the ledger reads it.
#[derive(Debug, Queryable)]
pub(super) struct BatchRow {
    id: i64,
    product_id: i64,
    quantity_left: i64,
    value_left: i64,
    expires_on: Option<NaiveDate>,
    is_blocked: bool,
    received_at: NaiveDateTime,
}

impl From<BatchRow> for Batch {
    fn from(row: BatchRow) -> Self {
        let BatchRow {
            id,
            product_id,
            quantity_left,
            value_left,
            expires_on,
            is_blocked,
            received_at,
        } = row;
        Self {
            id: BatchId::new(id),
            product_id: ProductId::new(product_id),
            left: Quantity::from_thousandths(quantity_left),
            value: columns::money(value_left),
            expires_on,
            is_blocked,
            received_at: columns::time(received_at),
        }
    }
}

/// A level as it was locked.
#[derive(Debug, Queryable)]
pub(super) struct LevelRow {
    product_id: i64,
    on_hand: i64,
    sellable: i64,
    nearest_expiry: Option<NaiveDate>,
}

impl From<LevelRow> for LockedLevel {
    fn from(row: LevelRow) -> Self {
        let LevelRow {
            product_id,
            on_hand,
            sellable,
            nearest_expiry,
        } = row;
        Self {
            product_id: ProductId::new(product_id),
            level: Level {
                on_hand: Quantity::from_thousandths(on_hand),
                sellable: Quantity::from_thousandths(sellable),
                nearest_expiry,
            },
        }
    }
}

/// A part by which goods left, with what has come back of it.
#[derive(Debug, Queryable)]
pub(super) struct IssuedPartRow {
    id: i64,
    product_id: i64,
    batch_id: i64,
    document_line: i64,
    quantity: i64,
    value: i64,
    undone_quantity: i64,
    undone_value: i64,
}

impl From<IssuedPartRow> for IssuedPart {
    fn from(row: IssuedPartRow) -> Self {
        let IssuedPartRow {
            id,
            product_id,
            batch_id,
            document_line,
            quantity,
            value,
            undone_quantity,
            undone_value,
        } = row;
        Self {
            id: MovementPartId::new(id),
            product_id: ProductId::new(product_id),
            batch_id: BatchId::new(batch_id),
            line: document_line,
            quantity: Quantity::from_thousandths(quantity),
            value: columns::money(value),
            undone_quantity: Quantity::from_thousandths(undone_quantity),
            undone_value: columns::money(undone_value),
        }
    }
}
