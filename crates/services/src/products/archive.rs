//! A product leaves the online catalogue for good.

use savdo_domain::access::{Actor, Effect, RowStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::ProductId;
use savdo_domain::{Quantity, Refusal};
use savdo_persistence::{carts, products, settings};

use super::naming;
use super::traces;
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// Archives a product: customers and staff know it no more, carts lose it, old orders keep it. The counter sells it on while anything
/// of it lies somewhere, else it is put aside there too. Its sku is free.
///
/// Locks the carts that hold it, in the order of their ids, then the settings, so that no checkout runs, then the product; what lies
/// and waits is read in later statements.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's or an archived one; [`CatalogRefusal::ProductInOpenOrder`].
pub fn archive(context: &Context, actor: &Actor, id: ProductId) -> Result<()> {
    let scope = actor.catalogue_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("product_archive", move |tx| {
        let store_id = products::store_of(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let carts_with_it = carts::write::lock_with_unscoped(tx, store_id, id)?;
        settings::lock(tx, store_id)?;
        let before = products::lock(tx, store_id, id)?
            .filter(|stored| stored.product.archived_at.is_none())
            .ok_or(Refusal::NotFound)?;
        if products::is_in_open_order(tx, store_id, id)? {
            return Err(CatalogRefusal::ProductInOpenOrder.into());
        }
        let view = products::find(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let mut after = before.clone();
        after.product.archived_at = Some(now);
        after.product.is_online = false;
        if view.stock_total == Quantity::ZERO {
            after.product.status = RowStatus::Inactive;
        }
        naming::store(tx, &before, &mut after, now, None)?;
        carts::write::forget_product_unscoped(tx, (store_id, id), &carts_with_it)?;
        if let Some(entry) = traces::of_change(&before, &after, Action::Delete) {
            audit::record(tx, &author, now, entry)?;
        }
        Ok(())
    })
}
