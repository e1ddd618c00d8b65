//! Reads of orders.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::order::PaymentStatus;

use super::parts::within;
use super::rows::{ActorRow, BuyerRow, HistoryRow, OrderLineRow, OrderRow, ProductRow, StoreRow};
use super::{BuyerView, HistoryView, OrderLineView, OrderView};
use crate::among::Ids;
use crate::columns;
use crate::connection::on_each;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::schema::{order_history, order_lines, orders, products, stores, users, workers};

/// An order of the scope; `None` for any other.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(reader: &mut Reader<'_>, scope: &Scope, order_id: OrderId) -> Result<Option<OrderView>, Error> {
    let found = reader.statement("order_find", |on| {
        within(scope)
            .filter(orders::id.eq(order_id.get()))
            .inner_join(stores::table)
            .inner_join(users::table)
            .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
            .first::<(OrderRow, StoreRow, BuyerRow)>(on)
            .optional()
    })?;
    found.map(|(order, store, buyer)| order.view(store, buyer)).transpose()
}

/// An order of a store, locked until the end of the transaction, as it is then: whoever waited for the lock gets the row as the others left it
/// ([PostgreSQL, 13.2.1](https://www.postgresql.org/docs/15/transaction-iso.html)), its store and buyer as the statement found them. What hangs on the
/// order is read in a later statement.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find_locked(tx: &mut Tx<'_>, store_id: StoreId, order_id: OrderId) -> Result<Option<OrderView>, Error> {
    let found = tx.statement("order_find_locked", |on| {
        on_each!(on, |c| AndLock(
            orders::table
                .inner_join(stores::table)
                .inner_join(users::table)
                .filter(orders::store_id.eq(store_id.get()))
                .filter(orders::id.eq(order_id.get()))
                .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
        )
        .get_result::<(OrderRow, StoreRow, BuyerRow)>(c)
        .optional())
    })?;
    found.map(|(order, store, buyer)| order.view(store, buyer)).transpose()
}

/// A select that also locks the orders that it answers, and nothing that they are joined with.
#[derive(QueryId)]
struct AndLock<Select>(Select);

impl<Select: QueryFragment<Pg>> QueryFragment<Pg> for AndLock<Select> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" FOR NO KEY UPDATE OF orders");
        Ok(())
    }
}

/// Its one writer is the lock.
impl<Select: QueryFragment<Sqlite>> QueryFragment<Sqlite> for AndLock<Select> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

impl<Select: Query> Query for AndLock<Select> {
    type SqlType = Select::SqlType;
}

impl<Select, Connection> RunQueryDsl<Connection> for AndLock<Select> {}

/// Orders of these stores, by their ids.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn of_stores(
    reader: &mut Reader<'_>,
    store_ids: &[StoreId],
    order_ids: &[OrderId],
) -> Result<BTreeMap<OrderId, OrderView>, Error> {
    let store_ids: BTreeSet<i64> = store_ids.iter().map(|store_id| store_id.get()).collect();
    let order_ids: BTreeSet<i64> = order_ids.iter().map(|order_id| order_id.get()).collect();
    let rows = reader.statement("orders_of_stores", |on| {
        orders::table
            .filter(orders::store_id.eq_any(store_ids))
            .filter(orders::id.eq_any(order_ids))
            .inner_join(stores::table)
            .inner_join(users::table)
            .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
            .load::<(OrderRow, StoreRow, BuyerRow)>(on)
    })?;
    let views = rows.into_iter().map(|(order, store, buyer)| {
        let view = order.view(store, buyer)?;
        Ok((view.id, view))
    });
    views.collect()
}

/// The lines of orders that the caller was shown, order by order in their own order.
///
/// # Errors
/// A failed statement.
pub fn lines(reader: &mut Reader<'_>, shown: &[OrderView]) -> Result<Vec<OrderLineView>, Error> {
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let (order_ids, store_ids) = ids_of(shown);
    let lines = reader.statement("order_lines", |on| {
        on_each!(on, |c| order_lines::table
            .inner_join(products::table)
            .filter(store_ids.hold(order_lines::store_id))
            .filter(order_ids.hold(order_lines::order_id))
            .order((order_lines::order_id, order_lines::line_number))
            .select((OrderLineRow::as_select(), ProductRow::as_select()))
            .load::<(OrderLineRow, ProductRow)>(c))
    })?;
    Ok(lines.into_iter().map(|(line, product)| line.view(product)).collect())
}

/// The ids of orders, and those of their stores, each once.
pub(crate) fn ids_of<'a>(orders: impl IntoIterator<Item = &'a OrderView>) -> (Ids, Ids) {
    let (orders, stores): (Vec<i64>, BTreeSet<i64>) = orders
        .into_iter()
        .map(|order| (order.id.get(), order.store.id.get()))
        .unzip();
    (orders.into_iter().collect(), stores.into_iter().collect())
}

/// Orders that waited for their buyer until before `now`, after the one that ended `after`, the longest over first; of all stores,
/// for the job that gives them up. One that a provider is about to pay waits for its transaction.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn expired_unscoped(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    after: Option<ExpiredView>,
    count: i64,
) -> Result<Vec<ExpiredView>, Error> {
    let (from, id) = after.map_or((DateTime::UNIX_EPOCH, 0), |after| {
        (after.expires_at, after.order_id.get())
    });
    let from = from.naive_utc();
    let rows = reader.statement("orders_expired", |on| {
        orders::table
            .filter(IsWaiting)
            .filter(orders::payment_status.eq(PaymentStatus::Unpaid.code()))
            .filter(orders::expires_at.lt(now.naive_utc()).assume_not_null())
            .filter(
                orders::expires_at
                    .gt(from)
                    .or(orders::expires_at.eq(from).and(orders::id.gt(id)))
                    .assume_not_null(),
            )
            .order((orders::expires_at, orders::id))
            .select((orders::id, orders::store_id, orders::expires_at.assume_not_null()))
            .limit(count)
            .load::<(i64, i64, NaiveDateTime)>(on)
    })?;
    let views = rows.into_iter().map(|(order_id, store_id, expires_at)| ExpiredView {
        order_id: OrderId::new(order_id),
        store_id: StoreId::new(store_id),
        expires_at: columns::time(expires_at),
    });
    Ok(views.collect())
}

fragments! {
    /// Waits for its buyer. As text, so that the planner knows the partial index to fit.
    IsWaiting: Bool = "orders.status IN ('awaiting_prescription', 'awaiting_payment')";
}

/// An order that waited for its buyer too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredView {
    /// The order.
    pub order_id: OrderId,
    /// Its store.
    pub store_id: StoreId,
    /// Until when it waited.
    pub expires_at: DateTime<Utc>,
}

/// The steps that an order took, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn history(reader: &mut Reader<'_>, store_id: StoreId, order_id: OrderId) -> Result<Vec<HistoryView>, Error> {
    let rows = reader.statement("order_history", |on| {
        order_history::table
            .left_join(users::table.on(order_history::actor_id.eq(users::id.nullable())))
            .left_join(
                workers::table.on(order_history::actor_id
                    .eq(workers::user_id.nullable())
                    .and(workers::store_id.eq(order_history::store_id.nullable()))),
            )
            .filter(order_history::store_id.eq(store_id.get()))
            .filter(order_history::order_id.eq(order_id.get()))
            .order(order_history::id)
            .select((
                HistoryRow::as_select(),
                Option::<ActorRow>::as_select(),
                workers::role.nullable(),
            ))
            .load::<(HistoryRow, Option<ActorRow>, Option<String>)>(on)
    })?;
    let rows = rows.into_iter().map(|(step, actor, role)| step.view(actor, role));
    rows.collect()
}

/// The account that is about to order, by its own id.
///
/// # Errors
/// A failed statement, or a corrupt row when there is no such account.
pub fn buyer(reader: &mut Reader<'_>, user_id: UserId) -> Result<BuyerView, Error> {
    let buyer = reader.statement("order_buyer", |on| {
        users::table
            .filter(users::id.eq(user_id.get()))
            .select(BuyerRow::as_select())
            .first::<BuyerRow>(on)
    })?;
    Ok(buyer.into())
}
