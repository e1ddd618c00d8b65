//! An order whose own time, or a transaction's, is over.

use chrono::{DateTime, Utc};
use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::order::{HistorySource, OrderStatus};
use savdo_domain::payment::Effect;
use savdo_persistence::Tx;

use super::bill;
use super::carry_out::{Call, carry_out};
use crate::Result;
use crate::audit::Author;
use crate::orders::step::Cause;
use crate::orders::why_expired;

/// Cancels what waited too long: the transaction, then the order where nothing holds it any more. Whether the order was given up; `false`
/// for one that somebody moved, paid or served meanwhile. Locks as every step of an order.
///
/// # Errors
/// Those of carrying it out.
pub(crate) fn expire(tx: &mut Tx<'_>, (store_id, order_id): (StoreId, OrderId), now: DateTime<Utc>) -> Result<bool> {
    let billed = bill::locked(tx, &Scope::Store(store_id), order_id)?;
    let effects = billed.bill.expire(now);
    let is_given_up = |effect: &Effect| matches!(effect, Effect::MoveOrder(step) if step.to == OrderStatus::Cancelled);
    let cause = Cause {
        author: &Author::system(),
        source: HistorySource::Job,
        comment: why_expired(billed.order.status),
        expires_at: None,
        at: now,
    };
    carry_out(tx, billed.judged(), &billed.bill, &effects, &Call::of(&cause))?;
    Ok(effects.iter().any(is_given_up))
}
