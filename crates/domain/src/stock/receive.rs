//! Goods taken in: each receipt makes one batch.

use chrono::NaiveDate;

use crate::fields::{FieldErrors, FieldProblem};
use crate::money::Money;
use crate::quantity::Quantity;

/// Goods as they are handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// How much, above zero.
    pub quantity: Quantity,
    /// The price of one unit.
    pub unit_cost: Money,
    /// The maker's series; empty when none is given.
    pub series: String,
    /// The last day of use; it may have passed (goods to write off).
    pub expires_on: Option<NaiveDate>,
    /// Whether series and expiry must be known, as for a medicine.
    pub must_be_traceable: bool,
}

/// A batch to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// How much came.
    pub quantity: Quantity,
    /// The price of one unit.
    pub unit_cost: Money,
    /// What all of it is worth: quantity times cost, rounded half to even to the tiyin.
    pub value: Money,
    /// The maker's series, or empty.
    pub series: String,
    /// The last day on which it may be sold.
    pub expires_on: Option<NaiveDate>,
}

/// Makes the batch of a receipt.
///
/// # Errors
/// `series` and `expires_on` where they must be known, `unit_cost` when the value is above [`Money::MAX_TOTAL`].
pub fn receive(receipt: Receipt) -> Result<NewBatch, FieldErrors> {
    let Receipt {
        quantity,
        unit_cost,
        series,
        expires_on,
        must_be_traceable,
    } = receipt;
    let mut errors = FieldErrors::new();
    if must_be_traceable && series.is_empty() {
        errors.add("series", FieldProblem::Required);
    }
    if must_be_traceable && expires_on.is_none() {
        errors.add("expires_on", FieldProblem::Required);
    }
    let value = unit_cost.times(quantity).filter(|value| *value <= Money::MAX_TOTAL);
    let too_much = FieldProblem::OutOfRange {
        min: Money::ZERO.to_string(),
        max: Money::MAX_TOTAL.to_string(),
    };
    match errors.keep("unit_cost", value.ok_or(too_much)) {
        Some(value) if errors.is_empty() => Ok(NewBatch {
            quantity,
            unit_cost,
            value,
            series,
            expires_on,
        }),
        Some(_) | None => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{NewBatch, Receipt, receive};
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::money::Money;
    use crate::quantity::Quantity;

    fn receipt(quantity: &str, unit_cost: &str) -> Receipt {
        Receipt {
            quantity: Quantity::parse(quantity).unwrap(),
            unit_cost: Money::parse(unit_cost).unwrap(),
            series: String::new(),
            expires_on: None,
            must_be_traceable: false,
        }
    }

    #[test]
    fn a_batch_is_worth_quantity_times_cost() {
        let batch = receive(receipt("0.333", "999.99"));

        let expected = NewBatch {
            quantity: Quantity::parse("0.333").unwrap(),
            unit_cost: Money::parse("999.99").unwrap(),
            value: Money::parse("333.00").unwrap(),
            series: String::new(),
            expires_on: None,
        };
        assert_eq!(batch, Ok(expected));
    }

    #[test]
    fn a_medicine_needs_series_and_expiry() {
        let unknown = receive(Receipt {
            must_be_traceable: true,
            ..receipt("1", "1")
        });
        let known = receive(Receipt {
            must_be_traceable: true,
            series: "A-17".to_owned(),
            expires_on: Some(NaiveDate::MIN),
            ..receipt("1", "1")
        });

        let mut missing = FieldErrors::one("series", FieldProblem::Required);
        missing.add("expires_on", FieldProblem::Required);
        assert_eq!(unknown, Err(missing));
        assert!(known.is_ok());
    }

    #[test]
    fn a_value_that_no_document_can_hold_is_refused() {
        for (quantity, unit_cost) in [("9999999.999", "9999999999.99"), ("10001", "9999999999.99")] {
            let refused = receive(receipt(quantity, unit_cost));

            let problem = FieldProblem::OutOfRange {
                min: "0.00".to_owned(),
                max: "99999999999999.99".to_owned(),
            };
            assert_eq!(refused, Err(FieldErrors::one("unit_cost", problem)));
        }
    }
}
