//! A return is confirmed: the goods go back into stock, the money to the buyer.

use std::collections::BTreeMap;

use anyhow::Context as _;
use savdo_domain::Money;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, SaleId, SaleReturnId, StoreId};
use savdo_domain::sale::{SaleRefusal, SaleStatus};
use savdo_domain::sale_return::{Refund, ReturnedLine, SalePaid, SaleReturnRefusal, SoldLine, amount, check};
use savdo_domain::stock::{DocumentType, LineBack, LocationKind, MovementReason, Place, StockRefusal};
use savdo_persistence::Tx;
use savdo_persistence::sale_returns::{self, ConfirmReturn, LockedReturn, SaleReturnDetailView, SettledLine};
use savdo_persistence::sales::{CounterView, LockedSale};

use super::{check_module, find, lock, traces};
use crate::audit::{self, Author};
use crate::events::{self, Event, News};
use crate::once::Once;
use crate::stock::ledger::{self, Document};
use crate::{Context, Result, counter, shifts};

/// Confirms a pending return, once: in the open shift of its branch, where the store has shifts. Locks the sale, then the return,
/// holds the branch, the shift and the products, then locks the levels, both in the order of product ids.
///
/// # Errors
/// A missing right; [`AccessRefusal::ModuleDisabled`](savdo_domain::access::AccessRefusal);
/// [`Refusal::NotFound`](savdo_domain::Refusal::NotFound); [`SaleReturnRefusal::NotPending`], also for all but one of those who
/// come at once; [`SaleReturnRefusal::ExceedsSold`]; [`StockRefusal::LocationInactive`], [`StockRefusal::ProductInactive`];
/// [`ShiftRefusal::NoneOpen`](savdo_domain::shift::ShiftRefusal).
pub fn confirm<O: Once<SaleReturnDetailView>>(
    context: &Context,
    actor: &Actor,
    id: SaleReturnId,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::SettleReturn)?;
    let (store_id, worker_id) = (seat.store_id(), seat.worker_id());
    let author = Author::from(actor);
    let now = context.now();
    let day = seat.zone().day(now);
    once.write(context, actor, "sale_return_confirm", move |tx| {
        check_module(tx, store_id)?;
        let (sale_id, sale, locked) = lock(tx, store_id, id)?;
        check_states(&sale, &locked)?;
        let before = find(tx, store_id, id)?;
        let back = find_lines(tx, store_id, (id, sale_id))?;
        let counter = hold_branch(tx, store_id, locked.branch_id)?;
        let shift_id = shifts::must_join(tx, store_id, &counter)?;
        let place = Place {
            location_id: counter.location_id,
            kind: LocationKind::Branch,
        };
        let document = Document {
            store_id,
            place,
            document_type: DocumentType::SaleReturn,
            document_id: Some(id.get()),
            reason: MovementReason::Return,
            actor_id: author.user_id,
            day,
            at: now,
            description: &locked.reason,
        };
        let costs = bring_back(tx, &document, (sale_id, sale.branch_id), &back)?;
        let lines = settled(&back, &costs)?;
        let total_amount = Money::checked_sum(lines.iter().map(|line| line.total_price));
        let total_amount = total_amount.with_context(|| format!("the amount of return {id} fits"))?;
        let confirm = ConfirmReturn {
            worker_id,
            shift_id,
            total_amount,
            refund: split(tx, store_id, sale_id, (&sale, &locked), total_amount)?,
            day,
            at: now,
        };
        if !sale_returns::confirm(tx, store_id, id, &confirm)? {
            return Err(SaleReturnRefusal::NotPending.into());
        }
        sale_returns::confirm_lines(tx, store_id, id, &lines)?;
        if !sale_returns::add_returned(tx, store_id, sale_id, total_amount)? {
            return Err(SaleRefusal::AlreadyCancelled.into());
        }
        let view = find(tx, store_id, id)?;
        audit::record(tx, &author, now, traces::of_confirmed(store_id, &before, &view))?;
        let news = News {
            store_id,
            event: Event::SaleReturned,
            subject: ("sale_return", id.get()),
            payload: traces::payload(store_id, &view.sale_return),
        };
        events::publish(tx, now, &news)?;
        Ok(view)
    })
}

fn check_states(sale: &LockedSale, locked: &LockedReturn) -> Result<()> {
    locked.status.confirm()?;
    match sale.status {
        SaleStatus::Completed => Ok(()),
        SaleStatus::Cancelled => Err(SaleRefusal::AlreadyCancelled.into()),
    }
}

/// What comes back, by the numbers of the return's lines, judged once more against what others bring back.
fn find_lines(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    (id, sale_id): (SaleReturnId, SaleId),
) -> Result<Vec<(i64, ReturnedLine)>> {
    let sold = sale_returns::sold_lines(tx, store_id, sale_id)?;
    let lines = sale_returns::lines_of(tx, store_id, id)?.into_iter();
    let back = lines.map(|(number, sale_line_id, quantity)| {
        let line = sold.iter().find(|line| line.id == sale_line_id);
        let line = line.with_context(|| format!("line {sale_line_id} is one of sale {sale_id}"))?;
        let pending = line.pending.checked_sub(quantity);
        let line = SoldLine {
            pending: pending.with_context(|| format!("return {id} is among those pending"))?,
            ..*line
        };
        Ok((number, ReturnedLine { line, quantity }))
    });
    let back: Vec<(i64, ReturnedLine)> = back.collect::<Result<_>>()?;
    check(&back.iter().map(|(_, back)| *back).collect::<Vec<_>>())?;
    Ok(back)
}

/// The branch of the return, if it was not switched off meanwhile.
fn hold_branch(tx: &mut Tx<'_>, store_id: StoreId, branch_id: LocationId) -> Result<CounterView> {
    let counter = counter::hold(tx, store_id, Some(branch_id))?;
    Ok(counter.map_err(|_| StockRefusal::LocationInactive)?)
}

/// Brings the goods back; answers what they had cost, by line of the return.
fn bring_back(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    (sale_id, sold_at): (SaleId, LocationId),
    back: &[(i64, ReturnedLine)],
) -> Result<BTreeMap<i64, Money>> {
    let lines: Vec<LineBack> = back
        .iter()
        .map(|(number, back)| LineBack {
            undone_line: back.line.number,
            line: *number,
            quantity: back.quantity,
        })
        .collect();
    let sale = (DocumentType::Sale, sale_id.get(), sold_at);
    ledger::bring_back(tx, document, sale, &lines)
}

/// The lines as they are fixed: each for what it is worth after the returns confirmed before.
fn settled(back: &[(i64, ReturnedLine)], costs: &BTreeMap<i64, Money>) -> Result<Vec<SettledLine>> {
    let lines = back.iter().map(|(number, back)| {
        let ReturnedLine { line, quantity } = *back;
        let worth = amount(line.total, line.quantity, line.returned, quantity);
        Ok(SettledLine {
            sale_line_id: line.id,
            quantity,
            total_price: worth.with_context(|| format!("the amount of line {} of a sale fits", line.id))?,
            cost: costs.get(number).copied().unwrap_or_default(),
        })
    });
    lines.collect()
}

/// What becomes of the money. Nobody owes anything yet: the balance that a return lowers is nothing.
fn split(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    sale_id: SaleId,
    (sale, locked): (&LockedSale, &LockedReturn),
    amount: Money,
) -> Result<Refund> {
    let earlier = sale_returns::refunded(tx, store_id, sale_id)?;
    let paid = SalePaid {
        payment_type: sale.payment_type,
        cash: sale.settlement.payment.cash,
        debt: sale.settlement.debt,
    };
    let refund = Refund::split(amount, paid, earlier, Money::ZERO, locked.refund_method);
    Ok(refund.with_context(|| format!("the refund of a return of sale {sale_id} fits"))?)
}
