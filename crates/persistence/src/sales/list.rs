//! A page of a store's sales.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{LocationId, ShiftId, StoreId, WorkerId};
use savdo_domain::sale::{PaymentType, SaleStatus};

use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Cutting, Listed, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::sales::read::{SALE_COLUMNS, SaleView, sales_with_seller};
use crate::sales::rows::SaleRow;
use crate::schema::sales;

coded_enum! {
    /// A column that a list of sales is sorted by.
    pub enum SaleColumn {
        /// The id.
        Id = "id",
        /// When it was sold.
        SoldAt = "sold_at",
        /// When it was written down.
        CreatedOn = "created_on",
        /// The sum of the lines.
        TotalPrice = "total_price",
    }
}

impl SortColumn for SaleColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "sales.id",
            Self::SoldAt => "sales.sold_at",
            Self::CreatedOn => "sales.created_at",
            Self::TotalPrice => "sales.total_price",
        }
    }
}

fragments! {
    /// Whether a sale was undone.
    IsCancelled: Bool = "sales.status = 'cancelled'";
}

/// Which sales are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaleFilter {
    /// Sold at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Sold before this instant.
    pub before: Option<DateTime<Utc>>,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// By this seller.
    pub worker: Option<WorkerId>,
    /// In this shift.
    pub shift: Option<ShiftId>,
    /// Paid this way.
    pub payment_type: Option<PaymentType>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<SaleStatus>,
    /// With these digits, and nothing but digits, in the number; at its beginning for one or two of them.
    pub number: Option<String>,
    /// In this order; newest first when empty.
    pub sort: Vec<SortBy<SaleColumn>>,
}

/// A page of the store's sales.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &SaleFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<SaleView>, Error> {
    let wanted = wanted.whole(*filter == SaleFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = sales_with_seller()
                .filter(sales::store_id.eq(store_id.get()))
                .into_boxed();
            if let Some(from) = filter.from {
                query = query.filter(sales::sold_at.ge(from.naive_utc()));
            }
            if let Some(before) = filter.before {
                query = query.filter(sales::sold_at.lt(before.naive_utc()));
            }
            if let Some(branch) = filter.branch {
                query = query.filter(sales::branch_id.eq(branch.get()));
            }
            if let Some(worker) = filter.worker {
                query = query.filter(sales::worker_id.eq(worker.get()));
            }
            if let Some(shift) = filter.shift {
                query = query.filter(sales::shift_id.eq(shift.get()));
            }
            if let Some(payment_type) = filter.payment_type {
                query = query.filter(sales::payment_type.eq(payment_type.code()));
            }
            query = match filter.statuses.as_slice() {
                // Said as the index of the few that were undone says it.
                [SaleStatus::Cancelled] => query.filter(IsCancelled),
                _ => in_statuses!(query, sales::status, filter.statuses),
            };
            if let Some(pattern) = filter.number.as_deref().map(pattern) {
                query = query.filter(sql::<Text>("CAST(sales.number AS TEXT)").like(pattern));
            }
            query
        }};
    }
    let total = wanted.count(reader, "sales_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::descending(SaleColumn::SoldAt), wanted);
    let rows: Vec<SaleRow> = reader.statement("sales_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(SALE_COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    listed.try_map_rows(|rows| rows.into_iter().map(SaleView::try_from).collect())
}

/// Digits need no escape.
fn pattern(digits: &str) -> String {
    if digits.len() <= 2 {
        format!("{digits}%")
    } else {
        format!("%{digits}%")
    }
}
