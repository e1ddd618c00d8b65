//! Levels whose summary is to be taken anew because days have turned.

use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::prelude::*;
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::zone::Zone;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{stock_batches, stock_levels, stores};

/// The stores in which a level's nearest expiry is before `day`, with their zones: of all stores, for the job that goes through
/// them.
///
/// # Errors
/// A failed statement; [`Error::Corrupt`] for a zone that is none.
pub fn stores_with_expired_unscoped(reader: &mut Reader<'_>, day: NaiveDate) -> Result<Vec<(StoreId, Zone)>, Error> {
    let rows: Vec<(i64, String)> = reader.statement("levels_expired_stores", |on| {
        stock_levels::table
            .inner_join(stores::table.on(stores::id.eq(stock_levels::store_id)))
            .filter(stock_levels::nearest_expiry.lt(day))
            .select((stores::id, stores::timezone))
            .distinct()
            .order(stores::id)
            .load(on)
    })?;
    rows.into_iter()
        .map(|(id, zone)| Ok((StoreId::new(id), columns::zone(id, &zone)?)))
        .collect()
}

/// The levels of a store whose nearest expiry is before `day`: the next `most` after one, by place and product.
///
/// # Errors
/// A failed statement.
pub fn expired_levels(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    day: NaiveDate,
    (location_id, product_id): (LocationId, ProductId),
    most: i64,
) -> Result<Vec<(LocationId, ProductId)>, Error> {
    let (location, product) = (location_id.get(), product_id.get());
    let rows: Vec<(i64, i64)> = reader.statement("levels_expired", |on| {
        let later_product = stock_levels::location_id
            .eq(location)
            .and(stock_levels::product_id.gt(product));
        stock_levels::table
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::nearest_expiry.lt(day))
            .filter(stock_levels::location_id.gt(location).or(later_product))
            .select((stock_levels::location_id, stock_levels::product_id))
            .order((stock_levels::location_id, stock_levels::product_id))
            .limit(most)
            .load(on)
    })?;
    let key = |(location, product)| (LocationId::new(location), ProductId::new(product));
    Ok(rows.into_iter().map(key).collect())
}

/// The levels of a store with goods left whose last day is `from` or later and before `until`, in the order in which levels are
/// locked.
///
/// # Errors
/// A failed statement.
pub fn levels_expiring(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<(ProductId, LocationId)>, Error> {
    let rows: Vec<(i64, i64)> = reader.statement("levels_expiring", |on| {
        stock_batches::table
            .filter(stock_batches::store_id.eq(store_id.get()))
            .filter(stock_batches::expires_on.ge(from))
            .filter(stock_batches::expires_on.lt(until))
            .filter(not(stock_batches::is_spent))
            .select((stock_batches::product_id, stock_batches::location_id))
            .distinct()
            .order((stock_batches::product_id, stock_batches::location_id))
            .load(on)
    })?;
    let key = |(product, location)| (ProductId::new(product), LocationId::new(location));
    Ok(rows.into_iter().map(key).collect())
}
