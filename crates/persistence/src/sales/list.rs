//! A page of a store's sales.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{LocationId, StoreId, WorkerId};
use savdo_domain::sale::{PaymentType, SaleStatus};

use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Listed, Page, SortBy};
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

/// Which sales are wanted.
#[derive(Debug, Clone, Default)]
pub struct SaleFilter {
    /// Sold at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Sold before this instant.
    pub before: Option<DateTime<Utc>>,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// By this seller.
    pub worker: Option<WorkerId>,
    /// Paid this way.
    pub payment_type: Option<PaymentType>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<SaleStatus>,
    /// With these digits in the number, at its beginning for one or two of them.
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
    page: Page,
) -> Result<Listed<SaleView>, Error> {
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
            if let Some(payment_type) = filter.payment_type {
                query = query.filter(sales::payment_type.eq(payment_type.code()));
            }
            if let [status] = filter.statuses.as_slice() {
                query = query.filter(sales::status.eq(status.code()));
            }
            if let Some(pattern) = filter.number.as_deref().map(pattern) {
                query = query.filter(sql::<Text>("CAST(sales.number AS TEXT)").like(pattern));
            }
            query
        }};
    }
    let total = reader.statement("sales_count", |on| filtered!().count().get_result(on))?;
    let rows: Vec<SaleRow> = reader.statement("sales_list", |on| {
        let mut query = filtered!();
        for SortBy { column, is_descending } in sorted(&filter.sort) {
            query = match (column, is_descending) {
                (SaleColumn::Id, false) => query.then_order_by(sales::id.asc()),
                (SaleColumn::Id, true) => query.then_order_by(sales::id.desc()),
                (SaleColumn::SoldAt, false) => query.then_order_by(sales::sold_at.asc()),
                (SaleColumn::SoldAt, true) => query.then_order_by(sales::sold_at.desc()),
                (SaleColumn::CreatedOn, false) => query.then_order_by(sales::created_at.asc()),
                (SaleColumn::CreatedOn, true) => query.then_order_by(sales::created_at.desc()),
                (SaleColumn::TotalPrice, false) => query.then_order_by(sales::total_price.asc()),
                (SaleColumn::TotalPrice, true) => query.then_order_by(sales::total_price.desc()),
            };
        }
        query
            .select(SALE_COLUMNS)
            .limit(page.size)
            .offset(page.offset())
            .load(on)
    })?;
    let rows = rows.into_iter().map(SaleView::try_from).collect::<Result<_, _>>()?;
    Ok(Listed { rows, total })
}

/// Newest first when nothing is asked; ends with the id, in the direction of the last column.
fn sorted(asked: &[SortBy<SaleColumn>]) -> Vec<SortBy<SaleColumn>> {
    let by = |column, is_descending| SortBy { column, is_descending };
    let mut sort = asked.to_vec();
    if sort.is_empty() {
        sort.push(by(SaleColumn::SoldAt, true));
    }
    let is_descending = sort.last().is_some_and(|last| last.is_descending);
    sort.push(by(SaleColumn::Id, is_descending));
    sort
}

/// Only digits can stand in a number, so that nothing here needs an escape; any other text finds no sale.
fn pattern(text: &str) -> String {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return String::new();
    }
    if text.len() <= 2 {
        format!("{text}%")
    } else {
        format!("%{text}%")
    }
}
