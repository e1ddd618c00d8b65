//! Writing the lines of a sale: one statement on PostgreSQL, one a line on SQLite.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Text};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{SaleId, StoreId};

use crate::prepared::{cached, given};
use crate::sales::write::NewSaleLine;
use crate::schema::sale_lines;

/// So'm, the only currency yet.
const UZS: i64 = 1;

pub(super) fn insert_line(
    connection: &mut SqliteConnection,
    store_id: StoreId,
    sale_id: SaleId,
    number: i64,
    line: &NewSaleLine<'_>,
) -> QueryResult<i64> {
    let priced = line.priced;
    diesel::insert_into(sale_lines::table)
        .values((
            sale_lines::store_id.eq(store_id.get()),
            sale_lines::sale_id.eq(sale_id.get()),
            sale_lines::line_number.eq(number),
            sale_lines::product_id.eq(line.product_id.get()),
            sale_lines::product_name.eq(line.product_name),
            sale_lines::unit.eq(line.unit.code()),
            sale_lines::quantity.eq(priced.quantity.thousandths()),
            sale_lines::original_price.eq(priced.original_price.tiyin()),
            sale_lines::discount_percent.eq(priced.discount_percent.hundredths()),
            sale_lines::discount_per_unit.eq(priced.discount_per_unit.tiyin()),
            sale_lines::discount_source.eq(priced.source.code()),
            sale_lines::currency_id.eq(UZS),
            sale_lines::line_total.eq(priced.line_total.tiyin()),
            sale_lines::total_price.eq(priced.total_price.tiyin()),
            sale_lines::cost.eq(line.cost.tiyin()),
            sale_lines::returned_quantity.eq(0),
        ))
        .returning(sale_lines::id)
        .get_result(connection)
}

/// Binds: 1 store, 2 sale; by line 3 product, 4 name, 5 quantity, 6 original price, 7 discount percent, 8 discount per unit,
/// 9 discount source, 10 line total, 11 total, 12 cost, 13 unit; 14 the currency of all.
pub(super) struct InsertLines<'a> {
    store_id: i64,
    sale_id: i64,
    product_id: Vec<i64>,
    product_name: Vec<&'a str>,
    quantity: Vec<i64>,
    original_price: Vec<i64>,
    discount_percent: Vec<i64>,
    discount_per_unit: Vec<i64>,
    discount_source: Vec<&'a str>,
    line_total: Vec<i64>,
    total_price: Vec<i64>,
    cost: Vec<i64>,
    unit: Vec<&'static str>,
}

impl<'a> InsertLines<'a> {
    pub(super) fn new(store_id: StoreId, sale_id: SaleId, lines: &[NewSaleLine<'a>]) -> Self {
        let numbers = |of: fn(&NewSaleLine<'_>) -> i64| lines.iter().map(of).collect();
        Self {
            store_id: store_id.get(),
            sale_id: sale_id.get(),
            product_id: numbers(|line| line.product_id.get()),
            product_name: lines.iter().map(|line| line.product_name).collect(),
            quantity: numbers(|line| line.priced.quantity.thousandths()),
            original_price: numbers(|line| line.priced.original_price.tiyin()),
            discount_percent: numbers(|line| line.priced.discount_percent.hundredths()),
            discount_per_unit: numbers(|line| line.priced.discount_per_unit.tiyin()),
            discount_source: lines.iter().map(|line| line.priced.source.code()).collect(),
            line_total: numbers(|line| line.priced.line_total.tiyin()),
            total_price: numbers(|line| line.priced.total_price.tiyin()),
            cost: numbers(|line| line.cost.tiyin()),
            unit: lines.iter().map(|line| line.unit.code()).collect(),
        }
    }
}

cached!(InsertLines -> (BigInt, BigInt));

impl QueryFragment<Pg> for InsertLines<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        given!(
            out,
            [
                (BigInt, &self.store_id),
                (BigInt, &self.sale_id),
                (Array<BigInt>, &self.product_id),
                (Array<Text>, &self.product_name),
                (Array<BigInt>, &self.quantity),
                (Array<BigInt>, &self.original_price),
                (Array<BigInt>, &self.discount_percent),
                (Array<BigInt>, &self.discount_per_unit),
                (Array<Text>, &self.discount_source),
                (Array<BigInt>, &self.line_total),
                (Array<BigInt>, &self.total_price),
                (Array<BigInt>, &self.cost),
                (Array<Text>, &self.unit),
                (BigInt, &UZS),
            ],
            "INSERT INTO sale_lines (store_id, sale_id, line_number, product_id, product_name, quantity, original_price, \
             discount_percent, discount_per_unit, discount_source, currency_id, exchange_rate, line_total, total_price, \
             cost, returned_quantity, unit) \
             SELECT $1, $2, line.position, line.product_id, line.product_name, line.quantity, line.original_price, \
             line.discount_percent, line.discount_per_unit, line.discount_source, $14, NULL, line.line_total, \
             line.total_price, line.cost, 0, line.unit \
             FROM unnest((SELECT $3), (SELECT $4), (SELECT $5), (SELECT $6), (SELECT $7), (SELECT $8), (SELECT $9), \
             (SELECT $10), (SELECT $11), (SELECT $12), (SELECT $13)) WITH ORDINALITY AS line (product_id, product_name, quantity, \
             original_price, discount_percent, discount_per_unit, discount_source, line_total, total_price, cost, \
             unit, position) ORDER BY line.position RETURNING line_number, id"
        )
    }
}
