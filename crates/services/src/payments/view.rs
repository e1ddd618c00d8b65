//! Looking at one payment.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::account::Language;
use savdo_persistence::payments::read;

use super::seen::{self, PaymentSeen, Shown};
use crate::{Context, Result};

/// A payment that the caller sees, by what clients call it.
///
/// # Errors
/// [`Refusal::NotFound`] for any other, and the refusal of a blocked store.
pub fn view(context: &Context, actor: &Actor, public_id: &str, language: Language) -> Result<PaymentSeen> {
    let scope = actor.payment_scope()?;
    let desks = context.desks()?;
    let shown = Shown {
        desks: &desks,
        language,
        return_url: None,
        at: context.now(),
    };
    context.database().read("payment_view", |reader| {
        let payment = read::find(reader, &scope, public_id)?.ok_or(Refusal::NotFound)?;
        Ok(seen::one(reader, shown, payment)?)
    })
}
