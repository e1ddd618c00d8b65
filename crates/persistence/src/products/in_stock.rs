//! The question of the public list whether a product is in stock, as a piece of SQL.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType};
use savdo_domain::Quantity;

use super::sellers::Seller;

/// Whether at least a piece can be sold, on the day that it is in the store: the level's summary while it holds, else the
/// batches (the same law as `stock::Level`).
#[derive(Debug, Clone)]
pub(super) struct InStock {
    /// The branches that serve, by the day that it is there now, as SQL names them.
    locations: Vec<(NaiveDate, String)>,
}

impl InStock {
    pub(super) fn new(sellers: &[Seller]) -> Self {
        let mut locations: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
        for seller in sellers {
            let named = seller.location_id.map(|id| id.to_string());
            locations.entry(seller.day).or_default().extend(named);
        }
        let named = locations.into_iter().map(|(day, ids)| (day, ids.join(", ")));
        Self {
            locations: named.filter(|(_, ids)| !ids.is_empty()).collect(),
        }
    }
}

impl Expression for InStock {
    type SqlType = Bool;
}

impl<Source: ?Sized> AppearsOnTable<Source> for InStock {}

impl<Source: ?Sized> SelectableExpression<Source> for InStock {}

impl<Grouping> ValidGrouping<Grouping> for InStock {
    type IsAggregate = is_aggregate::No;
}

/// Its text names the branches.
impl QueryId for InStock {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for InStock
where
    DB: Backend + HasSqlType<Date> + HasSqlType<BigInt>,
    NaiveDate: ToSql<Date, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(
            "EXISTS (SELECT 1 FROM stock_levels AS level \
             WHERE level.store_id = products.store_id AND level.product_id = products.id AND (FALSE",
        );
        for (day, locations) in &self.locations {
            pass.push_sql(" OR (level.location_id IN (");
            pass.push_sql(locations);
            pass.push_sql(") AND CASE WHEN level.nearest_expiry IS NULL OR level.nearest_expiry >= ");
            pass.push_bind_param::<Date, _>(day)?;
            pass.push_sql(
                " THEN level.sellable ELSE (SELECT coalesce(sum(batch.quantity_left), 0) FROM stock_batches AS batch \
                 WHERE batch.store_id = level.store_id AND batch.location_id = level.location_id \
                 AND batch.product_id = level.product_id AND NOT batch.is_spent AND NOT batch.is_blocked \
                 AND (batch.expires_on IS NULL OR batch.expires_on >= ",
            );
            pass.push_bind_param::<Date, _>(day)?;
            pass.push_sql(")) END >= ");
            pass.push_bind_param::<BigInt, _>(&ONE_PIECE)?;
            pass.push_sql(")");
        }
        pass.push_sql("))");
        Ok(())
    }
}

static ONE_PIECE: i64 = Quantity::ONE.thousandths();
