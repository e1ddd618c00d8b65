//! The price of one line: the list price, less the one best discount.
//!
//! Discounts are never added together: a manual one counts only if it is larger than the automatic one. A price that
//! merely repeats the list price or the server's own discounted price is no wish at all, and the server's price is
//! used.

use crate::coded_enum;
use crate::ids::ProductId;
use crate::money::Money;
use crate::percent::Percent;
use crate::quantity::Quantity;
use crate::sale::refusal::SaleRefusal;

coded_enum! {
    /// Where the discount of a line comes from.
    pub enum DiscountSource {
        /// No discount.
        None = "none",
        /// A promotion in force.
        Promotion = "promotion",
        /// The customer's group.
        Group = "group",
        /// Given by hand.
        Manual = "manual",
    }
}

/// The best discount that a line has by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutomaticDiscount {
    /// How much of the price.
    pub percent: Percent,
    /// A promotion or a group.
    pub source: DiscountSource,
}

/// What a client asks for on one line, with what the server knows of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedLine {
    /// The product.
    pub product_id: ProductId,
    /// Its price in the catalogue; zero where it has none.
    pub list_price: Money,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The price per unit that the client wants; zero is the same as none.
    pub unit_price: Option<Money>,
    /// The price before discount that the client showed.
    pub original_price: Option<Money>,
    /// A discount given by hand.
    pub discount_percent: Option<Percent>,
    /// The discount that holds without being asked for.
    pub automatic: Option<AutomaticDiscount>,
}

/// What one unit of a line costs, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinePrice {
    /// The price before discount.
    pub original_price: Money,
    /// The discount as a share of it.
    pub discount_percent: Percent,
    /// The discount as an amount, never above the price.
    pub discount_per_unit: Money,
    /// Where the discount comes from.
    pub source: DiscountSource,
    /// Whether the discount was asked for as a lower price, not as a percentage.
    pub is_override: bool,
}

impl AskedLine {
    /// Whether price, percentage and unit price were all sent and are more than 1.00 apart.
    #[must_use]
    pub fn contradicts_itself(&self) -> bool {
        let (Some(original), Some(unit)) = (self.original_price, self.wanted_unit()) else {
            return false;
        };
        !self.percent().is_zero() && !is_near(unit, original, self.percent())
    }

    /// The price of one unit; `None` when an amount does not fit.
    ///
    /// # Errors
    /// [`SaleRefusal::PriceMissing`] without a list price, unless a manager names one, and
    /// [`SaleRefusal::PriceOverrideNotAllowed`] for a seller whose prices contradict the list price.
    pub fn price(&self, is_manager: bool) -> Result<Option<LinePrice>, SaleRefusal> {
        let wanted = self.wanted_unit();
        if self.list_price.is_zero() && !(is_manager && wanted.is_some()) {
            return Err(SaleRefusal::PriceMissing {
                product_id: self.product_id,
            });
        }
        let is_raised = wanted.is_some_and(|unit| unit > self.list_price);
        let is_relisted = self.original_price.is_some_and(|original| original != self.list_price);
        if !is_manager && (is_raised || is_relisted) {
            let (product_id, price) = (Some(self.product_id), Some(self.list_price));
            return Err(SaleRefusal::PriceOverrideNotAllowed { product_id, price });
        }
        Ok(self.best_price())
    }

    fn best_price(&self) -> Option<LinePrice> {
        let unit = self.wanted_unit().filter(|unit| !self.confirms_percent(*unit));
        let highest = self.shown().max(self.list_price);
        let (original_price, base) = match unit {
            Some(raised) if raised > highest => (raised, raised),
            Some(_) | None => (highest, self.shown()),
        };
        let automatic = self.automatic_discount(original_price)?;
        let by_percent = original_price.checked_sub(less(base, self.percent())?)?;
        let by_unit = match unit.filter(|unit| !self.repeats_server(*unit, original_price)) {
            Some(unit) => original_price.checked_sub(unit)?,
            None => Money::ZERO,
        };
        let manual = by_percent.max(by_unit);
        if manual <= automatic.discount_per_unit {
            return Some(automatic);
        }
        let is_override = by_unit > by_percent;
        let discount_percent = if is_override || base != original_price {
            Percent::share(manual, original_price)?
        } else {
            self.percent()
        };
        let source = DiscountSource::Manual;
        Some(LinePrice {
            original_price,
            discount_percent,
            discount_per_unit: manual,
            source,
            is_override,
        })
    }

    /// The price with what is taken off without being asked for; a discount of less than a tiyin is none.
    fn automatic_discount(&self, original_price: Money) -> Option<LinePrice> {
        let is_override = false;
        if let Some(AutomaticDiscount { percent, source }) = self.automatic {
            let discount_per_unit = percent.of(original_price)?;
            if !discount_per_unit.is_zero() {
                let discount_percent = percent;
                return Some(LinePrice {
                    original_price,
                    discount_percent,
                    discount_per_unit,
                    source,
                    is_override,
                });
            }
        }
        let (discount_percent, discount_per_unit) = (Percent::ZERO, Money::ZERO);
        let source = DiscountSource::None;
        Some(LinePrice {
            original_price,
            discount_percent,
            discount_per_unit,
            source,
            is_override,
        })
    }

    /// The price before discount that the client saw.
    fn shown(&self) -> Money {
        self.original_price.unwrap_or(self.list_price)
    }

    fn wanted_unit(&self) -> Option<Money> {
        self.unit_price.filter(|unit| *unit > Money::ZERO)
    }

    fn percent(&self) -> Percent {
        self.discount_percent.unwrap_or(Percent::ZERO)
    }

    /// Whether `unit` is only what the percentage makes of the price.
    fn confirms_percent(&self, unit: Money) -> bool {
        !self.percent().is_zero() && !self.shown().is_zero() && is_near(unit, self.shown(), self.percent())
    }

    /// Whether `unit` is only the list price, or the list price with the automatic discount.
    fn repeats_server(&self, unit: Money, original_price: Money) -> bool {
        let automatic = self.automatic.map_or(Percent::ZERO, |automatic| automatic.percent);
        original_price == self.list_price && (unit == self.list_price || Some(unit) == less(self.list_price, automatic))
    }
}

/// The price with the percentage taken off.
fn less(price: Money, percent: Percent) -> Option<Money> {
    price.checked_sub(percent.of(price)?)
}

/// Whether `unit` is within 1.00 of the price with the percentage taken off.
fn is_near(unit: Money, price: Money, percent: Percent) -> bool {
    let hundred = i128::from(Percent::HUNDRED.hundredths());
    let discounted = i128::from(price.tiyin()) * (hundred - i128::from(percent.hundredths()));
    let apart = i128::from(unit.tiyin()) * hundred - discounted;
    apart.abs() <= 100 * hundred
}
