//! The question of the public list whether a product is in stock, as a piece of SQL.

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType, Text};
use savdo_domain::Quantity;

/// Whether at least a piece can be sold, on the day that it is in the store: the level's summary while it holds, else the
/// batches (the same law as `stock::Level`).
#[derive(Debug, Clone)]
pub(super) struct InStock {
    /// The day that it is now in each time zone of the stores.
    pub(super) days: Vec<(String, NaiveDate)>,
}

impl Expression for InStock {
    type SqlType = Bool;
}

impl<Source: ?Sized> AppearsOnTable<Source> for InStock {}

impl<Source: ?Sized> SelectableExpression<Source> for InStock {}

impl<Grouping> ValidGrouping<Grouping> for InStock {
    type IsAggregate = is_aggregate::No;
}

/// Its text grows with the zones.
impl QueryId for InStock {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for InStock
where
    DB: Backend + HasSqlType<Text> + HasSqlType<Date> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    NaiveDate: ToSql<Date, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("coalesce(CASE");
        for (zone, day) in &self.days {
            pass.push_sql(" WHEN stores.timezone = ");
            pass.push_bind_param::<Text, _>(zone)?;
            pass.push_sql(" AND (stock_levels.nearest_expiry IS NULL OR stock_levels.nearest_expiry >= ");
            pass.push_bind_param::<Date, _>(day)?;
            pass.push_sql(") THEN stock_levels.sellable WHEN stores.timezone = ");
            pass.push_bind_param::<Text, _>(zone)?;
            pass.push_sql(
                " THEN (SELECT sum(batch.quantity_left) FROM stock_batches AS batch \
                 WHERE batch.store_id = stock_levels.store_id AND batch.location_id = stock_levels.location_id \
                 AND batch.product_id = stock_levels.product_id AND NOT batch.is_spent AND NOT batch.is_blocked \
                 AND (batch.expires_on IS NULL OR batch.expires_on >= ",
            );
            pass.push_bind_param::<Date, _>(day)?;
            pass.push_sql("))");
        }
        pass.push_sql(" ELSE 0 END >= ");
        pass.push_bind_param::<BigInt, _>(&ONE_PIECE)?;
        pass.push_sql(", FALSE)");
        Ok(())
    }
}

static ONE_PIECE: i64 = Quantity::ONE.thousandths();
