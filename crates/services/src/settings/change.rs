//! Changing the settings of a store.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::settings::{SettingsPatch, StoreSettings};
use savdo_domain::stock::LocationKind;
use savdo_persistence::{Reader, locations, settings};
use serde_json::Value;

use super::SettingsView;
use crate::audit::{self, Action, Author, Entry};
use crate::{Context, Error, Result};

/// Changes the keys sent; in force for the next request.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store; [`Refusal::EmptyPatch`]; what the settings themselves refuse.
pub fn change(context: &Context, actor: &Actor, id: StoreId, patch: SettingsPatch) -> Result<SettingsView> {
    let seat = actor.permit(Permission::ChangeSettings)?;
    if seat.store_id() != id {
        return Err(Refusal::NotFound.into());
    }
    if patch.is_empty() {
        return Err(Refusal::EmptyPatch.into());
    }
    let store = seat.store.clone();
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("settings_change", move |tx| {
        let before = settings::lock(tx, id)?;
        let after = before.apply(patch.clone(), &active_branches(tx, id)?)?;
        settings::update(tx, id, &after, now)?;
        let entry = Entry {
            store_id: Some(id),
            action: Action::Update,
            subject_type: "settings",
            subject_id: id.get(),
            description: format!("Sozlamalar o'zgartirildi: {}", store.name),
            details: Some(audit::changes(&told(&before)?, &told(&after)?)),
        };
        audit::record(tx, &author, now, entry)?;
        Ok::<_, Error>(SettingsView {
            store_id: id,
            store_name: store.name.clone(),
            settings: after,
        })
    })
}

fn active_branches(reader: &mut Reader<'_>, store_id: StoreId) -> Result<Vec<LocationId>> {
    let branches = locations::of_kind(reader, store_id, LocationKind::Branch)?;
    let active = branches.into_iter().filter(|branch| branch.status == RowStatus::Active);
    Ok(active.map(|branch| branch.id).collect())
}

/// As the audit log shows them: of the device's secret only whether there is one.
fn told(settings: &StoreSettings) -> Result<Value> {
    let mut told = serde_json::to_value(settings).context("settings cannot be written as JSON")?;
    if let Some(token) = told.get_mut("ofd_token").filter(|token| !token.is_null()) {
        *token = Value::String("***".to_owned());
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use savdo_domain::settings::{OfdToken, StoreSettings};
    use serde_json::json;

    use super::told;
    use crate::audit::changes;

    #[test]
    fn the_audit_log_names_what_changed_and_never_holds_the_devices_secret() {
        let before = StoreSettings::default();
        let after = StoreSettings {
            allow_debt: true,
            ofd_token: Some(OfdToken::new("sirli-token-9876")),
            ..StoreSettings::default()
        };

        let changes = changes(&told(&before).unwrap(), &told(&after).unwrap());

        let expected = json!({ "changes": {
            "allow_debt": { "old": false, "new": true },
            "ofd_token": { "old": null, "new": "***" },
        }});
        assert_eq!(changes, expected);
    }
}
