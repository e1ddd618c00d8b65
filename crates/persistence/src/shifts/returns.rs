//! Returns that were confirmed in a shift, summed by who had sold the goods.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text};
use savdo_domain::ids::WorkerId;
use savdo_domain::shift::{ReturnedGoods, ReturnsOf};

use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::prepared::{cached, statement};
use crate::workers::full_name;

/// The returns of a shift, whatever shift sold the goods.
pub(super) fn of_shift(reader: &mut Reader<'_>, store_id: i64, shift_id: i64) -> Result<Vec<ReturnsOf>, Error> {
    let returns = Returns {
        store_id: &store_id,
        shift_id,
    };
    let rows: Vec<ReturnsRow> = reader.statement("shift_returns", |on| on_each!(on, |c| returns.load(c)))?;
    Ok(rows.into_iter().map(ReturnsOf::from).collect())
}

struct Returns<'a> {
    store_id: &'a i64,
    shift_id: i64,
}

cached!(Returns -> (BigInt, Text, Text, Nullable<Text>, BigInt, BigInt, BigInt, BigInt));

impl<Db> QueryFragment<Db> for Returns<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT sale.worker_id, person.first_name, person.last_name, person.username, COUNT(*), \
             CAST(SUM(back.refund_cash) AS BIGINT), CAST(SUM(back.refund_card) AS BIGINT), \
             CAST(SUM(back.refund_debt) AS BIGINT) \
             FROM sale_returns AS back \
             JOIN sales AS sale ON sale.store_id = back.store_id AND sale.id = back.sale_id \
             JOIN workers AS worker ON worker.store_id = sale.store_id AND worker.id = sale.worker_id \
             JOIN users AS person ON person.id = worker.user_id \
             WHERE back.store_id = " (BigInt, self.store_id)
            " AND back.shift_id = " (BigInt, &self.shift_id)
            " AND back.status = 'confirmed' \
             GROUP BY sale.worker_id, person.first_name, person.last_name, person.username ORDER BY sale.worker_id"
        )
    }
}

#[derive(Queryable)]
struct ReturnsRow {
    worker_id: i64,
    first_name: String,
    last_name: String,
    username: Option<String>,
    count: i64,
    cash: i64,
    card: i64,
    debt: i64,
}

impl From<ReturnsRow> for ReturnsOf {
    fn from(row: ReturnsRow) -> Self {
        let ReturnsRow {
            worker_id,
            first_name,
            last_name,
            username,
            count,
            cash,
            card,
            debt,
        } = row;
        Self {
            worker_id: WorkerId::new(worker_id),
            name: full_name(&first_name, &last_name, username.as_deref().unwrap_or_default()),
            count,
            refunds: ReturnedGoods {
                cash: columns::money(cash),
                card: columns::money(card),
                debt: columns::money(debt),
            },
        }
    }
}
