//! Payme calls: each call is one transaction, its answer is computed from the rows that stand after it, and the log of the payment that it
//! concerns keeps both.

mod check_perform;
mod create;
mod known;
mod settle;
mod statement;

use std::sync::Arc;

use savdo_domain::ids::{StoreId, TransactionId};
use savdo_domain::payment::payme::{self, Fault, PaymeDesk};
use savdo_domain::payment::{ExternalId, Millis, Provider, TransactionState};
use savdo_domain::{Money, payment::payme::detail::Detail};

use super::caller::Caller;
use crate::{Context, Result};

/// A call as it came, from a desk that it proved to be of.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The desk whose key it bore.
    pub desk: &'a PaymeDesk,
    /// The stores that have a desk of their own with Payme, on or off: one without a store does not serve them.
    pub stores_with_own: &'a [StoreId],
    /// What it asks for.
    pub call: payme::Call,
    /// `account` of CreateTransaction, as the source text of its JSON: a statement gives it back so.
    pub account: Option<String>,
    /// The call as the payment's log keeps it: JSON with its secrets masked.
    pub request: String,
}

/// What a call is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Any method but the next two; the transaction of CreateTransaction is known, and it is never `Allowed`.
    Answer(payme::Answer),
    /// CheckPerformTransaction, with the fiscal lines where the desk sends them and they are whole.
    Allowed(Option<Detail>),
    /// GetStatement, ascending by Payme's time.
    Statement(Vec<StatementRow>),
}

/// A transaction, as GetStatement lists it; `receivers` is always null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// `id`: what Payme calls it.
    pub id: ExternalId,
    /// `time`: as Payme sent it.
    pub time: Millis,
    /// `amount`, in tiyin.
    pub amount: Money,
    /// `account`: the source text of its JSON, as it was received.
    pub account: String,
    /// When we made it.
    pub create_time: Millis,
    /// When the money came; zero before.
    pub perform_time: Millis,
    /// When it was cancelled; zero before.
    pub cancel_time: Millis,
    /// Ours; written as text.
    pub transaction: TransactionId,
    /// 1, 2, -1 or -2.
    pub state: TransactionState,
    /// Why it was cancelled; null before.
    pub reason: Option<i64>,
}

/// What becomes of a call that we could carry out.
pub type Outcome = std::result::Result<Reply, Fault>;

/// Writes an outcome as it will be sent, for the log of the payment; it runs inside the transaction, on the thread that writes.
pub type Render = Arc<dyn Fn(&Outcome) -> String + Send + Sync>;

/// Answers a call.
///
/// # Errors
/// A failure of ours, after which nothing of the call remains: Payme is told so and calls again.
pub fn call(context: &Context, asked: Asked<'_>, render: Render) -> Result<Outcome> {
    let desk = asked.desk;
    let task = Arc::new(Task {
        caller: Caller {
            provider: Provider::Payme,
            desk: desk.desk.clone(),
            desk_id: desk.desk.named(&desk.merchant_id),
            stores_with_own: asked.stores_with_own.to_vec(),
            account: asked.account.unwrap_or_default(),
            request: asked.request,
            now: context.now(),
        },
        sends_detail: desk.sends_detail,
        call: asked.call,
        render,
    });
    match &task.call {
        payme::Call::CheckPerform(check) => check_perform::answer(context, &task, check),
        payme::Call::Create(create) => create::answer(context, &task, create),
        payme::Call::Perform(_) => known::answer(context, &task, "payme_perform"),
        payme::Call::Cancel(_) => known::answer(context, &task, "payme_cancel"),
        payme::Call::Check(_) => known::answer(context, &task, "payme_check"),
        payme::Call::SetFiscal(_) => known::answer(context, &task, "payme_fiscal"),
        payme::Call::Statement(statement) => statement::answer(context, &task, *statement),
    }
}

/// A call under way; shared with the thread that writes.
struct Task {
    caller: Caller,
    sends_detail: bool,
    call: payme::Call,
    render: Render,
}
