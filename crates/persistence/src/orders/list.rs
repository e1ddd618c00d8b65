//! Lists of orders.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::OrderId;

use super::parts::{Orders, Part};
use super::rows::{BuyerRow, OrderRow, StoreRow};
use super::{OrderFilter, OrderOrdering, OrderView};
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{orders, stores, users, workers};

impl OrderOrdering {
    const fn sort(self) -> SortBy<OrderColumn> {
        match self {
            Self::Newest => SortBy::descending(OrderColumn::CreatedAt),
            Self::Oldest => SortBy::ascending(OrderColumn::CreatedAt),
            Self::Cheapest => SortBy::ascending(OrderColumn::TotalPrice),
            Self::Dearest => SortBy::descending(OrderColumn::TotalPrice),
        }
    }
}

coded_enum! {
    /// A column that a list of orders is sorted by.
    pub enum OrderColumn {
        /// The id.
        Id = "id",
        /// When it was placed.
        CreatedAt = "created_at",
        /// What it costs.
        TotalPrice = "total_price",
    }
}

impl SortColumn for OrderColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "orders.id",
            Self::CreatedAt => "orders.created_at",
            Self::TotalPrice => "orders.total_price",
        }
    }
}

type Row = (OrderRow, StoreRow, BuyerRow);

/// A page of the orders of the scope, narrowed by the filter.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    scope: &Scope,
    filter: &OrderFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<OrderView>, Error> {
    let wanted = wanted.whole(*filter == OrderFilter::default());
    let mut total = 0_i64;
    let mut parts = Vec::new();
    for part in Part::of(scope) {
        let count = wanted.count(reader, "order_count", (part, filter), |on, up_to| {
            counted!(on, up_to, filtered(part, filter))
        })?;
        if count > 0 {
            parts.push(part);
        }
        total = total.saturating_add(count);
    }
    let walk = Walk::new(&[], filter.ordering.sort(), wanted);
    let rows = match parts.as_slice() {
        [] => Vec::new(),
        [part] => reader.statement("order_list", |on| {
            filtered(*part, filter)
                .filter(walk.beyond())
                .order(walk.order())
                .inner_join(stores::table)
                .inner_join(users::table)
                .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
                .cut_to(walk.cut())
                .load::<Row>(on)
        })?,
        parts => merged(reader, parts, filter, &walk)?,
    };
    let listed = walk.listed(rows, total, |column, (order, _, _)| order.keys().key(column));
    listed.try_map_rows(|rows| {
        let rows = rows.into_iter().map(|(order, store, buyer)| order.view(store, buyer));
        rows.collect()
    })
}

/// What a list is sorted by, and the order it belongs to.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Keys {
    pub(super) id: i64,
    pub(super) created_at: NaiveDateTime,
    pub(super) total_price: i64,
}

impl Keys {
    const fn key(self, column: OrderColumn) -> Key {
        match column {
            OrderColumn::Id => Key::Number(self.id),
            OrderColumn::CreatedAt => Key::Time(self.created_at),
            OrderColumn::TotalPrice => Key::Number(self.total_price),
        }
    }
}

/// The rows out of several parts: from each as many keys as the page could need, then the rows of those that are on it.
fn merged(
    reader: &mut Reader<'_>,
    parts: &[Part],
    filter: &OrderFilter,
    walk: &Walk<OrderColumn>,
) -> Result<Vec<Row>, Error> {
    let mut keys: Vec<Keys> = Vec::new();
    for part in parts {
        keys.extend(reader.statement("order_keys", |on| {
            filtered(*part, filter)
                .filter(walk.beyond())
                .order(walk.order())
                .select((orders::id, orders::created_at, orders::total_price))
                .limit(walk.offset().saturating_add(walk.limit()))
                .load::<Keys>(on)
        })?);
    }
    keys.sort_by(|left, right| walk.compare(left, right, |column, keys| keys.key(column)));
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let read = keys.iter().skip(count(walk.offset())).take(count(walk.limit()));
    let read: Vec<i64> = read.map(|keys| keys.id).collect();
    let places: BTreeMap<i64, usize> = read.iter().copied().zip(0..).collect();
    let mut rows: Vec<Row> = reader.statement("order_list", |on| {
        orders::table
            .filter(orders::id.eq_any(read))
            .inner_join(stores::table)
            .inner_join(users::table)
            .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
            .load(on)
    })?;
    rows.sort_by_key(|(order, _, _)| places.get(&order.id).copied());
    Ok(rows)
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
        let his = workers::table
            .filter(workers::user_id.eq(courier.get()))
            .select(workers::id.nullable());
        orders = orders.filter(orders::courier_id.eq_any(his).assume_not_null());
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
