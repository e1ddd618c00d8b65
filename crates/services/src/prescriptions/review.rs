//! Somebody of the pharmacy judges a prescription.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Scope};
use savdo_domain::ids::PrescriptionId;
use savdo_domain::order::{HistorySource, OrderStatus, Transition, WaitingTimes};
use savdo_domain::prescription::{self, PrescriptionRefusal, Verdict};
use savdo_persistence::prescriptions::{PrescriptionView, Review, read, write};
use savdo_persistence::{Reader, Tx, orders, settings, users};

use super::{PrescriptionSeen, denied, seen, traces};
use crate::audit::Author;
use crate::once::Once;
use crate::orders::seen as order_seen;
use crate::orders::step::{self, Cause, Judged};
use crate::{Context, Result};

/// The wish to reject a prescription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectPrescription {
    /// The prescription.
    pub id: PrescriptionId,
    /// Why.
    pub reason: String,
}

/// Accepts a prescription; its order goes on in the same transaction.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for all but staff, [`Refusal::NotFound`] for
/// another store's; then those of [`prescription::review`].
pub fn approve<O: Once<PrescriptionSeen>>(
    context: &Context,
    actor: &Actor,
    id: PrescriptionId,
    once: &O,
) -> Result<O::Answer> {
    judge(context, actor, (Verdict::Approve, id, String::new()), once)
}

/// Rejects a prescription; its order waits anew for another one.
///
/// # Errors
/// As [`approve`].
pub fn reject<O: Once<PrescriptionSeen>>(
    context: &Context,
    actor: &Actor,
    command: RejectPrescription,
    once: &O,
) -> Result<O::Answer> {
    judge(context, actor, (Verdict::Reject, command.id, command.reason), once)
}

/// Locks the order, then writes the prescription if nobody was first.
fn judge<O: Once<PrescriptionSeen>>(
    context: &Context,
    actor: &Actor,
    (verdict, id, reason): (Verdict, PrescriptionId, String),
    once: &O,
) -> Result<O::Answer> {
    if let Err(refusal) = actor.review_scope() {
        denied::note(context, actor, (id, None))?;
        return Err(refusal.into());
    }
    // His own from elsewhere is there for whoever may judge, and not for him to judge.
    let scope = actor.prescription_scope()?;
    let now = context.now();
    let (caller, world) = (actor.clone(), context.clone());
    let outcome = once.write(context, actor, "prescription_review", move |tx| {
        let found = read::find(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let of_store = Scope::Store(found.store_id);
        let locked = found
            .order_id
            .map(|order_id| order_seen::locked(tx, &of_store, order_id))
            .transpose()?;
        let judged = locked.as_ref().map(|(order, delivery)| Judged {
            order,
            delivery: delivery.as_ref(),
        });
        // What somebody else said to it while the order was waited for counts.
        let found = read::find(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let facts = judged.map(order_seen::facts);
        let is_own = is_own(tx, &caller, &found)?;
        let transition = prescription::review(verdict, is_own, found.status, facts.as_ref())?;
        let review = Review {
            store_id: found.store_id,
            prescription_id: id,
            status: verdict.status(),
            reason: &reason,
            reviewer_id: caller.user_id,
            at: now,
        };
        if !write::review(tx, &review)? {
            return Err(PrescriptionRefusal::NotPending.into());
        }
        let author = Author::from(&caller);
        if let Some(judged) = judged {
            carry_on(tx, judged, transition, &author, now)?;
        }
        traces::of_review(tx, &author, &found, (verdict.status(), &reason), now)?;
        let seen = seen::find(tx, &world, &caller, &scope, (id, now))?;
        Ok(seen.with_context(|| format!("prescription {id} was just judged"))?)
    });
    denied::traced(context, actor, (id, None), outcome)
}

/// Whether the prescription is the caller's own, also where he is staff under one account and buys under another of his phone.
fn is_own(reader: &mut Reader<'_>, caller: &Actor, found: &PrescriptionView) -> Result<bool> {
    if found.patient.id == caller.user_id {
        return Ok(true);
    }
    let reviewer = users::find_unscoped(reader, caller.user_id)?;
    Ok(reviewer.is_some_and(|reviewer| reviewer.phone == found.patient.phone))
}

/// The order takes its step, or waits anew.
fn carry_on(
    tx: &mut Tx<'_>,
    judged: Judged<'_>,
    transition: Option<Transition>,
    author: &Author,
    at: DateTime<Utc>,
) -> Result<()> {
    let order = judged.order;
    let settings = settings::find(tx, order.store.id)?;
    let waits = WaitingTimes {
        payment_minutes: settings.payment_minutes,
        prescription_hours: settings.prescription_hours,
    };
    let is_done = match transition {
        Some(transition) => {
            let cause = Cause {
                author,
                source: HistorySource::Prescription,
                comment: "",
                expires_at: transition.to.expires_at(at, waits),
                at,
            };
            step::take(tx, judged, transition, &cause)?
        }
        None => {
            let expires_at = OrderStatus::AwaitingPrescription.expires_at(at, waits);
            orders::write::wait_until(tx, order, expires_at)?
        }
    };
    is_done
        .then_some(())
        .with_context(|| format!("order {} changed while it was locked", order.id))?;
    Ok(())
}
