//! What leaves the process: messages, and what we ask of a provider of payments; the other side of these traits is a crate of its own.
//!
//! A gateway is called by the worker alone, and by a command of whoever runs the installation, never within a request or a transaction. It answers how the try ended and keeps
//! nothing: when to try again is decided here.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use savdo_domain::Money;
use savdo_domain::account::Email;
use savdo_domain::coded_enum;
use savdo_domain::dispatch::Outcome;
use savdo_domain::ids::OrderId;
use savdo_domain::payment::click::{ClickDesk, ClickStatus, FiscalSale};
use savdo_domain::phone::Phone;
use savdo_persistence::dispatches::LeasedView;

use crate::Context;

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
    /// Whether an earlier try of it may have arrived: then no other provider may get it.
    pub is_doubtful: bool,
    /// When it is sent.
    pub at: DateTime<Utc>,
}

impl Sms {
    /// The short message that a message of the outbox is.
    pub(crate) fn of(context: &Context, message: &LeasedView, to: Phone, text: String) -> Self {
        Self {
            message_number: message.id.get(),
            to,
            text,
            is_doubtful: message.is_doubtful,
            at: context.now(),
        }
    }
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Sms({}, ***)", self.message_number)
    }
}

/// How handing a message over ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// How the try ended.
    pub outcome: Outcome,
    /// Who took it, where the provider says how it calls the message.
    pub receipt: Option<Receipt>,
    /// Whether a repetition does no harm, should it have arrived: the provider knows the message again.
    pub is_repeatable: bool,
}

/// What a provider calls a message that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider.
    pub provider: SmsProvider,
    /// Its name of the message.
    pub id: String,
}

impl From<Outcome> for Handed {
    /// Of a gateway without receipts, which takes a repetition for another message.
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            receipt: None,
            is_repeatable: false,
        }
    }
}

coded_enum! {
    /// Who carries short messages.
    pub enum SmsProvider {
        /// notify.eskiz.uz.
        Eskiz = "eskiz",
        /// PlayMobile's broker.
        PlayMobile = "playmobile",
    }
}

/// Sends short messages.
pub trait SmsGateway: Send + Sync {
    /// Hands one message over, within some ten seconds, or twice that where a second provider is asked.
    fn send(&self, sms: &Sms) -> Handed;

    /// Whether it knows every message again by its number, so that one which may have arrived can be repeated.
    fn knows_repetitions(&self) -> bool;
}

/// How asking Click for something ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clicked<Told> {
    /// It answered.
    Told(Told),
    /// It is there, and refuses the log-in of the desk: it surely did nothing, and says nothing of other desks.
    LogInRefused {
        /// What it said.
        why: String,
    },
    /// It surely did nothing now: no connection, too many calls.
    NotNow {
        /// What it said.
        why: String,
        /// How long it asks to be left alone.
        after: Option<TimeDelta>,
    },
    /// Nobody knows what it did.
    Unknown {
        /// What happened.
        why: String,
    },
}

impl<Told> Clicked<Told> {
    /// What follows from what it told, if it told anything.
    pub fn and_then<Other>(self, follows: impl FnOnce(Told) -> Clicked<Other>) -> Clicked<Other> {
        match self {
            Self::Told(told) => follows(told),
            Self::LogInRefused { why } => Clicked::LogInRefused { why },
            Self::NotNow { why, after } => Clicked::NotNow { why, after },
            Self::Unknown { why } => Clicked::Unknown { why },
        }
    }
}

/// What Click knows of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedPayment {
    /// It is there.
    Found {
        /// What Click calls it.
        payment_id: i64,
        /// Where it stands.
        status: ClickStatus,
        /// How much it is, where Click says that.
        amount: Option<Money>,
    },
    /// Click names no such payment.
    NotFound {
        /// What it said.
        why: String,
    },
}

/// What became of money that Click was to give back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversal {
    /// It went back.
    Done,
    /// Click will not.
    Refused {
        /// What it said.
        why: String,
    },
}

/// What became of the items of a sale that Click was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submission {
    /// It takes them to the tax office.
    Taken,
    /// It will not.
    Refused {
        /// Its error, or else the status of its answer.
        code: i64,
        /// What it said.
        why: String,
    },
}

/// Asks Click for something in the name of a desk (payments.md 3.6); each call ends within some ten seconds.
pub trait ClickGateway: Send + Sync {
    /// Whether there is anybody to ask.
    fn is_there(&self) -> bool {
        true
    }

    /// Where a payment stands, by Click's number of it.
    fn status(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<AskedPayment>;

    /// Where the payment for an order stands that was made on a day of Tashkent.
    fn status_by_order(
        &self,
        desk: &ClickDesk,
        order: (OrderId, NaiveDate),
        now: DateTime<Utc>,
    ) -> Clicked<AskedPayment>;

    /// Has the whole money of a payment given back.
    fn reverse(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<Reversal>;

    /// Tells the items of a sale that a payment paid for, to be registered with the tax office (payments.md 3.7).
    fn submit_items(
        &self,
        desk: &ClickDesk,
        payment_id: i64,
        sale: &FiscalSale,
        now: DateTime<Utc>,
    ) -> Clicked<Submission>;

    /// Where the receipt of a payment can be looked at, if there is one yet.
    fn receipt(&self, desk: &ClickDesk, payment_id: i64, now: DateTime<Utc>) -> Clicked<Option<String>>;
}

/// All gateways of an installation.
#[derive(Clone)]
pub struct Gateways {
    /// For letters.
    pub mail: Arc<dyn MailGateway>,
    /// For short messages.
    pub sms: Arc<dyn SmsGateway>,
    /// For money that is to go back, and for comparing.
    pub click: Arc<dyn ClickGateway>,
}
