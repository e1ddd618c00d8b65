//! Fixed-point numbers as people and programs write them.
//!
//! Reads plain decimal digits only: no exponent, no thousands separator, no digits beyond the scale. Nothing is rounded on
//! the way in. Shared by money (2 decimals), percent (2) and quantity (3).

use std::str::FromStr;

use bigdecimal::{BigDecimal, ToPrimitive};

/// Why a text is not a number of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not a plain decimal number.
    #[error("not a plain decimal number")]
    NotANumber,
    /// More decimals than the scale holds.
    #[error("more than {scale} decimals")]
    TooManyDecimals {
        /// How many decimals are allowed.
        scale: u8,
    },
    /// Does not fit the storage.
    #[error("out of range")]
    OutOfRange,
}

/// Reads `text` as an integer of `10^-scale` units.
///
/// # Errors
/// A text that is not `[-]digits[.digits]`, has non-zero or surplus decimals beyond `scale`, or does not fit an `i64`.
pub fn parse(text: &str, scale: u8) -> Result<i64, DecimalError> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned
        .split_once('.')
        .map_or((unsigned, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return Err(DecimalError::NotANumber);
    }
    if fraction.is_some_and(|fraction| fraction.len() > usize::from(scale)) {
        return Err(DecimalError::TooManyDecimals { scale });
    }
    if whole.len() > 19 {
        return Err(DecimalError::OutOfRange);
    }
    let number = BigDecimal::from_str(text).map_err(|_| DecimalError::NotANumber)?;
    let (units, _) = number.with_scale(i64::from(scale)).into_bigint_and_exponent();
    units.to_i64().ok_or(DecimalError::OutOfRange)
}

/// Writes `units` of `10^-scale` with exactly `scale` decimals.
#[must_use]
pub fn format(units: i64, scale: u8) -> String {
    BigDecimal::new(units.into(), i64::from(scale)).to_plain_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{DecimalError, format, parse};

    #[test]
    fn plain_numbers_are_read_to_the_last_unit() {
        let read = ["0", "15000", "15000.5", "0.01", "-7.25", "9999999999.99"].map(|text| parse(text, 2));

        assert_eq!(read, [0, 1_500_000, 1_500_050, 1, -725, 999_999_999_999].map(Ok));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", ".", "1.", ".5", "1e3", "+1", " 1", "1_000", "1,5", "NaN", "٣", "--1", "0x1",
        ] {
            assert_eq!(parse(text, 2), Err(DecimalError::NotANumber), "{text}");
        }
        assert_eq!(parse("1.005", 2), Err(DecimalError::TooManyDecimals { scale: 2 }));
        assert_eq!(parse("1.000", 2), Err(DecimalError::TooManyDecimals { scale: 2 }));
        assert_eq!(parse("99999999999999999999", 2), Err(DecimalError::OutOfRange));
        assert_eq!(parse("9223372036854775807", 2), Err(DecimalError::OutOfRange));
    }

    proptest! {
        // Law: what is written is read back as the same number.
        #[test]
        fn writing_and_reading_agree(units in any::<i64>(), scale in 0u8..4) {
            prop_assert_eq!(parse(&format(units, scale), scale), Ok(units));
        }
    }
}
