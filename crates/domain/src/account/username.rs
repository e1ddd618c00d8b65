//! User names of staff.

use std::fmt;

use crate::fields::FieldProblem;
use crate::phone::Phone;
use crate::text;

const LENGTH_MIN: usize = 3;
const LENGTH_MAX: usize = 150;

/// A user name: 3 to 150 ASCII letters, digits and `@ . + - _`, in the spelling its owner chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads a user name; white space around it is dropped.
    ///
    /// # Errors
    /// [`FieldProblem::Blank`], [`FieldProblem::TooShort`], [`FieldProblem::TooLong`], or
    /// [`FieldProblem::InvalidFormat`] for any other character.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let name = text::clean(text)?;
        if name.is_empty() {
            return Err(FieldProblem::Blank);
        }
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"@.+-_".contains(&byte))
        {
            return Err(FieldProblem::InvalidFormat);
        }
        match name.len() {
            ..LENGTH_MIN => Err(FieldProblem::TooShort { min: LENGTH_MIN }),
            LENGTH_MIN..=LENGTH_MAX => Ok(Self(name)),
            _ => Err(FieldProblem::TooLong { max: LENGTH_MAX }),
        }
    }

    /// The name as it was chosen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key under which user names are unique: case does not count.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The phone that this name reads as, if it does.
    #[must_use]
    pub fn as_phone(&self) -> Option<Phone> {
        Phone::parse(&self.0).ok()
    }

    /// Refuses a name that reads as somebody else's phone, since people sign in by either.
    ///
    /// # Errors
    /// [`FieldProblem::UsernameIsForeignPhone`] when it reads as a phone other than `own`.
    pub fn check_phone(&self, own: &Phone) -> Result<(), FieldProblem> {
        match self.as_phone() {
            Some(phone) if phone != *own => Err(FieldProblem::UsernameIsForeignPhone),
            Some(_) | None => Ok(()),
        }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Username;
    use crate::fields::FieldProblem;
    use crate::phone::Phone;

    #[test]
    fn a_name_keeps_its_spelling_and_is_unique_without_case() {
        let name = Username::parse(" Ali.Valiyev@shop+1-_ ").unwrap();

        assert_eq!(name.as_str(), "Ali.Valiyev@shop+1-_");
        assert_eq!(name.key(), "ali.valiyev@shop+1-_");
    }

    #[test]
    fn other_characters_and_lengths_are_refused() {
        assert_eq!(Username::parse("  "), Err(FieldProblem::Blank));
        assert_eq!(Username::parse("ab"), Err(FieldProblem::TooShort { min: 3 }));
        assert_eq!(
            Username::parse(&"a".repeat(151)),
            Err(FieldProblem::TooLong { max: 150 })
        );
        assert!(Username::parse(&"a".repeat(150)).is_ok());
        for name in ["ali vali", "али", "ali'", "a/b", "ali\0"] {
            assert_eq!(Username::parse(name), Err(FieldProblem::InvalidFormat), "{name}");
        }
    }

    #[test]
    fn a_name_that_reads_as_a_phone_must_be_the_owners() {
        let own = Phone::parse("901234567").unwrap();
        let check = |name: &str| Username::parse(name).unwrap().check_phone(&own);

        assert_eq!(check("+998-90-123-45-67"), Ok(()));
        assert_eq!(check("998901234567"), Ok(()));
        assert_eq!(check("ali"), Ok(()));
        assert_eq!(check("12345"), Ok(()));
        assert_eq!(check("901234568"), Err(FieldProblem::UsernameIsForeignPhone));
    }
}
