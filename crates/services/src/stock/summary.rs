//! What a level keeps of its batches, taken anew: because of what is said of a batch, or because a day has turned.
//!
//! A level's summary holds until its nearest expiry has passed, and readers sum the batches of those few that are older: so all is
//! right without the job, which keeps them few.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::stock::{Batch, Level, StockRefusal};
use savdo_domain::zone::Zone;
use savdo_persistence::Tx;
use savdo_persistence::stock::{self, LockedLevel};

use crate::{Context, Result};

/// How many levels one turn of the job looks at: the rest waits for the next.
const LEVELS_OF_TURN: usize = 2_000;

/// How many levels are locked at a time.
const LEVELS_AT_ONCE: i64 = 100;

/// Writes what of these levels can be sold on `day`; answers how many kept something else. The caller holds their locks.
///
/// # Errors
/// A level that is not what is left in its batches.
pub(crate) fn renew(
    tx: &mut Tx<'_>,
    (store_id, location_id): (StoreId, LocationId),
    locked: &[LockedLevel],
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Result<usize> {
    let products: Vec<ProductId> = locked.iter().map(|locked| locked.product_id).collect();
    let batches = stock::unspent_batches(tx, store_id, location_id, &products)?;
    let mut renewed = 0;
    for LockedLevel { product_id, level } in locked {
        let of_product = batches.iter().filter(|batch| batch.product_id == *product_id);
        let of_product: Vec<Batch> = of_product.cloned().collect();
        let now = Level::of(&of_product, day).ok_or(StockRefusal::AmountOutOfRange)?;
        if now != *level {
            stock::resummarise(tx, store_id, (location_id, *product_id), now, at)?;
            renewed += 1;
        }
    }
    Ok(renewed)
}

/// Takes the summaries anew whose nearest expiry has passed where their store lies, at most so many in one turn; answers how many.
/// What cannot be taken anew holds up nothing else.
///
/// # Errors
/// The first failure, after all others were tried.
pub(crate) fn renew_expired(context: &Context) -> Result<usize> {
    let now = context.now();
    let first = Zone::FIRST.day(now);
    let stores = context.database().read("levels_expired_stores", |reader| {
        stock::stores_with_expired_unscoped(reader, first)
    })?;
    let (mut left, mut renewed, mut failed) = (LEVELS_OF_TURN, 0, None);
    for (store_id, zone) in stores {
        let day = zone.day(now);
        let mut after = (LocationId::new(0), ProductId::new(0));
        while left > 0 {
            let expired = context.database().read("levels_expired", |reader| {
                stock::expired_levels(reader, store_id, day, after, LEVELS_AT_ONCE)
            })?;
            let Some(last) = expired.last() else {
                break;
            };
            after = *last;
            left = left.saturating_sub(expired.len());
            for of_place in expired.chunk_by(|one, next| one.0 == next.0) {
                match renew_at(context, store_id, of_place, day, now) {
                    Ok(count) => renewed += count,
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
        }
    }
    failed.map_or(Ok(renewed), Err)
}

/// The levels of one place, locked in the order of product ids.
fn renew_at(
    context: &Context,
    store_id: StoreId,
    levels: &[(LocationId, ProductId)],
    day: NaiveDate,
    at: DateTime<Utc>,
) -> Result<usize> {
    let Some((location_id, _)) = levels.first().copied() else {
        return Ok(0);
    };
    let products: Vec<ProductId> = levels.iter().map(|(_, product_id)| *product_id).collect();
    context.database().write("levels_renew", move |tx| {
        let locked = stock::lock_levels(tx, store_id, location_id, &products)?;
        renew(tx, (store_id, location_id), &locked, day, at)
    })
}

/// Takes the summaries anew that a day which comes again makes wrong: goods whose last day it is were not counted any more.
/// Locks the levels in the order of product ids, then of places.
///
/// # Errors
/// As [`renew`].
pub(crate) fn renew_from_day(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    (day, before): (NaiveDate, NaiveDate),
    at: DateTime<Utc>,
) -> Result<()> {
    if day >= before {
        return Ok(());
    }
    for (product_id, location_id) in stock::levels_expiring(tx, store_id, (day, before))? {
        let locked = stock::lock_levels(tx, store_id, location_id, &[product_id])?;
        renew(tx, (store_id, location_id), &locked, day, at)?;
    }
    Ok(())
}
