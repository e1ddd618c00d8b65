//! Why a configuration is not taken.

use std::fmt;

use super::layers;

/// Why a configuration is not taken. Never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// An environment that we do not know.
    #[error("SAVDO_ENVIRONMENT is {0:?}; it is development or production")]
    UnknownEnvironment(String),
    /// A key that nobody reads.
    #[error("{place}: there is no key {key}; config/default.toml lists them all")]
    UnknownKey {
        /// The key, with its section.
        key: String,
        /// The file or the variable that holds it.
        place: String,
    },
    /// A variable that looks like one of ours and is none.
    #[error("{0}: there is no such variable; config/default.toml lists them all")]
    UnknownVariable(String),
    /// A value of the wrong type or range.
    #[error("{key} ({variables}) {why}")]
    Invalid {
        /// The key, with its section.
        key: String,
        /// The variables that set it.
        variables: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file that cannot be read or is no TOML.
    #[error("{place}: {why}")]
    Unreadable {
        /// The file.
        place: String,
        /// What is wrong with it.
        why: String,
    },
}

impl SettingsError {
    /// A value of `key` that is not taken.
    pub(crate) fn invalid(key: &str, why: impl fmt::Display) -> Self {
        Self::Invalid {
            key: key.to_owned(),
            variables: layers::variables_of(key),
            why: why.to_string(),
        }
    }
}
