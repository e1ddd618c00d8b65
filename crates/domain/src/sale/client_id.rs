//! The id that a client gives a sale of its own making.

use std::fmt;

use crate::fields::FieldProblem;

/// A UUID in its usual spelling, in lower case: one spelling for one id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientId(String);

impl ClientId {
    /// Reads 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    ///
    /// # Errors
    /// [`FieldProblem::InvalidFormat`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let groups: Vec<&str> = text.split('-').collect();
        let is_hexadecimal = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        if lengths == [8, 4, 4, 4, 12] && groups.iter().all(is_hexadecimal) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(FieldProblem::InvalidFormat)
        }
    }

    /// Its spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ClientId;
    use crate::fields::FieldProblem;

    #[test]
    fn one_id_has_one_spelling() {
        let id = ClientId::parse("0193A5B0-7E1C-7C3D-9A2B-0123456789AB").unwrap();

        assert_eq!(id.as_str(), "0193a5b0-7e1c-7c3d-9a2b-0123456789ab");
        assert_eq!(ClientId::parse(id.as_str()), Ok(id));
    }

    #[test]
    fn what_is_no_uuid_is_none() {
        for text in [
            "",
            "0193a5b07e1c7c3d9a2b0123456789ab",
            "0193a5b0-7e1c-7c3d-9a2b-0123456789a",
            "0193a5b0-7e1c-7c3d-9a2b-0123456789ag",
            "{0193a5b0-7e1c-7c3d-9a2b-0123456789ab}",
            "0193a5b0-7e1c-7c3d-9a2b-0123456789é",
        ] {
            assert_eq!(ClientId::parse(text), Err(FieldProblem::InvalidFormat), "{text}");
        }
    }
}
