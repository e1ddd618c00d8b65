//! Looking at the settings of a store.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::StoreId;
use savdo_domain::settings::StoreSettings;
use savdo_persistence::settings;

use crate::{Context, Result};

/// The settings of a store, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsView {
    /// The store, whose id is also that of its settings.
    pub store_id: StoreId,
    /// Its name.
    pub store_name: String,
    /// All keys.
    pub settings: StoreSettings,
}

/// The settings of the caller's store; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor) -> Result<Option<SettingsView>> {
    let seat = actor.permit_list(Permission::ViewSettings)?;
    seat.map(|seat| view(context, actor, seat.store_id())).transpose()
}

/// The settings of the store `id`, if it is the caller's.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store.
pub fn view(context: &Context, actor: &Actor, id: StoreId) -> Result<SettingsView> {
    let seat = actor.permit(Permission::ViewSettings)?;
    if seat.store_id() != id {
        return Err(Refusal::NotFound.into());
    }
    let settings = context
        .database()
        .read("settings_view", |reader| settings::find(reader, id))?;
    Ok(SettingsView {
        store_id: id,
        store_name: seat.store.name.clone(),
        settings,
    })
}
