//! Barcodes that a store gives to goods which came without one.

use crate::ids::{ProductId, StoreId};

const STORE_MAX: i64 = 999_999;
const SEQUENCE_MAX: i64 = 99_999;
/// EAN-13 numbers that begin with 2 are for use inside a store.
const IN_STORE_PREFIX: i64 = 2_000_000;

/// The barcode made for the `sequence`-th (1, 2, ..) product without one of a store.
///
/// An EAN-13 of the store, the sequence and a check digit; the text `{store}-{sequence}` once either outgrows its digits.
/// The caller skips a number that some product has already, and never uses one twice.
#[must_use]
pub fn made(store: StoreId, sequence: i64) -> String {
    let store = store.get();
    if !(1..=STORE_MAX).contains(&store) || !(1..=SEQUENCE_MAX).contains(&sequence) {
        return format!("{store}-{sequence}");
    }
    ean_13(&format!("{}{sequence:05}", IN_STORE_PREFIX + store))
}

/// The product that a code of its own names: `P` and its id, as a picture of it holds where a product has no barcode.
#[must_use]
pub fn named_product(code: &str) -> Option<ProductId> {
    let id = code.strip_prefix('P')?;
    let is_plain = id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
    let id = is_plain.then(|| id.parse().ok()).flatten();
    id.map(ProductId::new)
}

/// Twelve digits with the one that checks them.
#[must_use]
pub fn ean_13(digits: &str) -> String {
    format!("{digits}{}", check_digit(digits))
}

/// The check digit that follows twelve digits: weights 1 and 3 in turn from the left.
fn check_digit(digits: &str) -> u8 {
    let weighted = digits
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| digit.wrapping_sub(b'0') % 10 * weight);
    let sum = weighted.fold(0, |sum, value| (sum + value) % 10);
    (10 - sum) % 10
}

#[cfg(test)]
mod tests {
    use super::{check_digit, made, named_product};
    use crate::ids::{ProductId, StoreId};

    #[test]
    fn the_first_product_of_the_first_store() {
        assert_eq!(made(StoreId::new(1), 1), "2000001000014");
    }

    #[test]
    fn the_check_digit_is_the_one_of_ean_13() {
        assert_eq!(check_digit("400638133393"), 1);
        assert_eq!(check_digit("978014300723"), 4);
        assert_eq!(check_digit("999999999999"), 4);
    }

    #[test]
    fn a_code_of_its_own_is_the_letter_and_the_plain_id() {
        assert_eq!(named_product("P17"), Some(ProductId::new(17)));
        assert_eq!(named_product("P9223372036854775807"), Some(ProductId::new(i64::MAX)));
        for code in [
            "P",
            "P0",
            "P017",
            "p17",
            "17",
            "P-17",
            "P+17",
            "P1.0",
            "P1 ",
            "PP1",
            "P１７",
            "P9223372036854775808",
            "P18446744073709551617",
        ] {
            assert_eq!(named_product(code), None, "{code}");
        }
    }

    #[test]
    fn a_store_or_sequence_that_outgrows_its_digits_gets_a_text() {
        let last = made(StoreId::new(999_999), 99_999);

        assert_eq!((last.len(), last.starts_with("299999999999")), (13, true));
        assert_eq!(made(StoreId::new(1), 100_000), "1-100000");
        assert_eq!(made(StoreId::new(1_000_000), 7), "1000000-7");
    }
}
