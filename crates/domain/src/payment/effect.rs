//! What becomes of the rows of an order's money: carried out literally, in the order given, in the transaction of the decision.
//!
//! Each effect names the state it was decided on, so that a row is compared and set. What goes along with a step of the order (history,
//! goods, delivery, events) is the step's and is not listed; its payments and transactions are.

use chrono::{DateTime, Utc};

use crate::ids::{PaymentId, TransactionId};
use crate::money::Money;
use crate::order::{PaymentStatus, Transition};
use crate::payment::fiscal::FiscalRecord;
use crate::payment::transaction::{ExternalId, Millis, TransactionState};
use crate::payment::{LogEvent, PaymentState, Provider};

/// A row that stands already, or the one that this decision makes; it makes one of a kind at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<Id> {
    /// A row that was read.
    Known(Id),
    /// The row that an effect of the same decision makes.
    Made,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A payment is made.
    MakePayment(NewPayment),
    /// A payment moves. Success and refunded keep when; so does cancelled.
    MovePayment {
        /// Which.
        id: PaymentId,
        /// Where it stood.
        from: PaymentState,
        /// Where it stands then.
        to: PaymentState,
    },
    /// A transaction is made; it is open and holds the order.
    OpenTransaction(NewTransaction),
    /// A transaction moves.
    MoveTransaction(TransactionStep),
    /// Click called a performed attempt failed: its error is kept beside it, once.
    Question {
        /// Which.
        id: TransactionId,
        /// Click's error.
        reason: i64,
    },
    /// The number that Click shows its payer is kept.
    KeepPaydoc {
        /// Of which attempt.
        id: TransactionId,
        /// The number.
        paydoc_id: i64,
    },
    /// A receipt that Payme registered is kept, over an earlier one of its kind; its payment is registered by Payme.
    KeepFiscal {
        /// Of which transaction.
        id: TransactionId,
        /// The receipt.
        record: Box<FiscalRecord>,
    },
    /// The money of the order stands elsewhere while the order stays.
    MoveMoney {
        /// Where it stood.
        from: PaymentStatus,
        /// Where it stands then.
        to: PaymentStatus,
    },
    /// The order takes a step, with all that goes along with it but payments and transactions; its history names payments as the source,
    /// unless the caller had another cause.
    MoveOrder(Transition),
    /// The order waits for its payment until then.
    WaitUntil(DateTime<Utc>),
    /// The log of a payment tells this; what was sent and answered stands with the call itself.
    Log {
        /// The payment.
        payment: Which<PaymentId>,
        /// What.
        event: LogEvent,
    },
    /// The money of an attempt of Click is to be reversed: a dispatch of the outbox.
    QueueReversal(TransactionId),
    /// Click is to be asked where an attempt stands: a dispatch of the outbox.
    QueueStatusQuestion(TransactionId),
    /// Operators of the store are told.
    TellOperators {
        /// The attempt it is about.
        transaction: TransactionId,
        /// What.
        alert: Alert,
    },
}

/// A payment about to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPayment {
    /// Who takes the money.
    pub provider: Provider,
    /// Where it stands from the start.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// Whether its money came when the order was paid or over.
    pub is_late: bool,
}

/// A transaction about to be made; for Payme the account as received is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTransaction {
    /// Payme or Click.
    pub provider: Provider,
    /// What the provider calls it.
    pub external_id: ExternalId,
    /// Its payment.
    pub payment: Which<PaymentId>,
    /// How much.
    pub amount: Money,
    /// The time that Payme sent; our own for Click.
    pub external_time: Millis,
    /// When it was made.
    pub create_time: Millis,
    /// The last moment at which it may still be performed.
    pub open_until: Millis,
    /// The number that Click shows its payer, where it was sent.
    pub paydoc_id: Option<i64>,
}

/// A step of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionStep {
    /// Which.
    pub id: TransactionId,
    /// Where it stood.
    pub from: TransactionState,
    /// Where it stands then. Performed sets `perform_time`; cancelled and reversed set `cancel_time`; taken over sets neither.
    pub to: TransactionState,
    /// Why it is cancelled; `None` leaves what stands there.
    pub reason: Option<i64>,
    /// When.
    pub at: Millis,
    /// Its payment from here on.
    pub payment: Which<PaymentId>,
}

/// What operators are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// Money came for an order that is paid or over.
    LateMoney,
    /// Click calls an attempt failed that it had confirmed.
    ConfirmedThenFailed,
}

/// What a call leads to: changes of rows, and what is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<Answer> {
    /// Carried out before the answer is sent.
    pub effects: Vec<Effect>,
    /// What the provider is told.
    pub answer: Answer,
    /// The payment in whose log the call stands; without one it stands in the log of requests.
    pub concerns: Option<Which<PaymentId>>,
}

impl<Id> Which<Id> {
    /// The id, once `made` is known.
    #[must_use]
    pub fn resolve(self, made: Option<Id>) -> Option<Id> {
        match self {
            Self::Known(id) => Some(id),
            Self::Made => made,
        }
    }
}

impl<Answer> Decision<Answer> {
    /// An answer that changes nothing and is about no payment.
    pub const fn only(answer: Answer) -> Self {
        Self {
            effects: Vec::new(),
            answer,
            concerns: None,
        }
    }
}
