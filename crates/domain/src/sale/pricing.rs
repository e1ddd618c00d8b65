//! What a sale costs.
//!
//! Each line is priced, the lines are summed, the sale's own discount is spread over them: `total_price` less
//! `discount_amount` is `net_total`, and the lines after their shares sum to it to the tiyin.

use crate::fields::{FieldErrors, FieldProblem};
use crate::money::Money;
use crate::percent::Percent;
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::sale::line_price::{AskedLine, DiscountSource, LinePrice};
use crate::sale::right::{Asked, PriceRight};
use crate::sale::spread;

/// A sale with all its prices, lines in the order they were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedSale {
    /// The lines.
    pub lines: Vec<PricedLine>,
    /// The sum of the lines before the sale's discount.
    pub total_price: Money,
    /// The sale's discount.
    pub discount_amount: Money,
    /// What is to be paid, above zero.
    pub net_total: Money,
}

/// A line with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// How much is sold.
    pub quantity: Quantity,
    /// The price of one unit before discount.
    pub original_price: Money,
    /// The line's discount as a share of it.
    pub discount_percent: Percent,
    /// The line's discount per unit.
    pub discount_per_unit: Money,
    /// Where the line's discount comes from.
    pub source: DiscountSource,
    /// The line before the sale's discount.
    pub line_total: Money,
    /// The line after its share in the sale's discount.
    pub total_price: Money,
    /// The same per unit, rounded half to even.
    pub unit_price: Money,
}

/// Prices a sale of `lines` with the sale's own `discount`.
///
/// # Errors
/// Field errors at `items`, `discount_amount` or across, and the [`SaleRefusal`](crate::sale::SaleRefusal)s about
/// prices.
pub fn price(lines: &[AskedLine], discount: Money, right: &PriceRight) -> Result<PricedSale, Refusal> {
    check_consistency(lines)?;
    let mut prices = Vec::with_capacity(lines.len());
    for line in lines {
        prices.push(line.price(right.is_manager)?.ok_or_else(total_out_of_range)?);
    }
    let totals = line_totals(lines, &prices).ok_or_else(total_out_of_range)?;
    let total_price = Money::checked_sum(totals.iter().copied()).filter(|total| *total <= Money::MAX_INPUT);
    let total_price = total_price.ok_or_else(total_out_of_range)?;
    if discount.is_negative() || discount > total_price {
        let problem = FieldProblem::OutOfRange {
            min: Money::ZERO.to_string(),
            max: total_price.to_string(),
        };
        return Err(Refusal::field("discount_amount", problem));
    }
    let net_total = total_price.checked_sub(discount).ok_or_else(total_out_of_range)?;
    if net_total.is_zero() {
        return Err(FieldErrors::across(FieldProblem::NothingToPay).into());
    }
    let asked = asked(lines, &prices, discount).ok_or_else(total_out_of_range)?;
    right.judge(&asked, right.limit(asked.undiscounted).ok_or_else(total_out_of_range)?)?;

    let lines = priced_lines(lines, &prices, &totals, discount).ok_or_else(total_out_of_range)?;
    Ok(PricedSale {
        lines,
        total_price,
        discount_amount: discount,
        net_total,
    })
}

fn check_consistency(lines: &[AskedLine]) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::new();
    let of_line = |line: &AskedLine| {
        let problem = line.contradicts_itself().then_some(FieldProblem::Contradiction);
        problem.map_or_else(FieldErrors::new, |problem| FieldErrors::one("unit_price", problem))
    };
    errors.add_elements("items", lines.iter().map(of_line).collect());
    errors.into_result()
}

fn line_totals(lines: &[AskedLine], prices: &[LinePrice]) -> Option<Vec<Money>> {
    let pairs = lines.iter().zip(prices);
    pairs
        .map(|(line, price)| {
            price
                .original_price
                .checked_sub(price.discount_per_unit)?
                .times(line.quantity)
        })
        .collect()
}

fn asked<'a>(lines: &[AskedLine], prices: &'a [LinePrice], discount: Money) -> Option<Asked<'a>> {
    let (mut manual, mut undiscounted) = (discount, Money::ZERO);
    for (line, price) in lines.iter().zip(prices) {
        undiscounted = undiscounted.checked_add(price.original_price.times(line.quantity)?)?;
        if price.source == DiscountSource::Manual {
            manual = manual.checked_add(price.discount_per_unit.times(line.quantity)?)?;
        }
    }
    Some(Asked {
        lines: prices,
        discount,
        manual,
        undiscounted,
    })
}

fn priced_lines(
    lines: &[AskedLine],
    prices: &[LinePrice],
    totals: &[Money],
    discount: Money,
) -> Option<Vec<PricedLine>> {
    let shares = spread::shares(discount, totals)?;
    let mut priced = Vec::with_capacity(lines.len());
    for (((line, price), line_total), share) in lines.iter().zip(prices).zip(totals).zip(shares) {
        let total_price = line_total.checked_sub(share)?;
        priced.push(PricedLine {
            quantity: line.quantity,
            original_price: price.original_price,
            discount_percent: price.discount_percent,
            discount_per_unit: price.discount_per_unit,
            source: price.source,
            line_total: *line_total,
            total_price,
            unit_price: total_price.per(line.quantity)?,
        });
    }
    Some(priced)
}

fn total_out_of_range() -> Refusal {
    let (min, max) = (Money::ZERO.to_string(), Money::MAX_INPUT.to_string());
    FieldErrors::across(FieldProblem::OutOfRange { min, max }).into()
}
