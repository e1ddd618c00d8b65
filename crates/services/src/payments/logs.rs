//! Reading what happened to a payment.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_persistence::payments::{PaymentLogView, PaymentView, read};

use crate::{Context, Result};

/// A payment with its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentLogs {
    /// The payment.
    pub payment: PaymentView,
    /// What happened to it, the oldest first.
    pub logs: Vec<PaymentLogView>,
}

/// What happened to a payment, call by call, for staff of its store.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for everybody else, the refusal of a blocked store;
/// [`Refusal::NotFound`] for a payment of another store.
pub fn logs(context: &Context, actor: &Actor, public_id: &str) -> Result<PaymentLogs> {
    let scope = actor.payment_log_scope()?;
    context.database().read("payment_logs", |reader| {
        let payment = read::find(reader, &scope, public_id)?.ok_or(Refusal::NotFound)?;
        let logs = read::logs(reader, payment.store_id, payment.id)?;
        Ok(PaymentLogs { payment, logs })
    })
}
