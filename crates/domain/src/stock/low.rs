//! When a level runs low.

use crate::quantity::Quantity;

/// What a store watches: the level at which, and below which, goods run low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowStock(Option<Quantity>);

impl LowStock {
    /// Up to so many pieces are few; a store that watches nothing is told nothing.
    #[must_use]
    pub fn new(is_enabled: bool, pieces: i64) -> Self {
        Self(Quantity::from_pieces(pieces).filter(|_| is_enabled))
    }

    /// Up to so much is few; `None` where nothing is watched.
    #[must_use]
    pub const fn threshold(self) -> Option<Quantity> {
        self.0
    }

    /// Whether a movement of `quantity` that left `on_hand` has made goods run low: there was more than the threshold before
    /// it, and there is not any more.
    #[must_use]
    pub fn is_reached(self, quantity: Quantity, on_hand: Quantity) -> bool {
        let Some(threshold) = self.0 else { return false };
        let before = on_hand.checked_sub(quantity);
        on_hand <= threshold && before.is_some_and(|before| before > threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::LowStock;
    use crate::quantity::Quantity;
    use crate::stock::builders::pieces;

    #[test]
    fn goods_run_low_once_on_their_way_down() {
        let moved = |quantity, on_hand| LowStock::new(true, 5).is_reached(pieces(quantity), pieces(on_hand));

        assert!(moved(-1, 5) && moved(-9, 0) && moved(-3, 4));
        assert!(!moved(-1, 6), "more is left than the threshold");
        assert!(!moved(-1, 4), "they were low before");
        assert!(!moved(4, 4) && !moved(1, 5), "they came");
        let crumb = LowStock::new(true, 5).is_reached(Quantity::from_thousandths(-1), pieces(5));
        assert!(crumb, "5.001 is more than 5");
    }

    #[test]
    fn whoever_watches_nothing_is_told_nothing() {
        assert!(!LowStock::new(false, 5).is_reached(pieces(-9), pieces(0)));
        assert!(LowStock::new(true, 0).is_reached(pieces(-9), pieces(0)));
    }
}
