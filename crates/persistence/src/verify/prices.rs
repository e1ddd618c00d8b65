//! What sales cost, line by line, for the domain to judge.

use diesel::prelude::*;
use savdo_domain::ids::{SaleId, SaleLineId};
use savdo_domain::{Money, Quantity};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{sale_lines, sales};

/// A sale and its lines, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedSaleView {
    /// The sale.
    pub sale_id: SaleId,
    /// Its own discount.
    pub discount_amount: Money,
    /// Its lines.
    pub lines: Vec<PricedLineView>,
}

/// What a line costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLineView {
    /// The line.
    pub id: SaleLineId,
    /// How much was sold.
    pub quantity: Quantity,
    /// The price of a unit before discount.
    pub original_price: Money,
    /// The line's discount on a unit.
    pub discount_per_unit: Money,
    /// The line before the sale's discount.
    pub line_total: Money,
    /// The line after its share in it.
    pub total_price: Money,
}

type LineRow = (i64, i64, i64, i64, i64, i64, i64);

/// The next sales after `after`, at most `count`; of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement.
pub fn priced_sales_unscoped(reader: &mut Reader<'_>, after: SaleId, count: i64) -> Result<Vec<PricedSaleView>, Error> {
    let found = reader.statement("verify_sales", |on| {
        sales::table
            .filter(sales::id.gt(after.get()))
            .select((sales::id, sales::discount_amount))
            .order(sales::id)
            .limit(count)
            .load::<(i64, i64)>(on)
    })?;
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let lines = reader.statement("verify_sale_lines", |on| {
        sale_lines::table
            .inner_join(
                sales::table.on(sales::store_id
                    .eq(sale_lines::store_id)
                    .and(sales::id.eq(sale_lines::sale_id))),
            )
            .filter(sales::id.gt(after.get()))
            .filter(sales::id.le(ids.last().copied().unwrap_or(after.get())))
            .select((
                sale_lines::sale_id,
                sale_lines::id,
                sale_lines::quantity,
                sale_lines::original_price,
                sale_lines::discount_per_unit,
                sale_lines::line_total,
                sale_lines::total_price,
            ))
            .order((sale_lines::sale_id, sale_lines::line_number, sale_lines::id))
            .load::<LineRow>(on)
    })?;
    let mut lines = lines.into_iter().peekable();
    let sales = found.into_iter().map(|(id, discount_amount)| PricedSaleView {
        sale_id: SaleId::new(id),
        discount_amount: columns::money(discount_amount),
        lines: std::iter::from_fn(|| lines.next_if(|(of, ..)| *of == id))
            .map(line)
            .collect(),
    });
    Ok(sales.collect())
}

fn line((_, id, quantity, original_price, discount_per_unit, line_total, total_price): LineRow) -> PricedLineView {
    PricedLineView {
        id: SaleLineId::new(id),
        quantity: Quantity::from_thousandths(quantity),
        original_price: columns::money(original_price),
        discount_per_unit: columns::money(discount_per_unit),
        line_total: columns::money(line_total),
        total_price: columns::money(total_price),
    }
}
