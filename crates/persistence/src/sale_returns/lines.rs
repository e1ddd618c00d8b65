//! Writing the lines of a return: one statement on PostgreSQL, one a line on SQLite.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt};
use savdo_domain::ids::{SaleReturnId, StoreId};

use crate::prepared::{cached, given};
use crate::sale_returns::settle::SettledLine;
use crate::sale_returns::write::NewReturnLine;
use crate::schema::{sale_lines, sale_return_lines};

pub(super) fn insert_line(
    connection: &mut SqliteConnection,
    store_id: StoreId,
    id: SaleReturnId,
    number: i64,
    line: &NewReturnLine,
) -> QueryResult<usize> {
    diesel::insert_into(sale_return_lines::table)
        .values((
            sale_return_lines::store_id.eq(store_id.get()),
            sale_return_lines::return_id.eq(id.get()),
            sale_return_lines::line_number.eq(number),
            sale_return_lines::sale_line_id.eq(line.sale_line_id.get()),
            sale_return_lines::quantity.eq(line.quantity.thousandths()),
            sale_return_lines::total_price.eq(line.total_price.tiyin()),
            sale_return_lines::cost.eq(0),
        ))
        .execute(connection)
}

/// Binds: 1 store, 2 return; by line 3 line of the sale, 4 quantity, 5 amount.
pub(super) struct InsertLines<'a> {
    store_id: &'a i64,
    return_id: i64,
    sale_line_id: Vec<i64>,
    quantity: Vec<i64>,
    total_price: Vec<i64>,
}

impl<'a> InsertLines<'a> {
    pub(super) fn new(store_id: &'a i64, id: SaleReturnId, lines: &[NewReturnLine]) -> Self {
        let numbers = |of: fn(&NewReturnLine) -> i64| lines.iter().map(of).collect();
        Self {
            store_id,
            return_id: id.get(),
            sale_line_id: numbers(|line| line.sale_line_id.get()),
            quantity: numbers(|line| line.quantity.thousandths()),
            total_price: numbers(|line| line.total_price.tiyin()),
        }
    }
}

cached!(InsertLines);

impl QueryFragment<Pg> for InsertLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, self.store_id),
                (BigInt, &self.return_id),
                (Array<BigInt>, &self.sale_line_id),
                (Array<BigInt>, &self.quantity),
                (Array<BigInt>, &self.total_price),
            ],
            "INSERT INTO sale_return_lines (store_id, return_id, line_number, sale_line_id, quantity, total_price, cost) \
             SELECT $1, $2, line.position, line.sale_line_id, line.quantity, line.total_price, 0 \
             FROM unnest((SELECT $3), (SELECT $4), (SELECT $5)) WITH ORDINALITY \
             AS line (sale_line_id, quantity, total_price, position) ORDER BY line.position"
        )
    }
}

/// Fixes one line and takes its quantity of the line of the sale; how many of the two rows were as they should.
pub(super) fn settle_line(
    connection: &mut SqliteConnection,
    store_id: StoreId,
    id: SaleReturnId,
    line: &SettledLine,
) -> QueryResult<usize> {
    let fixed = diesel::update(
        sale_return_lines::table
            .filter(sale_return_lines::store_id.eq(store_id.get()))
            .filter(sale_return_lines::return_id.eq(id.get()))
            .filter(sale_return_lines::sale_line_id.eq(line.sale_line_id.get()))
            .filter(sale_return_lines::quantity.eq(line.quantity.thousandths())),
    )
    .set((
        sale_return_lines::total_price.eq(line.total_price.tiyin()),
        sale_return_lines::cost.eq(line.cost.tiyin()),
    ))
    .execute(connection)?;
    let before = sale_lines::returned_quantity + line.quantity.thousandths();
    let taken = diesel::update(
        sale_lines::table
            .filter(sale_lines::store_id.eq(store_id.get()))
            .filter(sale_lines::id.eq(line.sale_line_id.get()))
            .filter(before.le(sale_lines::quantity)),
    )
    .set(sale_lines::returned_quantity.eq(sale_lines::returned_quantity + line.quantity.thousandths()))
    .execute(connection)?;
    Ok(fixed + taken)
}

/// Binds: 1 store, 2 return; by line 3 line of the sale, 4 quantity, 5 amount, 6 cost.
pub(super) struct SettleLines<'a> {
    store_id: &'a i64,
    return_id: i64,
    sale_line_id: Vec<i64>,
    quantity: Vec<i64>,
    total_price: Vec<i64>,
    cost: Vec<i64>,
}

impl<'a> SettleLines<'a> {
    pub(super) fn new(store_id: &'a i64, id: SaleReturnId, lines: &[SettledLine]) -> Self {
        let numbers = |of: fn(&SettledLine) -> i64| lines.iter().map(of).collect();
        Self {
            store_id,
            return_id: id.get(),
            sale_line_id: numbers(|line| line.sale_line_id.get()),
            quantity: numbers(|line| line.quantity.thousandths()),
            total_price: numbers(|line| line.total_price.tiyin()),
            cost: numbers(|line| line.cost.tiyin()),
        }
    }
}

cached!(SettleLines -> BigInt);

impl QueryFragment<Pg> for SettleLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, self.store_id),
                (BigInt, &self.return_id),
                (Array<BigInt>, &self.sale_line_id),
                (Array<BigInt>, &self.quantity),
                (Array<BigInt>, &self.total_price),
                (Array<BigInt>, &self.cost),
            ],
            ", line AS (\
                SELECT * FROM unnest((SELECT $3), (SELECT $4), (SELECT $5), (SELECT $6)) \
                AS line (sale_line_id, quantity, total_price, cost)\
            ), fixed AS (\
                UPDATE sale_return_lines AS back SET total_price = line.total_price, cost = line.cost FROM line \
                WHERE back.store_id = $1 AND back.return_id = $2 AND back.sale_line_id = line.sale_line_id \
                    AND back.quantity = line.quantity RETURNING 1\
            ), taken AS (\
                UPDATE sale_lines AS sold SET returned_quantity = sold.returned_quantity + line.quantity FROM line \
                WHERE sold.store_id = $1 AND sold.id = line.sale_line_id \
                    AND sold.returned_quantity + line.quantity <= sold.quantity RETURNING 1\
            ) SELECT (SELECT COUNT(*) FROM fixed) + (SELECT COUNT(*) FROM taken)"
        )
    }
}
