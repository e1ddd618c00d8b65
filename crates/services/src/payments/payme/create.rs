//! CreateTransaction.

use std::sync::Arc;

use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::payment::payme::{Create, Fault};
use savdo_persistence::Tx;
use savdo_persistence::payments::transactions;

use super::settle::settle;
use super::{Outcome, Task};
use crate::payments::bill;
use crate::payments::caller::with_own_id;
use crate::{Context, Result};

/// Answers it in one transaction. Locks the order that the transaction is of where its id is known, else the one that `account` names: a
/// repeat that is in flight waits there, and then finds the row.
pub(super) fn answer(context: &Context, task: &Arc<Task>, create: &Create) -> Result<Outcome> {
    let once = || {
        let (task, create) = (Arc::clone(task), create.clone());
        context
            .database()
            .write("payme_create", move |tx| decide(tx, &task, &create))
    };
    with_own_id(once, Err(Fault::NotPossible))
}

fn decide(tx: &mut Tx<'_>, task: &Task, create: &Create) -> Result<Outcome> {
    let billed = match place(tx, task, create)? {
        Some((store_id, order_id)) => Some(bill::locked(tx, &Scope::Store(store_id), order_id)?),
        None => None,
    };
    let decided = create.decide(billed.as_ref().map(|billed| &billed.bill), task.caller.now);
    settle(tx, task, billed.as_ref(), decided)
}

fn place(tx: &mut Tx<'_>, task: &Task, create: &Create) -> Result<Option<(StoreId, OrderId)>> {
    let known = transactions::order_unscoped(tx, task.caller.scope(), &create.id)?;
    match (known, create.order) {
        (Some(place), _) => Ok(Some(place)),
        (None, Ok(order_id)) => task.caller.place(tx, order_id),
        (None, Err(_)) => Ok(None),
    }
}
