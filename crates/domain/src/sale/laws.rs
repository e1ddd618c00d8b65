//! The laws behind the prices of a sale.

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

use crate::ids::ProductId;
use crate::money::Money;
use crate::percent::Percent;
use crate::quantity::Quantity;
use crate::sale::{AskedLine, AutomaticDiscount, DiscountSource, PriceRight, PricedLine, price};

const MANAGER: PriceRight = PriceRight {
    is_manager: true,
    allows_discount: true,
    discount_percent_max: Percent::ZERO,
};

fn asked_line() -> impl Strategy<Value = AskedLine> {
    let amount = || prop::option::of(0i64..2_000_000);
    (
        1i64..1_000_000,
        1i64..50_000,
        amount(),
        amount(),
        prop::option::of(0i64..=10_000),
        prop::option::of(0i64..=10_000),
    )
        .prop_map(
            |(list_price, quantity, unit_price, original_price, discount, automatic)| AskedLine {
                product_id: ProductId::new(7),
                list_price: Money::from_tiyin(list_price),
                quantity: Quantity::from_thousandths(quantity),
                unit_price: unit_price.map(Money::from_tiyin),
                original_price: original_price.map(Money::from_tiyin).filter(|_| discount.is_none()),
                discount_percent: discount.map(Percent::from_hundredths),
                automatic: automatic.map(|automatic| AutomaticDiscount {
                    percent: Percent::from_hundredths(automatic),
                    source: DiscountSource::Group,
                }),
            },
        )
}

proptest! {
    // Law: lines sum to the sale to the tiyin, before and after its discount, and no price is below zero or above its
    // start.
    #[test]
    fn prices_sum_to_the_tiyin(lines in prop::collection::vec(asked_line(), 1..12), part in 0i64..1_000) {
        let Ok(full) = price(&lines, Money::ZERO, &MANAGER) else { return Ok(()) };
        let discount = full.total_price.scaled(part, 1_000).unwrap();

        let Ok(sale) = price(&lines, discount, &MANAGER) else { return Ok(()) };

        let sum = |amount: fn(&PricedLine) -> Money| Money::checked_sum(sale.lines.iter().map(amount));
        prop_assert_eq!(sum(|line| line.line_total), Some(sale.total_price));
        prop_assert_eq!(sum(|line| line.total_price), Some(sale.net_total));
        prop_assert_eq!(sale.net_total.checked_add(discount), Some(sale.total_price));
        for line in &sale.lines {
            prop_assert!(!line.total_price.is_negative() && line.total_price <= line.line_total);
            prop_assert!(!line.discount_per_unit.is_negative() && line.discount_per_unit <= line.original_price);
        }
    }

    // Law: no line costs more than with its automatic discount alone, and none is cheaper than what was asked for.
    #[test]
    fn asking_never_raises_a_price_within_the_list(mut line in asked_line()) {
        line.original_price = None;
        line.unit_price = line.unit_price.filter(|unit| *unit <= line.list_price);
        let by_itself = AskedLine { unit_price: None, discount_percent: None, ..line };
        let wished = line.unit_price.filter(|unit| !unit.is_zero()).unwrap_or(line.list_price);
        let percentage = line.discount_percent.unwrap_or(Percent::ZERO).of(line.list_price).unwrap();

        let alone = by_itself.price(true).unwrap().unwrap().discount_per_unit;
        let asked = line.price(true).unwrap().unwrap().discount_per_unit;

        prop_assert!(asked >= alone);
        prop_assert!(asked <= alone.max(percentage).max(line.list_price.checked_sub(wished).unwrap()));
    }
}
