//! The shifts of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::LocationId;
use savdo_domain::shift::ShiftStatus;
use savdo_persistence::shifts::{self, ShiftColumn, ShiftFilter, ShiftView};

use crate::period::Period;
use crate::{Context, Listed, Page, Result, SortBy};

/// Which shifts are wanted.
#[derive(Debug, Clone)]
pub struct ListShifts {
    /// Begun on these days of the store.
    pub period: Period,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<ShiftStatus>,
    /// In this order; the last one first when empty.
    pub sort: Vec<SortBy<ShiftColumn>>,
    /// Which page.
    pub page: Page,
}

/// The shifts of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right; `date_from` after `date_to`.
pub fn list(context: &Context, actor: &Actor, query: ListShifts) -> Result<Listed<ShiftView>> {
    let Some(seat) = actor.permit_list(Permission::ViewShifts)? else {
        return Ok(Listed::none());
    };
    let (from, before) = query.period.span(seat.zone())?;
    let filter = ShiftFilter {
        from,
        before,
        branch: query.branch,
        statuses: query.statuses,
        sort: query.sort,
    };
    let store_id = seat.store_id();
    context.list(actor, "shift_list", &query.page, |reader, wanted| {
        Ok(shifts::list(reader, store_id, &filter, wanted)?)
    })
}
