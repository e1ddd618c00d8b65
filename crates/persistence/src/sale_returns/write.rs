//! Writing a return down, and locking it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, SaleId, SaleLineId, SaleReturnId, StoreId, WorkerId};
use savdo_domain::sale_return::{RefundMethod, SaleReturnStatus};
use savdo_domain::{Money, Quantity};

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::sale_returns::lines::{InsertLines, insert_line};
use crate::schema::{sale_return_lines, sale_returns};

/// A return about to be written down.
#[derive(Debug, Clone)]
pub struct NewSaleReturn<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The sale.
    pub sale_id: SaleId,
    /// Where the goods come back.
    pub branch_id: LocationId,
    /// Who writes it down.
    pub worker_id: WorkerId,
    /// How the money is to be handed back, if that was said.
    pub refund_method: Option<RefundMethod>,
    /// What the goods are worth to the buyer.
    pub total_amount: Money,
    /// Why, possibly empty.
    pub reason: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A line of a return about to be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReturnLine {
    /// The line of the sale.
    pub sale_line_id: SaleLineId,
    /// How much of it comes back.
    pub quantity: Quantity,
    /// What that is worth to the buyer.
    pub total_price: Money,
}

/// A return that nobody else changes until the end of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedReturn {
    /// Where the goods come back.
    pub branch_id: LocationId,
    /// How the money is to be handed back, if that was said.
    pub refund_method: Option<RefundMethod>,
    /// Where it stands.
    pub status: SaleReturnStatus,
    /// Why, possibly empty.
    pub reason: String,
}

/// Writes a return down, pending and without its lines.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, new: &NewSaleReturn<'_>) -> Result<SaleReturnId, Error> {
    tx.statement("sale_return_insert", |on| {
        diesel::insert_into(sale_returns::table)
            .values((
                sale_returns::store_id.eq(new.store_id.get()),
                sale_returns::sale_id.eq(new.sale_id.get()),
                sale_returns::branch_id.eq(new.branch_id.get()),
                sale_returns::worker_id.eq(new.worker_id.get()),
                sale_returns::refund_method.eq(new.refund_method.map(Coded::code)),
                sale_returns::total_amount.eq(new.total_amount.tiyin()),
                sale_returns::refund_cash.eq(0),
                sale_returns::refund_card.eq(0),
                sale_returns::refund_debt.eq(0),
                sale_returns::status.eq(SaleReturnStatus::Pending.code()),
                sale_returns::reason.eq(new.reason),
                sale_returns::created_at.eq(new.at.naive_utc()),
            ))
            .returning(sale_returns::id)
            .get_result::<i64>(on)
    })
    .map(SaleReturnId::new)
}

/// Writes the lines of a return down, numbered from 1.
///
/// # Errors
/// A failed statement.
pub fn insert_lines(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    id: SaleReturnId,
    lines: &[NewReturnLine],
) -> Result<(), Error> {
    tx.statement("sale_return_lines_insert", |on| match on {
        AnyConnection::Postgres(connection) => InsertLines::new(&store_id.get(), id, lines).execute(connection),
        AnyConnection::Sqlite(connection) => (1..)
            .zip(lines)
            .map(|(number, line)| insert_line(connection, store_id, id, number, line))
            .sum(),
    })?;
    Ok(())
}

/// Locks a return of the store until the transaction ends. The caller holds the lock of its sale.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: SaleReturnId) -> Result<Option<LockedReturn>, Error> {
    type Row = (i64, Option<String>, String, String);
    let row: Option<Row> = tx.statement("sale_return_lock", |on| {
        let query = sale_returns::table
            .filter(sale_returns::store_id.eq(store_id.get()))
            .filter(sale_returns::id.eq(id.get()))
            .select((
                sale_returns::branch_id,
                sale_returns::refund_method,
                sale_returns::status,
                sale_returns::reason,
            ));
        match on {
            AnyConnection::Postgres(connection) => query.for_update().first(connection).optional(),
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(connection) => query.first(connection).optional(),
        }
    })?;
    let Some((branch_id, refund_method, status, reason)) = row else {
        return Ok(None);
    };
    let method = refund_method.map(|method| columns::coded("sale_returns", id.get(), &method));
    Ok(Some(LockedReturn {
        branch_id: LocationId::new(branch_id),
        refund_method: method.transpose()?,
        status: columns::coded("sale_returns", id.get(), &status)?,
        reason,
    }))
}

/// What comes back of which line of the sale, by the numbers of the return's lines.
///
/// # Errors
/// A failed statement.
pub fn lines_of(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    id: SaleReturnId,
) -> Result<Vec<(i64, SaleLineId, Quantity)>, Error> {
    let rows: Vec<(i64, i64, i64)> = reader.statement("sale_return_lines_of", |on| {
        sale_return_lines::table
            .filter(sale_return_lines::store_id.eq(store_id.get()))
            .filter(sale_return_lines::return_id.eq(id.get()))
            .order(sale_return_lines::line_number)
            .select((
                sale_return_lines::line_number,
                sale_return_lines::sale_line_id,
                sale_return_lines::quantity,
            ))
            .load(on)
    })?;
    let line = |(number, line, quantity)| (number, SaleLineId::new(line), Quantity::from_thousandths(quantity));
    Ok(rows.into_iter().map(line).collect())
}
