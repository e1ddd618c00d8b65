//! Lists of orders.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::ids::OrderId;

use super::parts::{Orders, Part};
use super::rows::{BuyerRow, OrderRow, StoreRow};
use super::{OrderFilter, OrderOrdering, OrderView};
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Listed, Page};
use crate::schema::{orders, stores, users};

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
    let mut total = 0_i64;
    let mut parts = Vec::new();
    for part in Part::of(scope) {
        let count = reader.statement("order_count", |on| filtered(part, filter).count().get_result::<i64>(on))?;
        if count > 0 {
            parts.push(part);
        }
        total = total.saturating_add(count);
    }
    let rows = match parts.as_slice() {
        [] => Vec::new(),
        [part] => reader.statement("order_list", |on| {
            ordered(filtered(*part, filter), filter.ordering)
                .inner_join(stores::table)
                .inner_join(users::table)
                .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
                .limit(page.size)
                .offset(page.offset())
                .load(on)
        })?,
        parts => merged(reader, parts, filter, page)?,
    };
    let rows = rows
        .into_iter()
        .map(|(order, store, buyer): (OrderRow, _, _)| order.view(store, buyer));
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(Listed { rows, total })
}

/// What a list is sorted by, and the order it belongs to.
#[derive(Debug, Clone, Copy, Queryable)]
struct Key {
    id: i64,
    created_at: NaiveDateTime,
    total_price: i64,
}

/// The page out of several parts: from each as many keys as the page could need, then the rows of those that are on it.
fn merged(
    reader: &mut Reader<'_>,
    parts: &[Part],
    filter: &OrderFilter,
    page: Page,
) -> Result<Vec<(OrderRow, StoreRow, BuyerRow)>, Error> {
    let mut keys: Vec<Key> = Vec::new();
    for part in parts {
        keys.extend(reader.statement("order_keys", |on| {
            ordered(filtered(*part, filter), filter.ordering)
                .select((orders::id, orders::created_at, orders::total_price))
                .limit(page.offset().saturating_add(page.size))
                .load::<Key>(on)
        })?);
    }
    keys.sort_by(|left, right| compare(filter.ordering, left, right));
    let shown: Vec<i64> = page.of(keys).into_iter().map(|key| key.id).collect();
    let places: BTreeMap<i64, usize> = shown.iter().copied().zip(0..).collect();
    let mut rows: Vec<(OrderRow, StoreRow, BuyerRow)> = reader.statement("order_list", |on| {
        orders::table
            .filter(orders::id.eq_any(shown))
            .inner_join(stores::table)
            .inner_join(users::table)
            .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
            .load(on)
    })?;
    rows.sort_by_key(|(order, _, _)| places.get(&order.id).copied());
    Ok(rows)
}

fn compare(ordering: OrderOrdering, left: &Key, right: &Key) -> Ordering {
    let by_time = left.created_at.cmp(&right.created_at).then(left.id.cmp(&right.id));
    let by_price = left.total_price.cmp(&right.total_price).then(left.id.cmp(&right.id));
    match ordering {
        OrderOrdering::Newest => by_time.reverse(),
        OrderOrdering::Oldest => by_time,
        OrderOrdering::Cheapest => by_price,
        OrderOrdering::Dearest => by_price.reverse(),
    }
}

fn filtered(part: Part, filter: &OrderFilter) -> Orders<'static> {
    let mut orders = part.orders();
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
        OrderOrdering::Newest => orders.order((orders::created_at.desc(), orders::id.desc())),
        OrderOrdering::Oldest => orders.order((orders::created_at.asc(), orders::id.asc())),
        OrderOrdering::Cheapest => orders.order((orders::total_price.asc(), orders::id.asc())),
        OrderOrdering::Dearest => orders.order((orders::total_price.desc(), orders::id.desc())),
    }
}
