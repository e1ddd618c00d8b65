//! Cash for orders: a payment that is expected when the order is put together, and here when somebody received it.

use chrono::{DateTime, Utc};
use savdo_domain::Money;
use savdo_domain::ids::{OrderId, PaymentId, StoreId};
use savdo_domain::order::Transition;
use savdo_domain::payment::{LogEvent, PaymentState, Provider};
use savdo_persistence::Tx;
use savdo_persistence::orders::OrderView;
use savdo_persistence::payments::{self, NewLog, NewPayment};

use super::traces;
use crate::audit::Author;
use crate::{Result, events};

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Received {
    /// The payment.
    pub(super) id: PaymentId,
    /// What clients call it.
    pub(super) public_id: String,
}

impl Received {
    /// Tells of it, and that its order is paid; `transition` is the step that brought it.
    pub(super) fn tell(
        &self,
        tx: &mut Tx<'_>,
        order: &OrderView,
        transition: Transition,
        at: DateTime<Utc>,
    ) -> Result<()> {
        for news in traces::of_money(order.into(), transition, (self.id, &self.public_id)) {
            events::publish(tx, at, &news)?;
        }
        Ok(())
    }
}

/// Cash is expected for an order.
pub(super) fn expect_cash(
    tx: &mut Tx<'_>,
    (store_id, order_id): (StoreId, OrderId),
    amount: Money,
    at: DateTime<Utc>,
) -> Result<()> {
    let payment = NewPayment {
        store_id,
        order_id,
        public_id: &new_public_id()?,
        provider: Provider::Cash,
        state: PaymentState::Pending,
        amount,
        is_late: false,
        received_by: None,
        at,
    };
    let id = payments::insert(tx, &payment)?;
    payments::append(tx, store_id, at, &[NewLog::of(id, LogEvent::Created)])?;
    Ok(())
}

/// The cash for an order is here: what was expected, or a payment of its own where nothing was. The order is locked.
pub(super) fn receive_cash(tx: &mut Tx<'_>, order: &OrderView, author: &Author, at: DateTime<Utc>) -> Result<Received> {
    let of = (order.store.id, order.id);
    let received = match payments::receive_cash(tx, of, author.user_id, at)? {
        Some((id, public_id)) => Received { id, public_id },
        None => make_received(tx, order, author, at)?,
    };
    let logs = [LogEvent::Completed, LogEvent::CashReceived].map(|event| NewLog::of(received.id, event));
    payments::append(tx, order.store.id, at, &logs)?;
    Ok(received)
}

fn make_received(tx: &mut Tx<'_>, order: &OrderView, author: &Author, at: DateTime<Utc>) -> Result<Received> {
    let public_id = new_public_id()?;
    let payment = NewPayment {
        store_id: order.store.id,
        order_id: order.id,
        public_id: &public_id,
        provider: Provider::Cash,
        state: PaymentState::Success,
        amount: order.total_price,
        is_late: false,
        received_by: author.user_id,
        at,
    };
    let id = payments::insert(tx, &payment)?;
    Ok(Received { id, public_id })
}

/// What clients call a payment: nobody guesses another's.
pub(crate) fn new_public_id() -> Result<String> {
    let random = getrandom::u64().map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(payment_public_id(random))
}

/// What clients call the payment that drew this number.
#[must_use]
pub fn payment_public_id(random: u64) -> String {
    format!("PAY-{random:016X}")
}
