//! The mixed cart's choice: order all of it, or the lines that need no prescription now and the rest later.

use crate::cart::line::CartLine;
use crate::cart::refusal::CartRefusal;
use crate::coded_enum;
use crate::ids::CartLineId;

coded_enum! {
    /// Which lines of a cart are meant.
    pub enum CartPart {
        /// All that are not parked.
        All = "all",
        /// Of those, the ones that need no prescription.
        WithoutPrescription = "without_prescription",
    }
}

/// Lines that are parked or brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The lines to change.
    pub line_ids: Vec<CartLineId>,
    /// Whether they are parked from now on.
    pub is_saved: bool,
}

impl CartPart {
    /// Whether this part holds the line.
    #[must_use]
    pub const fn holds(self, line: &CartLine) -> bool {
        match self {
            Self::All => !line.is_saved,
            Self::WithoutPrescription => !line.is_saved && !line.needs_prescription,
        }
    }

    /// Leaves this part in the cart: parks the prescription lines of a mixed cart, or brings all parked lines back.
    ///
    /// # Errors
    /// [`CartRefusal::NothingToSplit`] when the cart is not mixed, or nothing is parked.
    pub fn split(self, lines: &[CartLine]) -> Result<Split, CartRefusal> {
        let ids_of =
            |moves: fn(&CartLine) -> bool| lines.iter().filter(|line| moves(line)).map(|line| line.id).collect();
        let (line_ids, is_saved): (Vec<CartLineId>, bool) = match self {
            Self::All => (ids_of(|line| line.is_saved), false),
            Self::WithoutPrescription => (ids_of(|line| !line.is_saved && line.needs_prescription), true),
        };
        let is_emptied = is_saved && !lines.iter().any(|line| self.holds(line));
        if line_ids.is_empty() || is_emptied {
            Err(CartRefusal::NothingToSplit)
        } else {
            Ok(Split { line_ids, is_saved })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CartPart, Split};
    use crate::cart::line::CartLine;
    use crate::cart::refusal::CartRefusal;
    use crate::ids::CartLineId;
    use crate::money::Money;

    fn line(id: i64, needs_prescription: bool, is_saved: bool) -> CartLine {
        let (id, price) = (CartLineId::new(id), Money::ZERO);
        CartLine {
            id,
            pieces: 1,
            price,
            price_at_add: price,
            needs_prescription,
            is_saved,
        }
    }

    fn ids(numbers: &[i64]) -> Vec<CartLineId> {
        numbers.iter().copied().map(CartLineId::new).collect()
    }

    #[test]
    fn prescription_lines_are_parked_and_brought_back() {
        let mixed = [
            line(1, true, false),
            line(2, false, false),
            line(3, true, true),
            line(4, true, false),
        ];
        let parked = [line(1, true, true), line(2, false, false), line(3, false, true)];

        let parking = CartPart::WithoutPrescription.split(&mixed);
        let returning = CartPart::All.split(&parked);

        assert_eq!(
            parking,
            Ok(Split {
                line_ids: ids(&[1, 4]),
                is_saved: true
            })
        );
        assert_eq!(
            returning,
            Ok(Split {
                line_ids: ids(&[1, 3]),
                is_saved: false
            })
        );
    }

    #[test]
    fn a_cart_of_one_kind_is_not_split() {
        let nothing = Err(CartRefusal::NothingToSplit);

        assert_eq!(
            CartPart::WithoutPrescription.split(&[line(1, true, false), line(2, false, true)]),
            nothing
        );
        assert_eq!(CartPart::WithoutPrescription.split(&[line(1, false, false)]), nothing);
        assert_eq!(
            CartPart::All.split(&[line(1, true, false), line(2, false, false)]),
            nothing
        );
    }

    #[test]
    fn a_part_never_holds_parked_lines() {
        let lines = [
            line(1, true, false),
            line(2, false, false),
            line(3, true, true),
            line(4, false, true),
        ];

        let held = |part: CartPart| {
            lines
                .iter()
                .filter(|line| part.holds(line))
                .map(|line| line.id)
                .collect::<Vec<_>>()
        };

        assert_eq!(held(CartPart::All), ids(&[1, 2]));
        assert_eq!(held(CartPart::WithoutPrescription), ids(&[2]));
    }
}
