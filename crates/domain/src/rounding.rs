//! Rounding half to even, in exact integers.
//!
//! Every amount that is not exact goes through [`ratio`], so that there is one place where a tiyin can be gained or lost.

/// `numerator / denominator`, rounded half to even. `None` for a denominator of zero or below.
#[must_use]
pub fn ratio(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let floor = numerator.div_euclid(denominator);
    let twice_rest = numerator.rem_euclid(denominator).checked_mul(2)?;
    let rounds_up = match twice_rest.cmp(&denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => floor.rem_euclid(2) == 1,
        std::cmp::Ordering::Greater => true,
    };
    if rounds_up { floor.checked_add(1) } else { Some(floor) }
}

#[cfg(test)]
mod tests {
    use super::ratio;

    #[test]
    fn a_half_goes_to_the_even_neighbour() {
        let rounded: Vec<_> = [5, 15, 25, -5, -15, 14, 16, 0].map(|tenths| ratio(tenths, 10)).to_vec();

        assert_eq!(rounded, [0, 2, 2, 0, -2, 1, 2, 0].map(Some).to_vec());
    }

    #[test]
    fn dividing_by_nothing_has_no_answer() {
        assert_eq!(ratio(1, 0), None);
        assert_eq!(ratio(1, -3), None);
    }
}
