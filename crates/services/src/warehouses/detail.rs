//! One warehouse.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission, Workplace};
use savdo_domain::ids::LocationId;
use savdo_domain::stock::LocationKind;
use savdo_persistence::Reader;
use savdo_persistence::locations::{self, LocationView};
use savdo_persistence::stock::{self, PlacedView};

use crate::{Context, Result};

/// How many products the page of a warehouse shows.
pub const PRODUCTS_MAX: i64 = 500;

/// A warehouse with its store and what is kept there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarehouseDetailView {
    /// The warehouse.
    pub warehouse: LocationView,
    /// Its store.
    pub store: Workplace,
    /// The first [`PRODUCTS_MAX`] products that are kept there, by name.
    pub products: Vec<PlacedView>,
    /// How many are kept there in all.
    pub products_count: i64,
}

/// One warehouse of the caller's store, in whatever status.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one, a branch, or another store's.
pub fn detail(context: &Context, actor: &Actor, id: LocationId) -> Result<WarehouseDetailView> {
    let seat = actor.permit(Permission::ViewStock)?;
    context
        .database()
        .read_consistent("warehouse_detail", |reader| find(reader, seat.store, id))
}

/// The warehouse as the answer of a change shows it.
pub(super) fn find(reader: &mut Reader<'_>, store: &Workplace, id: LocationId) -> Result<WarehouseDetailView> {
    let warehouse = locations::find(reader, store.id, id)?
        .filter(|location| location.kind == LocationKind::Warehouse)
        .ok_or(Refusal::NotFound)?;
    let counts = stock::count_by_place(reader, store.id, &[id])?;
    let products = stock::at_place(reader, store.id, id, PRODUCTS_MAX)?;
    Ok(WarehouseDetailView {
        warehouse,
        store: store.clone(),
        products,
        products_count: counts.get(&id).copied().unwrap_or_default(),
    })
}
