//! A level set by hand to what was counted.

use crate::quantity::Quantity;
use crate::stock::refusal::StockRefusal;

/// What must move so that a level is what was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// It is that already.
    Nothing,
    /// So much more lies there.
    Up(Quantity),
    /// So much less lies there.
    Down(Quantity),
}

/// What must move where `on_hand` is kept and `counted` lies; `expected` is what the caller believed to be kept.
///
/// # Errors
/// [`StockRefusal::Changed`] when the caller believed something else; [`StockRefusal::AmountOutOfRange`] when the
/// difference does not fit.
pub fn correct(on_hand: Quantity, counted: Quantity, expected: Option<Quantity>) -> Result<Correction, StockRefusal> {
    if expected.is_some_and(|expected| expected != on_hand) {
        return Err(StockRefusal::Changed { quantity: on_hand });
    }
    let more = counted.checked_sub(on_hand).ok_or(StockRefusal::AmountOutOfRange)?;
    if more.is_zero() {
        return Ok(Correction::Nothing);
    }
    if more.is_positive() {
        return Ok(Correction::Up(more));
    }
    let less = more.checked_neg().ok_or(StockRefusal::AmountOutOfRange)?;
    Ok(Correction::Down(less))
}

#[cfg(test)]
mod tests {
    use super::{Correction, correct};
    use crate::stock::builders::pieces;
    use crate::stock::refusal::StockRefusal;

    #[test]
    fn a_level_moves_by_the_difference() {
        let moved = [(5, 8), (5, 5), (5, 0)].map(|(kept, counted)| correct(pieces(kept), pieces(counted), None));

        assert_eq!(
            moved,
            [
                Ok(Correction::Up(pieces(3))),
                Ok(Correction::Nothing),
                Ok(Correction::Down(pieces(5)))
            ]
        );
    }

    #[test]
    fn whoever_believed_another_level_is_told_what_it_is() {
        let believed = |expected| correct(pieces(5), pieces(5), Some(pieces(expected)));

        assert_eq!(believed(5), Ok(Correction::Nothing));
        assert_eq!(believed(4), Err(StockRefusal::Changed { quantity: pieces(5) }));
    }
}
