//! Receiving the cash for an order.

use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_domain::order::HistorySource;
use savdo_domain::{Money, Refusal};
use savdo_persistence::orders;

use super::step::Cause;
use super::{OrderSeen, seen};
use crate::audit::Author;
use crate::once::Once;
use crate::payments::bill;
use crate::payments::carry_out::{Call, carry_out};
use crate::{Context, Result};

/// Cash that was handed over for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiveCash {
    /// The order.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
}

/// Writes down that the cash for an order is here; an order that was to be paid online moves on by it.
///
/// # Errors
/// [`Refusal::NotFound`] for an order that the caller does not see; for one he sees those of
/// [`OrderFacts::receive_cash`](savdo_domain::order::OrderFacts::receive_cash).
pub fn receive_cash<O: Once<OrderSeen>>(
    context: &Context,
    actor: &Actor,
    command: ReceiveCash,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.order_scope()?;
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "order_receive_cash", move |tx| {
        let billed = bill::locked(tx, &scope, command.order_id)?;
        let hand = seen::hand(&caller, &billed.order);
        let effects = billed.bill.receive_cash(hand, command.amount, now)?;
        let cause = Cause {
            author: &Author::from(&caller),
            source: HistorySource::Payment,
            comment: "",
            expires_at: None,
            at: now,
        };
        carry_out(tx, billed.judged(), &billed.bill, &effects, &Call::of(&cause))?;
        let order = orders::read::find(tx, &scope, command.order_id)?.ok_or(Refusal::NotFound)?;
        Ok(seen::one(tx, &caller, now, order)?)
    })
}
