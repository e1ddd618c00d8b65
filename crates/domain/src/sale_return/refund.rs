//! What becomes of the money for goods that came back.

use crate::coded_enum;
use crate::money::Money;
use crate::sale::PaymentType;

coded_enum! {
    /// How money is handed back, where somebody says so.
    pub enum RefundMethod {
        /// In cash.
        Cash = "cash",
        /// To a card.
        Card = "card",
    }
}

/// How the sale was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SalePaid {
    /// The way.
    pub payment_type: PaymentType,
    /// What was paid in cash.
    pub cash: Money,
    /// What was left owing.
    pub debt: Money,
}

/// What becomes of an amount: the three sum to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refund {
    /// Handed back in cash.
    pub cash: Money,
    /// Handed back to a card.
    pub card: Money,
    /// Struck out of what the customer owes.
    pub debt: Money,
}

impl Refund {
    /// Splits `amount`: first what is still owed for the sale, after what its `earlier` returns struck out and up to the
    /// customer's `balance`; the rest is handed back the way that somebody names, else as it was paid.
    ///
    /// For a sale that was paid in two ways cash comes first, up to what of its cash was not handed back before. `None` when
    /// it does not fit.
    #[must_use]
    pub fn split(
        amount: Money,
        paid: SalePaid,
        earlier: Self,
        balance: Money,
        method: Option<RefundMethod>,
    ) -> Option<Self> {
        let owed = paid.debt.checked_sub(earlier.debt)?.min(balance).max(Money::ZERO);
        let debt = amount.min(owed);
        let rest = amount.checked_sub(debt)?;
        let cash = match (method, paid.payment_type) {
            (Some(RefundMethod::Cash), _) | (None, PaymentType::Cash | PaymentType::Debt) => rest,
            (Some(RefundMethod::Card), _) | (None, PaymentType::Card) => Money::ZERO,
            (None, PaymentType::Mixed) => rest.min(paid.cash.checked_sub(earlier.cash)?.max(Money::ZERO)),
        };
        Some(Self {
            cash,
            card: rest.checked_sub(cash)?,
            debt,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Refund, RefundMethod, SalePaid};
    use crate::money::Money;
    use crate::sale::PaymentType;

    fn som(som: i64) -> Money {
        Money::from_tiyin(som * 100)
    }

    fn paid(payment_type: PaymentType, cash: i64, debt: i64) -> SalePaid {
        SalePaid {
            payment_type,
            cash: som(cash),
            debt: som(debt),
        }
    }

    fn refund(cash: i64, card: i64, debt: i64) -> Refund {
        Refund {
            cash: som(cash),
            card: som(card),
            debt: som(debt),
        }
    }

    #[test]
    fn the_debt_that_is_left_is_struck_out_and_the_rest_is_handed_back_in_cash() {
        let split = Refund::split(
            som(150),
            paid(PaymentType::Debt, 50, 100),
            Refund::default(),
            som(40),
            None,
        );

        assert_eq!(split, Some(refund(110, 0, 40)));
    }

    #[test]
    fn what_earlier_returns_struck_out_is_not_struck_out_again() {
        let again =
            |balance, earlier| Refund::split(som(60), paid(PaymentType::Debt, 50, 100), earlier, som(balance), None);

        assert_eq!(again(500, refund(0, 0, 70)), Some(refund(30, 0, 30)));
        assert_eq!(again(500, refund(0, 0, 100)), Some(refund(60, 0, 0)));
        assert_eq!(again(0, refund(0, 0, 0)), Some(refund(60, 0, 0)));
    }

    #[test]
    fn money_goes_back_as_it_came_unless_somebody_says_how() {
        let split = |payment_type, cash, earlier, method| {
            Refund::split(som(100), paid(payment_type, cash, 0), earlier, Money::ZERO, method)
        };
        let none = Refund::default();

        assert_eq!(split(PaymentType::Cash, 100, none, None), Some(refund(100, 0, 0)));
        assert_eq!(split(PaymentType::Card, 0, none, None), Some(refund(0, 100, 0)));
        assert_eq!(split(PaymentType::Debt, 100, none, None), Some(refund(100, 0, 0)));
        assert_eq!(
            split(PaymentType::Card, 0, none, Some(RefundMethod::Cash)),
            Some(refund(100, 0, 0))
        );
        assert_eq!(
            split(PaymentType::Cash, 100, none, Some(RefundMethod::Card)),
            Some(refund(0, 100, 0))
        );
    }

    #[test]
    fn of_a_mixed_sale_cash_goes_back_first_until_it_is_all_back() {
        let split = |earlier| Refund::split(som(100), paid(PaymentType::Mixed, 120, 0), earlier, Money::ZERO, None);

        assert_eq!(split(Refund::default()), Some(refund(100, 0, 0)));
        assert_eq!(split(refund(100, 0, 0)), Some(refund(20, 80, 0)));
        assert_eq!(split(refund(120, 80, 0)), Some(refund(0, 100, 0)));
        assert_eq!(split(refund(180, 0, 0)), Some(refund(0, 100, 0)));
    }

    #[test]
    fn what_does_not_fit_is_not_split() {
        let least = Money::from_tiyin(i64::MIN);
        let earlier = Refund {
            debt: least,
            ..Refund::default()
        };

        assert_eq!(
            Refund::split(som(1), paid(PaymentType::Debt, 0, 1), earlier, som(1), None),
            None
        );
    }
}
