//! What returned goods are worth to the buyer: what he paid for them, after all discounts.

use crate::money::Money;
use crate::quantity::Quantity;

/// The amount of `quantity` more of a line that costs `total` for `sold`, of which `returned` came back before:
/// `round2(total x (returned + quantity) / sold) - round2(total x returned / sold)`.
///
/// Whatever the steps, all of a line is worth exactly its total. `None` when it does not fit.
#[must_use]
pub fn amount(total: Money, sold: Quantity, returned: Quantity, quantity: Quantity) -> Option<Money> {
    let worth = |back: Quantity| total.scaled(back.thousandths(), sold.thousandths());
    worth(returned.checked_add(quantity)?)?.checked_sub(worth(returned)?)
}

#[cfg(test)]
mod tests {
    use super::amount;
    use crate::money::Money;
    use crate::quantity::Quantity;

    #[test]
    fn three_pieces_come_back_one_by_one() {
        let (total, sold) = (Money::parse("276.92").unwrap(), Quantity::from_pieces(3).unwrap());

        let amounts =
            [0, 1, 2].map(|returned| amount(total, sold, Quantity::from_pieces(returned).unwrap(), Quantity::ONE));

        let expected = ["92.31", "92.30", "92.31"].map(|text| Some(Money::parse(text).unwrap()));
        assert_eq!(amounts, expected);
    }

    #[test]
    fn what_does_not_fit_has_no_amount() {
        let most = Quantity::from_thousandths(i64::MAX);

        assert_eq!(amount(Money::MAX_TOTAL, Quantity::ONE, most, Quantity::ONE), None);
        assert_eq!(
            amount(Money::MAX_TOTAL, Quantity::ZERO, Quantity::ZERO, Quantity::ONE),
            None
        );
    }
}
