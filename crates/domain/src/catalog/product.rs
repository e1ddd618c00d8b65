//! What a product is called, and when it may be offered online.

use crate::catalog::{Unit, slug};
use crate::fields::{FieldErrors, FieldProblem};
use crate::ids::CategoryId;
use crate::money::Money;
use crate::text;

const MXIK_LENGTH: usize = 17;

/// The texts by which a product is known; the keys made of them stand beside it in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductNames<'a> {
    /// The name.
    pub name: &'a str,
    /// The maker; empty for goods that only the counter sells.
    pub manufacturer: &'a str,
    /// The maker's or the store's number of the article, possibly empty.
    pub sku: &'a str,
    /// The barcode.
    pub barcode: &'a str,
}

impl ProductNames<'_> {
    /// With the manufacturer's key unique among the active products of a store.
    #[must_use]
    pub fn name_key(&self) -> String {
        text::name_key(self.name)
    }

    /// With the name's key unique among the active products of a store.
    #[must_use]
    pub fn manufacturer_key(&self) -> String {
        text::name_key(self.manufacturer)
    }

    /// Unique in a store among products that are not archived, unless empty.
    #[must_use]
    pub fn sku_key(&self) -> String {
        text::name_key(self.sku)
    }

    /// The address part of name and sku. The caller makes it unique within the store.
    #[must_use]
    pub fn slug(&self) -> String {
        slug::base(self.name, self.sku)
    }

    /// What the shop's search looks through: name, barcode, sku.
    #[must_use]
    pub fn shop_search(&self) -> String {
        text::search_text(&[self.name, self.barcode, self.sku])
    }

    /// What the pharmacy's search looks through: name, manufacturer, sku and active substances.
    #[must_use]
    pub fn online_search(&self, substances: &[&str]) -> String {
        text::search_text(&[&[self.name, self.manufacturer, self.sku], substances].concat())
    }
}

/// What a product must have before it is offered online.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnlineOffer<'a> {
    /// The category.
    pub category: Option<CategoryId>,
    /// The number of the article.
    pub sku: &'a str,
    /// The maker.
    pub manufacturer: &'a str,
    /// The sale price.
    pub price: Money,
    /// The unit it is sold in.
    pub unit: Unit,
}

impl OnlineOffer<'_> {
    /// Names everything that is lacking, each under its own field.
    ///
    /// # Errors
    /// Problems at `category`, `sku`, `manufacturer`, `price` and `unit`.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        if self.category.is_none() {
            errors.add("category", FieldProblem::Required);
        }
        if self.sku.is_empty() {
            errors.add("sku", FieldProblem::Required);
        }
        if self.manufacturer.is_empty() {
            errors.add("manufacturer", FieldProblem::Required);
        }
        if self.price <= Money::ZERO {
            errors.add("price", FieldProblem::PriceMissing);
        }
        if !self.unit.is_countable() {
            errors.add("unit", FieldProblem::UnitNotCountable);
        }
        errors.into_result()
    }
}

/// Reads the code of the product in the state catalogue (MXIK): 17 digits.
///
/// # Errors
/// [`FieldProblem::InvalidFormat`] for anything else.
pub fn parse_mxik(text: &str) -> Result<String, FieldProblem> {
    let code = text.trim();
    if code.len() == MXIK_LENGTH && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(code.to_owned())
    } else {
        Err(FieldProblem::InvalidFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::{OnlineOffer, ProductNames, parse_mxik};
    use crate::catalog::Unit;
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::ids::CategoryId;
    use crate::money::Money;

    fn offer() -> OnlineOffer<'static> {
        OnlineOffer {
            category: Some(CategoryId::new(1)),
            sku: "PAR-500",
            manufacturer: "Nika Pharm",
            price: Money::from_tiyin(1),
            unit: Unit::Box,
        }
    }

    #[test]
    fn the_keys_of_a_product_are_made_of_its_names() {
        let names = ProductNames {
            name: "Парацетамол 500 мг",
            manufacturer: "O‘zkimyofarm",
            sku: "Par-500",
            barcode: "2000001000014",
        };

        assert_eq!(names.name_key(), "парацетамол 500 мг");
        assert_eq!(names.manufacturer_key(), "o'zkimyofarm");
        assert_eq!(names.sku_key(), "par-500");
        assert_eq!(names.slug(), "paratsetamol-500-mg-par-500");
        assert_eq!(names.shop_search(), "\n paratsetamol 500 mg\n 2000001000014\n par-500");
        let online = "\n paratsetamol 500 mg\n o'zkimyofarm\n par-500\n paracetamol";
        assert_eq!(names.online_search(&["Paracetamol"]), online);
    }

    #[test]
    fn a_whole_offer_may_go_online() {
        assert_eq!(offer().check(), Ok(()));
    }

    #[test]
    fn everything_that_an_offer_lacks_is_named_at_once() {
        let bare = OnlineOffer {
            category: None,
            sku: "",
            manufacturer: "",
            price: Money::ZERO,
            unit: Unit::Kilogram,
        };

        let errors = bare.check().unwrap_err();

        let mut expected = FieldErrors::new();
        expected.add("category", FieldProblem::Required);
        expected.add("sku", FieldProblem::Required);
        expected.add("manufacturer", FieldProblem::Required);
        expected.add("price", FieldProblem::PriceMissing);
        expected.add("unit", FieldProblem::UnitNotCountable);
        assert_eq!(errors, expected);
    }

    #[test]
    fn one_thing_lacking_is_one_problem() {
        let unpriced = OnlineOffer {
            price: Money::ZERO,
            ..offer()
        };

        assert_eq!(
            unpriced.check(),
            Err(FieldErrors::one("price", FieldProblem::PriceMissing))
        );
    }

    #[test]
    fn the_state_catalogue_code_has_seventeen_digits() {
        assert_eq!(parse_mxik(" 12345678901234567 "), Ok("12345678901234567".to_owned()));
        for code in [
            "",
            "1234567890123456",
            "123456789012345678",
            "1234567890123456a",
            "１２３４５６７８９０１２３４５６７",
        ] {
            assert_eq!(parse_mxik(code), Err(FieldProblem::InvalidFormat), "{code}");
        }
    }
}
