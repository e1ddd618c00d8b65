//! Complete.

use std::sync::Arc;

use savdo_domain::ids::TransactionId;
use savdo_domain::payment::click::{Answer, Code, Complete};
use savdo_domain::payment::{Decision, ExternalId, Which};
use savdo_persistence::Tx;

use super::settle::settle;
use super::{Answered, Task, Tries};
use crate::events::{self, Event};
use crate::orders::traces;
use crate::{Context, Result};

/// Answers it in one transaction. Locks the order that it names: of many at once, one confirms the attempt and the others find it so.
pub(super) fn answer(context: &Context, task: &Arc<Task>, complete: Complete) -> Result<Answered> {
    let task = Arc::clone(task);
    context
        .database()
        .write("click_complete", move |tx| decide(tx, &task, &complete))
}

fn decide(tx: &mut Tx<'_>, task: &Task, complete: &Complete) -> Result<Answered> {
    let id = ExternalId::of_number(complete.click_trans_id);
    let billed = task.billed(tx, complete.order, &id)?;
    let mut decided = match &billed {
        Some(billed) if task.is_of_another_desk(tx, billed, &id)? => {
            Decision::only(Answer::bare(Code::AttemptNotFound))
        }
        _ => complete.decide(billed.as_ref().map(|billed| &billed.bill), task.caller.now),
    };
    let confirms = decided.answer.code == Code::Success;
    let answer = &mut decided.answer;
    if let (Code::AlreadyPaid, Some(Which::Known(number))) = (answer.code, answer.number)
        && task.tries.have_confirmed(number)
    {
        answer.code = Code::Success;
    }
    let answered = settle(tx, task, billed.as_ref(), decided)?;
    if let (true, Some(billed), Some(number)) = (confirms && task.registers_sale, &billed, answered.number) {
        let news = traces::of_transaction((&billed.order).into(), Event::FiscalDue, number);
        events::publish(tx, task.caller.now, &news)?;
    }
    task.tries.note(answered);
    Ok(answered)
}

impl Tries {
    /// Whether one before this would have answered that it confirmed the attempt.
    fn have_confirmed(&self, number: TransactionId) -> bool {
        self.0.get() == Some(&number)
    }

    fn note(&self, answered: Answered) {
        if let (Code::Success, Some(number)) = (answered.code, answered.number) {
            self.0.get_or_init(|| number);
        }
    }
}
