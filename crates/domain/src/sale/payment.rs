//! How a sale is paid.

use crate::coded_enum;
use crate::fields::{FieldErrors, FieldProblem};
use crate::money::Money;

coded_enum! {
    /// How a sale at the counter is paid.
    pub enum PaymentType {
        /// In cash.
        Cash = "cash",
        /// By card.
        Card = "card",
        /// Part cash, part card.
        Mixed = "mixed",
        /// Later, in part or in whole.
        Debt = "debt",
    }
}

/// The ways of paying that the store takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptedPayments {
    /// Cash.
    pub cash: bool,
    /// Cards.
    pub card: bool,
}

/// What was paid, by way: the parts sum to what the sale costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// In cash.
    pub cash: Money,
    /// By card.
    pub card: Money,
}

impl AcceptedPayments {
    /// Splits `net_total` over the ways of paying; `paid` is what the client says was handed over.
    ///
    /// # Errors
    /// `payment_type` when the store does not take it (mixed and debt are taken by no store yet), `paid_amount` with
    /// the figure under `expected_total` when the client's sum is another.
    pub fn split(
        self,
        payment_type: PaymentType,
        net_total: Money,
        paid: Option<Money>,
    ) -> Result<Payment, FieldErrors> {
        let payment = match payment_type {
            PaymentType::Cash => self.cash.then_some(Payment {
                cash: net_total,
                card: Money::ZERO,
            }),
            PaymentType::Card => self.card.then_some(Payment {
                cash: Money::ZERO,
                card: net_total,
            }),
            PaymentType::Mixed | PaymentType::Debt => None,
        };
        let payment = payment.ok_or_else(|| FieldErrors::one("payment_type", FieldProblem::PaymentNotAccepted))?;
        if paid.is_some_and(|paid| paid != net_total) {
            let mut errors = FieldErrors::one(
                "paid_amount",
                FieldProblem::Expected {
                    value: net_total.to_string(),
                },
            );
            errors.add(
                "expected_total",
                FieldProblem::Figure {
                    value: net_total.to_string(),
                },
            );
            return Err(errors);
        }
        Ok(payment)
    }
}

#[cfg(test)]
mod tests {
    use super::{AcceptedPayments, Payment, PaymentType};
    use crate::coded::Coded;
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::money::Money;

    const NET: Money = Money::from_tiyin(119_999);

    #[test]
    fn all_of_a_sale_is_paid_one_way() {
        let all = AcceptedPayments { cash: true, card: true };

        let paid = [PaymentType::Cash, PaymentType::Card].map(|way| all.split(way, NET, Some(NET)));

        assert_eq!(
            paid[0],
            Ok(Payment {
                cash: NET,
                card: Money::ZERO
            })
        );
        assert_eq!(
            paid[1],
            Ok(Payment {
                cash: Money::ZERO,
                card: NET
            })
        );
    }

    #[test]
    fn a_way_that_the_store_does_not_take_is_refused() {
        let refused = |accepted: AcceptedPayments| {
            let ways = PaymentType::ALL.iter().copied();
            ways.filter(|way| accepted.split(*way, NET, None).is_err())
                .map(Coded::code)
                .collect::<Vec<_>>()
        };

        assert_eq!(
            refused(AcceptedPayments {
                cash: true,
                card: false
            }),
            ["card", "mixed", "debt"]
        );
        assert_eq!(
            refused(AcceptedPayments {
                cash: false,
                card: true
            }),
            ["cash", "mixed", "debt"]
        );
    }

    #[test]
    fn another_sum_is_answered_with_the_expected_one() {
        let accepted = AcceptedPayments { cash: true, card: true };

        let refused = accepted.split(PaymentType::Cash, NET, Some(Money::from_tiyin(120_000)));

        let mut errors = FieldErrors::one(
            "paid_amount",
            FieldProblem::Expected {
                value: "1199.99".to_owned(),
            },
        );
        errors.add(
            "expected_total",
            FieldProblem::Figure {
                value: "1199.99".to_owned(),
            },
        );
        assert_eq!(refused, Err(errors));
    }
}
