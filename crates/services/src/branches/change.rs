//! A branch changes, closes, or opens again.

use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::settings::StoreSettings;
use savdo_domain::stock::LocationKind;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::locations::{self, LocationView};
use savdo_persistence::{Constraint, Error as StorageError, Tx, settings, shifts};
use serde_json::{Value, json};

use super::detail::{BranchDetailView, find};
use crate::audit::{self, Action, Author, Entry};
use crate::{Context, Error, Result};

/// What is to change of a branch; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeBranch {
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its phone as it is shown.
    pub phone: Option<String>,
    /// Whether it is in use.
    pub status: Option<RowStatus>,
}

/// Changes a branch of the caller's store. One that closes serves no more online orders.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; [`Refusal::NotFound`] for an unknown one, a warehouse, or another store's; at
/// `name` one that another active branch has, also for a branch that opens again; [`CatalogRefusal::HasStock`],
/// [`CatalogRefusal::ShiftOpen`] and [`CatalogRefusal::HasOpenDocuments`] for one that is to close.
pub fn change(context: &Context, actor: &Actor, id: LocationId, command: ChangeBranch) -> Result<BranchDetailView> {
    actor.permit(Permission::ChangeBranch)?;
    if command == ChangeBranch::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    applied(context, actor, id, command, Action::Update)
}

/// Closes a branch of the caller's store; one that is closed already stays so.
///
/// # Errors
/// As [`change`].
pub fn close(context: &Context, actor: &Actor, id: LocationId) -> Result<BranchDetailView> {
    let command = ChangeBranch {
        status: Some(RowStatus::Inactive),
        ..ChangeBranch::default()
    };
    applied(context, actor, id, command, Action::Delete)
}

/// Locks the settings of the store where the branch may close, then the branch.
fn applied(
    context: &Context,
    actor: &Actor,
    id: LocationId,
    command: ChangeBranch,
    action: Action,
) -> Result<BranchDetailView> {
    let seat = actor.permit(Permission::ChangeBranch)?;
    let store = seat.store.clone();
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("branch_change", move |tx| {
        let settings = match command.status {
            Some(RowStatus::Inactive) => Some(settings::lock(tx, store.id)?),
            Some(RowStatus::Active) | None => None,
        };
        let before = locations::lock(tx, store.id, id)?
            .filter(|location| location.kind == LocationKind::Branch)
            .ok_or(Refusal::NotFound)?;
        let after = command.clone().applied_to(before.clone());
        if after == before {
            return find(tx, &store, id);
        }
        let mut details = audit::changes(&told(&before), &told(&after));
        if before.status == RowStatus::Active
            && let Some(settings) = settings
        {
            check_empty(tx, store.id, id)?;
            leave_online(tx, (store.id, id), settings, now, &mut details)?;
        }
        locations::update(tx, store.id, &after, now).map_err(name_taken)?;
        let entry = Entry {
            store_id: Some(store.id),
            action,
            subject_type: "branch",
            subject_id: id.get(),
            description: format!("{}: {}", done(&before, &after), after.name),
            details: Some(details),
        };
        audit::record(tx, &author, now, entry)?;
        find(tx, &store, id)
    })
}

/// Another active branch has the name.
pub(super) fn name_taken(error: StorageError) -> Error {
    match error {
        StorageError::Refused(Constraint::LocationNameTaken) => FieldErrors::one("name", FieldProblem::Taken).into(),
        other => other.into(),
    }
}

/// Nothing may lie in a branch that closes, no shift be open there, and no online order may be served from it. An order that is cancelled meanwhile
/// puts its goods back: what lies there is read once more, after the orders.
fn check_empty(tx: &mut Tx<'_>, store_id: StoreId, id: LocationId) -> Result<()> {
    if locations::has_stock(tx, store_id, id)? {
        return Err(CatalogRefusal::HasStock.into());
    }
    if shifts::in_branch(tx, store_id, id)?.is_some() {
        return Err(CatalogRefusal::ShiftOpen.into());
    }
    if locations::has_open_order(tx, store_id, id)? {
        return Err(CatalogRefusal::HasOpenDocuments.into());
    }
    if locations::has_stock(tx, store_id, id)? {
        return Err(CatalogRefusal::HasStock.into());
    }
    Ok(())
}

/// Another branch serves online orders from now on: the oldest that is open. Whether the store sells online stays as it is.
fn leave_online(
    tx: &mut Tx<'_>,
    (store_id, id): (StoreId, LocationId),
    settings: StoreSettings,
    now: DateTime<Utc>,
    details: &mut Value,
) -> Result<()> {
    if settings.online_location != Some(id) {
        return Ok(());
    }
    let left = StoreSettings {
        online_location: None,
        ..settings
    };
    settings::update(tx, store_id, &left, now)?;
    if let Some(changes) = details.get_mut("changes").and_then(Value::as_object_mut) {
        changes.insert("online_location".to_owned(), json!({ "old": id, "new": null }));
    }
    Ok(())
}

const fn done(before: &LocationView, after: &LocationView) -> &'static str {
    match (before.status, after.status) {
        (RowStatus::Active, RowStatus::Inactive) => "Filial yopildi",
        (RowStatus::Inactive, RowStatus::Active) => "Filial qayta ochildi",
        (RowStatus::Active, RowStatus::Active) | (RowStatus::Inactive, RowStatus::Inactive) => "Filial o'zgartirildi",
    }
}

fn told(branch: &LocationView) -> Value {
    json!({ "name": branch.name, "address": branch.address, "phone": branch.phone, "status": branch.status })
}

impl ChangeBranch {
    fn applied_to(self, branch: LocationView) -> LocationView {
        let Self {
            name,
            address,
            phone,
            status,
        } = self;
        LocationView {
            name: name.unwrap_or(branch.name),
            address: address.unwrap_or(branch.address),
            phone: phone.unwrap_or(branch.phone),
            status: status.unwrap_or(branch.status),
            ..branch
        }
    }
}
