//! Carries out what was decided of a call, and keeps it in the log of the payment that it concerns.

use anyhow::Context as _;
use savdo_domain::payment::Which;
use savdo_domain::payment::payme::{Answer, Call as PaymeCall, Decided, Fault};
use savdo_persistence::Tx;

use super::{Outcome, Reply, Task};
use crate::Result;
use crate::payments::bill::Billed;
use crate::payments::caller::Manner;
use crate::payments::carry_out::Made;

/// Why an order is cancelled whose money Payme took back, as its buyer reads it.
const TAKEN_BACK: &str = "Payme to'lovni qaytardi";

/// Carries the decision out; without a bill there is nothing to carry out.
pub(super) fn settle(tx: &mut Tx<'_>, task: &Task, billed: Option<&Billed>, decided: Decided) -> Result<Outcome> {
    let Some(billed) = billed else {
        return Ok(decided.answer.map(Reply::Answer));
    };
    let comment = match task.call {
        PaymeCall::Cancel(_) => TAKEN_BACK,
        PaymeCall::CheckPerform(_)
        | PaymeCall::Create(_)
        | PaymeCall::Perform(_)
        | PaymeCall::Check(_)
        | PaymeCall::Statement(_)
        | PaymeCall::SetFiscal(_) => "",
    };
    let manner = Manner {
        comment,
        event: task.call.log_event(),
        resolve: outcome,
        render: task.render.as_ref(),
        error,
    };
    task.caller.settle(tx, billed, decided, &manner)
}

fn error(outcome: &Outcome) -> Option<String> {
    let fault = outcome.as_ref().err()?;
    Some(format!("{} {}", fault.number(), fault.code()))
}

fn outcome(answer: std::result::Result<Answer, Fault>, made: Made) -> Result<Outcome> {
    match answer {
        Ok(answer) => Ok(Ok(Reply::Answer(resolved(answer, made)?))),
        Err(fault) => Ok(Err(fault)),
    }
}

/// The answer with the id of the transaction that was made.
fn resolved(answer: Answer, made: Made) -> Result<Answer> {
    match answer {
        Answer::Created {
            create_time,
            transaction,
            state,
        } => {
            let transaction = transaction.resolve(made.transaction);
            let transaction = transaction.context("a transaction was answered that nobody made")?;
            Ok(Answer::Created {
                create_time,
                transaction: Which::Known(transaction),
                state,
            })
        }
        Answer::Allowed
        | Answer::Performed { .. }
        | Answer::Cancelled { .. }
        | Answer::Checked { .. }
        | Answer::FiscalKept => Ok(answer),
    }
}
