//! What branches and warehouses have in common: how a place is made, changed, closed and opened again.

use chrono::{DateTime, Utc};
use savdo_domain::access::{RowStatus, Workplace};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::settings::StoreSettings;
use savdo_domain::stock::LocationKind;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::locations::{self, LocationView, NewLocation};
use savdo_persistence::{Constraint, Error as StorageError, Tx, settings, shifts};
use serde_json::{Value, json};

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Error, Result};

/// What is to change of a place; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangePlace {
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The phone of a branch as it is shown.
    pub phone: Option<String>,
    /// Whether it is in use.
    pub status: Option<RowStatus>,
}

impl ChangePlace {
    /// The change by which a place is closed.
    pub(crate) fn closing() -> Self {
        Self {
            status: Some(RowStatus::Inactive),
            ..Self::default()
        }
    }

    fn applied_to(self, place: LocationView) -> LocationView {
        let Self {
            name,
            address,
            phone,
            status,
        } = self;
        LocationView {
            name: name.unwrap_or(place.name),
            address: address.unwrap_or(place.address),
            phone: phone.unwrap_or(place.phone),
            status: status.unwrap_or(place.status),
            ..place
        }
    }
}

/// Who changes a place of his store, and when.
#[derive(Debug, Clone)]
pub(crate) struct Changer {
    /// His store.
    pub(crate) store: Workplace,
    /// Who he is.
    pub(crate) author: Author,
    /// When.
    pub(crate) now: DateTime<Utc>,
}

/// What is said of a kind of place.
struct Words {
    subject: Subject,
    made: &'static str,
    changed: &'static str,
    closed: &'static str,
    opened: &'static str,
}

const fn words(kind: LocationKind) -> Words {
    match kind {
        LocationKind::Branch => Words {
            subject: Subject::Branch,
            made: "Filial yaratildi",
            changed: "Filial o'zgartirildi",
            closed: "Filial yopildi",
            opened: "Filial qayta ochildi",
        },
        LocationKind::Warehouse => Words {
            subject: Subject::Warehouse,
            made: "Ombor yaratildi",
            changed: "Ombor o'zgartirildi",
            closed: "Ombor yopildi",
            opened: "Ombor qayta ochildi",
        },
    }
}

impl Changer {
    /// Makes a place.
    ///
    /// # Errors
    /// At `name` one that another active place of its kind has.
    pub(crate) fn make(&self, tx: &mut Tx<'_>, place: &NewLocation) -> Result<LocationId> {
        let id = locations::insert(tx, place).map_err(name_taken)?;
        let words = words(place.kind);
        let entry = Entry {
            store_id: Some(self.store.id),
            action: Action::Create,
            subject_type: words.subject,
            subject_id: id.get(),
            description: format!("{}: {}", words.made, place.name),
            details: None,
        };
        audit::record(tx, &self.author, self.now, entry)?;
        Ok(id)
    }

    /// Changes a place of this kind, closes it or opens it again. A branch that closes serves no more online orders. Locks the
    /// settings of the store where a branch may close, then the place.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown one, one of the other kind, or another store's; at `name` one that another active
    /// place of its kind has, also where a place opens again; [`CatalogRefusal::HasStock`],
    /// [`CatalogRefusal::ShiftOpen`] and [`CatalogRefusal::HasOpenDocuments`] for one that is to close.
    pub(crate) fn change(
        &self,
        tx: &mut Tx<'_>,
        (kind, id): (LocationKind, LocationId),
        command: ChangePlace,
        action: Action,
    ) -> Result<()> {
        let store_id = self.store.id;
        let settings = match (kind, command.status) {
            (LocationKind::Branch, Some(RowStatus::Inactive)) => Some(settings::lock(tx, store_id)?),
            (LocationKind::Branch | LocationKind::Warehouse, Some(RowStatus::Active | RowStatus::Inactive) | None) => {
                None
            }
        };
        let before = locations::lock(tx, store_id, id)?
            .filter(|place| place.kind == kind)
            .ok_or(Refusal::NotFound)?;
        let after = command.applied_to(before.clone());
        if after == before {
            return Ok(());
        }
        let mut details = audit::changes(&told(&before), &told(&after));
        if (before.status, after.status) == (RowStatus::Active, RowStatus::Inactive) {
            check_empty(tx, store_id, id)?;
            if let Some(settings) = settings {
                leave_online(tx, (store_id, id), settings, self.now, &mut details)?;
            }
        }
        locations::update(tx, store_id, &after, self.now).map_err(name_taken)?;
        let entry = Entry {
            store_id: Some(store_id),
            action,
            subject_type: words(kind).subject,
            subject_id: id.get(),
            description: format!("{}: {}", done(&before, &after), after.name),
            details: Some(details),
        };
        audit::record(tx, &self.author, self.now, entry)?;
        Ok(())
    }
}

/// Another active place of the kind has the name.
fn name_taken(error: StorageError) -> Error {
    match error {
        StorageError::Refused(Constraint::LocationNameTaken) => FieldErrors::one("name", FieldProblem::Taken).into(),
        other => other.into(),
    }
}

/// Nothing may lie in a place that closes, no shift be open there, and no online order be served from it. An order that is
/// cancelled meanwhile puts its goods back: what lies there is read once more, after the orders.
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
    let words = words(after.kind);
    match (before.status, after.status) {
        (RowStatus::Active, RowStatus::Inactive) => words.closed,
        (RowStatus::Inactive, RowStatus::Active) => words.opened,
        (RowStatus::Active, RowStatus::Active) | (RowStatus::Inactive, RowStatus::Inactive) => words.changed,
    }
}

fn told(place: &LocationView) -> Value {
    json!({ "name": place.name, "address": place.address, "phone": place.phone, "status": place.status })
}
