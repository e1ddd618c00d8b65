//! A store changes, is switched off, or on again.

use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, Permission, RowStatus, StoreStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::StoreId;
use savdo_domain::zone::Zone;
use savdo_persistence::stores::{self, StoreView};
use savdo_persistence::{Tx, shifts};
use serde_json::{Value, json};

use super::detail::{StoreDetailView, find};
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::stock::summary;
use crate::{Context, Result};

/// What is to change of a store; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeStore {
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its phone as it is shown.
    pub phone: Option<String>,
    /// Its time zone, in which its days turn from now on; documents keep the day they were made on.
    pub zone: Option<Zone>,
    /// Whether it is open for work.
    pub status: Option<RowStatus>,
}

/// Changes the caller's store; also one that is switched off. In a zone further west today may be yesterday once more: what can
/// be sold is then counted anew.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store; [`Refusal::EmptyPatch`]; [`AccessRefusal::StoreBlocked`];
/// [`CatalogRefusal::ShiftOpen`] for one that is to be switched off.
pub fn change(context: &Context, actor: &Actor, id: StoreId, command: ChangeStore) -> Result<StoreDetailView> {
    actor.permit(Permission::ChangeStore)?;
    if command == ChangeStore::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    applied(context, actor, id, command, Action::Update)
}

/// Switches the caller's store off; one that is off already stays so.
///
/// # Errors
/// As [`change`].
pub fn close(context: &Context, actor: &Actor, id: StoreId) -> Result<StoreDetailView> {
    let command = ChangeStore {
        status: Some(RowStatus::Inactive),
        ..ChangeStore::default()
    };
    applied(context, actor, id, command, Action::Delete)
}

fn applied(
    context: &Context,
    actor: &Actor,
    id: StoreId,
    command: ChangeStore,
    action: Action,
) -> Result<StoreDetailView> {
    let seat = actor.permit(Permission::ChangeStore)?;
    if seat.store_id() != id {
        return Err(Refusal::NotFound.into());
    }
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("store_change", move |tx| {
        let before = stores::lock(tx, id)?;
        let after = command.clone().applied_to(before.clone())?;
        if after == before {
            return find(tx, id);
        }
        if before.status == StoreStatus::Active && after.status == StoreStatus::Inactive {
            check_shifts(tx, id)?;
        }
        stores::update(tx, &after, now)?;
        summary::renew_from_day(tx, id, (after.zone.day(now), before.zone.day(now)), now)?;
        let entry = Entry {
            store_id: Some(id),
            action,
            subject_type: Subject::Store,
            subject_id: id.get(),
            description: format!("{}: {}", done(&before, &after), after.name),
            details: Some(audit::changes(&told(&before), &told(&after))),
        };
        audit::record(tx, &author, now, entry)?;
        find(tx, id)
    })
}

/// No shift may be open in a store that is switched off. Whoever opens one locks the store too.
fn check_shifts(tx: &mut Tx<'_>, id: StoreId) -> Result<()> {
    if shifts::open(tx, id)?.is_empty() {
        Ok(())
    } else {
        Err(CatalogRefusal::ShiftOpen.into())
    }
}

fn done(before: &StoreView, after: &StoreView) -> &'static str {
    match after.status {
        StoreStatus::Inactive if before.status != after.status => "Do'kon yopildi",
        StoreStatus::Active if before.status != after.status => "Do'kon qayta ochildi",
        StoreStatus::Active | StoreStatus::Inactive | StoreStatus::Blocked => "Do'kon o'zgartirildi",
    }
}

fn told(store: &StoreView) -> Value {
    json!({
        "name": store.name,
        "address": store.address,
        "phone": store.phone,
        "timezone": store.zone.name(),
        "status": store.status,
    })
}

impl ChangeStore {
    /// Nothing of a store is changed that the admin blocked since the caller came in.
    fn applied_to(self, store: StoreView) -> std::result::Result<StoreView, AccessRefusal> {
        let Self {
            name,
            address,
            phone,
            zone,
            status,
        } = self;
        Ok(StoreView {
            name: name.unwrap_or(store.name),
            address: address.unwrap_or(store.address),
            phone: phone.unwrap_or(store.phone),
            zone: zone.unwrap_or(store.zone),
            status: store.status.changed_by_owner(status)?,
            ..store
        })
    }
}
