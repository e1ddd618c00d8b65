//! A list that knows no more of its rows than their state, a text and an order: branches, categories.

use savdo_domain::access::RowStatus;
use savdo_persistence::paging::{RowFilter, SortBy};
use savdo_persistence::search::Search;

use crate::Page;

/// Which rows of such a list are wanted.
#[derive(Debug, Clone)]
pub struct ListRows<C> {
    /// In these states.
    pub statuses: Vec<RowStatus>,
    /// With this text in what is searched; empty: all.
    pub search: String,
    /// In this order; by name when empty.
    pub sort: Vec<SortBy<C>>,
    /// Which page.
    pub page: Page,
}

impl<C> ListRows<C> {
    /// The page, and what its rows are narrowed to.
    pub(crate) fn split(self) -> (Page, RowFilter<C>) {
        let Self {
            statuses,
            search,
            sort,
            page,
        } = self;
        let search = Search::phrase(&search);
        (page, RowFilter { statuses, search, sort })
    }
}
