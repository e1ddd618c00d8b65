//! Units in which goods are counted, weighed and measured.

use crate::coded_enum;

coded_enum! {
    /// The unit of a product; each takes quantities of three decimals at the counter.
    #[derive(Default)]
    pub enum Unit {
        /// A piece.
        #[default]
        Piece = "dona",
        /// A kilogram.
        Kilogram = "kg",
        /// A gram.
        Gram = "g",
        /// A litre.
        Litre = "litr",
        /// A metre.
        Metre = "metr",
        /// A square metre.
        SquareMetre = "m2",
        /// A crate.
        Crate = "yashik",
        /// A sack.
        Sack = "qop",
        /// A box.
        Box = "quti",
    }
}

impl Unit {
    /// Whether it is handed over whole, as the online pharmacy asks.
    #[must_use]
    pub const fn is_countable(self) -> bool {
        match self {
            Self::Piece | Self::Crate | Self::Sack | Self::Box => true,
            Self::Kilogram | Self::Gram | Self::Litre | Self::Metre | Self::SquareMetre => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;
    use crate::coded::Coded;

    #[test]
    fn pieces_boxes_sacks_and_crates_are_counted() {
        let countable: Vec<_> = Unit::ALL
            .iter()
            .filter(|unit| unit.is_countable())
            .map(|unit| unit.code())
            .collect();

        assert_eq!(countable, ["dona", "yashik", "qop", "quti"]);
        assert_eq!(Unit::ALL.len(), 9);
    }
}
