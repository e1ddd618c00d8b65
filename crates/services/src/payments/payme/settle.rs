//! Carries out what was decided of a call, and keeps it in the log of the payment that it concerns.

use anyhow::Context as _;
use savdo_domain::order::HistorySource;
use savdo_domain::payment::Which;
use savdo_domain::payment::payme::{Answer, Call as PaymeCall, Decided};
use savdo_persistence::Tx;
use savdo_persistence::payments::{self, NewLog};

use super::{Outcome, Reply, Task};
use crate::Result;
use crate::audit::Author;
use crate::orders::step::Cause;
use crate::payments::bill::Billed;
use crate::payments::carry_out::{Call, Made, carry_out};

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
    let cause = Cause {
        author: &Author::system(),
        source: HistorySource::Payment,
        comment,
        expires_at: None,
        at: task.now,
    };
    let call = Call {
        cause: &cause,
        desk: &task.desk_id,
        account: &task.account,
    };
    let made = carry_out(tx, billed.judged(), &billed.bill, &decided.effects, &call)?;
    let outcome = match decided.answer {
        Ok(answer) => Ok(Reply::Answer(resolved(answer, made)?)),
        Err(fault) => Err(fault),
    };
    let concerns = decided.concerns.and_then(|payment| payment.resolve(made.payment));
    if let Some((payment_id, event)) = concerns.zip(task.call.log_event()) {
        let log = NewLog {
            payment_id,
            event,
            request: &task.request,
            response: &(task.render)(&outcome),
        };
        payments::append(tx, billed.order.store.id, task.now, &[log])?;
    }
    Ok(outcome)
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
