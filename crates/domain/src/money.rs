//! Money: so'm in whole tiyin.

use std::fmt;
use std::iter::Sum;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};

use crate::decimal::{self, DecimalError};
use crate::quantity::Quantity;
use crate::rounding;

/// An amount in tiyin (1/100 so'm), possibly negative (a difference, a value taken out).
///
/// Arithmetic is checked: what does not fit is `None`, never a wrapped number. In JSON it is a string with two decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The most that one price or amount in a request may be: 9 999 999 999.99.
    pub const MAX_INPUT: Self = Self(999_999_999_999);
    /// The most that a document may sum to: 99 999 999 999 999.99.
    pub const MAX_TOTAL: Self = Self(9_999_999_999_999_999);
    /// How many decimals are written.
    pub const SCALE: u8 = 2;

    /// An amount of whole tiyin.
    #[must_use]
    pub const fn from_tiyin(tiyin: i64) -> Self {
        Self(tiyin)
    }

    /// The amount in whole tiyin.
    #[must_use]
    pub const fn tiyin(self) -> i64 {
        self.0
    }

    /// Reads `"15000.00"`.
    ///
    /// # Errors
    /// As [`decimal::parse`] with two decimals.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, Self::SCALE).map(Self)
    }

    /// The sum, if it fits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, if it fits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The opposite amount.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// The sum of many amounts, if it fits.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// `self x numerator / denominator`, rounded half to even to the tiyin; `None` when it does not fit or divides by nothing.
    #[must_use]
    pub fn scaled(self, numerator: i64, denominator: i64) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(numerator))?;
        let rounded = rounding::ratio(product, i128::from(denominator))?;
        i64::try_from(rounded).ok().map(Self)
    }

    /// The price of `quantity` at this unit price, rounded half to even to the tiyin.
    #[must_use]
    pub fn times(self, quantity: Quantity) -> Option<Self> {
        self.scaled(quantity.thousandths(), Quantity::ONE.thousandths())
    }

    /// The unit price of a total over `quantity`, rounded half to even; `None` for no quantity.
    #[must_use]
    pub fn per(self, quantity: Quantity) -> Option<Self> {
        self.scaled(Quantity::ONE.thousandths(), quantity.thousandths())
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Sum for Money {
    /// A sum that saturates: only for amounts already known to fit, such as rows of one document.
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| Self(sum.0.saturating_add(amount.0)))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&decimal::format(self.0, Self::SCALE))
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What [`Money`] wrote; a request's amounts are read elsewhere.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| D::Error::custom(format_args!("{text:?} is no amount: {error:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Money;
    use crate::quantity::Quantity;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn a_third_of_a_kilo_is_rounded_to_the_tiyin() {
        let price = money("999.99").times(Quantity::parse("0.333").unwrap());

        assert_eq!(price, Some(money("333.00")));
    }

    #[test]
    fn what_does_not_fit_has_no_answer() {
        let most = Money::from_tiyin(i64::MAX);

        assert_eq!(most.checked_add(Money::from_tiyin(1)), None);
        assert_eq!(most.times(Quantity::parse("1.001").unwrap()), None);
        assert_eq!(most.per(Quantity::ZERO), None);
    }

    #[test]
    fn an_amount_is_written_with_two_decimals() {
        assert_eq!(Money::from_tiyin(-5).to_string(), "-0.05");
        assert_eq!(money("15000").to_string(), "15000.00");
    }
}
