//! Percent: a share of a hundred, with two decimals.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::decimal::{self, DecimalError};
use crate::money::Money;

/// A percentage in hundredths of a percent, 0 to 100 on input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(i64);

impl Percent {
    /// No share.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const HUNDRED: Self = Self(10_000);
    /// How many decimals are written.
    pub const SCALE: u8 = 2;

    /// A percentage of hundredths of a percent.
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The percentage in hundredths of a percent.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// Reads `"12.50"`.
    ///
    /// # Errors
    /// As [`decimal::parse`] with two decimals; the range is the caller's rule.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, Self::SCALE).map(Self)
    }

    /// This share of an amount, rounded half to even to the tiyin.
    #[must_use]
    pub fn of(self, amount: Money) -> Option<Money> {
        amount.scaled(self.0, Self::HUNDRED.0)
    }

    /// What share `part` is of `whole`, rounded half to even; zero of nothing.
    #[must_use]
    pub fn share(part: Money, whole: Money) -> Option<Self> {
        if whole.is_zero() {
            return Some(Self::ZERO);
        }
        Money::from_tiyin(part.tiyin())
            .scaled(Self::HUNDRED.0, whole.tiyin())
            .map(|share| Self(share.tiyin()))
    }

    /// Whether it is no share at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&decimal::format(self.0, Self::SCALE))
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
