//! What lies at one place, as its own page shows it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::not;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamp};
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::{Money, Quantity};

use crate::columns::{money, time};
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::products::purchase_prices;
use crate::schema::{products, stock_levels};

/// A product that is kept at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedView {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// How much lies there.
    pub quantity: Quantity,
    /// What a unit cost on average in the store, as of now.
    pub purchase_price: Money,
    /// The price of one unit.
    pub sale_price: Money,
    /// Its barcode.
    pub barcode: String,
    /// When the first goods of it came there; where none ever did, when its level last changed.
    pub added_at: DateTime<Utc>,
}

fragments! {
    /// When the first batch of the product came to the place.
    FirstReceived: Nullable<Timestamp> = "(SELECT batch.received_at FROM stock_batches AS batch \
        WHERE batch.store_id = stock_levels.store_id AND batch.product_id = stock_levels.product_id \
            AND batch.location_id = stock_levels.location_id ORDER BY batch.id LIMIT 1)";
}

/// The first products that are kept at a place, by name, at most so many.
///
/// # Errors
/// A failed statement.
pub fn at_place(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    location_id: LocationId,
    most: i64,
) -> Result<Vec<PlacedView>, Error> {
    type Row = (i64, String, i64, i64, String, Option<NaiveDateTime>, NaiveDateTime);
    let rows: Vec<Row> = reader.statement("stock_at_place", |on| {
        stock_levels::table
            .inner_join(products::table)
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::location_id.eq(location_id.get()))
            .filter(not(stock_levels::is_hidden))
            .order((products::name_key, products::id))
            .limit(most)
            .select((
                products::id,
                products::name,
                stock_levels::on_hand,
                products::sale_price,
                products::barcode,
                FirstReceived,
                stock_levels::updated_at,
            ))
            .load(on)
    })?;
    let ids: Vec<ProductId> = rows.iter().map(|row| ProductId::new(row.0)).collect();
    let prices = purchase_prices(reader, store_id, &ids)?;
    let placed = rows.into_iter().map(|row| {
        let (id, product_name, on_hand, sale_price, barcode, first_received, updated_at) = row;
        let product_id = ProductId::new(id);
        PlacedView {
            product_id,
            product_name,
            quantity: Quantity::from_thousandths(on_hand),
            purchase_price: prices.get(&product_id).copied().unwrap_or_default(),
            sale_price: money(sale_price),
            barcode,
            added_at: time(first_received.unwrap_or(updated_at)),
        }
    });
    Ok(placed.collect())
}

/// How many products are kept at each of these places; a place where none is has no number.
///
/// # Errors
/// A failed statement.
pub fn count_by_place(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    places: &[LocationId],
) -> Result<BTreeMap<LocationId, i64>, Error> {
    let ids: Vec<i64> = places.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, i64)> = reader.statement("stock_count_by_place", |on| {
        stock_levels::table
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::location_id.eq_any(ids))
            .filter(not(stock_levels::is_hidden))
            .group_by(stock_levels::location_id)
            .select((stock_levels::location_id, diesel::dsl::count_star()))
            .load(on)
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, count)| (LocationId::new(id), count))
        .collect())
}
