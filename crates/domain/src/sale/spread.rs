//! A sale's discount, spread over its lines.

use crate::money::Money;

/// The share of each line in `discount`, by running total: `cum_i = round2(discount x (line_1 + .. + line_i) / total)`.
///
/// For a discount of zero up to the total, shares sum to it exactly and none is above its line. `None` when a sum does
/// not fit.
#[must_use]
pub fn shares(discount: Money, lines: &[Money]) -> Option<Vec<Money>> {
    let total = Money::checked_sum(lines.iter().copied())?;
    if total.is_zero() {
        return Some(vec![Money::ZERO; lines.len()]);
    }
    let (mut running, mut given) = (Money::ZERO, Money::ZERO);
    let mut shares = Vec::with_capacity(lines.len());
    for line in lines {
        running = running.checked_add(*line)?;
        let cumulative = discount.scaled(running.tiyin(), total.tiyin())?;
        shares.push(cumulative.checked_sub(given)?);
        given = cumulative;
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

    use super::shares;
    use crate::money::Money;

    #[test]
    fn a_discount_is_spread_by_running_total() {
        let lines = ["999.99", "300.00"].map(|line| Money::parse(line).unwrap());

        let shares = shares(Money::parse("100.00").unwrap(), &lines);

        assert_eq!(shares, Some(vec![Money::from_tiyin(7_692), Money::from_tiyin(2_308)]));
    }

    proptest! {
        // Law: shares sum to the discount to the tiyin, and no line goes below zero.
        #[test]
        fn shares_sum_to_the_discount(
            lines in prop::collection::vec(prop_oneof![0i64..4, 90i64..110, 0i64..10_000_000], 1..20),
            part in 0i64..=1_000,
        ) {
            let lines: Vec<Money> = lines.into_iter().map(Money::from_tiyin).collect();
            let total = Money::checked_sum(lines.iter().copied()).unwrap();
            let discount = total.scaled(part, 1_000).unwrap();

            let shares = shares(discount, &lines).unwrap();

            let spread = if total.is_zero() { Money::ZERO } else { discount };
            prop_assert_eq!(Money::checked_sum(shares.iter().copied()), Some(spread));
            for (share, line) in shares.iter().zip(&lines) {
                prop_assert!(!share.is_negative() && share <= line);
            }
        }
    }
}
