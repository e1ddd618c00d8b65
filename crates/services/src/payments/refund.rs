//! Money of a payment that somebody gave back by hand.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Scope};
use savdo_domain::account::Language;
use savdo_domain::order::HistorySource;
use savdo_domain::payment::PaymentState;
use savdo_persistence::payments::{self, read};

use super::bill;
use super::carry_out::{Call, carry_out};
use super::seen::{self, PaymentSeen, Shown};
use crate::audit::{self, Author};
use crate::once::Once;
use crate::orders::step::Cause;
use crate::orders::traces::{self, TracedPayment};
use crate::{Context, Result};

/// The word that money was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPayment {
    /// The payment, by what clients call it.
    pub public_id: String,
    /// Why.
    pub reason: String,
    /// By what: the number of a transfer or of a slip.
    pub reference: Option<String>,
    /// The language of the answer.
    pub language: Language,
}

/// Marks the money of a payment as given back by hand; the money of its order with it, when no more of it is to go back.
///
/// Locks the order. Nothing is sent to a provider: from here on a Cancel of Payme's is refused and no reversal is begun. One that Click was
/// asked for already, and whose end nobody knows, is looked into, and people are told if the money went back by it too.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for all but owners, managers and admins, the refusal of a
/// blocked store; [`Refusal::NotFound`] for a payment of another store; those of
/// [`Bill::refund_by_hand`](savdo_domain::payment::Bill::refund_by_hand).
pub fn refund<O: Once<PaymentSeen>>(
    context: &Context,
    actor: &Actor,
    command: RefundPayment,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.refund_scope()?;
    let now = context.now();
    let (desks, author) = (context.desks()?, Author::from(actor));
    once.write(context, actor, "payment_refund", move |tx| {
        let payment = read::find(tx, &scope, &command.public_id)?.ok_or(Refusal::NotFound)?;
        let billed = bill::locked(tx, &Scope::Store(payment.store_id), payment.order.id)?;
        let effects = billed.bill.refund_by_hand(payment.id, now)?;
        let cause = Cause {
            author: &author,
            source: HistorySource::User,
            comment: &command.reason,
            expires_at: None,
            at: now,
        };
        carry_out(tx, billed.judged(), &billed.bill, &effects, &Call::of(&cause))?;
        let reference = command.reference.as_deref();
        payments::keep_refund(tx, (payment.store_id, payment.id), &command.reason, reference)?;
        let traced = TracedPayment {
            id: payment.id,
            public_id: &payment.public_id,
            provider: payment.provider,
            state: PaymentState::Refunded,
            amount: payment.amount,
        };
        let entry = traces::of_refund((&billed.order).into(), traced, &command.reason, reference);
        audit::record(tx, &author, now, entry)?;
        let payment = read::by_id(tx, &scope, payment.id)?;
        let payment = payment.with_context(|| format!("payment {} is not there", command.public_id))?;
        let shown = Shown {
            desks: &desks,
            language: command.language,
            return_url: None,
            at: now,
        };
        Ok(seen::one(tx, shown, payment)?)
    })
}
