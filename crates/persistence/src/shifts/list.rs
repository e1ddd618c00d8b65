//! A page of a store's shifts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::shift::ShiftStatus;

use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted, in_statuses};
use crate::schema::shifts;
use crate::shifts::read::{SHIFT_COLUMNS, ShiftView, shifts_with_opener};
use crate::shifts::rows::ShiftRow;

coded_enum! {
    /// A column that a list of shifts is sorted by.
    pub enum ShiftColumn {
        /// The id.
        Id = "id",
        /// When it began.
        StartTime = "start_time",
    }
}

impl SortColumn for ShiftColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "shifts.id",
            Self::StartTime => "shifts.opened_at",
        }
    }
}

/// Which shifts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShiftFilter {
    /// Begun at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Begun before this instant.
    pub before: Option<DateTime<Utc>>,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In one of these states; empty: in any.
    pub statuses: Vec<ShiftStatus>,
    /// In this order; the last one first when empty.
    pub sort: Vec<SortBy<ShiftColumn>>,
}

/// A page of the store's shifts.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    store_id: StoreId,
    filter: &ShiftFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<ShiftView>, Error> {
    let wanted = wanted.whole(*filter == ShiftFilter::default());
    macro_rules! filtered {
        () => {{
            let mut query = shifts_with_opener()
                .filter(shifts::store_id.eq(store_id.get()))
                .into_boxed();
            if let Some(from) = filter.from {
                query = query.filter(shifts::opened_at.ge(from.naive_utc()));
            }
            if let Some(before) = filter.before {
                query = query.filter(shifts::opened_at.lt(before.naive_utc()));
            }
            if let Some(branch) = filter.branch {
                query = query.filter(shifts::branch_id.eq(branch.get()));
            }
            query = in_statuses!(query, shifts::status, filter.statuses);
            query
        }};
    }
    let total = wanted.count(reader, "shifts_count", (store_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&filter.sort, SortBy::descending(ShiftColumn::StartTime), wanted);
    let rows: Vec<ShiftRow> = reader.statement("shifts_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(SHIFT_COLUMNS)
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        ShiftColumn::Id => Key::Number(row.id),
        ShiftColumn::StartTime => Key::Time(row.opened_at),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(ShiftView::try_from).collect())
}
