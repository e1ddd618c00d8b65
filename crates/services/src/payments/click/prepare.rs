//! Prepare.

use std::sync::Arc;

use savdo_domain::payment::click::{Answer, Code, Prepare, PrepareFacts};
use savdo_domain::payment::{Decision, ExternalId, Provider};
use savdo_persistence::Tx;

use super::settle::settle;
use super::{Answered, Task};
use crate::payments::bill::Billed;
use crate::payments::caller::with_own_id;
use crate::{Context, Result};

/// Answers it in one transaction. Locks the order that it names: a repeat that is in flight waits there, and then finds the attempt.
pub(super) fn answer(context: &Context, task: &Arc<Task>, prepare: Prepare) -> Result<Answered> {
    let once = || {
        let task = Arc::clone(task);
        context
            .database()
            .write("click_prepare", move |tx| decide(tx, &task, &prepare))
    };
    let refused = Answered {
        code: Code::BadRequest,
        number: None,
    };
    with_own_id(once, refused)
}

fn decide(tx: &mut Tx<'_>, task: &Task, prepare: &Prepare) -> Result<Answered> {
    let id = ExternalId::of_number(prepare.click_trans_id);
    let billed = task.billed(tx, prepare.order, &id)?;
    let facts = PrepareFacts {
        known_for: match &billed {
            Some(billed) if !has(billed, &id) => task.known(tx, &id)?.map(|(_, order_id)| order_id),
            Some(_) | None => None,
        },
        holds_for: task.holds_for,
    };
    let decided = match &billed {
        Some(billed) if task.is_of_another_desk(tx, billed, &id)? => Decision::only(Answer::bare(Code::BadRequest)),
        _ => prepare.decide(billed.as_ref().map(|billed| &billed.bill), facts, task.caller.now),
    };
    settle(tx, task, billed.as_ref(), decided)
}

/// Whether the order has the attempt that Click calls so.
fn has(billed: &Billed, id: &ExternalId) -> bool {
    billed.bill.called(Provider::Click, id).is_some()
}
