//! What is answered about a cart.

use savdo_domain::Money;
use savdo_services::carts::{CartContents, OfferedLine};
use serde::Serialize;
use utoipa::ToSchema;

use crate::media::Pictures;

/// A cart at the prices of now; sums and flags are over `items` alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartReply {
    id: i64,
    store: Option<CartStoreReply>,
    items: Vec<CartLineReply>,
    saved_items: Vec<CartLineReply>,
    total_items: i64,
    is_empty: bool,
    #[schema(value_type = String)]
    total_price: Money,
    needs_prescription: bool,
    is_mixed: bool,
    price_changed: bool,
}

/// The store of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartStoreReply {
    id: i64,
    name: String,
}

/// A line of a cart at the price of now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLineReply {
    id: i64,
    product_id: i64,
    product_name: String,
    #[schema(value_type = String)]
    product_price: Money,
    product: CartProductReply,
    quantity: i64,
    #[schema(value_type = String)]
    price_at_add: Money,
    price_changed: bool,
    #[schema(value_type = String)]
    subtotal: Money,
}

/// The product of a line as it is offered now.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartProductReply {
    id: i64,
    name: String,
    image: Option<String>,
    manufacturer: String,
    #[schema(value_type = String)]
    price: Money,
    stock: i64,
    is_prescription_required: bool,
    is_available: bool,
}

impl CartReply {
    pub(super) fn of(cart: CartContents, pictures: &Pictures) -> Self {
        let CartContents {
            id,
            store,
            lines,
            saved,
            summary,
        } = cart;
        let lines_of = |lines: Vec<OfferedLine>| -> Vec<_> {
            lines
                .into_iter()
                .map(|line| CartLineReply::of(line, pictures))
                .collect()
        };
        Self {
            id: id.get(),
            store: store.map(|store| CartStoreReply {
                id: store.id.get(),
                name: store.name,
            }),
            items: lines_of(lines),
            saved_items: lines_of(saved),
            total_items: summary.pieces,
            is_empty: summary.is_empty,
            total_price: summary.total_price,
            needs_prescription: summary.needs_prescription,
            is_mixed: summary.is_mixed,
            price_changed: summary.is_price_changed,
        }
    }
}

impl CartLineReply {
    fn of(offered: OfferedLine, pictures: &Pictures) -> Self {
        let OfferedLine { line, product } = offered;
        Self {
            id: line.id.get(),
            product_id: product.product_id.get(),
            product_name: product.name.clone(),
            product_price: line.price,
            quantity: line.pieces,
            price_at_add: line.price_at_add,
            price_changed: line.is_price_changed(),
            subtotal: line.subtotal().unwrap_or_default(),
            product: CartProductReply {
                id: product.product_id.get(),
                image: pictures.address(&product.image),
                price: product.price,
                stock: product.stock(),
                is_prescription_required: product.needs_prescription,
                is_available: product.is_available(),
                name: product.name,
                manufacturer: product.manufacturer,
            },
        }
    }
}
