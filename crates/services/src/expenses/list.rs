//! The expenses of a store.

use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, LocationId, ShiftId, WorkerId};
use savdo_persistence::expenses::{self, ExpenseColumn, ExpenseFilter, ExpenseView};

use crate::period::Period;
use crate::{Context, Listed, Page, Result, Search, SortBy};

/// Which expenses are wanted.
#[derive(Debug, Clone)]
pub struct ListExpenses {
    /// Spent on these days of the store.
    pub period: Period,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// For this.
    pub category: Option<ExpenseCategoryId>,
    /// In this shift.
    pub shift: Option<ShiftId>,
    /// Written down by this worker.
    pub worker: Option<WorkerId>,
    /// Paid this way.
    pub payment_type: Option<Tender>,
    /// In these states.
    pub statuses: Vec<RowStatus>,
    /// With this text in the remark; empty: all.
    pub search: String,
    /// In this order; the last day first, and of one day the last written, when empty.
    pub sort: Vec<SortBy<ExpenseColumn>>,
    /// Which page.
    pub page: Page,
}

/// The expenses of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right; `date_from` after `date_to`.
pub fn list(context: &Context, actor: &Actor, query: ListExpenses) -> Result<Listed<ExpenseView>> {
    let Some(seat) = actor.permit_list(Permission::ViewExpenses)? else {
        return Ok(Listed::none());
    };
    let (from, to) = query.period.days()?;
    let filter = ExpenseFilter {
        from,
        to,
        branch: query.branch,
        category: query.category,
        shift: query.shift,
        worker: query.worker,
        payment_type: query.payment_type,
        statuses: query.statuses,
        search: Search::phrase(&query.search),
        sort: query.sort,
    };
    let store_id = seat.store_id();
    context.list(actor, "expense_list", &query.page, |reader, wanted| {
        Ok(expenses::list(reader, store_id, &filter, wanted)?)
    })
}
