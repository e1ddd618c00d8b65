//! What joined a shift, summed: the same of an open shift and, as of its end, of a closed one.
//!
//! A sale that was undone in the shift it was made in is in the one figure only; undone after that shift it stays in it. What
//! counts as of the end needs no time: no document joins a closed shift, and none that did changes its sums.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, Text, Timestamp};
use savdo_domain::ids::{ShiftId, StoreId, WorkerId};
use savdo_domain::shift::{Cancelled, Drawer, Handed, ShiftDocuments, SoldBy, SpentOn};

use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::prepared::{cached, statement};
use crate::schema::shifts;
use crate::shifts::returns;
use crate::workers::full_name;

/// All that joined a shift.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn documents(reader: &mut Reader<'_>, store_id: StoreId, id: ShiftId) -> Result<ShiftDocuments, Error> {
    let mut documents = documents_between(reader, store_id, (id, id))?;
    Ok(documents.remove(&id).unwrap_or_default())
}

/// All that joined each of the store's shifts between the first and the last, both included; a shift that nothing joined is
/// left out.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn documents_between(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    (first, last): (ShiftId, ShiftId),
) -> Result<BTreeMap<ShiftId, ShiftDocuments>, Error> {
    let shifts = &Shifts {
        store_id: store_id.get(),
        first: first.get(),
        last: last.get(),
    };
    let sales: Vec<SoldRow> = reader.statement("shift_sales", |on| on_each!(on, |c| Sales(shifts).load(c)))?;
    let undone: Vec<UndoneRow> = reader.statement("shift_undone", |on| on_each!(on, |c| Undone(shifts).load(c)))?;
    let spent: Vec<SpentRow> = reader.statement("shift_expenses", |on| on_each!(on, |c| Spent(shifts).load(c)))?;

    let mut documents: BTreeMap<ShiftId, ShiftDocuments> = BTreeMap::new();
    for row in sales {
        let of_shift = documents.entry(ShiftId::new(row.shift_id)).or_default();
        of_shift.sales.push(SoldBy::try_from(row)?);
    }
    for (shift_id, returned) in returns::of_shifts(reader, shifts)? {
        documents.entry(shift_id).or_default().returns.push(returned);
    }
    for row in spent {
        let of_shift = documents.entry(ShiftId::new(row.shift_id)).or_default();
        of_shift.expenses.push(SpentOn::try_from(row)?);
    }
    for row in undone {
        let of_shift = documents.entry(ShiftId::new(row.shift_id)).or_default();
        if row.is_own {
            of_shift.cancelled = Cancelled {
                count: row.count,
                total: columns::money(row.net),
            };
        } else {
            of_shift.cancel_refunds = Handed {
                count: row.count,
                cash: columns::money(row.cash),
                card: columns::money(row.card),
            };
        }
    }
    Ok(documents)
}

/// Shifts of a store whose ids follow each other.
pub(super) struct Shifts {
    pub(super) store_id: i64,
    pub(super) first: i64,
    pub(super) last: i64,
}

struct Sales<'a>(&'a Shifts);

cached!(Sales -> (BigInt, BigInt, Text, Text, Nullable<Text>, Text, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt));

impl<Db> QueryFragment<Db> for Sales<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT sale.shift_id, sale.worker_id, person.first_name, person.last_name, person.username, sale.payment_type, COUNT(*), \
             CAST(SUM(sale.total_price) AS BIGINT), CAST(SUM(sale.discount_amount) AS BIGINT), \
             CAST(SUM(sale.cash_amount) AS BIGINT), CAST(SUM(sale.card_amount) AS BIGINT), \
             CAST(SUM(sale.debt_amount) AS BIGINT) \
             FROM sales AS sale \
             JOIN workers AS worker ON worker.store_id = sale.store_id AND worker.id = sale.worker_id \
             JOIN users AS person ON person.id = worker.user_id \
             WHERE sale.store_id = " (BigInt, &self.0.store_id)
            " AND sale.shift_id >= " (BigInt, &self.0.first)
            " AND sale.shift_id <= " (BigInt, &self.0.last)
            " AND sale.cancel_shift_id IS DISTINCT FROM sale.shift_id \
             GROUP BY sale.shift_id, sale.worker_id, person.first_name, person.last_name, person.username, \
                sale.payment_type \
             ORDER BY sale.shift_id, sale.worker_id, sale.payment_type"
        )
    }
}

#[derive(Queryable)]
struct SoldRow {
    shift_id: i64,
    worker_id: i64,
    first_name: String,
    last_name: String,
    username: Option<String>,
    payment_type: String,
    count: i64,
    gross: i64,
    discount: i64,
    cash: i64,
    card: i64,
    debt: i64,
}

impl TryFrom<SoldRow> for SoldBy {
    type Error = Error;

    fn try_from(row: SoldRow) -> Result<Self, Error> {
        Ok(Self {
            worker_id: WorkerId::new(row.worker_id),
            name: full_name(
                &row.first_name,
                &row.last_name,
                row.username.as_deref().unwrap_or_default(),
            ),
            payment_type: columns::coded("sales", row.worker_id, &row.payment_type)?,
            count: row.count,
            gross: columns::money(row.gross),
            discount: columns::money(row.discount),
            cash: columns::money(row.cash),
            card: columns::money(row.card),
            debt: columns::money(row.debt),
        })
    }
}

struct Undone<'a>(&'a Shifts);

cached!(Undone -> (BigInt, Bool, BigInt, BigInt, BigInt, BigInt));

impl<Db> QueryFragment<Db> for Undone<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT sale.cancel_shift_id, sale.shift_id IS NOT DISTINCT FROM sale.cancel_shift_id AS is_own, COUNT(*), \
             CAST(SUM(sale.net_total) AS BIGINT), CAST(SUM(sale.refund_cash) AS BIGINT), \
             CAST(SUM(sale.refund_card) AS BIGINT) \
             FROM sales AS sale WHERE sale.store_id = " (BigInt, &self.0.store_id)
            " AND sale.cancel_shift_id >= " (BigInt, &self.0.first)
            " AND sale.cancel_shift_id <= " (BigInt, &self.0.last)
            " GROUP BY sale.cancel_shift_id, is_own"
        )
    }
}

#[derive(Queryable)]
struct UndoneRow {
    shift_id: i64,
    is_own: bool,
    count: i64,
    net: i64,
    cash: i64,
    card: i64,
}

struct Spent<'a>(&'a Shifts);

cached!(Spent -> (BigInt, BigInt, Text, Text, BigInt, BigInt));

impl<Db> QueryFragment<Db> for Spent<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT expense.shift_id, category.id, category.name, expense.payment_type, COUNT(*), \
             CAST(SUM(expense.amount) AS BIGINT) \
             FROM expenses AS expense \
             JOIN expense_categories AS category \
                ON category.store_id = expense.store_id AND category.id = expense.category_id \
             WHERE expense.store_id = " (BigInt, &self.0.store_id)
            " AND expense.shift_id >= " (BigInt, &self.0.first)
            " AND expense.shift_id <= " (BigInt, &self.0.last)
            " AND expense.status = 'active' \
             GROUP BY expense.shift_id, category.id, category.name_key, category.name, expense.payment_type \
             ORDER BY expense.shift_id, category.name_key, category.id, expense.payment_type"
        )
    }
}

#[derive(Queryable)]
struct SpentRow {
    shift_id: i64,
    category_id: i64,
    category: String,
    payment_type: String,
    count: i64,
    total: i64,
}

impl TryFrom<SpentRow> for SpentOn {
    type Error = Error;

    fn try_from(row: SpentRow) -> Result<Self, Error> {
        Ok(Self {
            category: row.category,
            payment_type: columns::coded("expenses", row.category_id, &row.payment_type)?,
            count: row.count,
            total: columns::money(row.total),
        })
    }
}

/// When the first or the last thing was written that joined a shift: what was made, undone, confirmed and spent in it.
macro_rules! joined {
    ($first_or_last:literal) => {
        concat!(
            "(SELECT ",
            $first_or_last,
            "(document.at) FROM (\
             SELECT created_at AS at FROM sales WHERE sales.store_id = shifts.store_id AND sales.shift_id = shifts.id \
             UNION ALL SELECT cancelled_at FROM sales \
                WHERE sales.store_id = shifts.store_id AND sales.cancel_shift_id = shifts.id \
             UNION ALL SELECT created_at FROM expenses \
                WHERE expenses.store_id = shifts.store_id AND expenses.shift_id = shifts.id \
             UNION ALL SELECT confirmed_at FROM sale_returns AS back \
                WHERE back.store_id = shifts.store_id AND back.shift_id = shifts.id\
             ) AS document)"
        )
    };
}

fragments! {
    /// When the first of its documents was written.
    FirstAt: Nullable<Timestamp> = joined!("MIN");
    /// When the last of its documents was written.
    LastAt: Nullable<Timestamp> = joined!("MAX");
}

/// A shift beside the times of what joined it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftSpan {
    /// The shift.
    pub id: ShiftId,
    /// What lay in the drawer, and what was counted.
    pub drawer: Drawer,
    /// Its report; empty while it is open.
    pub z_report: String,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the first of its documents was written.
    pub first_at: Option<DateTime<Utc>>,
    /// When the last of its documents was written.
    pub last_at: Option<DateTime<Utc>>,
}

type SpanRow = (
    i64,
    (i64, Option<i64>),
    String,
    (NaiveDateTime, Option<NaiveDateTime>),
    (Option<NaiveDateTime>, Option<NaiveDateTime>),
);

/// The shifts of a store after this one, by id.
///
/// # Errors
/// A failed statement.
pub fn spans(reader: &mut Reader<'_>, store_id: StoreId, after: ShiftId, most: i64) -> Result<Vec<ShiftSpan>, Error> {
    let rows: Vec<SpanRow> = reader.statement("shift_spans", |on| {
        shifts::table
            .filter(shifts::store_id.eq(store_id.get()))
            .filter(shifts::id.gt(after.get()))
            .order(shifts::id)
            .select((
                shifts::id,
                (shifts::cash_start, shifts::cash_end),
                shifts::z_report,
                (shifts::opened_at, shifts::closed_at),
                (FirstAt, LastAt),
            ))
            .limit(most)
            .load(on)
    })?;
    Ok(rows.into_iter().map(span).collect())
}

fn span(row: SpanRow) -> ShiftSpan {
    let (id, (cash_start, cash_end), z_report, (opened_at, closed_at), (first_at, last_at)) = row;
    ShiftSpan {
        id: ShiftId::new(id),
        drawer: Drawer {
            cash_start: columns::money(cash_start),
            cash_end: cash_end.map(columns::money),
        },
        z_report,
        opened_at: columns::time(opened_at),
        closed_at: closed_at.map(columns::time),
        first_at: first_at.map(columns::time),
        last_at: last_at.map(columns::time),
    }
}
