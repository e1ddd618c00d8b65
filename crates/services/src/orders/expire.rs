//! Orders that waited for their buyer too long are given up, their goods back.

use chrono::{DateTime, Utc};
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::order::OrderStatus;
use savdo_domain::payment::Millis;
use savdo_persistence::Error as StorageError;
use savdo_persistence::orders::{self, ExpiredView};
use savdo_persistence::payments::{OverdueView, transactions};

use crate::payments::expire::expire;
use crate::{Context, Error, Result};

/// So many are looked up at a time.
const AT_A_TIME: usize = 100;

/// Gives up every order whose time is over, and cancels every transaction of a provider whose time is, the order with it where that is
/// over too; each in a transaction of its own. Says how many orders were given up. A job of the worker. One that cannot be given up is told
/// in the log and keeps none of the others waiting.
///
/// # Errors
/// A database that cannot take the work now; what was given up until then stays so.
pub fn expire_due(context: &Context) -> Result<usize> {
    let now = context.now();
    let count = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    let database = context.database();
    let of_transactions = each(
        |after| {
            database.read("transactions_overdue", |reader| {
                transactions::overdue_unscoped(reader, None, Millis::of(now), after, count)
            })
        },
        |overdue: OverdueView| give_up(context, (overdue.store_id, overdue.order_id), now),
    )?;
    let of_orders = each(
        |after| {
            database.read("orders_expired", |reader| {
                orders::read::expired_unscoped(reader, now, after, count)
            })
        },
        |order: ExpiredView| give_up(context, (order.store_id, order.order_id), now),
    )?;
    Ok(of_transactions.saturating_add(of_orders))
}

/// Gives up all that `page` finds behind the last one of the page before; says how many were.
fn each<View: Copy>(
    page: impl Fn(Option<View>) -> std::result::Result<Vec<View>, StorageError>,
    give_up: impl Fn(View) -> Result<bool>,
) -> Result<usize> {
    let mut given_up = 0_usize;
    let mut after = None;
    loop {
        let due = page(after)?;
        after = due.last().copied();
        let is_last = due.len() < AT_A_TIME;
        for one in due {
            given_up = given_up.saturating_add(usize::from(give_up(one)?));
        }
        if is_last {
            return Ok(given_up);
        }
    }
}

/// `false` for one that somebody moved, paid or served meanwhile, and for one that cannot be given up.
fn give_up(context: &Context, place: (StoreId, OrderId), now: DateTime<Utc>) -> Result<bool> {
    let outcome = context
        .database()
        .write("order_expire", move |tx| expire(tx, place, now));
    match outcome {
        Err(Error::Storage(busy @ StorageError::Busy(_))) => Err(busy.into()),
        Err(error) => {
            let (_, id) = place;
            tracing::error!(order.id = %id, %error, "Order {id} cannot be given up: {error}");
            Ok(false)
        }
        is_given_up => is_given_up,
    }
}

/// Why an order that waited so is given up, as its buyer reads it.
#[must_use]
pub const fn why_expired(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::AwaitingPrescription => "Retsept vaqtida yuborilmadi",
        OrderStatus::Draft
        | OrderStatus::AwaitingPayment
        | OrderStatus::Paid
        | OrderStatus::Preparing
        | OrderStatus::ReadyForDelivery
        | OrderStatus::OnTheWay
        | OrderStatus::Delivered
        | OrderStatus::Cancelled => "To'lov vaqtida qilinmadi",
    }
}
