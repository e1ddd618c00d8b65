//! Statements that Diesel would not prepare once per connection by itself: changes, and those written by hand.
//!
//! [`Keep`] makes the text of a change its key. Of a statement written by hand a struct holds what is bound, its `QueryFragment` the text;
//! [`cached!`] makes its type the key, so that the text never depends on a value. On PostgreSQL binds that are used more than once come
//! first, in a CTE that nothing reads, and are named by number after; lists go through `unnest((SELECT $n))`, which hides their length from the
//! planner, so that one plan serves all.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// `UPDATE .. RETURNING ..`, [kept](Keep::kept): prepared once per connection and text. Diesel prepares an `UPDATE` each time, as one type may
/// have many texts, which costs a round trip, and a plan on PostgreSQL.
///
/// It has to answer rows: of what is only executed Diesel asks the change itself whether it may be kept.
pub(crate) trait Keep: Query + Sized {
    /// What is bound makes no other text, what is set or left out does. No list may be in it: the length of one is in its text.
    fn kept(self) -> Kept<Self> {
        Kept(self)
    }
}

impl<Change: Query> Keep for Change {}

/// See [`Keep`].
pub(crate) struct Kept<Change>(Change);

/// None of its type: the text is the key.
impl<Change> QueryId for Kept<Change> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Change: QueryFragment<Db>, Db: Backend> QueryFragment<Db> for Kept<Change> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Db) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Change: Query> Query for Kept<Change> {
    type SqlType = Change::SqlType;
}

impl<Change, Connection> RunQueryDsl<Connection> for Kept<Change> {}

/// Makes the type of a statement its key in the cache of prepared statements. With `-> (types)` it answers rows.
macro_rules! cached {
    ($name:ident) => {
        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<Connection> diesel::RunQueryDsl<Connection> for $name<'_> {}
    };
    ($name:ident -> $rows:ty) => {
        $crate::prepared::cached!($name);

        impl diesel::query_builder::Query for $name<'_> {
            type SqlType = $rows;
        }
    };
}

/// Writes a statement's text and binds in their order: `statement!(out, "WHERE id = " (BigInt, &self.id) " AND ..")`.
macro_rules! statement {
    ($out:ident, $($sql:literal $(($type:ty, $bind:expr))*)+) => {{
        $(
            $out.push_sql($sql);
            $($out.push_bind_param::<$type, _>($bind)?;)*
        )+
        Ok(())
    }};
}

/// Writes the binds of a PostgreSQL statement, in the order of their numbers, and then its text.
macro_rules! given {
    ($out:ident, [($first:ty, $bind:expr) $(, ($type:ty, $rest:expr))* $(,)?], $sql:expr) => {{
        $out.push_sql("WITH given AS (SELECT ");
        $out.push_bind_param::<$first, _>($bind)?;
        $(
            $out.push_sql(", ");
            $out.push_bind_param::<$type, _>($rest)?;
        )*
        $out.push_sql(") ");
        $out.push_sql($sql);
        Ok(())
    }};
}

pub(crate) use {cached, given, statement};

#[cfg(all(test, feature = "testing"))]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::InstrumentationEvent;

    use super::*;
    use crate::connection::AnyConnection;
    use crate::on_both;
    use crate::schema::stores;
    use crate::url::DatabaseUrl;

    on_both! {
        fn a_change_is_prepared_once_for_each_text_of_it(database: TestDatabase) {
            let mut on = match &database.settings().url {
                DatabaseUrl::Sqlite(_) => AnyConnection::Sqlite(database.sqlite()),
                DatabaseUrl::Postgres(_) => AnyConnection::Postgres(database.postgres()),
            };
            let prepared = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&prepared);
            on.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
            let mut rename = |phone: Option<&str>| {
                let phone = phone.map(|phone| stores::phone.eq(phone));
                let change = diesel::update(stores::table.find(1)).set((stores::name.eq("Do'kon"), phone));
                let changed = change.returning(stores::id).kept().get_result::<i64>(&mut on).optional();
                assert_eq!(changed, Ok(None));
                prepared.load(Ordering::Relaxed)
            };
            assert_eq!(rename(None), 1);
            assert_eq!(rename(None), 1);
            assert_eq!(rename(Some("+998907000001")), 2);
            assert_eq!(rename(Some("")), 2);
        }
    }
}
