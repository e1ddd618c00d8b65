//! The workers of a store.

use std::cmp::Ordering;

use savdo_domain::access::{Actor, Permission, Role, WorkerStatus};
use savdo_domain::ids::LocationId;
use savdo_domain::{coded_enum, text};
use savdo_persistence::paging::{Key, Position, Side};
use savdo_persistence::staff;

use super::{StaffView, shown_to};
use crate::{Context, Listed, Page, Result, SortBy};

/// Up to how many characters a text finds only the beginning of a word.
const SHORT: usize = 2;

coded_enum! {
    /// What workers may be sorted by.
    pub enum WorkerColumn {
        /// The id.
        Id = "id",
        /// The first name, ignoring case.
        FirstName = "first_name",
        /// The last name, ignoring case.
        LastName = "last_name",
        /// When he began.
        CreatedOn = "created_on",
        /// What he earns, as far as the caller sees it.
        Salary = "salary",
    }
}

/// Which workers are wanted.
#[derive(Debug, Clone)]
pub struct ListWorkers {
    /// In these statuses.
    pub statuses: Vec<WorkerStatus>,
    /// In one of these roles; empty: in any.
    pub roles: Vec<Role>,
    /// Of this branch.
    pub branch: Option<LocationId>,
    /// With this text in first name, last name, user name or phone; empty: all.
    pub search: String,
    /// In this order; when empty those who work first, those who left last, then by names.
    pub sort: Vec<SortBy<WorkerColumn>>,
    /// Which page.
    pub page: Page,
}

/// The workers of the caller's store; none for an owner who has not made his. A store has few, so that they are sifted here.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: &ListWorkers) -> Result<Listed<StaffView>> {
    let Some(seat) = actor.permit_list(Permission::ViewWorkers)? else {
        return Ok(Listed::none());
    };
    let workers = context
        .database()
        .read("worker_list", |reader| staff::of_store(reader, seat.store_id()))?;
    let is_wanted = |worker: &StaffView| {
        let branch = worker.branch.as_ref().map(|(id, _)| *id);
        query.statuses.contains(&worker.post.status)
            && (query.roles.is_empty() || query.roles.contains(&worker.post.role))
            && (query.branch.is_none() || query.branch == branch)
            && is_found(&query.search, worker)
    };
    // Hidden before they are sorted: the order would tell what the figures do not.
    let shown = workers
        .into_iter()
        .filter(is_wanted)
        .map(|worker| shown_to(&seat, worker));
    let mut matching: Vec<_> = shown.collect();
    matching.sort_by(|left, right| compare(left, right, &query.sort));
    Ok(paged(matching, &query.page))
}

/// Whether a text stands in the names, the user name or the phone: one of one or two characters at the beginning of a word.
fn is_found(typed: &str, worker: &StaffView) -> bool {
    let columns = [&worker.first_name, &worker.last_name, &worker.username, &worker.phone].map(String::as_str);
    let key = text::search_key(typed);
    let is_short = text::name_key(typed).chars().count() <= SHORT;
    let needle = if is_short && !key.is_empty() {
        format!(" {key}")
    } else {
        key
    };
    text::search_text(&columns).contains(&needle)
}

/// The page wanted of all that match: beside a worker, or by its number where he is no longer among them.
fn paged(mut matching: Vec<StaffView>, page: &Page) -> Listed<StaffView> {
    let total = i64::try_from(matching.len()).unwrap_or(i64::MAX);
    let size = usize::try_from(page.size).unwrap_or_default();
    let key = |worker: &StaffView| vec![Key::Number(worker.post.worker_id.get())];
    let place = page.position.as_ref().and_then(|position| {
        let place = matching.iter().position(|worker| key(worker) == position.keys)?;
        Some(match position.side {
            Side::After => place.saturating_add(1),
            Side::Before => place.saturating_sub(size),
        })
    });
    let by_number = page.number.saturating_sub(1).saturating_mul(page.size);
    let first = place.unwrap_or_else(|| usize::try_from(by_number).unwrap_or(usize::MAX));
    let mut rows = matching.split_off(first.min(matching.len()));
    let is_last = rows.len() <= size;
    rows.truncate(size);
    let beside = |worker: Option<&StaffView>, side| {
        worker.map(|worker| Position {
            side,
            keys: key(worker),
        })
    };
    Listed {
        total,
        previous: beside(rows.first().filter(|_| first > 0), Side::Before),
        next: beside(rows.last().filter(|_| !is_last), Side::After),
        rows,
    }
}

/// By the columns wanted, at last by id in the direction of the last column.
fn compare(left: &StaffView, right: &StaffView, sort: &[SortBy<WorkerColumn>]) -> Ordering {
    let by_id = |is_descending| SortBy {
        column: WorkerColumn::Id,
        is_descending,
    };
    let wanted = if sort.is_empty() {
        by_standing(left).cmp(&by_standing(right))
    } else {
        sort.iter()
            .map(|sort| by(left, right, sort))
            .fold(Ordering::Equal, Ordering::then)
    };
    let last = by_id(sort.last().is_some_and(|last| last.is_descending));
    wanted.then(by(left, right, &last))
}

fn by(left: &StaffView, right: &StaffView, sort: &SortBy<WorkerColumn>) -> Ordering {
    let order = match sort.column {
        WorkerColumn::Id => left.post.worker_id.cmp(&right.post.worker_id),
        WorkerColumn::FirstName => text::name_key(&left.first_name).cmp(&text::name_key(&right.first_name)),
        WorkerColumn::LastName => text::name_key(&left.last_name).cmp(&text::name_key(&right.last_name)),
        WorkerColumn::CreatedOn => left.created_at.cmp(&right.created_at),
        WorkerColumn::Salary => left.salary.cmp(&right.salary),
    };
    if sort.is_descending { order.reverse() } else { order }
}

/// Those who work, those on leave, those who left; then by names.
fn by_standing(worker: &StaffView) -> (WorkerStatus, String, String) {
    let names = [&worker.first_name, &worker.last_name].map(|name| text::name_key(name));
    let [first_name, last_name] = names;
    (worker.post.status, first_name, last_name)
}
