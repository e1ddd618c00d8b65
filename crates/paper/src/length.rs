//! Lengths on paper, exact: thousandths of a point, of which an inch has 72.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// A length in thousandths of a point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Length(i64);

impl Length {
    pub(crate) const ZERO: Self = Self(0);

    /// Whole points.
    pub(crate) const fn points(points: i64) -> Self {
        Self(points * 1_000)
    }

    /// Tenths of a point.
    pub(crate) const fn tenths(tenths: i64) -> Self {
        Self(tenths * 100)
    }

    /// Whole millimetres.
    pub(crate) const fn millimetres(millimetres: i64) -> Self {
        Self(millimetres * 72_000 * 10 / 254)
    }

    /// Whole points, and thousandths beyond them.
    pub(crate) const fn parts(self) -> (i64, i64) {
        (self.0.div_euclid(1_000), self.0.rem_euclid(1_000))
    }

    /// So many parts of a whole of `of` parts.
    pub(crate) const fn fraction(self, parts: i64, of: i64) -> Self {
        Self(self.0 * parts / of)
    }
}

impl Add for Length {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Length {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i64> for Length {
    type Output = Self;

    fn mul(self, times: i64) -> Self {
        Self(self.0 * times)
    }
}

impl Div<i64> for Length {
    type Output = Self;

    fn div(self, parts: i64) -> Self {
        Self(self.0 / parts)
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Self::add)
    }
}
