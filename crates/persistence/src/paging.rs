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
    /// The rows of this page out of all rows.
    #[must_use]
    pub fn of<T>(self, rows: Vec<T>) -> Vec<T> {
        let skipped = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let taken = usize::try_from(self.size).unwrap_or_default();
        rows.into_iter().skip(skipped).take(taken).collect()
    }

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
    /// The same page with each row made into something else.
    #[must_use]
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            rows: self.rows.into_iter().map(convert).collect(),
            total: self.total,
        }
    }

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
