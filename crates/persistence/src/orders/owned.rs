//! All that an account itself ordered.

use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, UserId};

use super::parts::within;
use super::rows::{ActorRow, BuyerRow, HistoryRow, OrderRow, StoreRow};
use super::{HistoryView, OrderView};
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{order_history, orders, stores, users, workers};

/// All orders that an account itself placed, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn owned(reader: &mut Reader<'_>, buyer_id: UserId) -> Result<Vec<OrderView>, Error> {
    let rows = reader.statement("order_owned", |on| {
        within(&Scope::Own(buyer_id))
            .inner_join(stores::table)
            .inner_join(users::table)
            .order(orders::id)
            .select((OrderRow::as_select(), StoreRow::as_select(), BuyerRow::as_select()))
            .load::<(OrderRow, StoreRow, BuyerRow)>(on)
    })?;
    rows.into_iter()
        .map(|(order, store, buyer)| order.view(store, buyer))
        .collect()
}

/// The steps of all orders that an account itself placed, each with its order, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn owned_history(reader: &mut Reader<'_>, buyer_id: UserId) -> Result<Vec<(OrderId, HistoryView)>, Error> {
    let rows = reader.statement("order_owned_history", |on| {
        order_history::table
            .inner_join(orders::table)
            .left_join(users::table.on(order_history::actor_id.eq(users::id.nullable())))
            .left_join(
                workers::table.on(order_history::actor_id
                    .eq(workers::user_id.nullable())
                    .and(workers::store_id.eq(order_history::store_id.nullable()))),
            )
            .filter(orders::buyer_id.eq(buyer_id.get()))
            .filter(order_history::store_id.eq(orders::store_id))
            .order(order_history::id)
            .select((
                order_history::order_id,
                HistoryRow::as_select(),
                Option::<ActorRow>::as_select(),
                workers::role.nullable(),
            ))
            .load::<(i64, HistoryRow, Option<ActorRow>, Option<String>)>(on)
    })?;
    let step = |(order_id, step, actor, role): (i64, HistoryRow, Option<ActorRow>, Option<String>)| {
        step.view(actor, role).map(|step| (OrderId::new(order_id), step))
    };
    rows.into_iter().map(step).collect()
}
