//! Returns of what was sold: written down, confirmed or dropped once.
//!
//! Whoever writes locks the sale first, so that returns of one sale, and its cancel, come one after the other; what of its
//! lines is free is read in a later statement. A pending return moves nothing and keeps its quantities from others.

mod cancel;
mod confirm;
mod create;
mod detail;
mod list;
mod traces;

pub use cancel::cancel;
pub use confirm::confirm;
pub use create::{CreateSaleReturn, create};
pub use detail::detail;
pub use list::{ListSaleReturns, list};
pub use savdo_persistence::sale_returns::{SaleReturnColumn, SaleReturnDetailView, SaleReturnLineView, SaleReturnView};

use savdo_domain::Refusal;
use savdo_domain::access::Module;
use savdo_domain::ids::{SaleId, SaleReturnId, StoreId};
use savdo_persistence::sale_returns::{self, LockedReturn};
use savdo_persistence::sales::{self, LockedSale};
use savdo_persistence::{Reader, Tx, settings};

use crate::Result;

/// Returns are written only in a store that takes them.
fn check_module(tx: &mut Tx<'_>, store_id: StoreId) -> Result<()> {
    Ok(settings::find(tx, store_id)?.check_module(Module::SaleReturn)?)
}

/// A return with its sale, both locked, the sale first.
fn lock(tx: &mut Tx<'_>, store_id: StoreId, id: SaleReturnId) -> Result<(SaleId, LockedSale, LockedReturn)> {
    let sale_id = sale_returns::sale_of(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
    let sale = sales::lock(tx, store_id, sale_id)?.ok_or(Refusal::NotFound)?;
    let locked = sale_returns::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
    Ok((sale_id, sale, locked))
}

/// The return as the answer of a change shows it.
fn find(reader: &mut Reader<'_>, store_id: StoreId, id: SaleReturnId) -> Result<SaleReturnDetailView> {
    Ok(sale_returns::find(reader, store_id, id)?.ok_or(Refusal::NotFound)?)
}
