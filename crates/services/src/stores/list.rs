//! The stores of a caller: his own.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::stock::LocationKind;
use savdo_persistence::locations;
use savdo_persistence::stores::{self, StoreView};

use crate::{Context, Error, Result};

/// A store in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnStoreView {
    /// The store.
    pub store: StoreView,
    /// How many branches it has in use.
    pub branch_count: i64,
}

/// The store that the caller works in; none for an owner who has not made his.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor) -> Result<Option<OwnStoreView>> {
    let Some(seat) = actor.permit_list(Permission::ViewStore)? else {
        return Ok(None);
    };
    let id = seat.store_id();
    context.report(actor, "store_list", |reader| {
        let store = stores::find(reader, id)?;
        let branch_count = locations::count_active(reader, id, LocationKind::Branch)?;
        Ok::<_, Error>(Some(OwnStoreView { store, branch_count }))
    })
}
