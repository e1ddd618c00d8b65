//! An owner makes his store.

use savdo_domain::access::Actor;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::zone::Zone;
use savdo_persistence::stores::{self, NewStore};
use savdo_persistence::workers;

use super::detail::{StoreDetailView, find};
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::once::Once;
use crate::{Context, Result};

/// A store to be made.
#[derive(Debug, Clone)]
pub struct CreateStore {
    /// Its name; names need not be unique.
    pub name: String,
    /// Its address, possibly empty.
    pub address: String,
    /// Its phone as it is shown, possibly empty.
    pub phone: String,
}

/// Makes the caller's store, with all that comes with one made at registration.
///
/// # Errors
/// A missing right; [`CatalogRefusal::StoreExists`] for who has one, also for all but one of those who come at once.
pub fn create<O: Once<StoreDetailView>>(
    context: &Context,
    actor: &Actor,
    command: CreateStore,
    once: &O,
) -> Result<O::Answer> {
    let worker_id = actor.permit_founding()?.id;
    let author = Author::from(actor);
    let now = context.now();
    let store = NewStore {
        name: command.name,
        address: command.address,
        phone: command.phone,
        zone: Zone::default(),
        created_at: now,
    };
    once.write(context, actor, "store_create", move |tx| {
        let id = stores::insert(tx, &store)?;
        if !workers::give_store(tx, id, worker_id, now)? {
            return Err(CatalogRefusal::StoreExists.into());
        }
        let entry = Entry {
            store_id: Some(id),
            action: Action::Create,
            subject_type: Subject::Store,
            subject_id: id.get(),
            description: format!("Do'kon ochildi: {}", store.name),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        find(tx, id)
    })
}
