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
    /// It went far for the first rows a moment ago, and found too few: none goes far again.
    is_vain: bool,
}

/// What a walk found.
#[derive(Debug)]
pub(super) enum Walked<R> {
    /// The whole page.
    Page(Vec<R>),
    /// Not all of it, if it is longer; `is_vain`: although the walk went far.
    TooFew { is_vain: bool },
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
        let mut is_vain = false;
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
            is_vain = steps == STEPS_MAX;
            if rows.len() < NOT_RARE && !self.is_sure {
                break;
            }
        }
        Ok(Walked::TooFew { is_vain })
    }
}
