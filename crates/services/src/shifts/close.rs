//! A shift is closed, and its report frozen.

use anyhow::Context as _;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::ShiftId;
use savdo_domain::shift::{Drawer, ShiftRefusal, ShiftReport};
use savdo_domain::{FieldProblem, Money, Refusal};
use savdo_persistence::{settings, shifts};

use super::report::ShiftReported;
use super::seen::{find, write_report};
use super::traces;
use crate::audit::{self, Author};
use crate::once::Once;
use crate::{Context, Result};

/// A shift to be closed.
#[derive(Debug, Clone)]
pub struct CloseShift {
    /// Which one.
    pub id: ShiftId,
    /// What was counted in the drawer, if it was.
    pub cash_end: Option<Money>,
    /// A remark, put behind the one that it was opened with; possibly empty.
    pub description: String,
}

/// A shift that was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedShift {
    /// The shift with its frozen report.
    pub reported: ShiftReported,
    /// Whether the store wants the report on paper at once.
    pub is_printed: bool,
}

/// Closes a shift, once. It is locked, which waits for whoever joins it; what joined is read in later statements.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`]; [`ShiftRefusal::NotYours`]; [`ShiftRefusal::AlreadyClosed`], also for all but one of
/// those who come at once; at `cash_end` a drawer that was not counted where it must be.
pub fn close<O: Once<ClosedShift>>(
    context: &Context,
    actor: &Actor,
    command: CloseShift,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::CloseShift)?;
    let (store, worker_id, is_manager) = (seat.store.clone(), seat.worker_id(), seat.is_manager());
    let author = Author::from(actor);
    let now = context.now();
    once.write(context, actor, "shift_close", move |tx| {
        let CloseShift {
            id,
            cash_end,
            description,
        } = &command;
        let locked = shifts::lock(tx, store.id, *id)?.ok_or(Refusal::NotFound)?;
        locked.shift.close(worker_id, is_manager)?;
        let settings = settings::find(tx, store.id)?;
        if cash_end.is_none() && settings.require_cash_count {
            return Err(Refusal::field("cash_end", FieldProblem::Required).into());
        }
        let drawer = Drawer {
            cash_start: locked.shift.cash_start,
            cash_end: *cash_end,
        };
        let documents = shifts::documents(tx, store.id, *id)?;
        let report = ShiftReport::of(&documents, drawer).with_context(|| format!("the sums of shift {id} fit"))?;
        let end = shifts::CloseShift {
            closed_by: worker_id,
            cash_end: *cash_end,
            description: &joined(&locked.description, description),
            z_report: &write_report(&report)?,
            at: now,
        };
        if !shifts::close(tx, store.id, *id, &end)? {
            return Err(ShiftRefusal::AlreadyClosed.into());
        }
        let view = find(tx, &store, *id)?;
        let entry = traces::of_closing((store.id, *id), &view.shift.branch_name, &report);
        audit::record(tx, &author, now, entry)?;
        Ok(ClosedShift {
            reported: ShiftReported::of_closed(view)?,
            is_printed: settings.auto_pdf_on_smena_close,
        })
    })
}

/// One remark behind the other.
fn joined(before: &str, after: &str) -> String {
    let remarks = [before, after].into_iter().filter(|remark| !remark.is_empty());
    remarks.collect::<Vec<_>>().join("\n")
}
