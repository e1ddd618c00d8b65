//! A provider who calls through a desk: what the desk sees, and how what was decided of a call is settled.
//!
//! Whoever calls has proved himself, and is the scope: a desk sees its own transactions and the orders of the stores that it serves.

use chrono::{DateTime, Utc};
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::order::HistorySource;
use savdo_domain::payment::desk::Desk;
use savdo_domain::payment::{Decision, LogEvent, Provider};
use savdo_persistence::payments::{self, DeskScope, NewLog, store_of_unscoped};
use savdo_persistence::{Constraint, Error as StorageError, Reader, Tx};

use super::bill::Billed;
use super::carry_out::{Call, Made, carry_out};
use crate::audit::Author;
use crate::orders::step::Cause;
use crate::{Error, Result};

/// Who calls, with what he sent beside what is judged.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) provider: Provider,
    pub(super) desk: Desk,
    /// The id of the desk at its provider, which outlives its secrets; that of the sandbox is another's.
    pub(super) desk_id: String,
    /// The stores that have a desk of their own with the provider, on or off.
    pub(super) stores_with_own: Vec<StoreId>,
    /// What named the order, as it came, where a statement gives it back.
    pub(super) account: String,
    /// The call, as the log of a payment keeps it.
    pub(super) request: String,
    pub(super) now: DateTime<Utc>,
}

/// How a provider's call is spoken of, and how its answer is.
pub(super) struct Manner<'a, Answer, Outcome> {
    /// Why an order is cancelled by it, as its buyer reads that.
    pub(super) comment: &'a str,
    /// What the log of the payment calls it; `None` keeps it out.
    pub(super) event: Option<LogEvent>,
    /// The answer with the ids of the rows that were made.
    pub(super) resolve: fn(Answer, Made) -> Result<Outcome>,
    /// The answer as it will be sent.
    pub(super) render: &'a (dyn Fn(&Outcome) -> String + Send + Sync),
    /// Why the call was refused, where it was.
    pub(super) error: fn(&Outcome) -> Option<String>,
}

impl Caller {
    /// What the desk sees of what stands: its own transactions, and those of its store alone where it is a store's.
    pub(super) fn scope(&self) -> DeskScope<'_> {
        DeskScope {
            provider: self.provider,
            desk: &self.desk_id,
            store_id: self.desk.store_id,
        }
    }

    /// The order that a call names, if this desk serves its store.
    pub(super) fn place(&self, reader: &mut Reader<'_>, order_id: OrderId) -> Result<Option<(StoreId, OrderId)>> {
        let store_id = store_of_unscoped(reader, order_id)?;
        let serves = |store_id: &StoreId| self.desk.serves(*store_id, self.stores_with_own.contains(store_id));
        Ok(store_id.filter(serves).map(|store_id| (store_id, order_id)))
    }

    /// Carries out what was decided on the bill, and keeps the call with its answer in the log of the payment that it concerns.
    pub(super) fn settle<Answer, Outcome>(
        &self,
        tx: &mut Tx<'_>,
        billed: &Billed,
        decided: Decision<Answer>,
        manner: &Manner<'_, Answer, Outcome>,
    ) -> Result<Outcome> {
        let cause = Cause {
            author: &Author::system(),
            source: HistorySource::Payment,
            comment: manner.comment,
            expires_at: None,
            at: self.now,
        };
        let call = Call {
            cause: &cause,
            desk: &self.desk_id,
            account: &self.account,
        };
        let made = carry_out(tx, billed.judged(), &billed.bill, &decided.effects, &call)?;
        let outcome = (manner.resolve)(decided.answer, made)?;
        let concerns = decided.concerns.and_then(|payment| payment.resolve(made.payment));
        if let Some((payment_id, event)) = concerns.zip(manner.event) {
            let log = NewLog {
                payment_id,
                event,
                request: &self.request,
                response: &(manner.render)(&outcome),
                error: &(manner.error)(&outcome).unwrap_or_default(),
            };
            payments::append(tx, billed.order.store.id, self.now, &[log])?;
        }
        Ok(outcome)
    }
}

/// Runs a call that may give its provider's id to a transaction, once more where two calls at once gave one id to two orders, which no lock
/// keeps apart: the other one stands then, and is judged. Taken still, the id is of another desk, which nobody is told: `refused`.
pub(super) fn with_own_id<Outcome>(once: impl Fn() -> Result<Outcome>, refused: Outcome) -> Result<Outcome> {
    match once() {
        Err(error) if is_taken(&error) => {}
        settled => return settled,
    }
    match once() {
        Err(error) if is_taken(&error) => Ok(refused),
        settled => settled,
    }
}

const fn is_taken(error: &Error) -> bool {
    matches!(
        error,
        Error::Storage(StorageError::Refused(Constraint::ExternalIdTaken))
    )
}
