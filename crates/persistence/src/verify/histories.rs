//! The way that each order went, for the domain to judge.

use diesel::prelude::*;
use savdo_domain::ids::OrderId;
use savdo_domain::order::OrderStatus;

use crate::columns::coded;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{order_history, orders};

/// An order and its steps, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryView {
    /// The order.
    pub order_id: OrderId,
    /// Where it stands.
    pub status: OrderStatus,
    /// From where to where it went.
    pub steps: Vec<(OrderStatus, OrderStatus)>,
}

/// The histories of the next orders after `after`, at most `count`; of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement; [`Error::Corrupt`] for a status that is none.
pub fn histories_unscoped(reader: &mut Reader<'_>, after: OrderId, count: i64) -> Result<Vec<HistoryView>, Error> {
    let found = reader.statement("verify_orders", |on| {
        orders::table
            .filter(orders::id.gt(after.get()))
            .select((orders::id, orders::status))
            .order(orders::id)
            .limit(count)
            .load::<(i64, String)>(on)
    })?;
    let last = found.last().map_or(after.get(), |(id, _)| *id);
    let steps = reader.statement("verify_history", |on| {
        // By its order, whose index of it begins with the store.
        order_history::table
            .inner_join(
                orders::table.on(orders::store_id
                    .eq(order_history::store_id)
                    .and(orders::id.eq(order_history::order_id))),
            )
            .filter(orders::id.gt(after.get()))
            .filter(orders::id.le(last))
            .select((
                order_history::order_id,
                order_history::id,
                order_history::from_status,
                order_history::to_status,
            ))
            .order((order_history::order_id, order_history::id))
            .load::<(i64, i64, String, String)>(on)
    })?;
    let mut steps = steps.into_iter().peekable();
    found
        .into_iter()
        .map(|(order_id, status)| {
            let mut taken = Vec::new();
            while let Some((_, id, from, to)) = steps.next_if(|(of, ..)| *of == order_id) {
                taken.push((coded("order_history", id, &from)?, coded("order_history", id, &to)?));
            }
            Ok(HistoryView {
                order_id: OrderId::new(order_id),
                status: coded("orders", order_id, &status)?,
                steps: taken,
            })
        })
        .collect()
}
