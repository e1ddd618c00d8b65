//! The items of a sale that Click registers with the tax office (contract 3.7, 4).
//!
//! Items are sent whole and exact or not at all, by the rules of the lines that Payme is told ([`Detail`]); what cannot be sent never stops an
//! order. Tax is inside a price, and counted line by line.

use crate::money::Money;
use crate::payment::fiscal::FiscalLine;
use crate::payment::payme::detail::{Detail, DetailItem, NoDetail};

/// `Name` in characters, the unit included.
const NAME_MAX: usize = 63;
/// `PackageCode`.
const PACKAGE_CODE_MAX: usize = 20;

/// By whose number the tax office knows the seller: `CommissionInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxNumber {
    /// Of a company: nine digits.
    Tin(String),
    /// Of a person: fourteen.
    Pinfl(String),
}

impl TaxNumber {
    /// The number that a text is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.len() {
            9 if is_number => Some(Self::Tin(text.to_owned())),
            14 if is_number => Some(Self::Pinfl(text.to_owned())),
            _ => None,
        }
    }
}

/// A sale as Click is told of it: its items sum to the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalSale {
    /// Who sold.
    pub seller: TaxNumber,
    /// What was paid, all of it through Click.
    pub total: Money,
    /// What was sold.
    pub items: Vec<FiscalItem>,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalItem {
    /// `Name`, the unit at its end.
    pub name: String,
    /// `SPIC`: 17 digits.
    pub spic: String,
    /// `PackageCode`.
    pub package_code: String,
    /// `GoodPrice`: of one piece.
    pub good_price: Money,
    /// `Price`: of all pieces, before the discount.
    pub price: Money,
    /// `Amount`: how many pieces.
    pub pieces: i64,
    /// `VAT` in what is paid for the item.
    pub vat: Money,
    /// `VATPercent`.
    pub vat_percent: i64,
    /// `Discount` on the whole item.
    pub discount: Money,
}

impl FiscalSale {
    /// The sale of an order that cost `total`.
    ///
    /// # Errors
    /// [`NoDetail`]: why there is nothing to send.
    pub fn of(seller: TaxNumber, lines: &[FiscalLine<'_>], total: Money) -> Result<Self, NoDetail> {
        let detail = Detail::of(lines, None, total)?;
        let items = (1..).zip(detail.items).zip(lines);
        let items = items.map(|((number, item), line)| FiscalItem::of(number, item, line.unit));
        Ok(Self {
            seller,
            total,
            items: items.collect::<Result<_, _>>()?,
        })
    }
}

impl FiscalItem {
    fn of(line: usize, item: DetailItem, unit: &str) -> Result<Self, NoDetail> {
        if item.package_code.chars().count() > PACKAGE_CODE_MAX {
            return Err(NoDetail::NoCode { line });
        }
        let price = item.price.scaled(item.count, 1).ok_or(NoDetail::SumDiffers)?;
        let paid = price.checked_sub(item.discount).ok_or(NoDetail::SumDiffers)?;
        if [item.price, item.discount, paid]
            .iter()
            .any(|amount| amount.is_negative())
        {
            return Err(NoDetail::SumDiffers);
        }
        Ok(Self {
            name: named(&item.title, unit),
            spic: item.code,
            package_code: item.package_code,
            good_price: item.price,
            price,
            pieces: item.count,
            vat: vat_in(paid, item.vat_percent).ok_or(NoDetail::OddTax { line })?,
            vat_percent: item.vat_percent,
            discount: item.discount,
        })
    }
}

/// The tax that a price includes, rounded half to even.
fn vat_in(paid: Money, percent: i64) -> Option<Money> {
    paid.scaled(percent, percent.checked_add(100)?)
}

/// What was sold, cut so that its unit stands whole at the end.
fn named(title: &str, unit: &str) -> String {
    let room = NAME_MAX.saturating_sub(unit.chars().count()).saturating_sub(1);
    let title: String = title.trim().chars().take(room).collect();
    format!("{} {unit}", title.trim_end())
}

impl NoDetail {
    /// What stands as the code of a sale that could not be sent at all.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Empty => -1,
            Self::NoCode { .. } => -2,
            Self::OddTax { .. } => -3,
            Self::SumDiffers => -4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FiscalSale, TaxNumber, named, vat_in};
    use crate::money::Money;
    use crate::payment::fiscal::FiscalLine;
    use crate::payment::payme::detail::NoDetail;
    use crate::percent::Percent;

    fn tiyin(amount: i64) -> Money {
        Money::from_tiyin(amount)
    }

    fn line(price: i64, pieces: i64, discount: i64) -> FiscalLine<'static> {
        FiscalLine {
            title: "Paratsetamol 500 mg",
            unit: "dona",
            price: tiyin(price),
            pieces,
            discount: tiyin(discount),
            mxik_code: "00702001001000001",
            package_code: "1244862",
            unit_code: None,
            vat_percent: Some(Percent::from_hundredths(1_200)),
        }
    }

    fn sale(lines: &[FiscalLine<'_>], total: i64) -> Result<FiscalSale, NoDetail> {
        FiscalSale::of(TaxNumber::Tin("123456789".to_owned()), lines, tiyin(total))
    }

    #[test]
    fn items_add_up_to_what_was_paid_and_tax_is_counted_in_each() {
        let untaxed = FiscalLine {
            vat_percent: None,
            ..line(333, 3, 1)
        };

        let sale = sale(&[line(505_000, 1, 0), line(250_000, 2, 50), untaxed], 1_005_948).unwrap();

        let items: Vec<_> = sale
            .items
            .iter()
            .map(|item| {
                let amounts = [item.good_price, item.price, item.discount, item.vat].map(Money::tiyin);
                (amounts, item.pieces, item.vat_percent)
            })
            .collect();
        let expected = [
            ([505_000, 505_000, 0, 54_107], 1, 12),
            ([250_000, 500_000, 50, 53_566], 2, 12),
            ([333, 999, 1, 0], 3, 0),
        ];
        assert_eq!(items, expected);
        let paid: i64 = sale
            .items
            .iter()
            .map(|item| item.price.tiyin() - item.discount.tiyin())
            .sum();
        assert_eq!(paid, sale.total.tiyin());
        let first = &sale.items[0];
        let texts = [first.name.as_str(), &first.spic, &first.package_code];
        assert_eq!(texts, ["Paratsetamol 500 mg dona", "00702001001000001", "1244862"]);
    }

    #[test]
    fn tax_is_rounded_half_to_even() {
        // 12 of 112: 14 tiyin hold exactly one and a half, 42 exactly four and a half.
        let vats = [14, 42, 15, 112, 0].map(|paid| vat_in(tiyin(paid), 12).map(Money::tiyin));

        assert_eq!(vats, [Some(2), Some(4), Some(2), Some(12), Some(0)]);
        assert_eq!(vat_in(tiyin(i64::MAX), 0), Some(Money::ZERO));
    }

    #[test]
    fn a_long_name_is_cut_before_its_unit() {
        let long = "Парацетамол ".repeat(8);

        let cut = named(&long, "dona");

        assert_eq!(cut.chars().count(), 63);
        assert!(cut.starts_with("Парацетамол") && cut.ends_with(" dona"), "{cut}");
        assert_eq!(named(&"a".repeat(58), "dona").chars().count(), 63);
        assert_eq!(
            named(&format!("{} bbb", "a".repeat(57)), "dona"),
            format!("{} dona", "a".repeat(57))
        );
    }

    #[test]
    fn what_cannot_be_sent_whole_is_not_sent() {
        let good = line(100, 1, 0);
        let uncoded = FiscalLine { mxik_code: "", ..good };
        let overlong = FiscalLine {
            package_code: "123456789012345678901",
            ..good
        };
        let odd = FiscalLine {
            vat_percent: Some(Percent::from_hundredths(1_250)),
            ..good
        };

        let codes = [
            sale(&[], 0),
            sale(&[good, uncoded], 200),
            sale(&[good, overlong], 200),
            sale(&[odd], 100),
            sale(&[good], 99),
            sale(&[line(100, 1, -1)], 101),
            sale(&[line(100, 1, 101)], -1),
        ]
        .map(|refused| refused.map_err(|why| (why, why.code())));

        let expected = [
            (NoDetail::Empty, -1),
            (NoDetail::NoCode { line: 2 }, -2),
            (NoDetail::NoCode { line: 2 }, -2),
            (NoDetail::OddTax { line: 1 }, -3),
            (NoDetail::SumDiffers, -4),
            (NoDetail::SumDiffers, -4),
            (NoDetail::SumDiffers, -4),
        ];
        assert_eq!(codes, expected.map(Err));
    }

    #[test]
    fn a_seller_is_known_by_nine_digits_or_fourteen() {
        let nine = TaxNumber::Tin("123456789".to_owned());
        assert_eq!(TaxNumber::parse("123456789"), Some(nine));
        let fourteen = TaxNumber::Pinfl("12345678901234".to_owned());
        assert_eq!(TaxNumber::parse("12345678901234"), Some(fourteen));
        for none in ["", "12345678", "1234567890", "12345678a", "123456789 ", "+12345678"] {
            assert_eq!(TaxNumber::parse(none), None, "{none:?}");
        }
    }
}
