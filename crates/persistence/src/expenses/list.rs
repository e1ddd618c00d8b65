//! A page of a store's expenses.

use chrono::NaiveDate;
use diesel::prelude::*;
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, LocationId, ShiftId, StoreId, WorkerId};

use crate::database::Reader;
use crate::error::Error;
use crate::expenses::read::{ExpenseView, JoinedRow, joined, joined_columns, view};
use crate::expenses::rows::ExpenseRow;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::schema::{expense_categories, expenses, locations, users};
use crate::search::Search;

coded_enum! {
    /// What expenses may be sorted by.
    pub enum ExpenseColumn {
        /// The id.
        Id = "id",
        /// The day on which it was spent.
        Date = "date",
        /// How much.
        Amount = "amount",
        /// When it was written down.
        CreatedOn = "created_on",
    }
}

impl SortColumn for ExpenseColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "expenses.id",
            Self::Date => "expenses.day",
            Self::Amount => "expenses.amount",
            Self::CreatedOn => "expenses.created_at",
        }
    }
}

/// Which expenses are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExpenseFilter {
    /// Spent on this day or later.
    pub from: Option<NaiveDate>,
    /// Spent on this day or before.
    pub to: Option<NaiveDate>,
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
    /// In one of these states; in any when empty.
    pub statuses: Vec<RowStatus>,
    /// With this in the remark.
    pub search: Search,
    /// In this order; the last day first, and of one day the last written, when empty.
    pub sort: Vec<SortBy<ExpenseColumn>>,
}

/// A page of the store's expenses.
///
/// # Errors
/// A failed statement, a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &ExpenseFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<ExpenseView>, Error> {
    let wanted = wanted.whole(*filter == ExpenseFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = joined().filter(expenses::store_id.eq(store_id.get())).into_boxed();
            if let Some(from) = filter.from {
                query = query.filter(expenses::day.ge(from));
            }
            if let Some(to) = filter.to {
                query = query.filter(expenses::day.le(to));
            }
            if let Some(branch) = filter.branch {
                query = query.filter(expenses::branch_id.eq(branch.get()));
            }
            if let Some(category) = filter.category {
                query = query.filter(expenses::category_id.eq(category.get()));
            }
            if let Some(shift) = filter.shift {
                query = query.filter(expenses::shift_id.eq(shift.get()));
            }
            if let Some(worker) = filter.worker {
                query = query.filter(expenses::worker_id.eq(worker.get()));
            }
            if let Some(payment_type) = filter.payment_type {
                query = query.filter(expenses::payment_type.eq(payment_type.code()));
            }
            query = in_statuses!(query, expenses::status, filter.statuses);
            for pattern in filter.search.patterns() {
                query = query.filter(expenses::search.like(pattern).escape('\\'));
            }
            query
        }};
    }
    let total = wanted.count(reader, "expenses_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let usual = [ExpenseColumn::Date, ExpenseColumn::CreatedOn].map(SortBy::descending);
    let asked = if filter.sort.is_empty() {
        usual.as_slice()
    } else {
        &filter.sort
    };
    let walk = Walk::new(asked, SortBy::descending(ExpenseColumn::Date), wanted);
    let rows: Vec<JoinedRow> = reader.statement("expenses_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(joined_columns!())
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, (row, ..)| match column {
        ExpenseColumn::Id => Key::Number(row.id),
        ExpenseColumn::Date => Key::Day(row.day),
        ExpenseColumn::Amount => Key::Number(row.amount),
        ExpenseColumn::CreatedOn => Key::Time(row.created_at),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(view).collect())
}
