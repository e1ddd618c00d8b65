//! From a cart to an order: what it costs, and where it begins.
//!
//! Prices are those of the catalogue now, frozen from here on; the total a buyer was shown is only compared. The
//! judging order is part of the contract. Enough stock is judged after this, by the ledger.

use chrono::{DateTime, Utc};

use crate::fields::FieldProblem;
use crate::ids::ProductId;
use crate::money::Money;
use crate::order::payment_status::{PaymentMethod, PaymentStatus};
use crate::order::refusal::{OrderRefusal, PriceLine, UnavailableProduct};
use crate::order::status::{OrderStatus, WaitingTimes};
use crate::quantity::Quantity;
use crate::refusal::Refusal;
use crate::stock::Demand;

/// What a buyer orders, and what the store says to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The lines of the wanted part of the cart, in cart order.
    pub lines: Vec<CheckoutLine>,
    /// How the order is to be paid.
    pub payment_method: PaymentMethod,
    /// The total that the buyer was shown; `None` makes no comparison.
    pub expected_total: Option<Money>,
    /// Whether the store sells online now.
    pub is_store_open: bool,
    /// Whether the store takes cash online.
    pub takes_cash: bool,
    /// How long the order may wait.
    pub waits: WaitingTimes,
}

/// A line of the cart, with what the catalogue says of its product now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutLine {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// How many pieces.
    pub pieces: i64,
    /// The price of one piece now.
    pub price: Money,
    /// The price of one piece when it was put into the cart.
    pub price_at_add: Money,
    /// Whether it is sold on prescription only.
    pub needs_prescription: bool,
    /// Whether it is still offered.
    pub is_offered: bool,
}

/// An order as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Its first status after the draft.
    pub status: OrderStatus,
    /// Where its money stands.
    pub payment_status: PaymentStatus,
    /// What it costs.
    pub total_price: Money,
    /// Whether any line needs a prescription.
    pub needs_prescription: bool,
    /// When it is given up if nothing happens.
    pub expires_at: Option<DateTime<Utc>>,
    /// Its lines.
    pub lines: Vec<PlacedLine>,
}

/// A line of the order, with its price frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedLine {
    /// Its place in the order, from 1.
    pub line_number: i64,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// How many pieces, as stock counts them.
    pub quantity: Quantity,
    /// The price of one piece.
    pub price: Money,
    /// The price of the line.
    pub subtotal: Money,
    /// Whether the line needs a prescription.
    pub needs_prescription: bool,
}

impl Checkout {
    /// Decides the order that begins `now`.
    ///
    /// # Errors
    /// In this order: `payment_method` where cash is not taken, [`OrderRefusal::CartEmpty`],
    /// [`OrderRefusal::StoreClosed`], [`OrderRefusal::ProductUnavailable`], [`OrderRefusal::PriceChanged`],
    /// [`OrderRefusal::AmountOutOfRange`].
    pub fn place(self, now: DateTime<Utc>) -> Result<Placement, Refusal> {
        if self.payment_method == PaymentMethod::Cash && !self.takes_cash {
            return Err(Refusal::field("payment_method", FieldProblem::PaymentNotAccepted));
        }
        if self.lines.is_empty() {
            return Err(OrderRefusal::CartEmpty.into());
        }
        if !self.is_store_open {
            return Err(OrderRefusal::StoreClosed.into());
        }
        self.check_offered()?;
        let subtotals = self.subtotals().ok_or(OrderRefusal::AmountOutOfRange)?;
        let total_price = Money::checked_sum(subtotals.iter().copied()).ok_or(OrderRefusal::AmountOutOfRange)?;
        self.check_total(total_price, &subtotals)?;

        let needs_prescription = self.lines.iter().any(|line| line.needs_prescription);
        let status = OrderStatus::first(needs_prescription, self.payment_method);
        Ok(Placement {
            status,
            payment_status: PaymentStatus::first(status, self.payment_method),
            total_price,
            needs_prescription,
            expires_at: status.expires_at(now, self.waits),
            lines: self.freeze(subtotals).ok_or(OrderRefusal::AmountOutOfRange)?,
        })
    }

    fn check_offered(&self) -> Result<(), OrderRefusal> {
        let hidden = self.lines.iter().filter(|line| !line.is_offered);
        let hidden: Vec<_> = hidden
            .map(|line| UnavailableProduct {
                product_id: line.product_id,
                product_name: line.product_name.clone(),
            })
            .collect();
        if hidden.is_empty() {
            Ok(())
        } else {
            Err(OrderRefusal::ProductUnavailable(hidden))
        }
    }

    fn check_total(&self, total_price: Money, subtotals: &[Money]) -> Result<(), OrderRefusal> {
        if self.expected_total.is_some_and(|expected| expected != total_price) {
            let lines = self
                .lines
                .iter()
                .zip(subtotals)
                .map(|(line, subtotal)| line.at_price_now(*subtotal))
                .collect();
            return Err(OrderRefusal::PriceChanged { total_price, lines });
        }
        if total_price > Money::MAX_TOTAL {
            Err(OrderRefusal::AmountOutOfRange)
        } else {
            Ok(())
        }
    }

    fn subtotals(&self) -> Option<Vec<Money>> {
        self.lines
            .iter()
            .map(|line| line.price.scaled(line.pieces, 1))
            .collect()
    }

    fn freeze(self, subtotals: Vec<Money>) -> Option<Vec<PlacedLine>> {
        let numbered = (1..).zip(self.lines.into_iter().zip(subtotals));
        numbered
            .map(|(line_number, (line, subtotal))| {
                Some(PlacedLine {
                    line_number,
                    product_id: line.product_id,
                    product_name: line.product_name,
                    quantity: Quantity::from_pieces(line.pieces)?,
                    price: line.price,
                    subtotal,
                    needs_prescription: line.needs_prescription,
                })
            })
            .collect()
    }
}

impl CheckoutLine {
    const fn at_price_now(&self, subtotal: Money) -> PriceLine {
        let Self {
            product_id,
            price_at_add,
            price,
            pieces,
            ..
        } = *self;
        PriceLine {
            product_id,
            price_at_add,
            price,
            pieces,
            subtotal,
        }
    }
}

impl Placement {
    /// What the order asks of the ledger, line by line.
    #[must_use]
    pub fn demands(&self) -> Vec<Demand<'_>> {
        let lines = self.lines.iter();
        lines
            .map(|line| Demand {
                line: line.line_number,
                product_id: line.product_id,
                product_name: &line.product_name,
                quantity: line.quantity,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{Checkout, CheckoutLine, PlacedLine, Placement};
    use crate::fields::FieldProblem;
    use crate::ids::ProductId;
    use crate::money::Money;
    use crate::order::payment_status::{PaymentMethod, PaymentStatus};
    use crate::order::refusal::{OrderRefusal, PriceLine, UnavailableProduct};
    use crate::order::status::{OrderStatus, WaitingTimes};
    use crate::quantity::Quantity;
    use crate::refusal::Refusal;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn line(product: i64, pieces: i64, price: &str) -> CheckoutLine {
        CheckoutLine {
            product_id: ProductId::new(product),
            product_name: format!("Product {product}"),
            pieces,
            price: money(price),
            price_at_add: money("1"),
            needs_prescription: false,
            is_offered: true,
        }
    }

    fn checkout(lines: Vec<CheckoutLine>) -> Checkout {
        Checkout {
            lines,
            payment_method: PaymentMethod::Online,
            expected_total: None,
            is_store_open: true,
            takes_cash: true,
            waits: WaitingTimes {
                payment_minutes: 60,
                prescription_hours: 72,
            },
        }
    }

    fn refusal(checkout: Checkout) -> Refusal {
        checkout.place(DateTime::UNIX_EPOCH).unwrap_err()
    }

    #[test]
    fn an_order_begins_with_frozen_prices() {
        let shown = Checkout {
            expected_total: Some(money("24500.50")),
            ..checkout(vec![line(7, 2, "12000"), line(8, 1, "500.50")])
        };

        let placed = shown.place(DateTime::UNIX_EPOCH).unwrap();

        let placed_line = |line_number, product: i64, pieces, price, subtotal| PlacedLine {
            line_number,
            product_id: ProductId::new(product),
            product_name: format!("Product {product}"),
            quantity: Quantity::from_pieces(pieces).unwrap(),
            price: money(price),
            subtotal: money(subtotal),
            needs_prescription: false,
        };
        let expected = Placement {
            status: OrderStatus::AwaitingPayment,
            payment_status: PaymentStatus::Unpaid,
            total_price: money("24500.50"),
            needs_prescription: false,
            expires_at: Some(DateTime::UNIX_EPOCH + TimeDelta::hours(1)),
            lines: vec![
                placed_line(1, 7, 2, "12000", "24000"),
                placed_line(2, 8, 1, "500.50", "500.50"),
            ],
        };
        assert_eq!(placed, expected);
        assert_eq!(placed.demands()[1].quantity, Quantity::ONE);
    }

    #[test]
    fn one_prescription_line_makes_the_order_wait() {
        let lines = vec![
            line(7, 1, "1"),
            CheckoutLine {
                needs_prescription: true,
                ..line(8, 1, "1")
            },
        ];
        let cash = Checkout {
            payment_method: PaymentMethod::Cash,
            ..checkout(lines)
        };

        let placed = cash.place(DateTime::UNIX_EPOCH).unwrap();

        assert_eq!(
            (placed.status, placed.payment_status),
            (OrderStatus::AwaitingPrescription, PaymentStatus::Unpaid)
        );
        assert_eq!(placed.expires_at, Some(DateTime::UNIX_EPOCH + TimeDelta::hours(72)));
    }

    #[test]
    fn refusals_are_judged_in_their_order() {
        let hidden = CheckoutLine {
            is_offered: false,
            ..line(7, 1, "2")
        };
        let mut asked = Checkout {
            payment_method: PaymentMethod::Cash,
            expected_total: Some(money("1")),
            is_store_open: false,
            takes_cash: false,
            ..checkout(Vec::new())
        };

        let no_cash = Refusal::field("payment_method", FieldProblem::PaymentNotAccepted);
        assert_eq!(refusal(asked.clone()), no_cash);
        asked.takes_cash = true;
        assert_eq!(refusal(asked.clone()), OrderRefusal::CartEmpty.into());
        asked.lines = vec![hidden, line(8, 3, "2")];
        assert_eq!(refusal(asked.clone()), OrderRefusal::StoreClosed.into());
        asked.is_store_open = true;
        let (product_id, product_name) = (ProductId::new(7), "Product 7".to_owned());
        let unavailable = OrderRefusal::ProductUnavailable(vec![UnavailableProduct {
            product_id,
            product_name,
        }]);
        assert_eq!(refusal(asked.clone()), unavailable.into());
        asked.lines.remove(0);
        let (price_at_add, price, subtotal) = (money("1"), money("2"), money("6"));
        let lines = vec![PriceLine {
            product_id: ProductId::new(8),
            price_at_add,
            price,
            pieces: 3,
            subtotal,
        }];
        assert_eq!(
            refusal(asked),
            OrderRefusal::PriceChanged {
                total_price: subtotal,
                lines
            }
            .into()
        );
    }

    #[test]
    fn a_total_that_no_document_can_hold_is_refused() {
        let lines = |count| checkout((0..count).map(|product| line(product, 100, "9999999999.99")).collect());

        assert_eq!(
            lines(100).place(DateTime::UNIX_EPOCH).map(|placed| placed.total_price),
            Ok(money("99999999999900.00"))
        );
        assert_eq!(refusal(lines(101)), OrderRefusal::AmountOutOfRange.into());
    }
}
