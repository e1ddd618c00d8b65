//! Quantity: how much of a product, in thousandths of its unit.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::decimal::{self, DecimalError};

/// A number of pieces, kilograms, metres .. in thousandths; negative where goods leave.
///
/// In the shop API it is a string with three decimals, in the pharmacy API a whole number of pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One whole unit.
    pub const ONE: Self = Self(1_000);
    /// The most that one line may ask for: 9 999 999.999.
    pub const MAX_INPUT: Self = Self(9_999_999_999);
    /// How many decimals are written.
    pub const SCALE: u8 = 3;

    /// A quantity of thousandths.
    #[must_use]
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// The quantity in thousandths.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// A number of whole pieces; `None` when it does not fit.
    #[must_use]
    pub fn from_pieces(pieces: i64) -> Option<Self> {
        pieces.checked_mul(Self::ONE.0).map(Self)
    }

    /// Whole pieces, rounded down.
    #[must_use]
    pub const fn whole_pieces(self) -> i64 {
        self.0.div_euclid(Self::ONE.0)
    }

    /// Reads `"2.500"`.
    ///
    /// # Errors
    /// As [`decimal::parse`] with three decimals.
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

    /// The opposite quantity.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// The sum of many quantities, if it fits.
    #[must_use]
    pub fn checked_sum(quantities: impl IntoIterator<Item = Self>) -> Option<Self> {
        quantities.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether there is something.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether there is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&decimal::format(self.0, Self::SCALE))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
