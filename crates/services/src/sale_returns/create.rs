//! A return is written down: the lines of the sale that come back, and what they are worth.

use anyhow::Context as _;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, SaleId, StoreId};
use savdo_domain::sale::{SaleRefusal, SaleStatus};
use savdo_domain::sale_return::{AskedBack, RefundMethod, ReturnedLine, amount, fill};
use savdo_domain::{FieldErrors, FieldProblem, Money, Refusal};
use savdo_persistence::Tx;
use savdo_persistence::sale_returns::{self, NewReturnLine, NewSaleReturn, SaleReturnDetailView};
use savdo_persistence::sales::{self, LockedSale};

use super::{check_module, find, traces};
use crate::audit::{self, Author};
use crate::once::Once;
use crate::{Context, Result, counter};

/// Goods of a sale that are brought back.
#[derive(Debug, Clone)]
pub struct CreateSaleReturn {
    /// The sale.
    pub sale: SaleId,
    /// What comes back.
    pub items: Vec<AskedBack>,
    /// Where; the branch of the sale when none is named.
    pub branch: Option<LocationId>,
    /// Why, possibly empty.
    pub reason: String,
    /// How the money is to be handed back, if that is said.
    pub refund_method: Option<RefundMethod>,
}

/// Writes a return down, pending. Locks the sale, then holds the branch in use.
///
/// # Errors
/// A missing right; [`AccessRefusal::ModuleDisabled`](savdo_domain::access::AccessRefusal); problems at `sale`, `branch`,
/// `items`; [`SaleRefusal::AlreadyCancelled`]; the
/// [`SaleReturnRefusal`](savdo_domain::sale_return::SaleReturnRefusal) of more than was sold.
pub fn create<O: Once<SaleReturnDetailView>>(
    context: &Context,
    actor: &Actor,
    command: CreateSaleReturn,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::ReturnSale)?;
    let (store_id, worker_id) = (seat.store_id(), seat.worker_id());
    let author = Author::from(actor);
    let now = context.now();
    once.write(context, actor, "sale_return_create", move |tx| {
        check_module(tx, store_id)?;
        let sale = find_sale(tx, store_id, &command)?;
        let branch_id = find_branch(tx, store_id, &sale, &command)?;
        let lines = find_lines(tx, store_id, &command)?;
        let total_amount = Money::checked_sum(lines.iter().map(|line| line.total_price));
        let new = NewSaleReturn {
            store_id,
            sale_id: command.sale,
            branch_id,
            worker_id,
            refund_method: command.refund_method,
            total_amount: total_amount.with_context(|| format!("a return of sale {} fits", command.sale))?,
            reason: &command.reason,
            at: now,
        };
        let id = sale_returns::insert(tx, &new)?;
        sale_returns::insert_lines(tx, store_id, id, &lines)?;
        let view = find(tx, store_id, id)?;
        audit::record(tx, &author, now, traces::of_new(store_id, &view))?;
        Ok(view)
    })
}

/// The sale, locked. One that was cancelled has nothing to bring back.
fn find_sale(tx: &mut Tx<'_>, store_id: StoreId, command: &CreateSaleReturn) -> Result<LockedSale> {
    let sale = sales::lock(tx, store_id, command.sale)?;
    let sale = sale.ok_or_else(|| Refusal::field("sale", FieldProblem::UnknownObject))?;
    match sale.status {
        SaleStatus::Completed => Ok(sale),
        SaleStatus::Cancelled => Err(SaleRefusal::AlreadyCancelled.into()),
    }
}

/// The branch where the goods come back, in use.
fn find_branch(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    sale: &LockedSale,
    command: &CreateSaleReturn,
) -> Result<LocationId> {
    let counter = counter::hold(tx, store_id, command.branch.or(Some(sale.branch_id)))?;
    let counter = counter.map_err(|problem| FieldErrors::one("branch", problem))?;
    Ok(counter.location_id)
}

/// The lines that come back, each for what it is worth after all other returns, the pending ones too.
fn find_lines(tx: &mut Tx<'_>, store_id: StoreId, command: &CreateSaleReturn) -> Result<Vec<NewReturnLine>> {
    if command.items.is_empty() {
        return Err(Refusal::field("items", FieldProblem::TooShort { min: 1 }).into());
    }
    let sold = sale_returns::sold_lines(tx, store_id, command.sale)?;
    let back = fill(&sold, &command.items)?;
    let lines = back.iter().map(|back| {
        let ReturnedLine { line, quantity } = *back;
        let taken = line.returned.checked_add(line.pending);
        let worth = taken.and_then(|taken| amount(line.total, line.quantity, taken, quantity));
        Ok(NewReturnLine {
            sale_line_id: line.id,
            quantity,
            total_price: worth.with_context(|| format!("the amount of line {} of a sale fits", line.id))?,
        })
    });
    lines.collect()
}
