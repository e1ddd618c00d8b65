//! Rows by their ids, however many: one plan for all lengths of the list, prepared once.
//!
//! `eq_any` is planned anew each time on PostgreSQL, which looks into the list, and never prepared on SQLite, where each id is a
//! bind of its own. Here the list is one bind on both, and no planner sees its length. A query with it is written for the
//! concrete connection, by `on_each!`.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel::sqlite::Sqlite;

/// Ids, as each database takes a list of them.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    list: Vec<i64>,
    /// As a JSON array.
    text: String,
}

impl FromIterator<i64> for Ids {
    fn from_iter<I: IntoIterator<Item = i64>>(ids: I) -> Self {
        let list: Vec<i64> = ids.into_iter().collect();
        let text: Vec<String> = list.iter().map(i64::to_string).collect();
        let text = format!("[{}]", text.join(","));
        Self { list, text }
    }
}

/// A column that holds one of some ids.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Among<'a, Column> {
    column: Column,
    ids: &'a Ids,
}

impl Ids {
    /// Whether the column holds one of them.
    pub(crate) const fn hold<Column: Expression<SqlType = BigInt>>(&self, column: Column) -> Among<'_, Column> {
        Among { column, ids: self }
    }

    /// Whether there are none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<Column: QueryId> QueryId for Among<'_, Column> {
    type QueryId = Among<'static, Column::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Column::HAS_STATIC_QUERY_ID;
}

impl<Column: Expression<SqlType = BigInt>> Expression for Among<'_, Column> {
    type SqlType = Bool;
}

impl<Source: ?Sized, Column: AppearsOnTable<Source> + Expression<SqlType = BigInt>> AppearsOnTable<Source>
    for Among<'_, Column>
{
}

impl<Source: ?Sized, Column: SelectableExpression<Source> + Expression<SqlType = BigInt>> SelectableExpression<Source>
    for Among<'_, Column>
{
}

impl<Grouping, Column> ValidGrouping<Grouping> for Among<'_, Column> {
    type IsAggregate = is_aggregate::Never;
}

/// The subquery hides the list, the cast keeps it an array.
impl<Column: QueryFragment<Pg>> QueryFragment<Pg> for Among<'_, Column> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY ((SELECT ");
        out.push_bind_param::<Array<BigInt>, _>(&self.ids.list)?;
        out.push_sql(")::bigint[])");
        Ok(())
    }
}

impl<Column: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<'_, Column> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.ids.text)?;
        out.push_sql("))");
        Ok(())
    }
}
