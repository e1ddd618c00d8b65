//! The order of a list, and the page of it that is wanted, as pieces of SQL.

use std::cmp::Ordering;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType, Text, Timestamp};
use savdo_domain::coded::Coded;

use super::{Cut, Key, Listed, Page, Position, Side, SortBy, Wanted};

/// A column that a list is sorted by.
pub(crate) trait SortColumn: Coded {
    /// The id, with which every order ends.
    const ID: Self;

    /// What it is in SQL: never null, so that both databases agree on the order; of a column that may be null the `coalesce`
    /// with what is less than all others.
    fn expression(self) -> &'static str;
}

/// A way through a list: its order, and where the wanted page lies.
#[derive(Debug, Clone)]
pub(crate) struct Walk<C> {
    sort: Vec<SortBy<C>>,
    page: Page,
    is_whole: bool,
}

impl<C: SortColumn> Walk<C> {
    /// The order asked for, else the usual one; ends with the id in the direction of the last column. A column that comes
    /// again changes nothing, and nothing counts after the id.
    pub(crate) fn new(asked: &[SortBy<C>], usual: SortBy<C>, wanted: Wanted<'_>) -> Self {
        Self {
            is_whole: wanted.is_whole,
            ..Self::over(asked, usual, wanted.page)
        }
    }

    /// The same through what is no whole list.
    pub(crate) fn over(asked: &[SortBy<C>], usual: SortBy<C>, page: &Page) -> Self {
        let wanted = if asked.is_empty() {
            std::slice::from_ref(&usual)
        } else {
            asked
        };
        Self::through(wanted, C::ID, page)
    }

    /// Which rows lie on the wanted side of the row where the page begins or ends.
    pub(crate) fn beyond(&self) -> Beyond {
        let Some(position) = &self.page.position else {
            return Beyond(Vec::new());
        };
        let bounds = self.sort.iter().zip(&position.keys).map(|(sort, key)| Bound {
            expression: sort.column.expression(),
            is_descending: self.is_descending(*sort),
            key: key.clone(),
        });
        Beyond(bounds.collect())
    }

    /// The order in which rows are read: backwards for a page that ends before a row.
    pub(crate) fn order(&self) -> Order {
        let parts = self
            .sort
            .iter()
            .map(|sort| (sort.column.expression(), self.is_descending(*sort)));
        Order(parts.collect())
    }
}

impl<C: Copy + PartialEq> Walk<C> {
    fn through(wanted: &[SortBy<C>], id: C, page: &Page) -> Self {
        let by_id = SortBy {
            column: id,
            is_descending: wanted.last().is_some_and(|last| last.is_descending),
        };
        let mut sort: Vec<SortBy<C>> = Vec::new();
        for next in wanted.iter().chain([&by_id]) {
            let is_new = sort.iter().all(|known| known.column != next.column);
            let is_open = sort.iter().all(|known| known.column != id);
            if is_new && is_open {
                sort.push(*next);
            }
        }
        let mut page = page.clone();
        // The keys of another order cannot come here, but for a link that was made before an update.
        let is_ours = |position: &Position| position.keys.len() == sort.len();
        page.position = page.position.filter(is_ours);
        Self {
            sort,
            page,
            is_whole: false,
        }
    }

    /// One row more than the page has, which tells whether more follow; none where the page lies too deep.
    pub(crate) fn limit(&self) -> i64 {
        if self.page.is_deep() {
            0
        } else {
            self.page.size.saturating_add(1)
        }
    }

    /// How many rows are left out.
    pub(crate) fn offset(&self) -> i64 {
        match self.page.position {
            Some(_) => 0,
            None if self.page.is_deep() => 0,
            None => self.page.offset(),
        }
    }

    /// Both in SQL.
    pub(crate) fn cut(&self) -> Cut {
        Cut::new(self.limit(), self.offset(), self.is_whole)
    }

    /// The first so many rows in SQL.
    pub(crate) fn cut_at(&self, rows: i64) -> Cut {
        Cut::new(rows, 0, self.is_whole)
    }

    /// How many rows are read, with those that are left out.
    pub(crate) fn reach(&self) -> i64 {
        self.offset().saturating_add(self.limit())
    }

    /// Whether so many rows are all that were asked for.
    pub(crate) fn is_full(&self, rows: usize) -> bool {
        i64::try_from(rows).unwrap_or(i64::MAX) >= self.limit()
    }

    /// Whether it is for the first page.
    pub(crate) fn is_first(&self) -> bool {
        self.page.position.is_none() && self.page.offset() == 0
    }

    /// The length of the list, if these are all of its rows.
    pub(crate) fn length_of_only(&self, rows: usize) -> Option<i64> {
        (self.is_first() && !self.is_full(rows)).then(|| i64::try_from(rows).unwrap_or(i64::MAX))
    }

    /// Which of two rows is read first.
    pub(crate) fn compare<T>(&self, left: &T, right: &T, key: impl Fn(C, &T) -> Key) -> Ordering {
        self.compare_keys(&self.keys(left, &key), &self.keys(right, &key))
    }

    fn compare_keys(&self, left: &[Key], right: &[Key]) -> Ordering {
        let orders = self
            .sort
            .iter()
            .zip(left.iter().zip(right))
            .map(|(sort, (left, right))| {
                let order = left.cmp(right);
                if self.is_descending(*sort) {
                    order.reverse()
                } else {
                    order
                }
            });
        orders.fold(Ordering::Equal, Ordering::then)
    }

    fn keys<T>(&self, row: &T, key: impl Fn(C, &T) -> Key) -> Vec<Key> {
        self.sort.iter().map(|sort| key(sort.column, row)).collect()
    }

    /// The page of the rows that were read.
    pub(crate) fn listed<T>(&self, mut rows: Vec<T>, total: i64, key: impl Fn(C, &T) -> Key) -> Listed<T> {
        let size = usize::try_from(self.page.size).unwrap_or(usize::MAX);
        let is_more = rows.len() > size;
        rows.truncate(size);
        let (is_more_before, is_more_after) = match self.side() {
            None => (self.page.number > 1, is_more),
            Some(Side::After) => (true, is_more),
            Some(Side::Before) => {
                rows.reverse();
                (is_more, true)
            }
        };
        let beside = |row: Option<&T>, side| {
            let position = |row: &T| Position {
                side,
                keys: self.keys(row, &key),
            };
            row.map(position)
        };
        let previous = beside(rows.first().filter(|_| is_more_before), Side::Before);
        let next = beside(rows.last().filter(|_| is_more_after), Side::After);
        Listed {
            rows,
            total,
            previous,
            next,
        }
    }

    fn side(&self) -> Option<Side> {
        self.page.position.as_ref().map(|position| position.side)
    }

    fn is_descending(&self, sort: SortBy<C>) -> bool {
        match self.side() {
            Some(Side::Before) => !sort.is_descending,
            Some(Side::After) | None => sort.is_descending,
        }
    }
}

/// The page of a list whose rows are all at hand, in the order of `sort`, at last by `id`: for those that no query can sort, since who
/// looks decides what they show. It is found by its keys as any other.
pub fn page_of<C: Copy + PartialEq, T>(
    rows: Vec<T>,
    (sort, id): (&[SortBy<C>], C),
    page: &Page,
    key: impl Fn(C, &T) -> Key,
) -> Listed<T> {
    let walk = Walk::through(sort, id, page);
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let keyed = rows.into_iter().map(|row| (walk.keys(&row, &key), row));
    let mut keyed: Vec<_> = match &walk.page.position {
        Some(position) => keyed
            .filter(|(keys, _)| walk.compare_keys(keys, &position.keys) == Ordering::Greater)
            .collect(),
        None => keyed.collect(),
    };
    keyed.sort_by(|(left, _), (right, _)| walk.compare_keys(left, right));
    let [offset, limit] = [walk.offset(), walk.limit()].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let read = keyed.into_iter().map(|(_, row)| row).skip(offset).take(limit);
    walk.listed(read.collect(), total, key)
}

/// `ORDER BY` of a list.
#[derive(Debug, Clone)]
pub(crate) struct Order(Vec<(&'static str, bool)>);

/// The rows beyond another; all rows without one.
#[derive(Debug, Clone)]
pub(crate) struct Beyond(Vec<Bound>);

#[derive(Debug, Clone)]
struct Bound {
    expression: &'static str,
    is_descending: bool,
    key: Key,
}

macro_rules! expressions {
    ($($name:ident: $type:ty;)+) => {$(
        impl Expression for $name {
            type SqlType = $type;
        }

        impl<Source: ?Sized> AppearsOnTable<Source> for $name {}

        impl<Source: ?Sized> SelectableExpression<Source> for $name {}

        impl<Grouping> ValidGrouping<Grouping> for $name {
            type IsAggregate = is_aggregate::No;
        }

        /// Its text depends on what is asked.
        impl QueryId for $name {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )+};
}

expressions! {
    Order: diesel::expression::expression_types::NotSelectable;
    Beyond: Bool;
}

impl<DB: Backend> QueryFragment<DB> for Order {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (index, (expression, is_descending)) in self.0.iter().enumerate() {
            pass.push_sql(if index > 0 { ", " } else { "" });
            pass.push_sql(expression);
            pass.push_sql(if *is_descending { " DESC" } else { " ASC" });
        }
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for Beyond
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Date> + HasSqlType<Text> + HasSqlType<Timestamp>,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    chrono::NaiveDate: ToSql<Date, DB>,
    chrono::NaiveDateTime: ToSql<Timestamp, DB>,
{
    /// Where all columns run one way, as a comparison of rows, else column by column. The bound on the first column stands
    /// by itself, for an index that begins with it.
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some(first) = self.0.first() else {
            pass.push_sql("TRUE");
            return Ok(());
        };
        pass.push_sql("(");
        pass.push_sql(first.expression);
        pass.push_sql(if first.is_descending { " <= " } else { " >= " });
        first.push_key(&mut pass)?;
        pass.push_sql(" AND ");
        if self.0.iter().all(|bound| bound.is_descending == first.is_descending) {
            pass.push_sql("(");
            for (index, bound) in self.0.iter().enumerate() {
                pass.push_sql(if index > 0 { ", " } else { "" });
                pass.push_sql(bound.expression);
            }
            pass.push_sql(if first.is_descending { ") < (" } else { ") > (" });
            for (index, bound) in self.0.iter().enumerate() {
                pass.push_sql(if index > 0 { ", " } else { "" });
                bound.push_key(&mut pass)?;
            }
            pass.push_sql(")");
        } else {
            pass.push_sql("(");
            for (index, bound) in self.0.iter().enumerate() {
                pass.push_sql(if index > 0 { " OR (" } else { "(" });
                for equal in self.0.iter().take(index) {
                    pass.push_sql(equal.expression);
                    pass.push_sql(" = ");
                    equal.push_key(&mut pass)?;
                    pass.push_sql(" AND ");
                }
                pass.push_sql(bound.expression);
                pass.push_sql(if bound.is_descending { " < " } else { " > " });
                bound.push_key(&mut pass)?;
                pass.push_sql(")");
            }
            pass.push_sql(")");
        }
        pass.push_sql(")");
        Ok(())
    }
}

impl Bound {
    fn push_key<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt> + HasSqlType<Date> + HasSqlType<Text> + HasSqlType<Timestamp>,
        i64: ToSql<BigInt, DB>,
        String: ToSql<Text, DB>,
        chrono::NaiveDate: ToSql<Date, DB>,
        chrono::NaiveDateTime: ToSql<Timestamp, DB>,
    {
        match &self.key {
            Key::Number(number) => pass.push_bind_param::<BigInt, _>(number),
            Key::Text(text) => pass.push_bind_param::<Text, _>(text),
            Key::Day(day) => pass.push_bind_param::<Date, _>(day),
            Key::Time(time) => pass.push_bind_param::<Timestamp, _>(time),
        }
    }
}
