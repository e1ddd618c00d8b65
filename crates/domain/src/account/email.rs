//! E-mail addresses.

use std::fmt;

use crate::fields::FieldProblem;
use crate::text;

const LENGTH_MAX: usize = 254;
const LOCAL_LENGTH_MAX: usize = 64;
const LABEL_LENGTH_MAX: usize = 63;

/// An e-mail address that looks deliverable; whether it is, only a letter to it can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address such as `ali@savdo.uz`; white space around it is dropped.
    ///
    /// An empty text is no address: where e-mail is optional, the caller does not ask.
    ///
    /// # Errors
    /// [`FieldProblem::TooLong`] above 254 characters, [`FieldProblem::InvalidEmail`] for anything but an ASCII address with
    /// one `@` and a domain of at least two labels.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let address = text::clean(text)?;
        if address.chars().count() > LENGTH_MAX {
            return Err(FieldProblem::TooLong { max: LENGTH_MAX });
        }
        match address.split_once('@') {
            Some((local, domain)) if is_local(local) && is_domain(domain) => Ok(Self(address)),
            Some(_) | None => Err(FieldProblem::InvalidEmail),
        }
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key under which staff addresses are unique: case does not count.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_local(local: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    local.len() <= LOCAL_LENGTH_MAX && local.split('.').all(is_atom)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_LENGTH_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::Email;
    use crate::fields::FieldProblem;

    #[test]
    fn an_address_keeps_its_spelling_and_is_unique_without_case() {
        let email = Email::parse(" Ali.Valiyev+kassa@Savdo-1.UZ ").unwrap();

        assert_eq!(email.as_str(), "Ali.Valiyev+kassa@Savdo-1.UZ");
        assert_eq!(email.key(), "ali.valiyev+kassa@savdo-1.uz");
    }

    #[test]
    fn what_cannot_be_delivered_is_refused() {
        let typed = [
            "",
            "ali",
            "@savdo.uz",
            "ali@",
            "ali@savdo",
            "ali@@savdo.uz",
            "ali@savdo..uz",
            ".ali@savdo.uz",
            "a..b@savdo.uz",
            "ali@-savdo.uz",
            "ali@savdo.uz.",
            "ali vali@savdo.uz",
            "али@savdo.uz",
            "ali@савдо.уз",
            "ali@savdo.uz,b@c.uz",
        ];

        for typed in typed {
            assert_eq!(Email::parse(typed), Err(FieldProblem::InvalidEmail), "{typed}");
        }
        let long = format!("ali@{}uz", "savdo.".repeat(42));
        assert_eq!(Email::parse(&long), Err(FieldProblem::TooLong { max: 254 }));
    }
}
