//! A sale that Click is to register with the tax office, before it is asked and after. An order never waits for it.

use savdo_domain::access::Scope;
use savdo_domain::ids::DispatchId;
use savdo_domain::order::PaymentStatus;
use savdo_domain::payment::click::FiscalSale;
use savdo_domain::payment::fiscal::FiscalRecord;
use savdo_domain::payment::{PaymentState, Provider, TransactionState};
use savdo_persistence::payments::{self, FiscalLineView, desk_of};
use savdo_persistence::{Tx, dispatches};

use super::reverse::others;
use super::{Place, ToReverse};
use crate::payments::bill::{self, Billed};
use crate::{Context, Result};

/// Stands in a receipt whose items Click took: they are never sent again.
const SUBMITTED: &str = "submitted";

/// What is to be done about a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Registration {
    /// Click is to be told of it, or asked for its receipt; the try has begun.
    Now(Box<ToRegister>),
    /// It is registered.
    Done,
    /// It is not to be registered.
    Pointless(&'static str),
    /// It is to be, and cannot be told as it must.
    Untellable(String),
    /// Somebody else has the message.
    Lost,
}

/// A sale that is to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToRegister {
    /// The attempt that it was paid by.
    pub(crate) paid_by: ToReverse,
    /// What Click is told.
    pub(crate) sale: FiscalSale,
    /// Whether Click took the items before, and only their receipt is waited for.
    pub(crate) is_submitted: bool,
}

/// What is due now, judged under the lock of the order; a try begins with it, by the worker that holds the message. A sale that cannot be told
/// as it must be is kept as failed.
///
/// # Errors
/// Failed statements; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) without such an order.
pub(crate) fn begin_registration(
    context: &Context,
    place: Place,
    (message, by): (DispatchId, &str),
) -> Result<Registration> {
    let (now, by) = (context.now(), by.to_owned());
    let seller = context.desk_book().configured().click_fiscal.clone();
    context.database().write("registration_begin", move |tx| {
        let Some(seller) = seller.clone() else {
            return Ok(Registration::Pointless("payments.click.fiscal is empty"));
        };
        let billed = bill::locked(tx, &Scope::Store(place.store_id), place.order_id)?;
        let receipt = payments::receipt(tx, place.store_id, place.transaction_id)?.unwrap_or_default();
        if receipt.status_code == Some(0) {
            return Ok(Registration::Done);
        }
        let Some(paid_by) = paid_by(tx, place, &billed)? else {
            return Ok(Registration::Pointless("the money is not here, or not to stay"));
        };
        let lines = payments::fiscal_lines(tx, place.store_id, place.order_id)?;
        let lines: Vec<_> = lines.iter().map(FiscalLineView::line).collect();
        let kept = (place.store_id, place.transaction_id);
        let of = (paid_by.transaction.payment_id, Provider::Click);
        let sale = match FiscalSale::of(seller, &lines, paid_by.transaction.amount) {
            Ok(sale) => sale,
            Err(why) => {
                let id = place.order_id;
                tracing::warn!(order.id = %id, ?why, "Order {id} is not registered with the tax office: {why:?}");
                payments::keep(
                    tx,
                    kept,
                    of,
                    &FiscalRecord::failed(why.code(), &format!("{why:?}")),
                    now,
                )?;
                return Ok(Registration::Untellable(format!("it cannot be registered: {why:?}")));
            }
        };
        if !dispatches::begin(tx, message, &by, now)? {
            return Ok(Registration::Lost);
        }
        let is_submitted = receipt.status_code.is_none() && receipt.message.as_deref() == Some(SUBMITTED);
        if !is_submitted {
            payments::keep(tx, kept, of, &FiscalRecord::pending(""), now)?;
        }
        Ok(Registration::Now(Box::new(ToRegister {
            paid_by,
            sale,
            is_submitted,
        })))
    })
}

/// The receipt of a sale whose items Click took.
pub(crate) fn submitted() -> FiscalRecord {
    FiscalRecord::pending(SUBMITTED)
}

/// Keeps what became of a sale.
///
/// # Errors
/// Failed statements.
pub(crate) fn keep_receipt(context: &Context, place: Place, due: &ToRegister, record: FiscalRecord) -> Result<()> {
    let (now, payment_id) = (context.now(), due.paid_by.transaction.payment_id);
    context.database().write("registration_keep", move |tx| {
        let _locked = bill::locked(tx, &Scope::Store(place.store_id), place.order_id)?;
        let kept = (place.store_id, place.transaction_id);
        payments::keep(tx, kept, (payment_id, Provider::Click), &record, now)?;
        Ok(())
    })
}

/// The attempt whose money pays the order, and stays here.
fn paid_by(tx: &mut Tx<'_>, place: Place, billed: &Billed) -> Result<Option<ToReverse>> {
    let bill = &billed.bill;
    let transaction = bill.transaction(place.transaction_id);
    let Some(transaction) = transaction.filter(|one| one.state == TransactionState::Performed) else {
        return Ok(None);
    };
    let payment = bill.payment(transaction.payment_id);
    let is_here = payment.is_some_and(|payment| payment.state == PaymentState::Success && !payment.is_late);
    if !is_here || bill.order.payment_status != PaymentStatus::Paid {
        return Ok(None);
    }
    Ok(Some(ToReverse {
        desk: desk_of(tx, place.store_id, transaction.id)?.unwrap_or_default(),
        others: others(bill, transaction),
        transaction: transaction.clone(),
    }))
}
