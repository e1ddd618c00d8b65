//! A bill as its rows say it.

use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::payment::Bill;
use savdo_persistence::deliveries::OrderDeliveryView;
use savdo_persistence::orders::OrderView;
use savdo_persistence::payments;
use savdo_persistence::{Error, Reader, Tx, orders};

use crate::Result;
use crate::orders::seen;
use crate::orders::step::Judged;

/// An order with its money, as it stays until the end of the transaction.
#[derive(Debug, Clone)]
pub(crate) struct Billed {
    /// The order.
    pub(crate) order: OrderView,
    /// Its last delivery.
    pub(crate) delivery: Option<OrderDeliveryView>,
    /// Its money.
    pub(crate) bill: Bill,
}

impl Billed {
    /// The order as its steps are judged.
    pub(crate) const fn judged(&self) -> Judged<'_> {
        Judged {
            order: &self.order,
            delivery: self.delivery.as_ref(),
        }
    }
}

/// An order of the scope with its money, locked.
///
/// # Errors
/// [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for any other, failed statements.
pub(crate) fn locked(tx: &mut Tx<'_>, scope: &Scope, order_id: OrderId) -> Result<Billed> {
    let (order, delivery) = seen::locked(tx, scope, order_id)?;
    Ok(billed(tx, order, delivery)?)
}

/// An order of a store with its money as it stands now, for an answer by which nothing is decided; `None` without such an order.
pub(crate) fn seen_now(reader: &mut Reader<'_>, store_id: StoreId, order_id: OrderId) -> Result<Option<Billed>> {
    let Some(order) = orders::read::find(reader, &Scope::Store(store_id), order_id)? else {
        return Ok(None);
    };
    Ok(Some(billed(reader, order, None)?))
}

/// The money of an order that was judged; its transactions and payments stay where the order is locked.
pub(crate) fn of(reader: &mut Reader<'_>, judged: Judged<'_>) -> std::result::Result<Bill, Error> {
    let order = judged.order;
    let tried = payments::of_order(reader, order.store.id, order.id)?;
    Ok(Bill {
        order_id: order.id,
        order: seen::facts(judged),
        expires_at: order.expires_at,
        transactions: tried.transactions,
        payments: tried.payments,
    })
}

fn billed(
    reader: &mut Reader<'_>,
    order: OrderView,
    delivery: Option<OrderDeliveryView>,
) -> std::result::Result<Billed, Error> {
    let judged = Judged {
        order: &order,
        delivery: delivery.as_ref(),
    };
    let bill = of(reader, judged)?;
    Ok(Billed { order, delivery, bill })
}
