//! A product as the shop reads it, and what it cost.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use savdo_domain::access::Scope;
use savdo_domain::ids::{ProductId, StoreId};
use savdo_domain::stock::level;
use savdo_domain::{Money, Quantity};

use crate::among::Ids;
use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::products::rows::{ProductRow, StoredProduct};
use crate::schema::{categories, products, stores};
use crate::substances;

macro_rules! left_batches {
    () => {
        "FROM stock_levels AS level JOIN stock_batches AS batch ON batch.store_id = level.store_id \
         AND batch.location_id = level.location_id AND batch.product_id = level.product_id AND NOT batch.is_spent \
         WHERE level.store_id = products.store_id AND level.product_id = products.id"
    };
}

fragments! {
    /// What is left of its batches in value.
    LeftValue: Nullable<BigInt> = concat!("(SELECT CAST(sum(batch.value_left) AS BIGINT) ", left_batches!(), ")");
    /// What is left of its batches in quantity.
    LeftQuantity: Nullable<BigInt> = concat!("(SELECT CAST(sum(batch.quantity_left) AS BIGINT) ", left_batches!(), ")");
    /// The unit cost of its newest batch, those apart that were made of older goods which came back.
    NewestCost: Nullable<BigInt> = "(SELECT batch.unit_cost FROM stock_batches AS batch \
        WHERE batch.store_id = products.store_id AND batch.product_id = products.id \
            AND NOT EXISTS (SELECT 1 FROM stock_movements AS movement WHERE movement.store_id = batch.store_id \
                AND movement.id = batch.origin_movement_id AND movement.reason = 'return') \
        ORDER BY batch.id DESC LIMIT 1)";
    /// All that lies in the store.
    StockTotal: Nullable<BigInt> = "(SELECT CAST(sum(level.on_hand) AS BIGINT) FROM stock_levels AS level \
        WHERE level.store_id = products.store_id AND level.product_id = products.id)";
}

/// A product with all that the shop says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    /// The product itself.
    pub stored: StoredProduct,
    /// The name of its category, also of one put aside.
    pub category_name: Option<String>,
    /// Its store's name.
    pub store_name: String,
    /// What a unit cost on average, as of now.
    pub purchase_price: Money,
    /// What is left in its batches.
    pub left: Quantity,
    /// All that lies in the store.
    pub stock_total: Quantity,
}

/// Value and quantity left, cost of the newest batch, cost given by hand.
type CostColumns = (Option<i64>, Option<i64>, Option<i64>, i64);

/// One product of the store, in every state.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn find(reader: &mut Reader<'_>, store_id: StoreId, id: ProductId) -> Result<Option<ProductView>, Error> {
    type Row = (ProductRow, Option<String>, String, CostColumns, Option<i64>);
    let row: Option<Row> = reader.statement("product_find", |on| {
        products::table
            .inner_join(stores::table.on(stores::id.eq(products::store_id)))
            .left_join(categories::table.on(categories::id.nullable().eq(products::category_id)))
            .filter(products::store_id.eq(store_id.get()))
            .filter(products::id.eq(id.get()))
            .select((
                ProductRow::as_select(),
                categories::name.nullable(),
                stores::name,
                (LeftValue, LeftQuantity, NewestCost, products::first_cost),
                StockTotal,
            ))
            .first(on)
            .optional()
    })?;
    let Some((row, category_name, store_name, costs, stock_total)) = row else {
        return Ok(None);
    };
    let (store_id, id) = row.key();
    let active = substances::of_product(reader, store_id, id)?;
    Ok(Some(ProductView {
        stored: row.into_stored(active)?,
        category_name,
        store_name,
        purchase_price: purchase_price(costs),
        left: Quantity::from_thousandths(costs.1.unwrap_or_default()),
        stock_total: Quantity::from_thousandths(stock_total.unwrap_or_default()),
    }))
}

/// What a unit of each product cost on average, as of now; products that are not the store's are left out.
///
/// # Errors
/// A failed statement.
pub fn purchase_prices(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    product_ids: &[ProductId],
) -> Result<BTreeMap<ProductId, Money>, Error> {
    let ids: Ids = product_ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, CostColumns)> = reader.statement("purchase_prices", |on| {
        on_each!(on, |c| products::table
            .filter(products::store_id.eq(store_id.get()))
            .filter(ids.hold(products::id))
            .select((
                products::id,
                (LeftValue, LeftQuantity, NewestCost, products::first_cost),
            ))
            .load(c))
    })?;
    let price = |(id, costs)| (ProductId::new(id), purchase_price(costs));
    Ok(rows.into_iter().map(price).collect())
}

fn purchase_price((value, quantity, newest_cost, first_cost): CostColumns) -> Money {
    level::purchase_price(
        columns::money(value.unwrap_or_default()),
        Quantity::from_thousandths(quantity.unwrap_or_default()),
        newest_cost.map(columns::money),
        columns::money(first_cost),
    )
}

/// The store of a product, if the scope sees it.
///
/// # Errors
/// A failed statement.
pub fn store_of(reader: &mut Reader<'_>, scope: &Scope, id: ProductId) -> Result<Option<StoreId>, Error> {
    let store_id: Option<i64> = reader.statement("product_store", |on| {
        products::table
            .filter(products::id.eq(id.get()))
            .select(products::store_id)
            .first(on)
            .optional()
    })?;
    let is_seen = |store_id: &StoreId| match scope {
        Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ } => own == store_id,
        Scope::All => true,
        Scope::Own(_) | Scope::Assigned { .. } => false,
    };
    Ok(store_id.map(StoreId::new).filter(is_seen))
}
