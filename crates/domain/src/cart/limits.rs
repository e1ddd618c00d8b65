//! What a cart may hold: 1 to 100 pieces a line, 100 lines, one store, and no more than can be sold.

use crate::cart::refusal::CartRefusal;
use crate::fields::{FieldErrors, FieldProblem};
use crate::ids::StoreId;
use crate::quantity::Quantity;

/// The most pieces on one line.
pub const PIECES_MAX: i64 = 100;
/// The most lines of a cart, parked ones included.
pub const LINES_MAX: usize = 100;

/// The pieces of a line after `asked` more were added to those it has.
///
/// # Errors
/// `quantity`, when what is asked or the sum is not 1 to 100.
pub fn add_pieces(held: i64, asked: i64) -> Result<i64, FieldErrors> {
    set_pieces(asked)?;
    set_pieces(held.saturating_add(asked))
}

/// The pieces of a line that is set to `asked`.
///
/// # Errors
/// `quantity`, when it is not 1 to 100.
pub fn set_pieces(asked: i64) -> Result<i64, FieldErrors> {
    if (1..=PIECES_MAX).contains(&asked) {
        return Ok(asked);
    }
    let (min, max) = (1.to_string(), PIECES_MAX.to_string());
    Err(FieldErrors::one("quantity", FieldProblem::OutOfRange { min, max }))
}

/// Whether one more line fits into a cart that has `lines`.
///
/// # Errors
/// A problem across fields when the cart is full.
pub fn check_room(lines: usize) -> Result<(), FieldErrors> {
    if lines < LINES_MAX {
        Ok(())
    } else {
        Err(FieldErrors::across(FieldProblem::TooManyLines { max: LINES_MAX }))
    }
}

/// Whether a product of `store_id` may join a cart of `cart_store_id`; an empty cart belongs to no store.
///
/// # Errors
/// [`CartRefusal::StoreMismatch`] with the store of the cart.
pub fn check_store(cart_store_id: Option<StoreId>, store_id: StoreId) -> Result<(), CartRefusal> {
    match cart_store_id {
        Some(other) if other != store_id => Err(CartRefusal::StoreMismatch { store_id: other }),
        Some(_) | None => Ok(()),
    }
}

/// Whether a line of `pieces` could be sold now out of what is `sellable`.
///
/// # Errors
/// [`CartRefusal::InsufficientStock`] with both figures.
pub fn check_stock(sellable: Quantity, pieces: i64) -> Result<(), CartRefusal> {
    let available = sellable.whole_pieces();
    if pieces <= available {
        Ok(())
    } else {
        Err(CartRefusal::InsufficientStock {
            available,
            requested: pieces,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{add_pieces, check_room, check_stock, check_store, set_pieces};
    use crate::cart::refusal::CartRefusal;
    use crate::fields::{FieldErrors, FieldProblem};
    use crate::ids::StoreId;
    use crate::quantity::Quantity;

    #[test]
    fn a_line_holds_one_to_a_hundred_pieces() {
        let problem = FieldProblem::OutOfRange {
            min: "1".to_owned(),
            max: "100".to_owned(),
        };
        let refused = Err(FieldErrors::one("quantity", problem));

        assert_eq!([1, 100].map(set_pieces), [Ok(1), Ok(100)]);
        assert_eq!(
            [i64::MIN, 0, 101, i64::MAX].map(set_pieces),
            [(); 4].map(|()| refused.clone())
        );
        assert_eq!(add_pieces(60, 40), Ok(100));
        assert_eq!([add_pieces(60, 41), add_pieces(60, -1)], [refused.clone(), refused]);
    }

    #[test]
    fn the_hundred_and_first_line_does_not_fit() {
        assert_eq!(check_room(99), Ok(()));
        assert_eq!(
            check_room(100),
            Err(FieldErrors::across(FieldProblem::TooManyLines { max: 100 }))
        );
    }

    #[test]
    fn a_cart_is_of_one_store() {
        let (one, other) = (StoreId::new(1), StoreId::new(2));

        assert_eq!([check_store(None, one), check_store(Some(one), one)], [Ok(()), Ok(())]);
        assert_eq!(
            check_store(Some(other), one),
            Err(CartRefusal::StoreMismatch { store_id: other })
        );
    }

    #[test]
    fn a_part_of_a_piece_is_not_sold() {
        let sellable = Quantity::parse("2.999").unwrap();

        assert_eq!(check_stock(sellable, 2), Ok(()));
        assert_eq!(
            check_stock(sellable, 3),
            Err(CartRefusal::InsufficientStock {
                available: 2,
                requested: 3
            })
        );
    }
}
