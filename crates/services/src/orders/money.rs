//! Cash for orders: a payment that is expected when the order is put together, and here when somebody received it.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::Money;
use savdo_domain::ids::{OrderId, PaymentId, StoreId};
use savdo_domain::order::Transition;
use savdo_domain::payment::Provider;
use savdo_persistence::orders::OrderView;
use savdo_persistence::payments::{self, NewPayment};
use savdo_persistence::{Error as StorageError, Tx};

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
pub(super) fn expect_cash(tx: &mut Tx<'_>, order: (StoreId, OrderId), amount: Money, at: DateTime<Utc>) -> Result<()> {
    expect(tx, order, amount, at)?;
    Ok(())
}

/// The cash for an order is here: the payment that was expected, or one of its own where none was. The order is locked.
pub(super) fn receive_cash(tx: &mut Tx<'_>, order: &OrderView, author: &Author, at: DateTime<Utc>) -> Result<Received> {
    let of = (order.store.id, order.id);
    if let Some(received) = complete(tx, of, author, at)? {
        return Ok(received);
    }
    // What else was open is wanted no more: an order is paid once.
    payments::cancel_open(tx, order.store.id, order.id, at)?;
    expect(tx, of, order.total_price, at)?;
    let received = complete(tx, of, author, at)?;
    Ok(received.with_context(|| format!("cash was just expected for order {}", order.id))?)
}

fn complete(
    tx: &mut Tx<'_>,
    order: (StoreId, OrderId),
    author: &Author,
    at: DateTime<Utc>,
) -> std::result::Result<Option<Received>, StorageError> {
    let received = payments::receive_cash(tx, order, author.user_id, at)?;
    Ok(received.map(|(id, public_id)| Received { id, public_id }))
}

/// What clients call a payment: nobody guesses another's.
pub(super) fn new_public_id() -> Result<String> {
    let random = getrandom::u64().map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
    Ok(payment_public_id(random))
}

/// What clients call the payment that drew this number.
#[must_use]
pub fn payment_public_id(random: u64) -> String {
    format!("PAY-{random:016X}")
}

fn expect(tx: &mut Tx<'_>, (store_id, order_id): (StoreId, OrderId), amount: Money, at: DateTime<Utc>) -> Result<()> {
    let payment = NewPayment {
        store_id,
        order_id,
        public_id: &new_public_id()?,
        provider: Provider::Cash,
        amount,
        at,
    };
    payments::expect(tx, &payment)?;
    Ok(())
}
