//! The branches of a store.

use std::cmp::Ordering;

use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::coded_enum;
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations::{self, LocationView};
use savdo_persistence::workers;

use crate::{Context, Listed, Page, Result, Search, SortBy};

coded_enum! {
    /// What branches may be sorted by.
    pub enum BranchColumn {
        /// The id.
        Id = "id",
        /// The name, ignoring case.
        Name = "name",
        /// When it was made.
        CreatedOn = "created_on",
    }
}

/// Which branches are wanted.
#[derive(Debug, Clone)]
pub struct ListBranches {
    /// In these statuses.
    pub statuses: Vec<RowStatus>,
    /// With this text in name or address; empty: all.
    pub search: String,
    /// In this order; by name when empty.
    pub sort: Vec<SortBy<BranchColumn>>,
    /// Which page.
    pub page: Page,
}

/// A branch in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchView {
    /// The branch.
    pub branch: LocationView,
    /// The name of its store.
    pub store_name: String,
    /// How many active workers it has.
    pub workers_count: i64,
}

/// The branches of the caller's store; none for an owner who has not made his. A store has few, so that they are sifted here.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: &ListBranches) -> Result<Listed<BranchView>> {
    let Some(seat) = actor.permit_list(Permission::ViewBranches)? else {
        return Ok(Listed::none());
    };
    let store_id = seat.store_id();
    let (branches, counts) = context.database().read_consistent("branch_list", |reader| {
        let branches = locations::of_kind(reader, store_id, LocationKind::Branch)?;
        let counts = workers::count_by_branch(reader, store_id)?;
        Ok::<_, crate::Error>((branches, counts))
    })?;
    let search = Search::phrase(&query.search);
    let is_wanted = |branch: &LocationView| {
        query.statuses.contains(&branch.status) && search.finds(&[&branch.name, &branch.address])
    };
    let mut matching: Vec<_> = branches.into_iter().filter(is_wanted).collect();
    matching.sort_by(|left, right| compare(left, right, &query.sort));
    let total = i64::try_from(matching.len()).unwrap_or(i64::MAX);
    let rows = query.page.of(matching).into_iter().map(|branch| BranchView {
        store_name: seat.store.name.clone(),
        workers_count: counts.get(&branch.id).copied().unwrap_or_default(),
        branch,
    });
    Ok(Listed {
        rows: rows.collect(),
        total,
    })
}

/// By the columns wanted, at last by id in the direction of the last column.
fn compare(left: &LocationView, right: &LocationView, sort: &[SortBy<BranchColumn>]) -> Ordering {
    let by_name = SortBy {
        column: BranchColumn::Name,
        is_descending: false,
    };
    let columns = if sort.is_empty() { &[by_name] } else { sort };
    let by_id = SortBy {
        column: BranchColumn::Id,
        is_descending: columns.last().is_some_and(|last| last.is_descending),
    };
    let orders = columns.iter().chain([&by_id]).map(|sort| {
        let order = match sort.column {
            BranchColumn::Id => left.id.cmp(&right.id),
            BranchColumn::Name => left.name_key.cmp(&right.name_key),
            BranchColumn::CreatedOn => left.created_at.cmp(&right.created_at),
        };
        if sort.is_descending { order.reverse() } else { order }
    });
    orders.fold(Ordering::Equal, Ordering::then)
}
