//! Pieces of SQL without values, which both databases understand alike.
//!
//! For what Diesel cannot say: scalar subqueries over other rows, casts of sums. Unlike `sql()` the text is part of the type, so
//! that a statement with such a piece is prepared once. A piece names its tables in full; the query around it brings them.

/// Declares a piece of SQL as an expression of a type.
macro_rules! fragments {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $text:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, diesel::query_builder::QueryId)]
        pub(crate) struct $name;

        impl diesel::expression::Expression for $name {
            type SqlType = $type;
        }

        impl<Source: ?Sized> diesel::expression::AppearsOnTable<Source> for $name {}

        impl<Source: ?Sized> diesel::expression::SelectableExpression<Source> for $name {}

        impl<Grouping> diesel::expression::ValidGrouping<Grouping> for $name {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl<DB: diesel::backend::Backend> diesel::query_builder::QueryFragment<DB> for $name {
            fn walk_ast<'b>(&'b self, mut pass: diesel::query_builder::AstPass<'_, 'b, DB>) -> diesel::QueryResult<()> {
                pass.push_sql($text);
                Ok(())
            }
        }
    )+};
}

pub(crate) use fragments;
