//! The address part of a product, unique within its store.

use crate::text::{self, SLUG_LENGTH_MAX};

/// Stands for a name that has no letter to be written in Latin.
const NAMELESS: &str = "mahsulot";
/// How many characters are kept free for a number.
const ROOM: usize = 10;

/// The slug that a product with these texts would have alone; never empty, with room for a number.
#[must_use]
pub fn base(name: &str, sku: &str) -> String {
    let slug = text::slug(&format!("{name} {sku}"), SLUG_LENGTH_MAX.saturating_sub(ROOM));
    if slug.is_empty() { NAMELESS.to_owned() } else { slug }
}

/// `base` itself when nobody has it, else the first of `base-2`, `base-3` .. that is free.
#[must_use]
pub fn free(base: &str, taken: &[String]) -> String {
    let numbered = (2..=u32::MAX).map(|number| format!("{base}-{number}"));
    std::iter::once(base.to_owned())
        .chain(numbered)
        .find(|slug| !taken.contains(slug))
        .unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{base, free};
    use crate::text::SLUG_LENGTH_MAX;

    #[test]
    fn the_first_free_number_makes_a_slug_its_own() {
        let taken = ["non", "non-2", "non-4"].map(str::to_owned);

        assert_eq!(free("tuz", &taken), "tuz");
        assert_eq!(free("non", &taken), "non-3");
    }

    #[test]
    fn a_slug_is_made_of_name_and_sku_and_keeps_room_for_a_number() {
        assert_eq!(base("Парацетамол 500 мг", "Par-500"), "paratsetamol-500-mg-par-500");
        assert_eq!(base(&"x".repeat(300), "").len(), SLUG_LENGTH_MAX - 10);
        assert_eq!(base("中", ""), "mahsulot");
    }
}
