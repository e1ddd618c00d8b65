//! Desks: who may call as a provider, and whose orders he may speak of (contract 1.2).
//!
//! A desk without a secret is off, and so is one of another environment; nobody is ever let in without one. Secrets are compared in constant
//! time, their length apart, the live and the previous one alike. Where desks are kept, and how their secrets are sealed, is deliberately absent.

use std::fmt;

use subtle::{Choice, ConstantTimeEq};

use crate::coded_enum;
use crate::ids::StoreId;

coded_enum! {
    /// With which of a provider's worlds a desk deals.
    pub enum Environment {
        /// Real money.
        Production = "production",
        /// The provider's sandbox.
        Test = "test",
    }
}

impl Environment {
    /// What transactions keep of a desk of this world that its provider calls `id`: that of the sandbox is another's.
    #[must_use]
    pub fn named(self, id: &str) -> String {
        match self {
            Self::Production => id.to_owned(),
            Self::Test => format!("test:{id}"),
        }
    }
}

/// A secret shared with a provider: never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DeskSecret(String);

/// The secrets of a desk; during a rotation the previous one opens it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSecrets {
    /// The live one; empty switches the desk off.
    pub live: DeskSecret,
    /// The one before it; empty is none.
    pub previous: DeskSecret,
}

/// What every desk has, whoever its provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Whose orders it serves; `None` for those of every store without a desk of its own.
    pub store_id: Option<StoreId>,
    /// Its world.
    pub environment: Environment,
    /// Its secrets.
    pub secrets: DeskSecrets,
}

/// Whether a text can be an id that a provider gave: letters, digits and the two signs that mean nothing in a link, a header or a path.
#[must_use]
pub fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

impl DeskSecret {
    /// A secret as it was configured.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for signing and sealing alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for DeskSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DeskSecret(***)")
    }
}

impl DeskSecrets {
    /// Whether either secret proves what was sent: `proof` says what a secret would have sent. Both are always tried, and an empty one
    /// proves nothing.
    #[must_use]
    pub fn prove(&self, sent: &[u8], proof: impl Fn(&str) -> Vec<u8>) -> Choice {
        let by = |secret: &DeskSecret| {
            let is_secret = Choice::from(u8::from(!secret.is_empty()));
            proof(secret.reveal()).ct_eq(sent) & is_secret
        };
        by(&self.live) | by(&self.previous)
    }
}

impl Desk {
    /// Whether it is on: it has a live secret and belongs to the world that the server is configured for.
    #[must_use]
    pub fn is_on(&self, environment: Environment) -> bool {
        self.environment == environment && !self.secrets.live.is_empty()
    }

    /// What its transactions keep of it: its id at the provider, which outlives its secrets.
    #[must_use]
    pub fn named(&self, id: &str) -> String {
        self.environment.named(id)
    }

    /// Whether it serves the orders of a store; `has_own` says whether that store has a desk of its own with this provider, on or off.
    #[must_use]
    pub fn serves(&self, store_id: StoreId, has_own: bool) -> bool {
        match self.store_id {
            Some(own) => own == store_id,
            None => !has_own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Desk, DeskSecret, DeskSecrets, Environment, is_word};
    use crate::ids::StoreId;

    fn secrets(live: &str, previous: &str) -> DeskSecrets {
        DeskSecrets {
            live: DeskSecret::new(live),
            previous: DeskSecret::new(previous),
        }
    }

    fn opens(secrets: &DeskSecrets, sent: &str) -> bool {
        secrets
            .prove(sent.as_bytes(), |secret| secret.as_bytes().to_vec())
            .into()
    }

    #[test]
    fn the_live_and_the_previous_secret_open_a_desk() {
        let rotating = secrets("new", "old");

        assert_eq!(
            ["new", "old", "other", "ne", ""].map(|sent| opens(&rotating, sent)),
            [true, true, false, false, false]
        );
    }

    #[test]
    fn an_empty_secret_opens_nothing() {
        assert!(!opens(&secrets("", ""), ""));
        assert!(!opens(&secrets("new", ""), ""));
        assert!(!opens(&secrets("", ""), "anything"));
    }

    #[test]
    fn a_desk_without_a_live_secret_or_of_another_world_is_off() {
        let desk = |live, environment| Desk {
            store_id: None,
            environment,
            secrets: secrets(live, "old"),
        };

        assert!(desk("new", Environment::Production).is_on(Environment::Production));
        assert!(!desk("", Environment::Production).is_on(Environment::Production));
        assert!(!desk("new", Environment::Test).is_on(Environment::Production));
        assert!(!desk("new", Environment::Production).is_on(Environment::Test));
    }

    #[test]
    fn transactions_of_the_sandbox_are_those_of_another_desk() {
        let named = |environment| {
            let desk = Desk {
                store_id: None,
                environment,
                secrets: secrets("new", ""),
            };
            desk.named("85335")
        };

        assert_eq!(
            [Environment::Production, Environment::Test].map(named),
            ["85335", "test:85335"]
        );
    }

    #[test]
    fn a_desk_serves_its_store_and_the_default_all_that_have_none() {
        let desk = |store_id| Desk {
            store_id,
            environment: Environment::Test,
            secrets: secrets("new", ""),
        };
        let (one, two) = (StoreId::new(1), StoreId::new(2));

        assert!(desk(Some(one)).serves(one, true));
        assert!(!desk(Some(one)).serves(two, false));
        assert!(desk(None).serves(two, false));
        assert!(!desk(None).serves(one, true));
    }

    #[test]
    fn an_id_of_a_provider_is_a_word() {
        assert!(["587f72c72cac0d162c722ae2", "order_id", "a-1"].into_iter().all(is_word));
        assert!(!["", "a;b", "a b", "a=b", "a/b", "kod\u{451}"].into_iter().any(is_word));
    }

    #[test]
    fn a_secret_never_shows() {
        assert_eq!(
            format!("{:?}", secrets("maxfiy", "eski")),
            "DeskSecrets { live: DeskSecret(***), previous: DeskSecret(***) }"
        );
    }
}
