//! Who may change a price.
//!
//! A seller beyond his right is forbidden (the code says why); a manager beyond the store's setting has sent a wrong
//! value, and the fields that made it so are named.

use crate::fields::{FieldErrors, FieldProblem};
use crate::money::Money;
use crate::percent::Percent;
use crate::refusal::Refusal;
use crate::sale::line_price::{DiscountSource, LinePrice};
use crate::sale::refusal::SaleRefusal;

/// What the seller of this sale may do to its prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRight {
    /// Whether a manager or owner sells.
    pub is_manager: bool,
    /// Whether the store gives discounts at the counter.
    pub allows_discount: bool,
    /// The most a sale may be discounted by hand; zero is no limit.
    pub discount_percent_max: Percent,
}

/// What was asked for beyond the server's prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    /// The prices of the lines.
    pub(super) lines: &'a [LinePrice],
    /// The sale's own discount.
    pub(super) discount: Money,
    /// All discount given by hand: on lines and on the sale.
    pub(super) manual: Money,
    /// What the sale would cost without any discount.
    pub(super) undiscounted: Money,
}

impl PriceRight {
    /// Judges all discount given by hand; `limit` is the most of it.
    pub(super) fn judge(&self, asked: &Asked<'_>, limit: Money) -> Result<(), Refusal> {
        let is_asked = !asked.discount.is_zero() || asked.lines.iter().any(LinePrice::is_manual);
        if is_asked && !self.allows_discount {
            return Err(self.refuse(
                asked,
                SaleRefusal::DiscountNotAllowed,
                &FieldProblem::DiscountNotAllowed,
            ));
        }
        if self.has_limit() && asked.manual > limit {
            let refusal = SaleRefusal::DiscountLimitExceeded {
                limit,
                asked: asked.manual,
            };
            return Err(self.refuse(
                asked,
                refusal,
                &FieldProblem::DiscountAboveLimit {
                    limit: limit.to_string(),
                },
            ));
        }
        if !self.is_manager && !self.has_limit() && asked.lines.iter().any(|line| line.is_override) {
            return Err(SaleRefusal::PriceOverrideNotAllowed {
                product_id: None,
                price: None,
            }
            .into());
        }
        Ok(())
    }

    /// The most discount by hand: a share of what the sale would cost without any; `None` when it does not fit.
    pub(super) fn limit(&self, undiscounted: Money) -> Option<Money> {
        self.discount_percent_max.of(undiscounted)
    }

    const fn has_limit(&self) -> bool {
        !self.discount_percent_max.is_zero()
    }

    fn refuse(&self, asked: &Asked<'_>, refusal: SaleRefusal, problem: &FieldProblem) -> Refusal {
        if self.is_manager {
            asked.fields(problem).into()
        } else {
            refusal.into()
        }
    }
}

impl Asked<'_> {
    /// The problem at every field that asks for a discount.
    fn fields(&self, problem: &FieldProblem) -> FieldErrors {
        let mut errors = FieldErrors::new();
        if !self.discount.is_zero() {
            errors.add("discount_amount", problem.clone());
        }
        let of_line = |line: &LinePrice| {
            if line.is_manual() {
                FieldErrors::one("unit_price", problem.clone())
            } else {
                FieldErrors::new()
            }
        };
        errors.add_elements("items", self.lines.iter().map(of_line).collect());
        errors
    }
}

impl LinePrice {
    fn is_manual(&self) -> bool {
        self.source == DiscountSource::Manual
    }
}
