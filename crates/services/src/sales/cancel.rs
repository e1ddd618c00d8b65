//! A sale undone: the goods return into the batches they came from, the money to the buyer.

use anyhow::Context as _;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::SaleId;
use savdo_domain::sale::SaleRefusal;
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, Place};
use savdo_domain::{Money, Refusal};
use savdo_persistence::sale_returns;
use savdo_persistence::sales::{self, Cancel, SaleDetailView};

use super::traces::{self, TracedSale};
use super::view::find;
use crate::audit::{self, Author};
use crate::once::Once;
use crate::stock::ledger::{self, Document};
use crate::{Context, Result, events, shifts};

/// A sale to be undone.
#[derive(Debug, Clone)]
pub struct CancelSale {
    /// Which one.
    pub id: SaleId,
    /// Why, possibly empty.
    pub reason: String,
}

/// Undoes a sale, once: in the open shift of its branch, if there is one. Locks the sale, holds the shift and the products, then
/// locks the levels, both in the order of product ids.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`]; [`SaleRefusal::AlreadyCancelled`], also for all but one of those who come at once;
/// [`SaleRefusal::HasReturns`]; [`StockRefusal::ProductInactive`](savdo_domain::stock::StockRefusal) where a product was put aside
/// since.
pub fn cancel<O: Once<SaleDetailView>>(
    context: &Context,
    actor: &Actor,
    command: CancelSale,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::CancelSale)?;
    let (store_id, worker_id, zone) = (seat.store_id(), seat.worker_id(), seat.zone());
    let author = Author::from(actor);
    let now = context.now();
    once.write(context, actor, "sale_cancel", move |tx| {
        let CancelSale { id, reason } = &command;
        let sale = sales::lock(tx, store_id, *id)?.ok_or(Refusal::NotFound)?;
        sale.status.cancel()?;
        if sale_returns::is_any_of(tx, store_id, *id)? {
            return Err(SaleRefusal::HasReturns.into());
        }
        let shift_id = shifts::to_undo_in(tx, store_id, sale.branch_id, sale.shift_id)?;
        // No customer owes anything yet.
        let refund = sale.settlement.undone(Money::ZERO);
        let refund = refund.with_context(|| format!("the money of sale {id} fits"))?;
        let cancel = Cancel {
            worker_id,
            reason,
            shift_id,
            refund,
            at: now,
        };
        if !sales::cancel(tx, store_id, *id, &cancel)? {
            return Err(SaleRefusal::AlreadyCancelled.into());
        }
        let document = Document {
            store_id,
            place: Place {
                location_id: sale.branch_id,
                kind: LocationKind::Branch,
            },
            document_type: DocumentType::Sale,
            document_id: Some(id.get()),
            reason: MovementReason::SaleCancel,
            actor_id: author.user_id,
            day: zone.day(now),
            at: now,
            description: reason,
        };
        ledger::put_back(tx, &document, DocumentType::Sale, id.get())?;
        let view = find(tx, store_id, *id)?;
        let undone = (shift_id, view.cancel_reason.as_str(), view.refund);
        let (entry, news) = traces::of_cancelled(TracedSale::of(store_id, &view.sale), undone);
        audit::record(tx, &author, now, entry)?;
        events::publish(tx, now, &news)?;
        Ok(view)
    })
}
