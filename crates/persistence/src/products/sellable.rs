//! Levels whose summary has grown old, taken anew from the batches.
//!
//! A level's `sellable` holds until its nearest expiry has passed; after that it counts goods that may not be sold any
//! more. Such levels are few, and right is what the batches say (design.md 3).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use savdo_domain::ids::{BatchId, LocationId, ProductId, StoreId};
use savdo_domain::stock::{Batch, Level};
use savdo_domain::{Money, Quantity};

use crate::among::Ids;
use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::stock_batches;

/// A level to be judged on a day of its store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LevelOn {
    pub(crate) store_id: StoreId,
    pub(crate) location_id: LocationId,
    pub(crate) product_id: ProductId,
    pub(crate) day: NaiveDate,
    /// What the row says.
    pub(crate) kept: Level,
}

type BatchColumns = (i64, i64, i64, i64, i64, Option<NaiveDate>, bool, NaiveDateTime);

/// The levels as of their days, in the order given. One more statement only when one of them has grown old.
pub(crate) fn current(reader: &mut Reader<'_>, levels: &[LevelOn]) -> Result<Vec<Level>, Error> {
    let old: Vec<_> = levels
        .iter()
        .filter(|level| !level.kept.is_current_on(level.day))
        .collect();
    if old.is_empty() {
        return Ok(levels.iter().map(|level| level.kept).collect());
    }
    let batches = batches_of(reader, &old)?;
    levels
        .iter()
        .map(|level| {
            if level.kept.is_current_on(level.day) {
                return Ok(level.kept);
            }
            let of_level = batches.get(&(level.location_id, level.product_id));
            let of_level = of_level.map(Vec::as_slice).unwrap_or_default();
            Level::of(of_level, level.day).ok_or_else(|| Error::Corrupt {
                table: "stock_levels",
                id: level.product_id.get(),
                why: "its batches sum to more than fits".to_owned(),
            })
        })
        .collect()
}

fn batches_of(
    reader: &mut Reader<'_>,
    levels: &[&LevelOn],
) -> Result<BTreeMap<(LocationId, ProductId), Vec<Batch>>, Error> {
    let unique = |of: fn(&LevelOn) -> i64| -> Ids {
        let ids: BTreeSet<i64> = levels.iter().map(|level| of(level)).collect();
        ids.into_iter().collect()
    };
    let stores = unique(|level| level.store_id.get());
    let locations = unique(|level| level.location_id.get());
    let products = unique(|level| level.product_id.get());
    let rows: Vec<BatchColumns> = reader.statement("batches_of_old_levels", |on| {
        on_each!(on, |c| stock_batches::table
            .filter(stores.hold(stock_batches::store_id))
            .filter(locations.hold(stock_batches::location_id))
            .filter(products.hold(stock_batches::product_id))
            .filter(diesel::dsl::not(stock_batches::is_spent))
            .select((
                stock_batches::id,
                stock_batches::location_id,
                stock_batches::product_id,
                stock_batches::quantity_left,
                stock_batches::value_left,
                stock_batches::expires_on,
                stock_batches::is_blocked,
                stock_batches::received_at,
            ))
            .load(c))
    })?;
    let mut batches: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (id, location_id, product_id, left, value, expires_on, is_blocked, received_at) in rows {
        let batch = Batch {
            id: BatchId::new(id),
            product_id: ProductId::new(product_id),
            left: Quantity::from_thousandths(left),
            value: Money::from_tiyin(value),
            expires_on,
            is_blocked,
            received_at: columns::time(received_at),
        };
        batches
            .entry((LocationId::new(location_id), batch.product_id))
            .or_default()
            .push(batch);
    }
    Ok(batches)
}
