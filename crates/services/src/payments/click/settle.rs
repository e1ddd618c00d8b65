//! Carries out what was decided of a call, and keeps it in the log of the payment that it concerns.

use anyhow::Context as _;
use savdo_domain::payment::click::{Answer, Code, Decided};
use savdo_persistence::Tx;

use super::{Answered, Task};
use crate::Result;
use crate::payments::bill::Billed;
use crate::payments::caller::Manner;
use crate::payments::carry_out::Made;

/// Carries the decision out; without a bill there is nothing to carry out.
pub(super) fn settle(tx: &mut Tx<'_>, task: &Task, billed: Option<&Billed>, decided: Decided) -> Result<Answered> {
    let Some(billed) = billed else {
        return answered(decided.answer, Made::default());
    };
    let manner = Manner {
        comment: "",
        event: Some(task.call.log_event()),
        resolve: answered,
        render: task.render.as_ref(),
        error,
    };
    task.caller.settle(tx, billed, decided, &manner)
}

fn error(answered: &Answered) -> Option<String> {
    let code = answered.code;
    (code != Code::Success).then(|| format!("{} {code}", code.number()))
}

fn answered(answer: Answer, made: Made) -> Result<Answered> {
    let number = answer.number.map(|number| {
        let number = number.resolve(made.transaction);
        number.context("an attempt was answered that nobody made")
    });
    let number = number.transpose()?;
    Ok(Answered {
        code: answer.code,
        number,
    })
}
