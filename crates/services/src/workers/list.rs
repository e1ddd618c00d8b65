//! The workers of a store.

use savdo_domain::Money;
use savdo_domain::access::{Actor, Permission, Role, WorkerStatus};
use savdo_domain::coded::Coded;
use savdo_domain::ids::LocationId;
use savdo_domain::{coded_enum, text};
use savdo_persistence::paging::{Key, page_of};
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
    Ok(page_of(
        shown.collect(),
        (&sorting(&query.sort), Sorting::By(WorkerColumn::Id)),
        &query.page,
        key,
    ))
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

/// What workers are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sorting {
    /// Those who work, those on leave, those who left.
    Standing,
    By(WorkerColumn),
}

fn sorting(wanted: &[SortBy<WorkerColumn>]) -> Vec<SortBy<Sorting>> {
    if wanted.is_empty() {
        let by_name = [WorkerColumn::FirstName, WorkerColumn::LastName].map(Sorting::By);
        return [Sorting::Standing]
            .into_iter()
            .chain(by_name)
            .map(SortBy::ascending)
            .collect();
    }
    let by = |sort: &SortBy<WorkerColumn>| SortBy {
        column: Sorting::By(sort.column),
        is_descending: sort.is_descending,
    };
    wanted.iter().map(by).collect()
}

fn key(sorting: Sorting, worker: &StaffView) -> Key {
    match sorting {
        Sorting::Standing => {
            let place = WorkerStatus::ALL
                .iter()
                .position(|status| *status == worker.post.status);
            Key::Number(place.and_then(|place| i64::try_from(place).ok()).unwrap_or_default())
        }
        Sorting::By(WorkerColumn::Id) => Key::Number(worker.post.worker_id.get()),
        Sorting::By(WorkerColumn::FirstName) => Key::Text(text::name_key(&worker.first_name)),
        Sorting::By(WorkerColumn::LastName) => Key::Text(text::name_key(&worker.last_name)),
        Sorting::By(WorkerColumn::CreatedOn) => Key::Time(worker.created_at.naive_utc()),
        // What is not written down, or not shown, is less than all.
        Sorting::By(WorkerColumn::Salary) => Key::Number(worker.salary.map_or(i64::MIN, Money::tiyin)),
    }
}
