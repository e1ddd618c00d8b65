//! An empty level is put aside.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::LevelId;
use savdo_domain::{Quantity, Refusal};
use savdo_persistence::stock;
use serde_json::json;

use crate::audit::{self, Action, Entry, Subject};
use crate::stock::by_hand::Mover;
use crate::{Context, Result};

/// Hides an empty level from the lists until goods move there again; one that is hidden stays so.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's; [`CatalogRefusal::HasStock`].
pub fn hide(context: &Context, actor: &Actor, id: LevelId) -> Result<()> {
    let mover = Mover::new(context, actor, Permission::ChangeStock)?;
    context.database().write("stock_hide", move |tx| {
        let store_id = mover.store_id;
        let (location_id, product_id) = stock::place_of_level(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let locked = stock::lock_levels(tx, store_id, location_id, &[product_id])?;
        if locked.iter().any(|locked| locked.level.on_hand > Quantity::ZERO) {
            return Err(CatalogRefusal::HasStock.into());
        }
        if !stock::hide_level(tx, store_id, id, mover.at)? {
            return Ok(());
        }
        let view = stock::find_stock(tx, store_id, mover.day, id)?.ok_or(Refusal::NotFound)?;
        let entry = Entry {
            store_id: Some(store_id),
            action: Action::Delete,
            subject_type: Subject::StockLevel,
            subject_id: id.get(),
            description: format!("Qoldiq yashirildi: {}, {}", view.product_name, view.location_name),
            details: Some(audit::changes(
                &json!({ "is_hidden": false }),
                &json!({ "is_hidden": true }),
            )),
        };
        audit::record(tx, &mover.author, mover.at, entry)?;
        Ok(())
    })
}
