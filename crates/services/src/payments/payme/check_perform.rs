//! CheckPerformTransaction: a pure read.

use savdo_domain::ids::OrderId;
use savdo_domain::payment::payme::CheckPerform;
use savdo_domain::payment::payme::detail::Detail;
use savdo_persistence::payments::{self, FiscalLineView};
use savdo_persistence::{Error as StorageError, Reader};

use super::{Outcome, Reply, Task};
use crate::payments::bill::{self, Billed};
use crate::{Context, Result};

/// Answers it by what stands at one moment; nothing is reserved.
pub(super) fn answer(context: &Context, task: &Task, check: &CheckPerform) -> Result<Outcome> {
    context.database().read_consistent("payme_check_perform", |reader| {
        let billed = match check.order {
            Ok(order_id) => billed(reader, task, order_id)?,
            Err(_) => None,
        };
        let decided = check.decide(billed.as_ref().map(|billed| &billed.bill), task.caller.now);
        match (decided.answer, billed) {
            (Err(fault), _) => Ok(Err(fault)),
            (Ok(_), Some(billed)) if task.sends_detail => Ok(Ok(Reply::Allowed(detail(reader, &billed)?))),
            (Ok(_), Some(_) | None) => Ok(Ok(Reply::Allowed(None))),
        }
    })
}

fn billed(reader: &mut Reader<'_>, task: &Task, order_id: OrderId) -> Result<Option<Billed>> {
    match task.caller.place(reader, order_id)? {
        Some((store_id, order_id)) => bill::seen_now(reader, store_id, order_id),
        None => Ok(None),
    }
}

/// The fiscal lines, where they are whole: what is left out never stops a payment.
fn detail(reader: &mut Reader<'_>, billed: &Billed) -> std::result::Result<Option<Detail>, StorageError> {
    let order = &billed.order;
    let lines = payments::fiscal_lines(reader, order.store.id, order.id)?;
    let lines: Vec<_> = lines.iter().map(FiscalLineView::line).collect();
    match Detail::of(&lines, None, order.total_price) {
        Ok(detail) => Ok(Some(detail)),
        Err(why) => {
            let id = order.id;
            tracing::warn!(order.id = %id, ?why, "Order {id} goes to Payme without fiscal lines: {why:?}");
            Ok(None)
        }
    }
}
