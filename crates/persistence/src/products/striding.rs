//! How far a search walks along the order of its list before it asks the index of texts (docs/adr/0004-product-search.md).

use crate::error::Error;
use crate::paging::{Known, SortColumn, Walk};

/// How many texts a walk tries first, and how many when what is looked for is not rare among them.
const FIRST_STEPS: i64 = 1_000;
const STEPS_MAX: i64 = 30_000;
/// How many of the first texts must have it for the walk to go on, where it is not known that it is frequent: names that
/// begin alike lie together.
const NOT_RARE: usize = 3;
/// From how many products on it is better to walk on than to sort them all.
const FREQUENT: i64 = 5_000;

/// What is known of a walk before it is begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strides {
    /// So many have the text that it goes far.
    is_sure: bool,
    /// It went far for the first page a moment ago, and found too few: none goes far again.
    is_vain: bool,
}

/// What a walk found.
#[derive(Debug)]
pub(super) enum Walked<R> {
    /// The whole page.
    Page(Vec<R>),
    /// Not all of it, if it is longer; `is_late`: although the walk went far for the first page.
    TooFew { is_late: bool },
}

impl<R> Walked<R> {
    /// Whether all that have the text lie late in the order: as long as that is known no walk goes far again.
    pub(super) const fn is_late(&self) -> bool {
        matches!(self, Self::TooFew { is_late: true })
    }
}

impl Strides {
    /// By what is kept of the list.
    pub(super) fn after(known: Option<Known>) -> Self {
        Self {
            is_sure: known.is_some_and(|known| known.total >= FREQUENT),
            is_vain: known.is_some_and(|known| known.is_late),
        }
    }

    /// Walks by `run`, which finds the page among the next so many texts.
    pub(super) fn walk<C: SortColumn, R>(
        self,
        walk: &Walk<C>,
        mut run: impl FnMut(i64) -> Result<Vec<R>, Error>,
    ) -> Result<Walked<R>, Error> {
        let mut is_late = false;
        // Who asks for a later page by its number needs all rows before it.
        let strides = [FIRST_STEPS, STEPS_MAX]
            .into_iter()
            .take(if self.is_vain { 1 } else { 2 })
            .skip(usize::from(walk.offset() > 0));
        for steps in strides {
            let rows = run(steps)?;
            if walk.is_full(rows.len()) {
                return Ok(Walked::Page(rows));
            }
            is_late = steps == STEPS_MAX && walk.is_first();
            if rows.len() < NOT_RARE && !self.is_sure {
                break;
            }
        }
        Ok(Walked::TooFew { is_late })
    }
}

#[cfg(test)]
mod tests {
    use super::{FREQUENT, Known, Strides, Walked};
    use crate::paging::{Page, SortBy, Walk};
    use crate::products::list::ProductColumn;

    const PAGE: usize = 10;

    /// How far the walks went for the page of that number, of which `found` rows lie within the first stride, and whether that is late.
    fn walked(number: i64, known: Option<Known>, found: [usize; 2]) -> (Vec<i64>, Option<bool>) {
        let page = Page::new(number, 10);
        let walk = Walk::over(&[], SortBy::ascending(ProductColumn::Name), &page);
        let mut tried = Vec::new();
        let walked = Strides::after(known).walk(&walk, |steps| {
            tried.push(steps);
            Ok(vec![(); if steps == 1_000 { found[0] } else { found[1] }])
        });
        let walked = walked.unwrap();
        let is_late = walked.is_late();
        (tried, matches!(walked, Walked::TooFew { .. }).then_some(is_late))
    }

    const fn known(total: i64, is_late: bool) -> Option<Known> {
        Some(Known { total, is_late })
    }

    #[test]
    fn a_walk_goes_far_for_what_is_not_rare_and_no_farther_than_the_page() {
        assert_eq!(walked(1, None, [PAGE + 1, 0]), (vec![1_000], None));
        assert_eq!(walked(1, None, [3, PAGE + 1]), (vec![1_000, 30_000], None));
        assert_eq!(walked(1, None, [2, PAGE + 1]), (vec![1_000], Some(false)));
        assert_eq!(
            walked(1, known(FREQUENT, false), [0, PAGE + 1]),
            (vec![1_000, 30_000], None)
        );
        assert_eq!(walked(2, None, [0, PAGE + 1]), (vec![30_000], None));
    }

    #[test]
    fn a_walk_that_went_far_for_the_first_page_in_vain_is_told_and_not_tried_again() {
        assert_eq!(walked(1, None, [3, PAGE]), (vec![1_000, 30_000], Some(true)));
        assert_eq!(walked(2, None, [0, 3]), (vec![30_000], Some(false)));
        assert_eq!(
            walked(1, known(FREQUENT, true), [3, PAGE + 1]),
            (vec![1_000], Some(false))
        );
    }
}
