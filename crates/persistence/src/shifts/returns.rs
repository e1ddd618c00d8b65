//! Returns that were confirmed in a shift, summed by who had sold the goods.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text};
use savdo_domain::ids::{ShiftId, WorkerId};
use savdo_domain::shift::{ReturnedGoods, ReturnsOf};

use crate::columns;
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;
use crate::prepared::{cached, statement};
use crate::shifts::documents::Shifts;
use crate::workers::full_name;

/// The returns of shifts, whatever shift sold the goods.
pub(super) fn of_shifts(reader: &mut Reader<'_>, shifts: &Shifts) -> Result<Vec<(ShiftId, ReturnsOf)>, Error> {
    let rows: Vec<ReturnsRow> = reader.statement("shift_returns", |on| on_each!(on, |c| Returns(shifts).load(c)))?;
    let of_shift = |row: ReturnsRow| (ShiftId::new(row.shift_id), ReturnsOf::from(row));
    Ok(rows.into_iter().map(of_shift).collect())
}

struct Returns<'a>(&'a Shifts);

cached!(Returns -> (BigInt, BigInt, Text, Text, Nullable<Text>, BigInt, BigInt, BigInt, BigInt));

impl<Db> QueryFragment<Db> for Returns<'_>
where
    Db: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT back.shift_id, sale.worker_id, person.first_name, person.last_name, person.username, COUNT(*), \
             CAST(SUM(back.refund_cash) AS BIGINT), CAST(SUM(back.refund_card) AS BIGINT), \
             CAST(SUM(back.refund_debt) AS BIGINT) \
             FROM sale_returns AS back \
             JOIN sales AS sale ON sale.store_id = back.store_id AND sale.id = back.sale_id \
             JOIN workers AS worker ON worker.store_id = sale.store_id AND worker.id = sale.worker_id \
             JOIN users AS person ON person.id = worker.user_id \
             WHERE back.store_id = " (BigInt, &self.0.store_id)
            " AND back.shift_id >= " (BigInt, &self.0.first)
            " AND back.shift_id <= " (BigInt, &self.0.last)
            " AND back.status = 'confirmed' \
             GROUP BY back.shift_id, sale.worker_id, person.first_name, person.last_name, person.username \
             ORDER BY back.shift_id, sale.worker_id"
        )
    }
}

#[derive(Queryable)]
struct ReturnsRow {
    shift_id: i64,
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
            shift_id: _,
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
