//! The lines of a cart, and what they sum to at the prices of now.

use crate::ids::CartLineId;
use crate::money::Money;

/// A line of a cart, with what the catalogue says of its product now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartLine {
    /// The line.
    pub id: CartLineId,
    /// How many pieces.
    pub pieces: i64,
    /// The price of one piece now.
    pub price: Money,
    /// The price of one piece when the line was made.
    pub price_at_add: Money,
    /// Whether the product is sold on prescription only.
    pub needs_prescription: bool,
    /// Whether the line is parked beside the cart.
    pub is_saved: bool,
}

/// What the lines of a cart come to; parked lines do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CartSummary {
    /// All pieces.
    pub pieces: i64,
    /// The price of all pieces now.
    pub total_price: Money,
    /// Whether there is no line at all.
    pub is_empty: bool,
    /// Whether any line needs a prescription.
    pub needs_prescription: bool,
    /// Whether some lines need a prescription and others do not.
    pub is_mixed: bool,
    /// Whether any price is another than when its line was made.
    pub is_price_changed: bool,
}

impl CartLine {
    /// The price of the line now; `None` when it does not fit.
    #[must_use]
    pub fn subtotal(&self) -> Option<Money> {
        self.price.scaled(self.pieces, 1)
    }

    /// Whether the price is another than when the line was made.
    #[must_use]
    pub fn is_price_changed(&self) -> bool {
        self.price != self.price_at_add
    }
}

impl CartSummary {
    /// What `lines` come to; `None` when a sum does not fit.
    #[must_use]
    pub fn of(lines: &[CartLine]) -> Option<Self> {
        let mut summary = Self {
            is_empty: true,
            ..Self::default()
        };
        let mut is_any_free = false;
        for line in lines.iter().filter(|line| !line.is_saved) {
            summary.is_empty = false;
            summary.pieces = summary.pieces.checked_add(line.pieces)?;
            summary.total_price = summary.total_price.checked_add(line.subtotal()?)?;
            summary.needs_prescription |= line.needs_prescription;
            summary.is_price_changed |= line.is_price_changed();
            is_any_free |= !line.needs_prescription;
        }
        summary.is_mixed = summary.needs_prescription && is_any_free;
        Some(summary)
    }
}

#[cfg(test)]
mod tests {
    use super::{CartLine, CartSummary};
    use crate::ids::CartLineId;
    use crate::money::Money;

    fn line(pieces: i64, needs_prescription: bool, is_saved: bool) -> CartLine {
        let price = Money::from_tiyin(1_050);
        CartLine {
            id: CartLineId::new(1),
            pieces,
            price,
            price_at_add: price,
            needs_prescription,
            is_saved,
        }
    }

    #[test]
    fn parked_lines_do_not_count() {
        let dearer = CartLine {
            price_at_add: Money::ZERO,
            ..line(9, true, true)
        };

        let summary = CartSummary::of(&[line(2, false, false), dearer, line(1, false, false)]);

        let total_price = Money::from_tiyin(3_150);
        assert_eq!(
            summary,
            Some(CartSummary {
                pieces: 3,
                total_price,
                ..CartSummary::default()
            })
        );
    }

    #[test]
    fn a_cart_is_mixed_when_only_some_lines_need_a_prescription() {
        let flags = |lines: &[CartLine]| {
            let summary = CartSummary::of(lines).unwrap();
            (summary.is_empty, summary.needs_prescription, summary.is_mixed)
        };

        assert_eq!(flags(&[line(1, true, true)]), (true, false, false));
        assert_eq!(flags(&[line(1, true, false)]), (false, true, false));
        assert_eq!(
            flags(&[line(1, true, false), line(1, false, false)]),
            (false, true, true)
        );
        assert_eq!(
            flags(&[line(1, true, false), line(1, false, true)]),
            (false, true, false)
        );
    }

    #[test]
    fn another_price_than_at_first_is_noticed() {
        let dearer = CartLine {
            price_at_add: Money::ZERO,
            ..line(1, false, false)
        };

        assert!(
            CartSummary::of(&[line(1, false, false), dearer])
                .unwrap()
                .is_price_changed
        );
    }
}
