//! Why a desk is not changed, as an operator reads it.

use std::fmt;

use savdo_domain::ids::{PaymentDeskId, StoreId};

/// Why a desk is not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskRefusal {
    /// No desk has this number.
    #[error("there is no desk {0}")]
    NoDesk(PaymentDeskId),
    /// No store has this number.
    #[error("there is no store {0}")]
    NoStore(StoreId),
    /// An id that no provider gives.
    #[error("the {name} is {value:?}; it is a word of letters, digits, - and _, as the provider gave it")]
    NoWord {
        /// Which id.
        name: &'static str,
        /// What it is.
        value: String,
    },
    /// A login that cannot stand before a key.
    #[error("the login is empty or holds a colon, which parts it from the key")]
    BadLogin,
    /// An empty secret.
    #[error("the secret is empty")]
    NoSecret,
    /// A secret that was copied with what stood beside it.
    #[error("the secret holds a space, a sign that cannot be seen, or one that is not ASCII")]
    UnseenInSecret,
    /// A secret that was not copied whole, or that somebody thought of.
    #[error("the secret has {length} characters; a desk of this provider has {least} at least")]
    ShortSecret {
        /// What it has.
        length: usize,
        /// What it has at least.
        least: usize,
    },
    /// One that comes with development.
    #[error("the secret is the one of development, which everybody knows")]
    KnownToAll,
    /// The store has a desk of this provider and world.
    #[error("desk {0} is of the same store, provider and environment; rotate its secret, or remove it first")]
    StoreHasOne(PaymentDeskId),
    /// Another desk of this world has the id.
    #[error("{0} has this id already")]
    IdTaken(Holder),
    /// Another desk of this world has the key.
    #[error("{0} has this key already")]
    SecretTaken(Holder),
    /// The desk has it already.
    #[error("desk {0} has this secret already")]
    SameSecret(PaymentDeskId),
    /// A second rotation would end the first one's overlap unseen.
    #[error(
        "desk {0} still takes its previous secret: end that with --drop-previous, or take the rotation back with --undo"
    )]
    StillRotating(PaymentDeskId),
    /// There is none.
    #[error("desk {0} takes no previous secret")]
    NoPrevious(PaymentDeskId),
    /// What takes calls is not taken away.
    #[error("desk {0} is on; switch it off first")]
    IsOn(PaymentDeskId),
    /// What is taken away completes nothing and gives nothing back.
    #[error(
        "desk {id} has {count} transactions that may still be paid, or whose money is to go back or may have to; leave it until their orders are over"
    )]
    HasMoney {
        /// The desk.
        id: PaymentDeskId,
        /// How many.
        count: i64,
    },
}

/// Who has what a desk was to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// This desk of the database.
    Kept(PaymentDeskId),
    /// The desk of the configuration.
    Configured,
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept(id) => write!(formatter, "desk {id}"),
            Self::Configured => formatter.write_str("the desk of the configuration"),
        }
    }
}
