//! The rows of carts and their lines.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::ids::{CartId, CartLineId, ProductId, StoreId};

use crate::columns;
use crate::schema::{cart_lines, carts};

#[derive(Queryable, Selectable)]
#[diesel(table_name = carts)]
pub(super) struct CartRow {
    id: i64,
    store_id: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = cart_lines)]
pub(super) struct CartLineRow {
    id: i64,
    store_id: i64,
    product_id: i64,
    quantity: i64,
    price_at_add: i64,
    is_saved: bool,
    created_at: NaiveDateTime,
}

/// A cart without its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartView {
    /// The cart.
    pub id: CartId,
    /// The store that all its lines are of; none while it has no line.
    pub store_id: Option<StoreId>,
}

/// A line as it was put into a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartLineView {
    /// The line.
    pub id: CartLineId,
    /// The store of the product.
    pub store_id: StoreId,
    /// The product.
    pub product_id: ProductId,
    /// How many pieces.
    pub pieces: i64,
    /// The price of one piece when the line was made.
    pub price_at_add: Money,
    /// Whether the line is parked beside the cart.
    pub is_saved: bool,
    /// When the line was made.
    pub created_at: DateTime<Utc>,
}

impl From<CartRow> for CartView {
    fn from(row: CartRow) -> Self {
        let CartRow { id, store_id } = row;
        Self {
            id: CartId::new(id),
            store_id: store_id.map(StoreId::new),
        }
    }
}

impl From<CartLineRow> for CartLineView {
    fn from(row: CartLineRow) -> Self {
        let CartLineRow {
            id,
            store_id,
            product_id,
            quantity,
            price_at_add,
            is_saved,
            created_at,
        } = row;
        Self {
            id: CartLineId::new(id),
            store_id: StoreId::new(store_id),
            product_id: ProductId::new(product_id),
            pieces: quantity,
            price_at_add: columns::money(price_at_add),
            is_saved,
            created_at: columns::time(created_at),
        }
    }
}
