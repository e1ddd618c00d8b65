//! How a sale is paid, and how its money goes back.

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
    /// Debts.
    pub debt: bool,
}

/// What the client says was handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tendered {
    /// In all.
    pub paid: Option<Money>,
    /// In cash.
    pub cash: Option<Money>,
    /// By card.
    pub card: Option<Money>,
}

/// Money by way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Payment {
    /// In cash.
    pub cash: Money,
    /// By card.
    pub card: Money,
}

/// How a sale is settled: what was paid and what is owed sum to what it costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Paid, by way.
    pub payment: Payment,
    /// Owed.
    pub debt: Money,
}

impl AcceptedPayments {
    /// Whether the store takes this way of paying.
    ///
    /// # Errors
    /// [`FieldProblem::PaymentNotAccepted`].
    pub const fn check(self, payment_type: PaymentType) -> Result<PaymentType, FieldProblem> {
        let is_taken = match payment_type {
            PaymentType::Cash => self.cash,
            PaymentType::Card => self.card,
            PaymentType::Mixed => self.cash && self.card,
            PaymentType::Debt => self.debt,
        };
        if is_taken {
            Ok(payment_type)
        } else {
            Err(FieldProblem::PaymentNotAccepted)
        }
    }
}

impl PaymentType {
    /// Splits `net_total` by what was handed over.
    ///
    /// # Errors
    /// `paid_amount` with the figure under `expected_total` when the client's sum is another, or more than the sale costs where
    /// the rest is owed; `cash_amount` and `card_amount` when they are not the two parts of what is paid.
    pub fn settle(self, net_total: Money, tendered: Tendered) -> Result<Settlement, FieldErrors> {
        let paid = match self {
            Self::Cash | Self::Card | Self::Mixed => tendered.paid.unwrap_or(net_total),
            Self::Debt => tendered.paid.unwrap_or_default(),
        };
        let may_be_less = match self {
            Self::Cash | Self::Card | Self::Mixed => false,
            Self::Debt => true,
        };
        let debt = net_total.checked_sub(paid).filter(|debt| !debt.is_negative());
        let debt = debt.filter(|debt| debt.is_zero() || may_be_less);
        let debt = debt.ok_or_else(|| another_sum(net_total))?;
        let payment = match self {
            Self::Cash => Payment {
                cash: net_total,
                card: Money::ZERO,
            },
            Self::Card => Payment {
                cash: Money::ZERO,
                card: net_total,
            },
            Self::Mixed => mixed(paid, tendered)?,
            Self::Debt => owed(paid, tendered)?,
        };
        Ok(Settlement { payment, debt })
    }
}

impl Settlement {
    /// What was paid, by whatever way.
    #[must_use]
    pub fn paid(&self) -> Money {
        [self.payment.cash, self.payment.card].into_iter().sum()
    }

    /// How the money of a whole sale goes back to a customer who owes `balance` in all: first what he owes is struck out, the
    /// rest is handed back, to the card as much as was paid by it, else in cash. `None` when an amount does not fit.
    #[must_use]
    pub fn undone(&self, balance: Money) -> Option<Self> {
        let debt = self.debt.min(balance);
        let back = self.paid().checked_add(self.debt)?.checked_sub(debt)?;
        let card = back.min(self.payment.card);
        let cash = back.checked_sub(card)?;
        Some(Self {
            payment: Payment { cash, card },
            debt,
        })
    }
}

/// Both parts above zero, one of them perhaps left out.
fn mixed(paid: Money, tendered: Tendered) -> Result<Payment, FieldErrors> {
    let payment = parts(paid, tendered)?;
    for (field, part) in [("cash_amount", payment.cash), ("card_amount", payment.card)] {
        if part.is_zero() {
            return Err(FieldErrors::one(field, FieldProblem::NotPositive));
        }
    }
    Ok(payment)
}

/// All in cash where nothing is said.
fn owed(paid: Money, tendered: Tendered) -> Result<Payment, FieldErrors> {
    match (tendered.cash, tendered.card) {
        (None, None) => Ok(Payment {
            cash: paid,
            card: Money::ZERO,
        }),
        _ => parts(paid, tendered),
    }
}

/// The two parts of what was paid; the one that is left out is the rest.
fn parts(paid: Money, tendered: Tendered) -> Result<Payment, FieldErrors> {
    let rest = |field: &str, part: Money| {
        let rest = paid.checked_sub(part).filter(|rest| !rest.is_negative());
        rest.ok_or_else(|| {
            let (min, max) = (Money::ZERO.to_string(), paid.to_string());
            FieldErrors::one(field, FieldProblem::OutOfRange { min, max })
        })
    };
    match (tendered.cash, tendered.card) {
        (None, None) => Err(FieldErrors::one("cash_amount", FieldProblem::Required)),
        (Some(cash), None) => Ok(Payment {
            cash,
            card: rest("cash_amount", cash)?,
        }),
        (None, Some(card)) => Ok(Payment {
            cash: rest("card_amount", card)?,
            card,
        }),
        (Some(cash), Some(card)) => {
            let expected = rest("cash_amount", cash)?;
            if card == expected {
                return Ok(Payment { cash, card });
            }
            let value = expected.to_string();
            Err(FieldErrors::one("card_amount", FieldProblem::Expected { value }))
        }
    }
}

/// Another sum than the sale costs, with the figure.
fn another_sum(net_total: Money) -> FieldErrors {
    let value = net_total.to_string();
    let mut errors = FieldErrors::one("paid_amount", FieldProblem::Expected { value: value.clone() });
    errors.add("expected_total", FieldProblem::Figure { value });
    errors
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    use super::{AcceptedPayments, Payment, PaymentType, Settlement, Tendered, another_sum};
    use crate::coded::Coded;
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::money::Money;

    const NET: Money = Money::from_tiyin(119_999);

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn settled(cash: &str, card: &str, debt: &str) -> Settlement {
        Settlement {
            payment: Payment {
                cash: money(cash),
                card: money(card),
            },
            debt: money(debt),
        }
    }

    fn tendered(paid: Option<&str>, cash: Option<&str>, card: Option<&str>) -> Tendered {
        Tendered {
            paid: paid.map(money),
            cash: cash.map(money),
            card: card.map(money),
        }
    }

    #[test]
    fn all_of_a_sale_is_paid_one_way_whatever_else_is_said() {
        let said = tendered(Some("1199.99"), Some("1.00"), Some("2.00"));

        let cash = PaymentType::Cash.settle(NET, said);
        let card = PaymentType::Card.settle(NET, said);

        assert_eq!(cash, Ok(settled("1199.99", "0", "0")));
        assert_eq!(card, Ok(settled("0", "1199.99", "0")));
    }

    #[test]
    fn each_way_of_paying_needs_its_own_settings() {
        let taken = |[cash, card, debt]: [bool; 3]| {
            let accepted = AcceptedPayments { cash, card, debt };
            let ways = PaymentType::ALL.iter().copied();
            let ways = ways.filter(|way| accepted.check(*way).is_ok());
            ways.map(Coded::code).collect::<Vec<_>>()
        };

        assert_eq!(taken([true, true, true]), ["cash", "card", "mixed", "debt"]);
        assert_eq!(taken([true, true, false]), ["cash", "card", "mixed"]);
        assert_eq!(taken([true, false, true]), ["cash", "debt"]);
        assert_eq!(taken([false, true, false]), ["card"]);
    }

    #[test]
    fn another_sum_is_answered_with_the_expected_one() {
        let refused = [
            (PaymentType::Cash, "1200.00"),
            (PaymentType::Mixed, "1199.98"),
            (PaymentType::Debt, "1200.00"),
        ]
        .map(|(way, paid)| way.settle(NET, tendered(Some(paid), Some("1000.00"), None)));

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
        assert_eq!(errors, another_sum(NET));
        for refused in refused {
            assert_eq!(refused, Err(errors.clone()));
        }
    }

    #[test]
    fn a_mixed_sale_is_paid_in_two_parts_that_sum_to_it() {
        let mixed = |cash, card| PaymentType::Mixed.settle(NET, tendered(None, cash, card));
        let at = |field: &str, problem| Err(FieldErrors::one(field, problem));

        // shop.md 16.1: net 1199.99, mixed, cash 1000.00 -> card 199.99, paid 1199.99, debt 0.00.
        let example = mixed(Some("1000.00"), None);
        assert_eq!(example, Ok(settled("1000.00", "199.99", "0")));
        assert_eq!(example.clone().map(|settlement| settlement.paid()), Ok(NET));
        assert_eq!(mixed(None, Some("199.99")), example);
        assert_eq!(mixed(Some("1000.00"), Some("199.99")), example);

        assert_eq!(mixed(None, None), at("cash_amount", FieldProblem::Required));
        assert_eq!(mixed(Some("0"), None), at("cash_amount", FieldProblem::NotPositive));
        assert_eq!(
            mixed(Some("1199.99"), None),
            at("card_amount", FieldProblem::NotPositive)
        );
        let (min, max) = ("0.00".to_owned(), "1199.99".to_owned());
        assert_eq!(
            mixed(None, Some("1200.00")),
            at("card_amount", FieldProblem::OutOfRange { min, max })
        );
        let value = "199.99".to_owned();
        assert_eq!(
            mixed(Some("1000.00"), Some("200.00")),
            at("card_amount", FieldProblem::Expected { value })
        );
    }

    #[test]
    fn what_is_not_paid_of_a_debt_is_owed() {
        let debt = |paid, cash, card| PaymentType::Debt.settle(NET, tendered(paid, cash, card));

        assert_eq!(debt(None, None, None), Ok(settled("0", "0", "1199.99")));
        assert_eq!(debt(Some("200.00"), None, None), Ok(settled("200.00", "0", "999.99")));
        assert_eq!(
            debt(Some("200.00"), None, Some("50.00")),
            Ok(settled("150.00", "50.00", "999.99"))
        );
        assert_eq!(debt(Some("1199.99"), Some("0"), None), Ok(settled("0", "1199.99", "0")));
        let value = "100.00".to_owned();
        let wrong = debt(Some("200.00"), Some("100.00"), Some("99.00"));
        assert_eq!(
            wrong,
            Err(FieldErrors::one("card_amount", FieldProblem::Expected { value }))
        );
    }

    #[test]
    fn a_cancel_strikes_out_what_is_owed_and_hands_the_rest_back() {
        // shop.md 16.2: 20000.00 paid in cash, 40000.00 owed, 15000.00 of it repaid later.
        let sale = settled("20000.00", "0", "40000.00");
        assert_eq!(
            sale.undone(money("25000.00")),
            Some(settled("35000.00", "0", "25000.00"))
        );
        assert_eq!(
            sale.undone(money("90000.00")),
            Some(settled("20000.00", "0", "40000.00"))
        );

        let mixed = settled("1000.00", "199.99", "0");
        assert_eq!(mixed.undone(money("500.00")), Some(mixed));
        let card = settled("0", "100.00", "50.00");
        assert_eq!(card.undone(Money::ZERO), Some(settled("50.00", "100.00", "0")));
    }

    proptest! {
        // Law: cash, card and debt always sum to what the sale costs, and so does what goes back.
        #[test]
        fn the_parts_sum_to_the_sale(
            way in 0..PaymentType::ALL.len(),
            net in 1i64..1_000_000,
            said in [prop::option::of(0i64..1_000_000), prop::option::of(0i64..1_000_000), prop::option::of(0i64..1_000_000)],
            balance in 0i64..1_000_000,
        ) {
            let net = Money::from_tiyin(net);
            let [paid, cash, card] = said.map(|amount| amount.map(|amount| Money::from_tiyin(amount).min(net)));

            let Ok(settled) = PaymentType::ALL[way].settle(net, Tendered { paid, cash, card }) else { return Ok(()) };
            let undone = settled.undone(Money::from_tiyin(balance)).unwrap();

            for Settlement { payment: Payment { cash, card }, debt } in [settled, undone] {
                prop_assert_eq!(Money::checked_sum([cash, card, debt]), Some(net));
                prop_assert!([cash, card, debt].iter().all(|part| !part.is_negative()));
            }
            prop_assert!(undone.debt <= settled.debt && undone.payment.card <= settled.payment.card);
        }
    }
}
