//! Click calls: each call is one transaction, its answer is computed from the rows that stand after it, and the log of the payment that it
//! concerns keeps both.

mod complete;
mod prepare;
mod settle;

use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, StoreId, TransactionId};
use savdo_domain::payment::click::{Call, ClickDesk, Code};
use savdo_domain::payment::{ExternalId, Provider};
use savdo_persistence::Tx;
use savdo_persistence::payments::transactions;

use super::bill::{self, Billed};
use super::caller::Caller;
use crate::{Context, Result};

/// A call as it came, from a desk whose secret signed it.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The desk that it names.
    pub desk: &'a ClickDesk,
    /// The stores that have a desk of their own with Click, on or off: one without a store does not serve them.
    pub stores_with_own: &'a [StoreId],
    /// How long an attempt holds its order.
    pub holds_for: TimeDelta,
    /// What it asks for.
    pub call: Call,
    /// The call as the payment's log keeps it: JSON with its secrets masked.
    pub request: String,
    /// What earlier tries of ours to carry this call out came to.
    pub tries: Tries,
}

/// What a call is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// `error`.
    pub code: Code,
    /// `merchant_prepare_id` of Prepare, `merchant_confirm_id` of Complete; null without one.
    pub number: Option<TransactionId>,
}

/// What tries of ours to carry one call out came to. A commit may have reached the database while its answer was lost: the next try then finds
/// the attempt confirmed, by ourselves, and answers as the one before it would have.
#[derive(Debug, Clone, Default)]
pub struct Tries(Arc<OnceLock<TransactionId>>);

/// Writes an answer as it will be sent, for the log of the payment; it runs inside the transaction, on the thread that writes.
pub type Render = Arc<dyn Fn(&Answered) -> String + Send + Sync>;

/// Answers a call.
///
/// # Errors
/// A failure of ours, after which nothing of the call remains, unless its commit was lost: the call may be tried again with the same `tries`.
pub fn call(context: &Context, asked: Asked<'_>, render: Render) -> Result<Answered> {
    let desk = asked.desk;
    let task = Arc::new(Task {
        caller: Caller {
            provider: Provider::Click,
            desk: desk.desk.clone(),
            desk_id: desk.desk.named(&desk.service_id),
            stores_with_own: asked.stores_with_own.to_vec(),
            account: String::new(),
            request: asked.request,
            now: context.now(),
        },
        holds_for: asked.holds_for,
        call: asked.call,
        // A store with a desk of its own is another seller.
        registers_sale: desk.desk.store_id.is_none() && context.desk_book().configured().click_fiscal.is_some(),
        tries: asked.tries,
        render,
    });
    match &task.call {
        Call::Prepare(prepare) => prepare::answer(context, &task, *prepare),
        Call::Complete(complete) => complete::answer(context, &task, *complete),
    }
}

/// A call under way; shared with the thread that writes.
struct Task {
    caller: Caller,
    holds_for: TimeDelta,
    call: Call,
    /// Whether Click is to register the sale that it was paid for.
    registers_sale: bool,
    tries: Tries,
    render: Render,
}

impl Task {
    /// The order that a call names, with its money, locked, if this desk serves its store. One that has an attempt of this desk under the id of
    /// the call is found too when its store got a desk of its own meanwhile: its payer may have been debited.
    fn billed(&self, tx: &mut Tx<'_>, order_id: Option<OrderId>, id: &ExternalId) -> Result<Option<Billed>> {
        let Some(order_id) = order_id else {
            return Ok(None);
        };
        let place = match self.caller.place(tx, order_id)? {
            Some(place) => Some(place),
            None => self.known(tx, id)?.filter(|(_, known)| *known == order_id),
        };
        place
            .map(|(store_id, order_id)| bill::locked(tx, &Scope::Store(store_id), order_id))
            .transpose()
    }

    /// Whether the order has an attempt that Click calls so, and another desk made it: who signs for this one has no say in that.
    fn is_of_another_desk(&self, tx: &mut Tx<'_>, billed: &Billed, id: &ExternalId) -> Result<bool> {
        let is_there = billed.bill.called(Provider::Click, id).is_some();
        Ok(is_there && self.known(tx, id)?.is_none())
    }

    /// The order of the attempt that Click calls so, if this desk made it.
    fn known(&self, tx: &mut Tx<'_>, id: &ExternalId) -> Result<Option<(StoreId, OrderId)>> {
        Ok(transactions::order_unscoped(tx, self.caller.scope(), id)?)
    }
}
