//! Passwords that are worth hashing.
//!
//! A password is taken exactly as typed: never trimmed, folded or cut. It is refused when it is short, when anyone would
//! try it first, or when it is the person's own name or number. The commonest ones are the first 3000 of eight characters
//! or more in the frequency list of the zxcvbn project (MIT licence), commonest first.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use crate::fields::{FieldProblem, WeakPassword};
use crate::phone::Phone;
use crate::text;

const LENGTH_MIN: usize = 8;
const LENGTH_MAX: usize = 128;

static COMMONEST: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A password that its owner may have: 8 to 128 characters, none of them NUL, not easily guessed.
///
/// Its text never shows in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// What is known of a person and must not be the password.
#[derive(Debug, Clone, Copy, Default)]
pub struct Personal<'a> {
    /// The user name; customers have none.
    pub username: Option<&'a str>,
    /// The phone by which the account is known.
    pub phone: Option<&'a Phone>,
    /// The first name, possibly empty.
    pub first_name: &'a str,
    /// The last name, possibly empty.
    pub last_name: &'a str,
}

impl Password {
    /// Takes a new password for `person`.
    ///
    /// # Errors
    /// [`FieldProblem::InvalidFormat`] for NUL, [`FieldProblem::TooShort`], [`FieldProblem::TooLong`], or
    /// [`FieldProblem::WeakPassword`] with the reason.
    pub fn parse(text: &str, person: &Personal<'_>) -> Result<Self, FieldProblem> {
        if text.contains('\0') {
            return Err(FieldProblem::InvalidFormat);
        }
        match text.chars().count() {
            ..LENGTH_MIN => return Err(FieldProblem::TooShort { min: LENGTH_MIN }),
            LENGTH_MIN..=LENGTH_MAX => {}
            _ => return Err(FieldProblem::TooLong { max: LENGTH_MAX }),
        }
        match weakness(text, person) {
            Some(weakness) => Err(FieldProblem::WeakPassword(weakness)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The password as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(***)")
    }
}

impl Personal<'_> {
    fn is(&self, password: &str) -> bool {
        let phone = Phone::parse(password).ok();
        if phone.is_some() && phone.as_ref() == self.phone {
            return true;
        }
        let Self {
            username,
            phone: _,
            first_name,
            last_name,
        } = self;
        let password = text::name_key(password);
        let full_name = format!("{first_name} {last_name}");
        let reversed = format!("{last_name} {first_name}");
        [
            username.unwrap_or_default(),
            first_name,
            last_name,
            &full_name,
            &reversed,
        ]
        .into_iter()
        .map(text::name_key)
        .any(|name| !name.is_empty() && name == password)
    }
}

fn weakness(password: &str, person: &Personal<'_>) -> Option<WeakPassword> {
    if password.chars().all(char::is_whitespace) {
        return Some(WeakPassword::AllSpaces);
    }
    if password.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(WeakPassword::AllDigits);
    }
    if COMMONEST.contains(password.to_lowercase().as_str()) {
        return Some(WeakPassword::Common);
    }
    person.is(password).then_some(WeakPassword::Personal)
}

#[cfg(test)]
mod tests {
    use super::{COMMONEST, Password, Personal};
    use crate::fields::{FieldProblem, WeakPassword};
    use crate::phone::Phone;

    fn refusal(text: &str) -> Option<FieldProblem> {
        let phone = Phone::parse("901234567").unwrap();
        let person = Personal {
            username: Some("ali.valiyev"),
            phone: Some(&phone),
            first_name: "Muhammadali",
            last_name: "G‘aniyev",
        };
        Password::parse(text, &person).err()
    }

    #[test]
    fn the_list_holds_three_thousand_lower_case_passwords() {
        assert_eq!(COMMONEST.len(), 3000);
        assert!(
            COMMONEST
                .iter()
                .all(|password| password.len() >= 8 && *password == password.to_lowercase())
        );
    }

    #[test]
    fn a_password_counts_as_typed() {
        let typed = "  Olma-daraxti 7 ";

        let password = Password::parse(typed, &Personal::default()).unwrap();

        assert_eq!(password.as_str(), typed);
        assert_eq!(format!("{password:?}"), "Password(***)");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(refusal("qalamt1"), Some(FieldProblem::TooShort { min: 8 }));
        assert_eq!(refusal("қаламт12"), None);
        assert_eq!(refusal(&"ж7".repeat(64)), None);
        assert_eq!(refusal(&"ж".repeat(129)), Some(FieldProblem::TooLong { max: 128 }));
        assert_eq!(refusal("qalamt\0r12"), Some(FieldProblem::InvalidFormat));
    }

    #[test]
    fn what_anyone_would_try_first_is_refused() {
        let weak = |text: &str| match refusal(text) {
            Some(FieldProblem::WeakPassword(weakness)) => Some(weakness),
            _ => None,
        };

        assert_eq!(weak("password"), Some(WeakPassword::Common));
        assert_eq!(weak("QwertyUiop"), Some(WeakPassword::Common));
        assert_eq!(weak("7391845206"), Some(WeakPassword::AllDigits));
        assert_eq!(weak("          "), Some(WeakPassword::AllSpaces));
        for text in [
            "ALI.valiyev",
            "muhammadali",
            "g'aniyev",
            "Muhammadali  G`aniyev",
            "+998 90 123-45-67",
        ] {
            assert_eq!(weak(text), Some(WeakPassword::Personal), "{text}");
        }
        assert_eq!(weak("+998 90 123-45-68"), None);
    }
}
