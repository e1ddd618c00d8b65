//! The warehouses of a store.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::LocationId;
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations::{self, LocationColumn, LocationView};
use savdo_persistence::stock;

use crate::{Context, Error, ListRows, Listed, Result};

/// Which warehouses are wanted.
pub type ListWarehouses = ListRows<LocationColumn>;

/// A warehouse in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarehouseView {
    /// The warehouse.
    pub warehouse: LocationView,
    /// How many products are kept there.
    pub stock_count: i64,
}

/// The warehouses of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListWarehouses) -> Result<Listed<WarehouseView>> {
    let Some(seat) = actor.permit_list(Permission::ViewStock)? else {
        return Ok(Listed::none());
    };
    let store_id = seat.store_id();
    let (page, filter) = query.split();
    let (warehouses, counts) = context.list(actor, "warehouse_list", &page, |reader, wanted| {
        let warehouses = locations::list(reader, (store_id, LocationKind::Warehouse), &filter, wanted)?;
        let ids: Vec<LocationId> = warehouses.rows.iter().map(|warehouse| warehouse.id).collect();
        let counts = stock::count_by_place(reader, store_id, &ids)?;
        Ok::<_, Error>((warehouses, counts))
    })?;
    Ok(warehouses.map(|warehouse| WarehouseView {
        stock_count: counts.get(&warehouse.id).copied().unwrap_or_default(),
        warehouse,
    }))
}
