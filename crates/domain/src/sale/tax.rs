//! The tax that a price already holds.

use crate::money::Money;
use crate::percent::Percent;

/// The tax of so many percent that is included in `net`: `net x percent / (100 + percent)`, rounded half to even to the tiyin.
///
/// `None` when it does not fit.
#[must_use]
pub fn included(net: Money, percent: Percent) -> Option<Money> {
    let whole = Percent::HUNDRED.hundredths().checked_add(percent.hundredths())?;
    net.scaled(percent.hundredths(), whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::included;
    use crate::money::Money;
    use crate::percent::Percent;

    fn tax(net: &str, percent: &str) -> Money {
        included(Money::parse(net).unwrap(), Percent::parse(percent).unwrap()).unwrap()
    }

    #[test]
    fn twelve_percent_are_included_in_a_price() {
        assert_eq!(tax("112000.00", "12.00").to_string(), "12000.00");
        assert_eq!(tax("1199.99", "12").to_string(), "128.57");
        assert_eq!(tax("100.00", "0").to_string(), "0.00");
        assert_eq!(tax("100.00", "100").to_string(), "50.00");
    }

    #[test]
    fn half_a_tiyin_goes_to_the_even_one() {
        assert_eq!(tax("0.01", "100").to_string(), "0.00");
        assert_eq!(tax("0.03", "100").to_string(), "0.02");
        assert_eq!(tax("0.05", "100").to_string(), "0.02");
    }

    proptest! {
        // Law: the price without its tax, taxed, is the price again, to the tiyin.
        #[test]
        fn the_rest_taxed_is_the_price(net in 0..=Money::MAX_TOTAL.tiyin(), percent in 0..=Percent::HUNDRED.hundredths()) {
            let (net, percent) = (Money::from_tiyin(net), Percent::from_hundredths(percent));

            let rest = net.checked_sub(included(net, percent).unwrap()).unwrap();

            let again = rest.checked_add(percent.of(rest).unwrap()).unwrap();
            prop_assert!((again.tiyin() - net.tiyin()).abs() <= 1, "{} {}", again, net);
        }
    }
}
