//! CreateTransaction.

use std::sync::Arc;

use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::payment::payme::{Create, Fault};
use savdo_persistence::payments::transactions;
use savdo_persistence::{Constraint, Error as StorageError, Tx};

use super::settle::settle;
use super::{Outcome, Task};
use crate::payments::bill;
use crate::{Context, Error, Result};

/// Answers it in one transaction. Locks the order that the transaction is of where its id is known, else the one that `account` names: a
/// repeat that is in flight waits there, and then finds the row.
pub(super) fn answer(context: &Context, task: &Arc<Task>, create: &Create) -> Result<Outcome> {
    let once = || {
        let (task, create) = (Arc::clone(task), create.clone());
        context
            .database()
            .write("payme_create", move |tx| decide(tx, &task, &create))
    };
    match once() {
        Err(error) if is_taken(&error) => {}
        settled => return settled,
    }
    // Two calls at once gave one id to two orders, which no lock keeps apart: the other one stands now, and is judged.
    match once() {
        // It is of another desk, which nobody is told.
        Err(error) if is_taken(&error) => Ok(Err(Fault::NotPossible)),
        settled => settled,
    }
}

const fn is_taken(error: &Error) -> bool {
    matches!(
        error,
        Error::Storage(StorageError::Refused(Constraint::ExternalIdTaken))
    )
}

fn decide(tx: &mut Tx<'_>, task: &Task, create: &Create) -> Result<Outcome> {
    let billed = match place(tx, task, create)? {
        Some((store_id, order_id)) => Some(bill::locked(tx, &Scope::Store(store_id), order_id)?),
        None => None,
    };
    let decided = create.decide(billed.as_ref().map(|billed| &billed.bill), task.now);
    settle(tx, task, billed.as_ref(), decided)
}

fn place(tx: &mut Tx<'_>, task: &Task, create: &Create) -> Result<Option<(StoreId, OrderId)>> {
    let known = transactions::order_unscoped(tx, task.scope(), &create.id)?;
    match (known, create.order) {
        (Some(place), _) => Ok(Some(place)),
        (None, Ok(order_id)) => task.place(tx, order_id),
        (None, Err(_)) => Ok(None),
    }
}
