//! Statements written by hand, which Diesel prepares once per connection.
//!
//! A struct holds what is bound, its `QueryFragment` the text; [`cached!`] makes its type the key of the prepared statement. So the
//! text never depends on a value. On PostgreSQL all binds come first, in a CTE that nothing reads, and are named by number
//! after; lists go through `unnest((SELECT $n))`, which hides their length from the planner, so that one plan serves all.

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
