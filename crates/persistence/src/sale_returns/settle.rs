//! A return confirmed or dropped: each by compare-and-set on its state.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{SaleId, SaleLineId, SaleReturnId, ShiftId, StoreId, WorkerId};
use savdo_domain::sale::SaleStatus;
use savdo_domain::sale_return::{Refund, SaleReturnStatus};
use savdo_domain::{Money, Quantity};

use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::sale_returns::lines::{SettleLines, settle_line};
use crate::schema::{sale_returns, sales};

/// How a return is confirmed.
#[derive(Debug, Clone)]
pub struct ConfirmReturn {
    /// Who confirms it.
    pub worker_id: WorkerId,
    /// The shift that it joins.
    pub shift_id: Option<ShiftId>,
    /// What the goods are worth to the buyer.
    pub total_amount: Money,
    /// What becomes of that.
    pub refund: Refund,
    /// The store's day.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
}

/// A line as it is fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledLine {
    /// The line of the sale.
    pub sale_line_id: SaleLineId,
    /// How much of it comes back.
    pub quantity: Quantity,
    /// What that is worth to the buyer.
    pub total_price: Money,
    /// What the goods had cost the store.
    pub cost: Money,
}

/// Marks a pending return as confirmed; false, and nothing is written, when it is not pending any more.
///
/// # Errors
/// A failed statement.
pub fn confirm(tx: &mut Tx<'_>, store_id: StoreId, id: SaleReturnId, confirm: &ConfirmReturn) -> Result<bool, Error> {
    let rows = tx.statement("sale_return_confirm", |on| {
        diesel::update(
            sale_returns::table
                .filter(sale_returns::store_id.eq(store_id.get()))
                .filter(sale_returns::id.eq(id.get()))
                .filter(sale_returns::status.eq(SaleReturnStatus::Pending.code())),
        )
        .set((
            sale_returns::status.eq(SaleReturnStatus::Confirmed.code()),
            sale_returns::shift_id.eq(confirm.shift_id.map(ShiftId::get)),
            sale_returns::total_amount.eq(confirm.total_amount.tiyin()),
            sale_returns::refund_cash.eq(confirm.refund.cash.tiyin()),
            sale_returns::refund_card.eq(confirm.refund.card.tiyin()),
            sale_returns::refund_debt.eq(confirm.refund.debt.tiyin()),
            sale_returns::confirmed_by.eq(confirm.worker_id.get()),
            sale_returns::confirmed_day.eq(confirm.day),
            sale_returns::confirmed_at.eq(confirm.at.naive_utc()),
        ))
        .execute(on)
    })?;
    Ok(rows == 1)
}

/// Fixes all lines of a return and takes them of the lines of the sale.
///
/// # Errors
/// [`Error::Corrupt`] when a line is not as it was read, or would come back for more than was sold; a failed statement.
pub fn confirm_lines(tx: &mut Tx<'_>, store_id: StoreId, id: SaleReturnId, lines: &[SettledLine]) -> Result<(), Error> {
    let rows = tx.statement("sale_return_lines_confirm", |on| match on {
        AnyConnection::Postgres(connection) => SettleLines::new(&store_id.get(), id, lines)
            .get_result::<i64>(connection)
            .map(|rows| usize::try_from(rows).unwrap_or_default()),
        AnyConnection::Sqlite(connection) => lines
            .iter()
            .map(|line| settle_line(connection, store_id, id, line))
            .sum(),
    })?;
    let expected = lines.len().saturating_mul(2);
    if rows == expected {
        return Ok(());
    }
    Err(Error::Corrupt {
        table: "sale_return_lines",
        id: id.get(),
        why: format!("{rows} rows of lines were as they were read, of {expected}"),
    })
}

/// Adds to what was handed back for a completed sale; false, and nothing is written, for one that is cancelled.
///
/// # Errors
/// A failed statement.
pub fn add_returned(tx: &mut Tx<'_>, store_id: StoreId, sale_id: SaleId, amount: Money) -> Result<bool, Error> {
    let rows = tx.statement("sale_add_returned", |on| {
        diesel::update(
            sales::table
                .filter(sales::store_id.eq(store_id.get()))
                .filter(sales::id.eq(sale_id.get()))
                .filter(sales::status.eq(SaleStatus::Completed.code())),
        )
        .set(sales::returned_amount.eq(sales::returned_amount + amount.tiyin()))
        .execute(on)
    })?;
    Ok(rows == 1)
}

/// Drops a pending return; false, and nothing is written, when it is not pending any more.
///
/// # Errors
/// A failed statement.
pub fn cancel(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    id: SaleReturnId,
    worker_id: WorkerId,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let rows = tx.statement("sale_return_cancel", |on| {
        diesel::update(
            sale_returns::table
                .filter(sale_returns::store_id.eq(store_id.get()))
                .filter(sale_returns::id.eq(id.get()))
                .filter(sale_returns::status.eq(SaleReturnStatus::Pending.code())),
        )
        .set((
            sale_returns::status.eq(SaleReturnStatus::Cancelled.code()),
            sale_returns::cancelled_by.eq(worker_id.get()),
            sale_returns::cancelled_at.eq(at.naive_utc()),
        ))
        .execute(on)
    })?;
    Ok(rows == 1)
}
