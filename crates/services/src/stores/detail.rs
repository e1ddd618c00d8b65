//! One store.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::StoreId;
use savdo_domain::stock::LocationKind;
use savdo_persistence::Reader;
use savdo_persistence::locations::{self, LocationView};
use savdo_persistence::shifts::{self, ShiftView};
use savdo_persistence::stores::{self, StoreView};
use savdo_persistence::workers::{self, AtWorkView};

use crate::settings::SettingsView;
use crate::{Context, Result};

/// A store with its places, its people and its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreDetailView {
    /// The store.
    pub store: StoreView,
    /// Its active branches, by name.
    pub branches: Vec<LocationView>,
    /// Its active workers.
    pub workers: Vec<AtWorkView>,
    /// Its settings.
    pub settings: SettingsView,
    /// Its open shifts.
    pub open_shifts: Vec<ShiftView>,
}

/// The store `id`, if it is the caller's.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store.
pub fn detail(context: &Context, actor: &Actor, id: StoreId) -> Result<StoreDetailView> {
    let seat = actor.permit(Permission::ViewStore)?;
    if seat.store_id() != id {
        return Err(Refusal::NotFound.into());
    }
    context
        .database()
        .read_consistent("store_detail", |reader| find(reader, id))
}

/// The store as the answer of a change shows it.
pub(super) fn find(reader: &mut Reader<'_>, id: StoreId) -> Result<StoreDetailView> {
    let store = stores::find(reader, id)?;
    Ok(StoreDetailView {
        branches: locations::active(reader, id, LocationKind::Branch)?,
        workers: workers::of_store(reader, id)?,
        settings: SettingsView {
            store_id: id,
            store_name: store.name.clone(),
            settings: savdo_persistence::settings::find(reader, id)?,
        },
        open_shifts: shifts::open(reader, id)?,
        store,
    })
}
