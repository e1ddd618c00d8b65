//! Writes what is said of a batch, and what its level keeps because of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{BatchId, LocationId, ProductId, StoreId};
use savdo_domain::stock::{Label, Level};

use crate::database::Tx;
use crate::error::Error;
use crate::schema::{stock_batches, stock_levels};

/// Writes what is said of a batch. The caller holds the lock of its level.
///
/// # Errors
/// A failed statement.
pub fn relabel(tx: &mut Tx<'_>, store_id: StoreId, id: BatchId, label: &Label) -> Result<(), Error> {
    let Label {
        block,
        series,
        expires_on,
    } = label;
    tx.statement("batch_relabel", |on| {
        diesel::update(stock_batches::table)
            .filter(stock_batches::store_id.eq(store_id.get()))
            .filter(stock_batches::id.eq(id.get()))
            .set((
                stock_batches::is_blocked.eq(block.is_some()),
                stock_batches::block_reason.eq(block.as_deref().unwrap_or_default()),
                stock_batches::series.eq(series),
                stock_batches::expires_on.eq(expires_on),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Writes what of a level can be sold now, which is something else than it keeps, where as much lies as before. The caller
/// holds its lock.
///
/// # Errors
/// [`Error::Corrupt`] when something else lies there; a failed statement.
pub fn resummarise(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    (location_id, product_id): (LocationId, ProductId),
    level: Level,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let written = tx.statement("level_resummarise", |on| {
        diesel::update(stock_levels::table)
            .filter(stock_levels::store_id.eq(store_id.get()))
            .filter(stock_levels::location_id.eq(location_id.get()))
            .filter(stock_levels::product_id.eq(product_id.get()))
            .filter(stock_levels::on_hand.eq(level.on_hand.thousandths()))
            .set((
                stock_levels::sellable.eq(level.sellable.thousandths()),
                stock_levels::nearest_expiry.eq(level.nearest_expiry),
                stock_levels::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    if written == 1 {
        Ok(())
    } else {
        Err(Error::Corrupt {
            table: "stock_levels",
            id: product_id.get(),
            why: format!("what is left in its batches at location {location_id} is not what it keeps"),
        })
    }
}
