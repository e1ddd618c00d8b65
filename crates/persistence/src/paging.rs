//! Pages of a list.

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Which page, from 1.
    pub number: i64,
    /// How many rows a page has.
    pub size: i64,
}

impl Page {
    pub(crate) fn offset(self) -> i64 {
        self.number.saturating_sub(1).saturating_mul(self.size)
    }
}

/// Rows of one page and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// All rows that match.
    pub total: i64,
}

impl<T> Listed<T> {
    /// An empty list.
    #[must_use]
    pub fn none() -> Self {
        Self {
            rows: Vec::new(),
            total: 0,
        }
    }
}

/// One column that a list is sorted by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortBy<C> {
    /// The column.
    pub column: C,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}
