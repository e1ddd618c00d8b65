//! The fiscal lines that CheckPerform answers with, so that Payme registers the sale (contract 2.7).
//!
//! They are sent whole and exact or not at all: what is left out never stops a payment, but is worth a warning.

use crate::catalog::parse_mxik;
use crate::money::Money;
use crate::payment::fiscal::FiscalLine;
use crate::percent::Percent;

/// The fiscal lines of an order; `receipt_type` is always 0, a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What bringing it costs: `shipping`.
    pub shipping: Option<(String, Money)>,
    /// Its lines: `items`.
    pub items: Vec<DetailItem>,
}

/// A fiscal line, under the names that Payme uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailItem {
    /// What was sold.
    pub title: String,
    /// Tiyin for one.
    pub price: Money,
    /// How many.
    pub count: i64,
    /// 17 digits, as text: zeros may lead.
    pub code: String,
    /// The code of the unit; left out without one.
    pub units: Option<i64>,
    /// 0 to 100.
    pub vat_percent: i64,
    /// The code of the package.
    pub package_code: String,
    /// Tiyin for the whole line; left out when nothing.
    pub discount: Money,
}

/// Why fiscal lines are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDetail {
    /// There are no lines.
    Empty,
    /// A line, counted from one, has no code of 17 digits or no package code.
    NoCode {
        /// Which.
        line: usize,
    },
    /// A line's tax is no whole percent from 0 to 100.
    OddTax {
        /// Which.
        line: usize,
    },
    /// The lines do not sum to the amount.
    SumDiffers,
}

impl Detail {
    /// The fiscal lines of an order that costs `amount` with what bringing it costs.
    ///
    /// # Errors
    /// [`NoDetail`]: why they are left out.
    pub fn of(lines: &[FiscalLine<'_>], shipping: Option<(&str, Money)>, amount: Money) -> Result<Self, NoDetail> {
        if lines.is_empty() {
            return Err(NoDetail::Empty);
        }
        let items = (1..)
            .zip(lines)
            .map(|(number, line)| line.item(number))
            .collect::<Result<_, _>>()?;
        let shipping = shipping.map(|(title, price)| (title.to_owned(), price));
        let shipped = shipping.as_ref().map_or(Money::ZERO, |(_, price)| *price);
        let sums = lines.iter().map(FiscalLine::total);
        let total = sums
            .sum::<Option<i128>>()
            .and_then(|sum| sum.checked_add(i128::from(shipped.tiyin())));
        if total == Some(i128::from(amount.tiyin())) {
            Ok(Self { shipping, items })
        } else {
            Err(NoDetail::SumDiffers)
        }
    }
}

impl FiscalLine<'_> {
    fn item(&self, line: usize) -> Result<DetailItem, NoDetail> {
        let code = parse_mxik(self.mxik_code).map_err(|_| NoDetail::NoCode { line })?;
        if self.package_code.is_empty() {
            return Err(NoDetail::NoCode { line });
        }
        let vat = self.vat_percent.unwrap_or(Percent::ZERO).hundredths();
        if vat.rem_euclid(100) != 0 || !(0..=100).contains(&vat.div_euclid(100)) {
            return Err(NoDetail::OddTax { line });
        }
        Ok(DetailItem {
            title: self.title.to_owned(),
            price: self.price,
            count: self.pieces,
            code,
            units: self.unit_code,
            vat_percent: vat.div_euclid(100),
            package_code: self.package_code.to_owned(),
            discount: self.discount,
        })
    }

    /// In tiyin.
    fn total(&self) -> Option<i128> {
        let price = i128::from(self.price.tiyin()).checked_mul(i128::from(self.pieces))?;
        price.checked_sub(i128::from(self.discount.tiyin()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Detail, NoDetail};
    use crate::money::Money;
    use crate::payment::fiscal::FiscalLine;
    use crate::percent::Percent;

    fn line(price: i64, pieces: i64) -> FiscalLine<'static> {
        FiscalLine {
            title: "Paratsetamol 500 mg",
            unit: "dona",
            price: Money::from_tiyin(price),
            pieces,
            discount: Money::ZERO,
            mxik_code: "00702001001000001",
            package_code: "1244862",
            unit_code: Some(241_092),
            vat_percent: Some(Percent::from_hundredths(1_200)),
        }
    }

    fn tiyin(amount: i64) -> Money {
        Money::from_tiyin(amount)
    }

    #[test]
    fn lines_and_shipping_sum_to_the_amount() {
        let cheaper = FiscalLine {
            discount: tiyin(1),
            vat_percent: None,
            ..line(333, 3)
        };

        let detail = Detail::of(
            &[line(500_000, 2), cheaper],
            Some(("Yetkazish", tiyin(10))),
            tiyin(1_001_008),
        );

        let detail = detail.unwrap();
        assert_eq!(detail.shipping, Some(("Yetkazish".to_owned(), tiyin(10))));
        let items: Vec<_> = detail
            .items
            .iter()
            .map(|item| (item.price.tiyin(), item.count, item.discount.tiyin(), item.vat_percent))
            .collect();
        assert_eq!(items, [(500_000, 2, 0, 12), (333, 3, 1, 0)]);
        assert_eq!(detail.items[0].code, "00702001001000001");
    }

    #[test]
    fn a_sum_that_differs_by_a_tiyin_is_left_out() {
        for amount in [999_999, 1_000_001] {
            let left_out = Detail::of(&[line(500_000, 2)], None, tiyin(amount));
            assert_eq!(left_out, Err(NoDetail::SumDiffers));
        }
        let too_much = Detail::of(&[line(i64::MAX, i64::MAX); 2], None, tiyin(1));
        assert_eq!(too_much, Err(NoDetail::SumDiffers));
    }

    #[test]
    fn a_line_without_a_code_or_a_package_is_named() {
        let good = line(1, 1);
        for bad in [
            FiscalLine { mxik_code: "", ..good },
            FiscalLine {
                mxik_code: "0070200100100000",
                ..good
            },
            FiscalLine {
                package_code: "",
                ..good
            },
        ] {
            assert_eq!(
                Detail::of(&[good, bad], None, tiyin(2)),
                Err(NoDetail::NoCode { line: 2 })
            );
        }
        assert_eq!(Detail::of(&[], None, Money::ZERO), Err(NoDetail::Empty));
    }

    #[test]
    fn a_tax_that_is_no_whole_percent_is_named() {
        for hundredths in [-100, 1_250, 10_100] {
            let odd = FiscalLine {
                vat_percent: Some(Percent::from_hundredths(hundredths)),
                ..line(1, 1)
            };
            assert_eq!(Detail::of(&[odd], None, tiyin(1)), Err(NoDetail::OddTax { line: 1 }));
        }
    }

    #[test]
    fn amounts_above_what_32_bits_hold_are_exact() {
        let most = Money::MAX_TOTAL.tiyin();

        assert!(Detail::of(&[line(most, 1)], None, tiyin(most)).is_ok());
        assert!(Detail::of(&[line(1, 1)], None, tiyin(1)).is_ok());
    }
}
