//! Writing a sale down, and undoing it once.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Date, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use savdo_domain::Money;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, ShiftId, StoreId, WorkerId};
use savdo_domain::sale::{ClientId, Payment, PaymentType, PricedLine, SaleStatus, Settlement};

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::prepared::{cached, statement};
use crate::sales::lines::{InsertLines, insert_line};
use crate::schema::sales;

/// A sale about to be written down.
#[derive(Debug, Clone)]
pub struct NewSale<'a> {
    /// The store.
    pub store_id: StoreId,
    /// Where it is sold.
    pub branch_id: LocationId,
    /// Who sells.
    pub worker_id: WorkerId,
    /// The shift that it joins.
    pub shift_id: Option<ShiftId>,
    /// How it is paid.
    pub payment_type: PaymentType,
    /// The sum of the lines before the sale's discount.
    pub total_price: Money,
    /// The sale's discount.
    pub discount_amount: Money,
    /// What is to be paid.
    pub net_total: Money,
    /// How it is settled.
    pub settlement: Settlement,
    /// A remark, possibly empty.
    pub description: &'a str,
    /// The id that its client gave it.
    pub client_id: Option<&'a ClientId>,
    /// When it is sold.
    pub sold_at: DateTime<Utc>,
    /// The store's day on which it is sold.
    pub day: NaiveDate,
    /// When it is written down.
    pub at: DateTime<Utc>,
}

/// A line of a sale about to be written down.
#[derive(Debug, Clone)]
pub struct NewSaleLine<'a> {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: &'a str,
    /// The unit it is sold in.
    pub unit: Unit,
    /// What it costs the buyer.
    pub priced: &'a PricedLine,
    /// What the goods cost the store.
    pub cost: Money,
}

/// A sale that nobody else changes until the end of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedSale {
    /// Its number.
    pub number: i64,
    /// Where the goods came from.
    pub branch_id: LocationId,
    /// The shift that it joined.
    pub shift_id: Option<ShiftId>,
    /// Where it stands.
    pub status: SaleStatus,
    /// The way of paying.
    pub payment_type: PaymentType,
    /// How it was settled.
    pub settlement: Settlement,
}

/// How a sale is undone.
#[derive(Debug, Clone)]
pub struct Cancel<'a> {
    /// Who undoes it.
    pub worker_id: WorkerId,
    /// Why, possibly empty.
    pub reason: &'a str,
    /// The shift that this joins.
    pub shift_id: Option<ShiftId>,
    /// What is handed back, and what is struck out of a debt.
    pub refund: Settlement,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a sale down, without its lines, and answers its id and its number.
///
/// # Errors
/// [`Constraint::ClientIdTaken`](crate::Constraint); a failed statement.
pub fn insert(tx: &mut Tx<'_>, sale: &NewSale<'_>) -> Result<(SaleId, i64), Error> {
    let (id, number) = tx.statement("sale_insert", |on| match on {
        AnyConnection::Postgres(connection) => InsertSale::new(sale, 0).get_result::<(i64, i64)>(connection),
        AnyConnection::Sqlite(connection) => {
            let store_id = &sale.store_id.get();
            let number = NextNumber { store_id }.get_result(connection)?;
            InsertSale::new(sale, number).get_result::<(i64, i64)>(connection)
        }
    })?;
    Ok((SaleId::new(id), number))
}

/// Writes the lines of a sale down, numbered from 1, and answers their ids in the same order.
///
/// # Errors
/// A failed statement.
pub fn insert_lines(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    sale_id: SaleId,
    lines: &[NewSaleLine<'_>],
) -> Result<Vec<SaleLineId>, Error> {
    let mut rows: Vec<(i64, i64)> = tx.statement("sale_lines_insert", |on| match on {
        AnyConnection::Postgres(connection) => InsertLines::new(store_id, sale_id, lines).load(connection),
        AnyConnection::Sqlite(connection) => (1..)
            .zip(lines)
            .map(|(number, line)| Ok((number, insert_line(connection, store_id, sale_id, number, line)?)))
            .collect(),
    })?;
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(_, id)| SaleLineId::new(id)).collect())
}

/// Locks a sale of the store until the transaction ends.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: SaleId) -> Result<Option<LockedSale>, Error> {
    type Row = (i64, i64, Option<i64>, String, String, (i64, i64, i64));
    let row: Option<Row> = tx.statement("sale_lock", |on| {
        let query = sales::table
            .filter(sales::store_id.eq(store_id.get()))
            .filter(sales::id.eq(id.get()))
            .select((
                sales::number,
                sales::branch_id,
                sales::shift_id,
                sales::status,
                sales::payment_type,
                (sales::cash_amount, sales::card_amount, sales::debt_amount),
            ));
        match on {
            AnyConnection::Postgres(connection) => query.for_update().first(connection).optional(),
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(connection) => query.first(connection).optional(),
        }
    })?;
    let Some((number, branch_id, shift_id, status, payment_type, (cash, card, debt))) = row else {
        return Ok(None);
    };
    Ok(Some(LockedSale {
        number,
        branch_id: LocationId::new(branch_id),
        shift_id: shift_id.map(ShiftId::new),
        status: columns::coded("sales", id.get(), &status)?,
        payment_type: columns::coded("sales", id.get(), &payment_type)?,
        settlement: Settlement {
            payment: Payment {
                cash: columns::money(cash),
                card: columns::money(card),
            },
            debt: columns::money(debt),
        },
    }))
}

/// Marks a completed sale as undone; false, and nothing is written, when it is not completed any more.
///
/// # Errors
/// A failed statement.
pub fn cancel(tx: &mut Tx<'_>, store_id: StoreId, id: SaleId, cancel: &Cancel<'_>) -> Result<bool, Error> {
    let rows = tx.statement("sale_cancel", |on| {
        diesel::update(
            sales::table
                .filter(sales::store_id.eq(store_id.get()))
                .filter(sales::id.eq(id.get()))
                .filter(sales::status.eq(SaleStatus::Completed.code())),
        )
        .set((
            sales::status.eq(SaleStatus::Cancelled.code()),
            sales::cancelled_at.eq(cancel.at.naive_utc()),
            sales::cancelled_by.eq(cancel.worker_id.get()),
            sales::cancel_reason.eq(cancel.reason),
            sales::cancel_shift_id.eq(cancel.shift_id.map(ShiftId::get)),
            sales::refund_cash.eq(cancel.refund.payment.cash.tiyin()),
            sales::refund_card.eq(cancel.refund.payment.card.tiyin()),
            sales::refund_debt.eq(cancel.refund.debt.tiyin()),
        ))
        .execute(on)
    })?;
    Ok(rows == 1)
}

struct InsertSale<'a> {
    sale: &'a NewSale<'a>,
    /// On SQLite; PostgreSQL takes the next of the store's sequence.
    number: i64,
    payment_type: &'a str,
    /// Store, branch, worker.
    ids: [i64; 3],
    shift_id: Option<i64>,
    /// Total, discount, net, cash, card, debt.
    amounts: [i64; 6],
    client_id: Option<&'a str>,
    sold_at: NaiveDateTime,
    at: NaiveDateTime,
}

impl<'a> InsertSale<'a> {
    fn new(sale: &'a NewSale<'a>, number: i64) -> Self {
        Self {
            sale,
            number,
            payment_type: sale.payment_type.code(),
            ids: [sale.store_id.get(), sale.branch_id.get(), sale.worker_id.get()],
            shift_id: sale.shift_id.map(ShiftId::get),
            amounts: [
                sale.total_price.tiyin(),
                sale.discount_amount.tiyin(),
                sale.net_total.tiyin(),
                sale.settlement.payment.cash.tiyin(),
                sale.settlement.payment.card.tiyin(),
                sale.settlement.debt.tiyin(),
            ],
            client_id: sale.client_id.map(ClientId::as_str),
            sold_at: sale.sold_at.naive_utc(),
            at: sale.at.naive_utc(),
        }
    }

    /// Everything behind the number.
    fn walk_rest<'b, Db>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()>
    where
        Db: Backend + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Date> + HasSqlType<Timestamp>,
        i64: ToSql<BigInt, Db>,
        str: ToSql<Text, Db>,
        NaiveDate: ToSql<Date, Db>,
        NaiveDateTime: ToSql<Timestamp, Db>,
    {
        let [store_id, branch_id, worker_id] = &self.ids;
        let [total_price, discount_amount, net_total, cash, card, debt] = &self.amounts;
        statement!(
            out,
            ", " (BigInt, store_id)
            ", " (BigInt, branch_id)
            ", " (BigInt, worker_id)
            ", " (Nullable<BigInt>, &self.shift_id)
            ", " (Text, self.payment_type)
            ", " (BigInt, total_price)
            ", " (BigInt, discount_amount)
            ", " (BigInt, net_total)
            ", " (BigInt, cash)
            ", " (BigInt, card)
            ", " (BigInt, debt)
            ", 0, 'completed', " (Text, self.sale.description)
            ", " (Nullable<Text>, &self.client_id)
            ", " (Timestamp, &self.sold_at)
            ", " (Date, &self.sale.day)
            ", '', 0, 0, 0, " (Timestamp, &self.at)
            ") RETURNING id, number"
        )
    }
}

cached!(InsertSale -> (BigInt, BigInt));

const INSERT: &str = "INSERT INTO sales (number, store_id, branch_id, worker_id, shift_id, payment_type, total_price, \
    discount_amount, net_total, cash_amount, card_amount, debt_amount, returned_amount, status, description, client_id, sold_at, \
    day, cancel_reason, refund_cash, refund_card, refund_debt, created_at) VALUES (";

impl QueryFragment<Pg> for InsertSale<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let [store_id, ..] = &self.ids;
        out.push_sql(INSERT);
        out.push_sql("nextval(('sale_number_' || ");
        out.push_bind_param::<BigInt, _>(store_id)?;
        out.push_sql(")::regclass)");
        self.walk_rest(out)
    }
}

impl QueryFragment<Sqlite> for InsertSale<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(INSERT);
        out.push_bind_param::<BigInt, _>(&self.number)?;
        self.walk_rest(out)
    }
}

/// The number after the last one of a store, from its counter row.
struct NextNumber<'a> {
    store_id: &'a i64,
}

cached!(NextNumber -> BigInt);

impl QueryFragment<Sqlite> for NextNumber<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        statement!(
            out,
            "UPDATE store_counters SET next = next + 1 WHERE store_id = " (BigInt, self.store_id)
            " AND name = 'sale_number' RETURNING next - 1"
        )
    }
}
