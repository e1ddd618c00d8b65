//! Receiving the cash for an order.

use anyhow::Context as _;
use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_domain::order::{HistorySource, PaymentStatus, Transition};
use savdo_domain::{Money, Refusal};
use savdo_persistence::orders;

use super::step::{self, Judged, Wish};
use super::{OrderSeen, money, seen, traces};
use crate::audit::{self, Author};
use crate::once::Once;
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
        let (order, delivery) = seen::locked(tx, &scope, command.order_id)?;
        let judged = Judged {
            order: &order,
            delivery: delivery.as_ref(),
        };
        let step = seen::facts(judged).receive_cash(seen::hand(&caller, &order), command.amount)?;
        match step {
            Some(transition) => {
                let wish = Wish {
                    transition,
                    comment: "",
                    reason_field: "",
                    source: HistorySource::Payment,
                };
                step::take_by_hand(tx, &caller, now, judged, wish)?;
            }
            None => {
                let author = Author::from(&caller);
                let is_paid = orders::write::pay(tx, &order, now)?;
                is_paid
                    .then_some(())
                    .with_context(|| format!("order {} changed while it was locked", order.id))?;
                let received = money::receive_cash(tx, &order, &author, now)?;
                let stays = Transition {
                    from: order.status,
                    to: order.status,
                    payment_status: PaymentStatus::Paid,
                };
                let entry = traces::of_cash((&order).into(), order.payment_status);
                audit::record(tx, &author, now, entry)?;
                received.tell(tx, &order, stays, now)?;
            }
        }
        let order = orders::read::find(tx, &scope, command.order_id)?.ok_or(Refusal::NotFound)?;
        Ok(seen::one(tx, &caller, now, order)?)
    })
}
