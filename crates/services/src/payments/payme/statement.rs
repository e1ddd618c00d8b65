//! GetStatement.

use std::ops::RangeInclusive;

use savdo_domain::payment::Millis;
use savdo_domain::payment::payme::Statement;
use savdo_persistence::Error as StorageError;
use savdo_persistence::payments::{StatementView, transactions};

use super::{Outcome, Reply, StatementRow, Task};
use crate::payments::expire::expire;
use crate::{Context, Error, Result};

/// So many that are overdue are looked up at a time.
const AT_A_TIME: usize = 100;

/// Answers it. What waited too long is cancelled first, each in a transaction of its own, so that the list says what CheckTransaction would.
pub(super) fn answer(context: &Context, task: &Task, statement: Statement) -> Result<Outcome> {
    let Some(period) = statement.period() else {
        return Ok(Ok(Reply::Statement(Vec::new())));
    };
    let database = context.database();
    expire_overdue(context, task, &period)?;
    let rows = database.read("payme_statement", |reader| {
        transactions::statement_unscoped(reader, task.caller.scope(), &period)
    })?;
    Ok(Ok(Reply::Statement(rows.into_iter().map(row).collect())))
}

/// One that cannot be cancelled is told in the log, and listed as it stands.
fn expire_overdue(context: &Context, task: &Task, period: &RangeInclusive<Millis>) -> Result<()> {
    let (database, now) = (context.database(), task.caller.now);
    let count = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
    let mut after = None;
    loop {
        let overdue = database.read("payme_overdue", |reader| {
            transactions::overdue_unscoped(
                reader,
                Some((task.caller.scope(), period)),
                Millis::of(now),
                after,
                count,
            )
        })?;
        after = overdue.last().copied();
        let is_last = overdue.len() < AT_A_TIME;
        for one in overdue {
            let place = (one.store_id, one.order_id);
            match database.write("payme_expire", move |tx| expire(tx, place, now)) {
                Ok(_) => {}
                Err(Error::Storage(busy @ StorageError::Busy(_))) => return Err(busy.into()),
                Err(error) => {
                    let id = one.transaction_id;
                    tracing::error!(transaction.id = %id, %error, "Transaction {id} cannot be cancelled: {error}");
                }
            }
        }
        if is_last {
            return Ok(());
        }
    }
}

fn row(view: StatementView) -> StatementRow {
    let StatementView {
        transaction,
        external_time,
        account,
    } = view;
    StatementRow {
        id: transaction.external_id,
        time: external_time,
        amount: transaction.amount,
        account,
        create_time: transaction.create_time,
        perform_time: transaction.perform_time,
        cancel_time: transaction.cancel_time,
        transaction: transaction.id,
        state: transaction.state,
        reason: transaction.reason,
    }
}
