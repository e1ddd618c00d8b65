//! The branches of a store.

use std::cmp::Ordering;

use savdo_domain::access::{AccessRefusal, Actor, Permission, RowStatus};
use savdo_domain::coded_enum;
use savdo_domain::stock::LocationKind;
use savdo_domain::text;
use savdo_persistence::locations::{self, LocationView};
use savdo_persistence::workers;

use crate::{Context, Listed, Page, Result};

coded_enum! {
    /// What branches may be ordered by.
    pub enum BranchOrder {
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
    /// By these columns, each forward or (`true`) backward; ties by id in the direction of the last.
    pub ordering: Vec<(BranchOrder, bool)>,
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
    let seat = match actor.permit(Permission::ViewBranches) {
        Err(AccessRefusal::NoStore) => return Ok(Listed::none()),
        judged => judged?,
    };
    let store_id = seat.store_id();
    let (branches, counts) = context.database().read("branch_list", |reader| {
        let branches = locations::of_kind(reader, store_id, LocationKind::Branch)?;
        let counts = workers::count_by_branch(reader, store_id)?;
        Ok::<_, crate::Error>((branches, counts))
    })?;
    let mut matching: Vec<_> = branches
        .into_iter()
        .filter(|branch| query.statuses.contains(&branch.status) && is_found(branch, &query.search))
        .collect();
    matching.sort_by(|left, right| compare(left, right, &query.ordering));
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

/// One or two characters match only the beginning of a word.
fn is_found(branch: &LocationView, search: &str) -> bool {
    let wanted = text::search_key(search);
    let wanted = if wanted.chars().count() < 3 && !wanted.is_empty() {
        format!(" {wanted}")
    } else {
        wanted
    };
    text::search_text(&[&branch.name, &branch.address]).contains(&wanted)
}

fn compare(left: &LocationView, right: &LocationView, ordering: &[(BranchOrder, bool)]) -> Ordering {
    let mut is_backward = false;
    for (column, backward) in ordering {
        is_backward = *backward;
        let order = match column {
            BranchOrder::Id => left.id.cmp(&right.id),
            BranchOrder::Name => left.name_key.cmp(&right.name_key),
            BranchOrder::CreatedOn => left.created_at.cmp(&right.created_at),
        };
        let order = if *backward { order.reverse() } else { order };
        if order.is_ne() {
            return order;
        }
    }
    let order = left.id.cmp(&right.id);
    if is_backward { order.reverse() } else { order }
}
