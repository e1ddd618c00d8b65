//! Phone numbers of Uzbekistan, by which accounts are known.
//!
//! However it is typed, one number has one form: `+998` and nine digits. The phones that a store or a branch shows to its
//! customers are plain text and deliberately not of this type.

use std::fmt;

use serde::Serialize;

use crate::fields::FieldProblem;

const COUNTRY: &str = "998";
const NATIONAL_LENGTH: usize = 9;

/// A phone number in the form `+998901234567`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads nine digits, `998` and nine, or `+998` and nine, with spaces, dashes and brackets anywhere between.
    ///
    /// # Errors
    /// [`FieldProblem::InvalidPhone`] for anything else, digits of other scripts included.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let typed: String = text
            .chars()
            .filter(|sign| !matches!(sign, ' ' | '-' | '(' | ')'))
            .collect();
        let (international, digits) = typed
            .strip_prefix('+')
            .map_or((false, typed.as_str()), |digits| (true, digits));
        let national = match digits.strip_prefix(COUNTRY) {
            Some(national) if national.len() == NATIONAL_LENGTH => national,
            Some(_) | None if international => return Err(FieldProblem::InvalidPhone),
            Some(_) | None => digits,
        };
        if national.len() != NATIONAL_LENGTH || !national.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(FieldProblem::InvalidPhone);
        }
        Ok(Self(format!("+{COUNTRY}{national}")))
    }

    /// The number in its one form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As gateways of short messages want it: twelve digits, `998901234567`.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// As a log may show it: `+99890***4567`.
    #[must_use]
    pub fn masked(&self) -> String {
        const SHOWN_FIRST: usize = 6;
        const SHOWN_LAST: usize = 4;
        let first: String = self.0.chars().take(SHOWN_FIRST).collect();
        let last: Vec<char> = self.0.chars().rev().take(SHOWN_LAST).collect();
        format!("{first}***{}", last.into_iter().rev().collect::<String>())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::Phone;
    use crate::fields::FieldProblem;

    #[test]
    fn every_way_of_typing_a_number_is_the_same_phone() {
        for typed in [
            "901234567",
            "998901234567",
            "+998901234567",
            "+998 90 123-45-67",
            " (90) 123 45 67 ",
            "+998(90)1234567",
        ] {
            assert_eq!(Phone::parse(typed).unwrap().as_str(), "+998901234567", "{typed}");
        }
    }

    #[test]
    fn gateways_get_its_digits_and_a_log_its_ends() {
        let phone = Phone::parse("901234567").unwrap();

        assert_eq!(phone.digits(), "998901234567");
        assert_eq!(phone.masked(), "+99890***4567");
    }

    #[test]
    fn a_number_that_begins_like_the_country_is_read_whole() {
        assert_eq!(Phone::parse("998123456").unwrap().as_str(), "+998998123456");
    }

    #[test]
    fn anything_else_is_no_phone() {
        let typed = [
            "",
            "-",
            "90123456",
            "9012345678",
            "+901234567",
            "+998998123456789",
            "++998901234567",
            "998+901234567",
            "+79012345678",
            "90123456a",
            "٩٠١٢٣٤٥٦٧",
            "９０１２３４５６７",
            "90.123.45.67",
            "901234567\0",
        ];

        for typed in typed {
            assert_eq!(Phone::parse(typed), Err(FieldProblem::InvalidPhone), "{typed}");
        }
    }

    proptest! {
        // Law: a phone is read back as itself.
        #[test]
        fn a_phone_is_its_own_form(digits in "[0-9]{9}") {
            let phone = Phone::parse(&digits).unwrap();

            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
        }
    }
}
