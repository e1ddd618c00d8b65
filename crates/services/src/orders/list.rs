//! Looking through orders.

use savdo_domain::access::{Actor, Scope};
use savdo_persistence::orders::{self, OrderFilter};

use super::{OrderSeen, seen};
use crate::{Context, Listed, Page, Result};

/// A page of the orders that the caller sees. Only staff search: for others the words are left aside.
///
/// # Errors
/// The refusal of a blocked store.
pub fn list(context: &Context, actor: &Actor, filter: OrderFilter, page: &Page) -> Result<Listed<OrderSeen>> {
    let scope = actor.order_scope()?;
    let filter = match scope {
        Scope::Store(_) | Scope::StoreOrOwn { .. } | Scope::All => filter,
        Scope::Own(_) | Scope::Assigned { .. } => filter.without_search(),
    };
    let now = context.now();
    context.list(actor, "order_list", page, |reader, wanted| {
        let listed = orders::list(reader, &scope, &filter, wanted)?;
        Ok(listed.try_map_rows(|rows| seen::all(reader, actor, now, rows))?)
    })
}
