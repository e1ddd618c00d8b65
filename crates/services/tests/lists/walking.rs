//! The law of lists, and every order in which it is to hold.

use savdo_domain::coded::Coded;
use savdo_services::{Listed, Page, SortBy};

/// Walks a list in pages of three from the first to the last and back, and answers the ids of both ways.
///
/// Law: both ways meet every row that was there all the time exactly once, and in one order.
pub(crate) fn walk(list: impl Fn(&Page) -> Listed<i64>, between: impl FnMut()) -> (Vec<i64>, Vec<i64>) {
    walk_by(3, list, between)
}

/// The same in pages of any size.
pub(crate) fn walk_by(
    size: i64,
    list: impl Fn(&Page) -> Listed<i64>,
    mut between: impl FnMut(),
) -> (Vec<i64>, Vec<i64>) {
    let (mut forth, mut back) = (Vec::new(), Vec::new());
    let mut page = Page::new(1, size);
    let mut last = Vec::new();
    loop {
        let listed = list(&page);
        assert!(listed.rows.len() <= usize::try_from(size).unwrap());
        forth.extend(listed.rows.iter().copied());
        between();
        match listed.next {
            Some(position) => page.position = Some(position),
            None => {
                last.extend(listed.rows);
                let mut before = listed.previous;
                while let Some(position) = before {
                    page.position = Some(position);
                    let listed = list(&page);
                    back.splice(0..0, listed.rows.iter().copied());
                    between();
                    before = listed.previous;
                }
                break;
            }
        }
    }
    back.extend(last);
    (forth, back)
}

/// Checks the law of [`walk`] for one list whose rows at the beginning are read in one page.
pub(crate) fn check(what: &str, list: impl Fn(&Page) -> Listed<i64>, between: impl FnMut()) {
    let all = list(&Page::new(1, 100)).rows;
    assert!(all.len() > 6, "{what}: {all:?}");

    let (mut forth, mut back) = walk(list, between);

    forth.retain(|id| all.contains(id));
    back.retain(|id| all.contains(id));
    assert_eq!(forth, all, "{what}, onwards");
    assert_eq!(back, all, "{what}, back");
}

/// Every column both ways, and every pair of columns that run against each other.
pub(crate) fn sorts<C: Coded>() -> Vec<Vec<SortBy<C>>> {
    let mut sorts = vec![vec![]];
    for first in C::ALL {
        sorts.push(vec![SortBy::ascending(*first)]);
        sorts.push(vec![SortBy::descending(*first)]);
        for second in C::ALL {
            sorts.push(vec![SortBy::ascending(*first), SortBy::descending(*second)]);
            sorts.push(vec![SortBy::descending(*first), SortBy::ascending(*second)]);
        }
    }
    sorts
}

pub(crate) fn told<C: Coded>(list: &str, sort: &[SortBy<C>]) -> String {
    let columns = sort
        .iter()
        .map(|sort| format!("{}{}", if sort.is_descending { "-" } else { "" }, sort.column.code()));
    format!("{list} by {}", columns.collect::<Vec<_>>().join(","))
}

pub(crate) fn ids<T>(listed: Listed<T>, id: impl Fn(&T) -> i64) -> Listed<i64> {
    listed.map(|row| id(&row))
}
