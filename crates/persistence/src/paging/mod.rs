//! Pages of a list, in the one way that all lists have.
//!
//! A page is found by its number, down to a bounded depth, or by the keys of the row that it begins after or ends before,
//! at any depth. Every order ends with the id, so that no two rows are equal and a walk along the links meets each row once,
//! whatever is added meanwhile. How many rows there are is counted exactly up to a bound only.

mod count;
mod cut;
mod walk;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use savdo_domain::access::RowStatus;

use crate::search::Search;

pub use count::Counts;
pub(crate) use count::{Counted, Known, One, counted};
pub(crate) use cut::{Cut, Cutting};
pub use walk::page_of;
pub(crate) use walk::{Beyond, Order, SortColumn, Walk};

/// How many rows the number of a page alone reaches (shop.md 1.4).
pub const REACH: i64 = 100_000;

/// Which rows of a list are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Which page, from 1.
    pub number: i64,
    /// How many rows a page has.
    pub size: i64,
    /// Where it lies; by its number where nothing is said.
    pub position: Option<Position>,
}

/// The place of a page beside a row, by that row's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Which side of the row.
    pub side: Side,
    /// What the list is sorted by, at that row.
    pub keys: Vec<Key>,
}

/// The side of a row on which a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The page begins after the row.
    After,
    /// The page ends before the row.
    Before,
}

/// A value that a list is sorted by. A column that may be null is sorted by an expression that never is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An id, an amount, a count.
    Number(i64),
    /// A text, compared bytewise.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A time.
    Time(NaiveDateTime),
}

/// What a list is asked for: a page, with what is known of its length.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Which page.
    pub page: &'a Page,
    /// Lengths that were counted a moment ago.
    pub counts: &'a Counts,
    /// The time.
    pub now: DateTime<Utc>,
    /// Whether nothing but its scope narrows the list.
    is_whole: bool,
}

impl<'a> Wanted<'a> {
    /// This page, now.
    #[must_use]
    pub const fn new(page: &'a Page, counts: &'a Counts, now: DateTime<Utc>) -> Self {
        Self {
            page,
            counts,
            now,
            is_whole: false,
        }
    }

    /// The same of a list that nothing but its scope narrows, if it `is_whole`: its statement is planned once and not for each who asks.
    /// A list that is narrowed is planned for what narrows it: what leads to few rows fast, leads to many slowly.
    pub(crate) const fn whole(self, is_whole: bool) -> Self {
        Self { is_whole, ..self }
    }
}

/// Which rows are wanted of a list that knows no more than their state, a text and an order.
#[derive(Debug, Clone)]
pub struct RowFilter<C> {
    /// In one of these states; in any when empty.
    pub statuses: Vec<RowStatus>,
    /// With this in the texts that are searched.
    pub search: Search,
    /// In this order; in the list's own when empty.
    pub sort: Vec<SortBy<C>>,
}

/// Rows of one page and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// All rows that match; above [`Counts::EXACT_MAX`] as of a moment ago.
    pub total: i64,
    /// Where the page before lies, if there is one that can be told by a row of this one.
    pub previous: Option<Position>,
    /// Where the next page lies, if there is one.
    pub next: Option<Position>,
}

/// One column that a list is sorted by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortBy<C> {
    /// The column.
    pub column: C,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

impl Page {
    /// The page of this number, from 1.
    #[must_use]
    pub const fn new(number: i64, size: i64) -> Self {
        Self {
            number,
            size,
            position: None,
        }
    }

    /// Whether it lies too deep in a list of `total` rows to be found by its number.
    #[must_use]
    pub fn is_beyond_reach(&self, total: i64) -> bool {
        total > REACH && self.is_deep()
    }

    fn is_deep(&self) -> bool {
        self.position.is_none() && self.offset() >= REACH
    }

    fn offset(&self) -> i64 {
        self.number.saturating_sub(1).saturating_mul(self.size)
    }
}

impl<C> SortBy<C> {
    /// The least first.
    pub const fn ascending(column: C) -> Self {
        Self {
            column,
            is_descending: false,
        }
    }

    /// The greatest first.
    pub const fn descending(column: C) -> Self {
        Self {
            column,
            is_descending: true,
        }
    }
}

impl<T> Listed<T> {
    /// The same page with each row made into something else.
    #[must_use]
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            rows: self.rows.into_iter().map(convert).collect(),
            total: self.total,
            previous: self.previous,
            next: self.next,
        }
    }

    /// The same page with all of its rows made into something else, or the first reason why that is not possible.
    ///
    /// # Errors
    /// That of `convert`.
    pub fn try_map_rows<U, E>(self, convert: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>) -> Result<Listed<U>, E> {
        Ok(Listed {
            rows: convert(self.rows)?,
            total: self.total,
            previous: self.previous,
            next: self.next,
        })
    }

    /// An empty list.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            rows: Vec::new(),
            total: 0,
            previous: None,
            next: None,
        }
    }
}

/// Narrows a boxed query to the rows in one of these states. One state alone, as almost everybody asks, keeps the statement
/// prepared on SQLite too.
macro_rules! in_statuses {
    ($query:expr, $column:expr, $statuses:expr) => {
        match $statuses.as_slice() {
            [] => $query,
            [status] => $query.filter($column.eq(status.code())),
            statuses => {
                let codes = statuses.iter().map(|status| status.code());
                $query.filter($column.eq_any(codes))
            }
        }
    };
}

pub(crate) use in_statuses;
