//! A page of a store's returns.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{LocationId, SaleId, ShiftId, StoreId};
use savdo_domain::sale_return::SaleReturnStatus;

use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::sale_returns::read::{RETURN_COLUMNS, SaleReturnView, joined};
use crate::sale_returns::rows::SaleReturnRow;
use crate::schema::sale_returns;

coded_enum! {
    /// What returns may be sorted by.
    pub enum SaleReturnColumn {
        /// The id.
        Id = "id",
        /// When it was written down.
        CreatedOn = "created_on",
    }
}

impl SortColumn for SaleReturnColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "sale_returns.id",
            Self::CreatedOn => "sale_returns.created_at",
        }
    }
}

/// Which returns are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaleReturnFilter {
    /// Written down at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Written down before this instant.
    pub before: Option<DateTime<Utc>>,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// Confirmed in this shift.
    pub shift: Option<ShiftId>,
    /// Of this sale.
    pub sale: Option<SaleId>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<SaleReturnStatus>,
    /// In this order; newest first when empty.
    pub sort: Vec<SortBy<SaleReturnColumn>>,
}

/// A page of the store's returns.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &SaleReturnFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<SaleReturnView>, Error> {
    let wanted = wanted.whole(*filter == SaleReturnFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = joined().filter(sale_returns::store_id.eq(store_id.get())).into_boxed();
            if let Some(from) = filter.from {
                query = query.filter(sale_returns::created_at.ge(from.naive_utc()));
            }
            if let Some(before) = filter.before {
                query = query.filter(sale_returns::created_at.lt(before.naive_utc()));
            }
            if let Some(branch) = filter.branch {
                query = query.filter(sale_returns::branch_id.eq(branch.get()));
            }
            if let Some(shift) = filter.shift {
                query = query.filter(sale_returns::shift_id.eq(shift.get()));
            }
            if let Some(sale) = filter.sale {
                query = query.filter(sale_returns::sale_id.eq(sale.get()));
            }
            in_statuses!(query, sale_returns::status, filter.statuses)
        }};
    }
    let total = wanted.count(reader, "sale_returns_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::descending(SaleReturnColumn::CreatedOn), wanted);
    let rows: Vec<SaleReturnRow> = reader.statement("sale_returns_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(RETURN_COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        SaleReturnColumn::Id => Key::Number(row.id),
        SaleReturnColumn::CreatedOn => Key::Time(row.created_at),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(SaleReturnView::try_from).collect())
}
