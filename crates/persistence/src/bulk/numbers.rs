//! Where the ids and numbers of rows that are written in bulk begin, and that others go on behind them.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use savdo_domain::ids::{ProductId, StoreId};

use super::{Number, number};
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::store_counters;
use crate::stores::{SALE_NUMBER, sale_number_sequence};

/// The id of the next product of any store.
///
/// # Errors
/// A failed statement.
pub fn product_id_unscoped(reader: &mut Reader<'_>) -> Result<ProductId, Error> {
    let sql = "SELECT COALESCE(MAX(id), 0) + 1 AS number FROM products";
    number(reader, "bulk_next_id", sql).map(ProductId::new)
}

/// Has the products that are made from now on bear `next` and later ids.
pub(crate) fn leave_products(tx: &mut Tx<'_>, next: ProductId) -> Result<(), Error> {
    leave(tx, "products", next.get())
}

/// Has PostgreSQL give out `next` as the next id of a table; SQLite goes on by itself.
pub(super) fn leave(tx: &mut Tx<'_>, table: &'static str, next: i64) -> Result<(), Error> {
    tx.statement("bulk_leave_ids", |on| match on {
        AnyConnection::Postgres(on) => sql_query(format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), $1, false)"
        ))
        .bind::<BigInt, _>(next)
        .execute(on),
        AnyConnection::Sqlite(_) => Ok(0),
    })?;
    Ok(())
}

/// The number of a store's next sale.
///
/// # Errors
/// A failed statement.
pub fn first_sale_number(tx: &mut Tx<'_>, store_id: StoreId) -> Result<i64, Error> {
    tx.statement("bulk_sale_number", |on| match on {
        AnyConnection::Postgres(on) => {
            let sql = format!("SELECT nextval('{}') AS number", sale_number_sequence(store_id));
            Ok(sql_query(sql).get_result::<Number>(on)?.number)
        }
        AnyConnection::Sqlite(on) => store_counters::table
            .filter(store_counters::store_id.eq(store_id.get()))
            .filter(store_counters::name.eq(SALE_NUMBER))
            .select(store_counters::next)
            .first(on),
    })
}

/// Has the next sale of a store bear the number `next`.
///
/// # Errors
/// A failed statement.
pub fn count_sales_to(tx: &mut Tx<'_>, store_id: StoreId, next: i64) -> Result<(), Error> {
    tx.statement("bulk_leave_sale_number", |on| match on {
        AnyConnection::Postgres(on) => {
            let sequence = sale_number_sequence(store_id);
            sql_query(format!("SELECT setval('{sequence}', $1, false)"))
                .bind::<BigInt, _>(next)
                .execute(on)
        }
        AnyConnection::Sqlite(on) => diesel::update(store_counters::table)
            .filter(store_counters::store_id.eq(store_id.get()))
            .filter(store_counters::name.eq(SALE_NUMBER))
            .set(store_counters::next.eq(next))
            .execute(on),
    })?;
    Ok(())
}
