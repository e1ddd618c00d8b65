//! Numbers that a store gives out one by one, each once.

use diesel::prelude::*;
use savdo_domain::ids::StoreId;

use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::store_counters;

/// The counter of barcodes made by the store.
pub const MADE_BARCODES: &str = "barcode";

/// The next number of a counter, from 1. Its row stays locked until the end of the transaction.
///
/// # Errors
/// A failed statement.
pub fn advance(tx: &mut Tx<'_>, store_id: StoreId, name: &'static str) -> Result<i64, Error> {
    let next: i64 = tx.statement("counter_advance", |on| {
        on_each!(on, |c| diesel::insert_into(store_counters::table)
            .values((
                store_counters::store_id.eq(store_id.get()),
                store_counters::name.eq(name),
                store_counters::next.eq(2),
            ))
            .on_conflict((store_counters::store_id, store_counters::name))
            .do_update()
            .set(store_counters::next.eq(store_counters::next + 1))
            .returning(store_counters::next)
            .get_result(c))
    })?;
    Ok(next.saturating_sub(1))
}
