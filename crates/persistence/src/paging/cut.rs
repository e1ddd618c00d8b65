//! How many rows a statement reads, and how many it leaves out.
//!
//! PostgreSQL plans a prepared statement once only where it knows nothing better by its values, and it always hopes for a small limit: a
//! statement whose limit is bound is planned anew for everybody, which takes longer than the work of a short page. So the limit stands in
//! the text where a whole list is read from its beginning, or from a row on. Its order has an index, which no value leads away from;
//! what is only counted has none, and is planned by its values.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType};

/// The limits that are written: of the pages of clients who do not choose, today's and the older ones', with the row that tells whether more
/// follow. Each is a statement of its own to every connection.
const WRITTEN: [i64; 3] = [21, 101, 1_001];

/// `LIMIT` and `OFFSET` of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    limit: i64,
    offset: i64,
    is_written: bool,
}

impl Cut {
    /// `is_whole`: the list is narrowed by nothing but its scope.
    pub(super) fn new(limit: i64, offset: i64, is_whole: bool) -> Self {
        Self {
            limit,
            offset,
            is_written: is_whole && offset == 0 && WRITTEN.contains(&limit),
        }
    }
}

/// A query that reads the rows of a page alone.
#[derive(Debug, Clone)]
pub(crate) struct CutTo<Q> {
    query: Q,
    cut: Cut,
}

/// Any query with an order.
pub(crate) trait Cutting: Query + Sized {
    /// The page of it.
    fn cut_to(self, cut: Cut) -> CutTo<Self> {
        CutTo { query: self, cut }
    }
}

impl<Q: Query> Cutting for Q {}

impl<Q: Query> Query for CutTo<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Connection> diesel::RunQueryDsl<Connection> for CutTo<Q> {}

/// Its text depends on what is asked.
impl<Q> QueryId for CutTo<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, DB> QueryFragment<DB> for CutTo<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
    Cut: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(pass.reborrow())?;
        self.cut.walk_ast(pass)
    }
}

impl<DB> QueryFragment<DB> for Cut
where
    DB: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(" LIMIT ");
        if self.is_written {
            pass.push_sql(&self.limit.to_string());
            return Ok(());
        }
        pass.push_bind_param::<BigInt, _>(&self.limit)?;
        pass.push_sql(" OFFSET ");
        pass.push_bind_param::<BigInt, _>(&self.offset)
    }
}
