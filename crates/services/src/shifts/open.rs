//! A shift is opened.

use savdo_domain::access::{Actor, Effect, Module, Permission, Workplace};
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::settings::StoreSettings;
use savdo_domain::shift::{Shift, ShiftRefusal};
use savdo_domain::{FieldProblem, Money, Refusal};
use savdo_persistence::shifts::{self, NewShift};
use savdo_persistence::{Tx, settings, stores};

use super::seen::{ShiftSeen, find};
use super::traces;
use crate::audit::{self, Author};
use crate::once::Once;
use crate::{Context, Result, counter};

/// A shift to be opened.
#[derive(Debug, Clone)]
pub struct OpenShift {
    /// Where; the worker's own branch when none is named.
    pub branch: Option<LocationId>,
    /// What lies in the drawer, if it was counted.
    pub cash_start: Option<Money>,
    /// A remark, possibly empty.
    pub description: String,
}

/// Opens a shift. The store is locked, so that shifts of a day are counted one after the other, then the branch held in use;
/// nobody who sells waits for either.
///
/// # Errors
/// A missing right; [`AccessRefusal::ModuleDisabled`](savdo_domain::access::AccessRefusal); at their fields: a branch that is none of the store's in use, a drawer
/// that was not counted where it must be; [`ShiftRefusal::AlreadyOpen`]; [`ShiftRefusal::PerDayReached`].
pub fn open<O: Once<ShiftSeen>>(context: &Context, actor: &Actor, command: OpenShift, once: &O) -> Result<O::Answer> {
    let seat = actor.permit(Permission::OpenShift)?;
    let (store, worker_id, own_branch) = (seat.store.clone(), seat.worker_id(), seat.worker.branch);
    let is_manager = seat.is_manager();
    let author = Author::from(actor);
    let now = context.now();
    once.write(context, actor, "shift_open", move |tx| {
        check_store(tx, &store)?;
        let settings = settings::find(tx, store.id)?;
        let cash_start = check_settings(&settings, command.cash_start)?;
        let counter = counter::hold(tx, store.id, command.branch.or(own_branch))?;
        let counter = counter.map_err(|problem| Refusal::field("branch", problem))?;
        check_none_open(tx, store.id, counter.location_id)?;
        let day = store.zone.day(now);
        let opened_today = shifts::count_of_day(tx, store.id, counter.location_id, day)?;
        Shift::check_number(opened_today, settings.shifts_per_day, is_manager)?;
        let shift = NewShift {
            store_id: store.id,
            branch_id: counter.location_id,
            opened_by: worker_id,
            cash_start,
            description: &command.description,
            day,
            at: now,
        };
        let id = shifts::insert(tx, &shift)?;
        let view = find(tx, &store, id)?;
        let entry = traces::of_opening((store.id, id), &counter.name, cash_start);
        audit::record(tx, &author, now, entry)?;
        Ok(view)
    })
}

/// The store is as open for work as it was when the right was judged.
fn check_store(tx: &mut Tx<'_>, store: &Workplace) -> Result<()> {
    let now = Workplace {
        status: stores::lock(tx, store.id)?.status,
        ..store.clone()
    };
    Ok(now.check_open(Effect::Writes)?)
}

/// What lies in the drawer, in a store that has shifts.
fn check_settings(settings: &StoreSettings, counted: Option<Money>) -> Result<Money> {
    settings.check_module(Module::Shift)?;
    match counted {
        Some(counted) => Ok(counted),
        None if settings.require_cash_count => Err(Refusal::field("cash_start", FieldProblem::Required).into()),
        None => Ok(Money::ZERO),
    }
}

/// Read under the lock of the store, which whoever opens a shift takes.
fn check_none_open(tx: &mut Tx<'_>, store_id: StoreId, branch_id: LocationId) -> Result<()> {
    match shifts::in_branch(tx, store_id, branch_id)? {
        Some(shift_id) => Err(ShiftRefusal::AlreadyOpen { shift_id }.into()),
        None => Ok(()),
    }
}
