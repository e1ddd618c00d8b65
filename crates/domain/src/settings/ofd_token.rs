//! The secret of a store's fiscal device.

use std::fmt;

use serde::{Serialize, Serializer};

/// The secret of a fiscal device: shown only masked, in JSON and in debug output too.
#[derive(Clone, PartialEq, Eq)]
pub struct OfdToken(String);

impl OfdToken {
    /// A token as it was sent.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token itself, for the database and the fiscal operator alone.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// `***` and the last four characters; a token of four or fewer shows none.
    #[must_use]
    pub fn masked(&self) -> String {
        let length = self.0.chars().count();
        let shown: String = if length > 4 {
            self.0.chars().skip(length - 4).collect()
        } else {
            String::new()
        };
        format!("***{shown}")
    }
}

impl fmt::Debug for OfdToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OfdToken(***)")
    }
}

impl Serialize for OfdToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::OfdToken;

    #[test]
    fn a_token_never_shows_whole() {
        assert_eq!(OfdToken::new("1234").masked(), "***");
        assert_eq!(OfdToken::new("12345").masked(), "***2345");
        assert!(!format!("{:?}", OfdToken::new("sirli-token-9876")).contains("9876"));
    }
}
