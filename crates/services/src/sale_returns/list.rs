//! The returns of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, SaleId, ShiftId};
use savdo_domain::sale_return::SaleReturnStatus;
use savdo_persistence::sale_returns::{self, SaleReturnColumn, SaleReturnFilter, SaleReturnView};

use crate::period::Period;
use crate::{Context, Listed, Page, Result, SortBy};

/// Which returns are wanted.
#[derive(Debug, Clone)]
pub struct ListSaleReturns {
    /// Written down on these days of the store.
    pub period: Period,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// Confirmed in this shift.
    pub shift: Option<ShiftId>,
    /// Of this sale.
    pub sale: Option<SaleId>,
    /// Of sales to this customer; the shop has none yet, so that nothing is found.
    pub customer: Option<i64>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<SaleReturnStatus>,
    /// In this order; newest first when empty.
    pub sort: Vec<SortBy<SaleReturnColumn>>,
    /// Which page.
    pub page: Page,
}

/// The returns of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right; `date_from` after `date_to`.
pub fn list(context: &Context, actor: &Actor, query: ListSaleReturns) -> Result<Listed<SaleReturnView>> {
    let Some(seat) = actor.permit_list(Permission::ViewSales)? else {
        return Ok(Listed::none());
    };
    let (from, before) = query.period.span(seat.zone())?;
    if query.customer.is_some() {
        return Ok(Listed::none());
    }
    let filter = SaleReturnFilter {
        from,
        before,
        branch: query.branch,
        shift: query.shift,
        sale: query.sale,
        statuses: query.statuses,
        sort: query.sort,
    };
    let store_id = seat.store_id();
    context.list(actor, "sale_return_list", &query.page, |reader, wanted| {
        Ok(sale_returns::list(reader, store_id, &filter, wanted)?)
    })
}
