//! The sales of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, ShiftId, WorkerId};
use savdo_domain::sale::{PaymentType, SaleStatus};
use savdo_persistence::paging::SortBy;
use savdo_persistence::sales::{self, SaleColumn, SaleFilter, SaleView};

use crate::period::Period;
use crate::{Context, Listed, Page, Result};

/// Which sales are wanted.
#[derive(Debug, Clone)]
pub struct ListSales {
    /// Sold on these days.
    pub period: Period,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// By this worker.
    pub worker: Option<WorkerId>,
    /// To this customer; the shop has none yet, so that nothing is found.
    pub customer: Option<i64>,
    /// In this shift.
    pub shift: Option<ShiftId>,
    /// Paid this way.
    pub payment_type: Option<PaymentType>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<SaleStatus>,
    /// With this text in the number; empty: all.
    pub search: String,
    /// In this order; newest first when empty.
    pub sort: Vec<SortBy<SaleColumn>>,
    /// Which page.
    pub page: Page,
}

/// The sales of the caller's store.
///
/// # Errors
/// A missing right; `date_from` after `date_to`.
pub fn list(context: &Context, actor: &Actor, query: ListSales) -> Result<Listed<SaleView>> {
    let Some(seat) = actor.permit_list(Permission::ViewSales)? else {
        return Ok(Listed::none());
    };
    let (from, before) = query.period.span(seat.zone())?;
    // Numbers alone are searched, and nothing but digits stands in them.
    if query.customer.is_some() || !query.search.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Listed::none());
    }
    let filter = SaleFilter {
        from,
        before,
        branch: query.branch,
        worker: query.worker,
        shift: query.shift,
        payment_type: query.payment_type,
        statuses: query.statuses,
        number: Some(query.search).filter(|digits| !digits.is_empty()),
        sort: query.sort,
    };
    let store_id = seat.store_id();
    context.list(actor, "sale_list", &query.page, |reader, wanted| {
        Ok(sales::list(reader, store_id, &filter, wanted)?)
    })
}
