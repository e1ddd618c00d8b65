//! Whether sales cost what their lines say.

use savdo_domain::Money;
use savdo_domain::ids::SaleId;
use savdo_domain::sale::spread;
use savdo_persistence::Reader;
use savdo_persistence::verify::{PricedLineView, PricedSaleView, priced_sales_unscoped};

use super::{Difference, walk};
use crate::Result;

pub(super) fn wrong(reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let id_of = |sale: &PricedSaleView| sale.sale_id;
    walk(reader, SaleId::new(0), priced_sales_unscoped, id_of, |_, sales| {
        Ok(sales.iter().flat_map(judge).collect())
    })
}

/// Each line is worth its quantity at the price less the discount of a unit, and bears its share of the sale's discount.
fn judge(sale: &PricedSaleView) -> Vec<Difference> {
    let worth = |line: &PricedLineView| {
        line.original_price
            .checked_sub(line.discount_per_unit)?
            .times(line.quantity)
    };
    let totals: Vec<Money> = sale.lines.iter().map(|line| line.line_total).collect();
    let shares = spread::shares(sale.discount_amount, &totals).unwrap_or_default();
    let mut differences = Vec::new();
    for (position, line) in sale.lines.iter().enumerate() {
        let rule = "it costs its quantity at the price less the discount of a unit";
        differences.extend(difference(line, rule, worth(line), line.line_total));
        let share = shares.get(position).copied();
        let after = share.and_then(|share| line.line_total.checked_sub(share));
        let rule = "it bears its share of the sale's discount";
        differences.extend(difference(line, rule, after, line.total_price));
    }
    differences
}

fn difference(line: &PricedLineView, rule: &'static str, expected: Option<Money>, found: Money) -> Option<Difference> {
    (expected != Some(found)).then(|| Difference {
        table: "sale_lines",
        id: line.id.get(),
        rule,
        expected: expected.map_or_else(|| "an amount that fits".to_owned(), |amount| amount.tiyin().to_string()),
        found: found.tiyin().to_string(),
    })
}
