//! What sends messages out of the process; the other side of these traits is a crate of its own.
//!
//! A gateway is called by the worker alone, never within a request or a transaction. It answers how the try ended and keeps
//! nothing: when to try again is decided here.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use savdo_domain::account::Email;
use savdo_domain::dispatch::Outcome;

/// A letter, ready to go. What it says is nobody's business: never logged, but by the gateway for a developer's machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Unique in the installation and the same on every try, so that a mailbox can tell a repetition.
    pub message_number: i64,
    /// Who gets it.
    pub to: Email,
    /// One line.
    pub subject: String,
    /// For readers of plain text.
    pub text: String,
    /// The same, for the others.
    pub html: String,
    /// When it is sent.
    pub at: DateTime<Utc>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Mail({}, ***)", self.message_number)
    }
}

/// Sends letters.
pub trait MailGateway: Send + Sync {
    /// Hands one letter over, within some ten seconds.
    fn send(&self, mail: &Mail) -> Outcome;
}

/// All gateways of an installation.
#[derive(Clone)]
pub struct Gateways {
    /// For letters.
    pub mail: Arc<dyn MailGateway>,
}
