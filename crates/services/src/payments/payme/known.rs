//! Calls about a transaction that Payme made before: PerformTransaction, CancelTransaction, CheckTransaction, SetFiscalData.

use std::sync::Arc;

use savdo_domain::access::Scope;
use savdo_domain::payment::payme::{Call, Decided, Fault};
use savdo_domain::payment::{Bill, ExternalId};
use savdo_persistence::Tx;
use savdo_persistence::payments::transactions;

use super::settle::settle;
use super::{Outcome, Task};
use crate::payments::bill::{self, Billed};
use crate::{Context, Result};

/// Answers it in one transaction, called `name`. Locks the order of the transaction first.
pub(super) fn answer(context: &Context, task: &Arc<Task>, name: &'static str) -> Result<Outcome> {
    let task = Arc::clone(task);
    context.database().write(name, move |tx| {
        let billed = id(&task.call).map(|id| billed(tx, &task, id)).transpose()?.flatten();
        let bill = billed.as_ref().map(|billed| &billed.bill);
        let decided = decide(&task, bill);
        settle(tx, &task, billed.as_ref(), decided)
    })
}

fn billed(tx: &mut Tx<'_>, task: &Task, id: &ExternalId) -> Result<Option<Billed>> {
    let place = transactions::order_unscoped(tx, task.caller.scope(), id)?;
    let Some((store_id, order_id)) = place else {
        return Ok(None);
    };
    bill::locked(tx, &Scope::Store(store_id), order_id).map(Some)
}

/// What Payme calls the transaction; `None` for what no transaction is called.
fn id(call: &Call) -> Option<&ExternalId> {
    match call {
        Call::Perform(perform) => perform.id.as_ref(),
        Call::Cancel(cancel) => cancel.id.as_ref(),
        Call::Check(check) => check.id.as_ref(),
        Call::SetFiscal(fiscal) => fiscal.id.as_ref(),
        Call::CheckPerform(_) | Call::Create(_) | Call::Statement(_) => None,
    }
}

fn decide(task: &Task, bill: Option<&Bill>) -> Decided {
    match &task.call {
        Call::Perform(perform) => perform.decide(bill, task.caller.now),
        Call::Cancel(cancel) => cancel.decide(bill, task.caller.now),
        Call::Check(check) => check.decide(bill, task.caller.now),
        Call::SetFiscal(fiscal) => fiscal.decide(bill),
        // These name an account or a period, and are answered elsewhere.
        Call::CheckPerform(_) | Call::Create(_) | Call::Statement(_) => Decided {
            effects: Vec::new(),
            answer: Err(Fault::TransactionNotFound),
            concerns: None,
        },
    }
}
