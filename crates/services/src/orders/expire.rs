//! Orders that waited for their buyer too long are given up, their goods back.

use chrono::{DateTime, Utc};
use savdo_domain::access::Scope;
use savdo_domain::order::{HistorySource, OrderStatus};
use savdo_persistence::orders::{self, ExpiredView};
use savdo_persistence::{Error as StorageError, Tx};

use super::seen;
use super::step::{self, Cause, Judged};
use crate::audit::Author;
use crate::{Context, Error, Result};

/// So many are looked up at a time.
const AT_A_TIME: usize = 100;

/// Gives up every order whose time is over, each in a transaction of its own; says how many. A job of the worker. One that cannot be
/// given up is told in the log and keeps none of the others waiting.
///
/// # Errors
/// A database that cannot take the work now; what was given up until then stays so.
pub fn expire_due(context: &Context) -> Result<usize> {
    let now = context.now();
    let count = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    let mut expired = 0_usize;
    let mut after = None;
    loop {
        let due = context.database().read("orders_expired", |reader| {
            orders::read::expired_unscoped(reader, now, after, count)
        })?;
        after = due.last().copied();
        let is_last = due.len() < AT_A_TIME;
        for order in due {
            match context
                .database()
                .write("order_expire", move |tx| expire(tx, order, now))
            {
                Ok(is_expired) => expired = expired.saturating_add(usize::from(is_expired)),
                Err(Error::Storage(busy @ StorageError::Busy(_))) => return Err(busy.into()),
                Err(error) => report(order, &error),
            }
        }
        if is_last {
            return Ok(expired);
        }
    }
}

fn report(order: ExpiredView, error: &Error) {
    let id = order.order_id;
    tracing::error!(order.id = %id, %error, "Order {id} cannot be given up: {error}");
}

/// `false` for one that somebody moved, paid or served meanwhile.
fn expire(tx: &mut Tx<'_>, expired: ExpiredView, now: DateTime<Utc>) -> Result<bool> {
    let scope = Scope::Store(expired.store_id);
    let (order, delivery) = seen::locked(tx, &scope, expired.order_id)?;
    let judged = Judged {
        order: &order,
        delivery: delivery.as_ref(),
    };
    let Some(transition) = seen::facts(judged).expire(order.expires_at, now) else {
        return Ok(false);
    };
    let cause = Cause {
        author: &Author::system(),
        source: HistorySource::Job,
        comment: why_expired(order.status),
        expires_at: None,
        at: now,
    };
    step::take(tx, judged, transition, &cause)
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
