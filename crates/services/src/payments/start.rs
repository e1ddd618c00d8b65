//! A buyer asks to pay online.

use anyhow::Context as _;
use savdo_domain::access::{Actor, Scope};
use savdo_domain::account::Language;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::order::HistorySource;
use savdo_domain::payment::{Provider, Which};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::payments::read;

use super::bill;
use super::carry_out::{Call, carry_out};
use super::seen::{self, PaymentSeen, Shown};
use crate::audit::Author;
use crate::desks::Desks;
use crate::once::Once;
use crate::orders::step::Cause;
use crate::{Context, Result};

/// The wish to pay an order online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartPayment {
    /// The order.
    pub order_id: OrderId,
    /// Who is to take the money: Payme or Click.
    pub provider: Provider,
    /// Where the payer comes back to; without it the page of the order.
    pub return_url: Option<String>,
    /// The language of the checkout.
    pub language: Language,
}

/// The payment by which an order can be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedPayment {
    /// The payment.
    pub seen: PaymentSeen,
    /// Whether it was made now.
    pub is_new: bool,
}

/// The payment by which an order of the caller's own is paid through a provider: the one that is there, or a new one.
///
/// Locks the order.
///
/// # Errors
/// The refusal of a blocked store; `return_url` that leads to no listed origin; [`Refusal::NotFound`] for an order that is not the
/// caller's; those of [`Bill::start`](savdo_domain::payment::Bill::start).
pub fn start<O: Once<StartedPayment>>(
    context: &Context,
    actor: &Actor,
    command: StartPayment,
    once: &O,
) -> Result<O::Answer> {
    actor.payment_scope()?;
    let return_url = command.return_url.as_deref();
    let desks = context.desks()?;
    if return_url.is_some_and(|url| !desks.admits_return(url)) {
        return Err(Refusal::field("return_url", FieldProblem::InvalidFormat).into());
    }
    let now = context.now();
    let caller = actor.clone();
    once.write(context, actor, "payment_start", move |tx| {
        let own = Scope::Own(caller.user_id);
        let billed = bill::locked(tx, &own, command.order_id)?;
        let store_id = billed.order.store.id;
        let has_desk = has_desk(&desks, command.provider, store_id);
        let started = billed.bill.start(command.provider, has_desk, now)?;
        let cause = Cause {
            author: &Author::from(&caller),
            source: HistorySource::Payment,
            comment: "",
            expires_at: None,
            at: now,
        };
        let made = carry_out(tx, billed.judged(), &billed.bill, &started.effects, &Call::of(&cause))?;
        let order_id = command.order_id;
        let id = started.payment.resolve(made.payment);
        let id = id.with_context(|| format!("no payment was made for order {order_id}"))?;
        let payment = read::by_id(tx, &own, id)?.with_context(|| format!("payment {id} is not there"))?;
        let shown = Shown {
            desks: &desks,
            language: command.language,
            return_url: command.return_url.as_deref(),
            at: now,
        };
        Ok(StartedPayment {
            seen: seen::one(tx, shown, payment)?,
            is_new: started.payment == Which::Made,
        })
    })
}

/// Whether the store has a desk of this provider that is on.
fn has_desk(desks: &Desks, provider: Provider, store_id: StoreId) -> bool {
    match provider {
        Provider::Payme => desks.payme_of(store_id).is_some(),
        Provider::Click => desks.click_of(store_id).is_some(),
        Provider::Cash => false,
    }
}
