//! Reads of orders.

use diesel::Connection;
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, StoreId, UserId, WorkerId};

use super::rows::{ActorRow, BuyerRow, HistoryRow, OrderLineRow, OrderRow, ProductRow, StoreRow};
use super::{BuyerView, HistoryView, OrderFilter, OrderLineView, OrderOrdering, OrderView};
use crate::connection::AnyConnection;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Listed, Page};
use crate::schema::{order_history, order_lines, orders, products, stores, users, workers};

type Orders<'a> = orders::BoxedQuery<'a, <AnyConnection as Connection>::Backend>;

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

/// A page of the orders of the scope, narrowed by the filter.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    scope: &Scope,
    filter: &OrderFilter,
    page: Page,
) -> Result<Listed<OrderView>, Error> {
    let total = reader.statement("order_count", |on| {
        filtered(scope, filter).count().get_result::<i64>(on)
    })?;
    let rows = reader.statement("order_list", |on| {
        ordered(filtered(scope, filter), filter.ordering)
            .inner_join(stores::table)
            .inner_join(users::table)
            .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
            .limit(page.size)
            .offset(page.offset())
            .load::<(OrderRow, StoreRow, BuyerRow)>(on)
    })?;
    let rows = rows.into_iter().map(|(order, store, buyer)| order.view(store, buyer));
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(Listed { rows, total })
}

/// The lines of orders that the caller was shown, order by order in their own order.
///
/// # Errors
/// A failed statement.
pub fn lines(reader: &mut Reader<'_>, shown: &[OrderView]) -> Result<Vec<OrderLineView>, Error> {
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let order_ids: Vec<i64> = shown.iter().map(|order| order.id.get()).collect();
    let mut store_ids: Vec<i64> = shown.iter().map(|order| order.store.id.get()).collect();
    store_ids.sort_unstable();
    store_ids.dedup();
    let lines = reader.statement("order_lines", |on| {
        order_lines::table
            .inner_join(products::table)
            .filter(order_lines::store_id.eq_any(store_ids))
            .filter(order_lines::order_id.eq_any(order_ids))
            .order((order_lines::order_id, order_lines::line_number))
            .select((OrderLineRow::as_select(), ProductRow::as_select()))
            .load::<(OrderLineRow, ProductRow)>(on)
    })?;
    Ok(lines.into_iter().map(|(line, product)| line.view(product)).collect())
}

/// The steps that an order took, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn history(reader: &mut Reader<'_>, store_id: StoreId, order_id: OrderId) -> Result<Vec<HistoryView>, Error> {
    let rows = reader.statement("order_history", |on| {
        order_history::table
            .left_join(users::table.on(order_history::actor_id.eq(users::id.nullable())))
            .left_join(workers::table.on(order_history::actor_id.eq(workers::user_id.nullable())))
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

fn within(scope: &Scope) -> Orders<'static> {
    let orders = orders::table.into_boxed();
    match *scope {
        Scope::Own(buyer) => orders.filter(orders::buyer_id.eq(buyer.get())),
        Scope::Assigned { store, courier } => orders
            .filter(orders::store_id.eq(store.get()))
            .filter(orders::courier_id.eq(WorkerId::get(courier))),
        Scope::Store(store) => orders.filter(orders::store_id.eq(store.get())),
        Scope::All => orders,
    }
}

fn filtered(scope: &Scope, filter: &OrderFilter) -> Orders<'static> {
    let mut orders = within(scope);
    if !filter.statuses.is_empty() {
        let codes: Vec<&str> = filter.statuses.iter().map(|status| status.code()).collect();
        orders = orders.filter(orders::status.eq_any(codes));
    }
    if let Some(status) = filter.payment_status {
        orders = orders.filter(orders::payment_status.eq(status.code()));
    }
    if let Some(method) = filter.payment_method {
        orders = orders.filter(orders::payment_method.eq(method.code()));
    }
    if let Some(needs_prescription) = filter.needs_prescription {
        orders = orders.filter(orders::needs_prescription.eq(needs_prescription));
    }
    if let Some(buyer) = filter.buyer_id {
        orders = orders.filter(orders::buyer_id.eq(buyer.get()));
    }
    if let Some(courier) = filter.courier_id {
        orders = orders.filter(orders::courier_id.eq(courier.get()));
    }
    if let Some(store) = filter.store_id {
        orders = orders.filter(orders::store_id.eq(store.get()));
    }
    if let Some(from) = filter.created_from {
        orders = orders.filter(orders::day.ge(from));
    }
    if let Some(to) = filter.created_to {
        orders = orders.filter(orders::day.le(to));
    }
    for pattern in filter.search.patterns() {
        let found = orders::search.like(pattern.clone()).escape('\\');
        orders = orders.filter(found.or(orders::id.eq(filter.searched_id.map_or(0, OrderId::get))));
    }
    orders
}

fn ordered(orders: Orders<'static>, ordering: OrderOrdering) -> Orders<'static> {
    match ordering {
        OrderOrdering::Newest => orders.order(orders::id.desc()),
        OrderOrdering::Oldest => orders.order(orders::id.asc()),
        OrderOrdering::Cheapest => orders.order((orders::total_price.asc(), orders::id.asc())),
        OrderOrdering::Dearest => orders.order((orders::total_price.desc(), orders::id.desc())),
    }
}
