//! What sends messages out of the process; the other side of these traits is a crate of its own.
//!
//! A gateway is called by the worker alone, never within a request or a transaction. It answers how the try ended and keeps
//! nothing: when to try again is decided here.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use savdo_domain::account::Email;
use savdo_domain::dispatch::Outcome;
use savdo_domain::phone::Phone;

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

/// A short message, ready to go. What it says is nobody's business: never logged, but by the gateway for a developer's machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// Unique in the installation and the same on every try, so that a provider that looks at it takes no message twice.
    pub message_number: i64,
    /// Who gets it.
    pub to: Phone,
    /// What it says.
    pub text: String,
    /// When it is sent.
    pub at: DateTime<Utc>,
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Sms({}, ***)", self.message_number)
    }
}

/// Sends short messages.
pub trait SmsGateway: Send + Sync {
    /// Hands one message over, within some ten seconds.
    fn send(&self, sms: &Sms) -> Outcome;
}

/// All gateways of an installation.
#[derive(Clone)]
pub struct Gateways {
    /// For letters.
    pub mail: Arc<dyn MailGateway>,
    /// For short messages.
    pub sms: Arc<dyn SmsGateway>,
}
