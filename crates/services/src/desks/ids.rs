//! What a provider calls a desk, and how that lies in the database: its own id in a column, the others as JSON.

use savdo_domain::payment::Provider;
use savdo_domain::payment::desk::is_word;
use serde::{Deserialize, Serialize};

use super::DeskRefusal;

/// The ids of a desk, as its provider gave them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskIds {
    /// At Payme.
    Payme {
        /// The cash desk in Payme's cabinet.
        merchant_id: String,
        /// The others.
        terms: PaymeTerms,
    },
    /// At Click.
    Click {
        /// The service in Click's cabinet.
        service_id: String,
        /// The others.
        terms: ClickTerms,
    },
}

/// How Payme calls a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymeTerms {
    /// The login, `Paycom` as a rule.
    pub login: String,
    /// What the cabinet calls the field of the order.
    pub account_field: String,
    /// Whether CheckPerform answers with fiscal lines.
    pub sends_detail: bool,
}

/// Who stands behind a service of Click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClickTerms {
    /// The merchant, who stands in links.
    pub merchant_id: String,
    /// Who calls Click's Merchant API.
    pub merchant_user_id: String,
}

impl DeskIds {
    /// The ids that a row holds; `None` where they are none of its provider.
    pub(super) fn read(provider: Provider, desk: &str, settings: &str) -> Option<Self> {
        let desk = desk.to_owned();
        match provider {
            Provider::Payme => serde_json::from_str(settings).ok().map(|terms| Self::Payme {
                merchant_id: desk,
                terms,
            }),
            Provider::Click => serde_json::from_str(settings).ok().map(|terms| Self::Click {
                service_id: desk,
                terms,
            }),
            Provider::Cash => None,
        }
    }

    /// Whose desk it is.
    #[must_use]
    pub const fn provider(&self) -> Provider {
        match self {
            Self::Payme { .. } => Provider::Payme,
            Self::Click { .. } => Provider::Click,
        }
    }

    /// What the provider calls it.
    #[must_use]
    pub fn desk(&self) -> &str {
        match self {
            Self::Payme { merchant_id, .. } => merchant_id,
            Self::Click { service_id, .. } => service_id,
        }
    }

    /// The other ids as they lie in the database.
    pub(super) fn settings(&self) -> serde_json::Result<String> {
        match self {
            Self::Payme { terms, .. } => serde_json::to_string(terms),
            Self::Click { terms, .. } => serde_json::to_string(terms),
        }
    }

    /// Refuses ids that no provider gives.
    pub(super) fn check(&self) -> Result<(), DeskRefusal> {
        let words = match self {
            Self::Payme { merchant_id, terms } => {
                if terms.login.is_empty() || terms.login.contains(':') {
                    return Err(DeskRefusal::BadLogin);
                }
                vec![("merchant id", merchant_id), ("account field", &terms.account_field)]
            }
            Self::Click { service_id, terms } => vec![
                ("service id", service_id),
                ("merchant id", &terms.merchant_id),
                ("merchant user id", &terms.merchant_user_id),
            ],
        };
        match words.into_iter().find(|(_, word)| !is_word(word)) {
            Some((name, word)) => Err(DeskRefusal::NoWord {
                name,
                value: word.clone(),
            }),
            None => Ok(()),
        }
    }
}
