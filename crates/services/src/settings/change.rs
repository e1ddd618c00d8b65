//! Changing the settings of a store.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::settings::{SettingsPatch, StoreSettings};
use savdo_domain::stock::LocationKind;
use savdo_persistence::{Reader, locations, settings};
use serde_json::{Value, json};

use super::SettingsView;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// Changes the keys sent; in force for the next request. What stands already leaves no trace.
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
        if after != before {
            settings::update(tx, id, &after, now)?;
            let entry = Entry {
                store_id: Some(id),
                action: Action::Update,
                subject_type: Subject::Settings,
                subject_id: id.get(),
                description: format!("Sozlamalar o'zgartirildi: {}", store.name),
                details: Some(told(&before, &after)?),
            };
            audit::record(tx, &author, now, entry)?;
        }
        Ok::<_, Error>(SettingsView {
            store_id: id,
            store_name: store.name.clone(),
            settings: after,
        })
    })
}

fn active_branches(reader: &mut Reader<'_>, store_id: StoreId) -> Result<Vec<LocationId>> {
    let branches = locations::active(reader, store_id, LocationKind::Branch)?;
    Ok(branches.into_iter().map(|branch| branch.id).collect())
}

/// What changed, as the audit log shows it: of the device's secret that it changed, and whether there is one.
fn told(before: &StoreSettings, after: &StoreSettings) -> Result<Value> {
    let written =
        |settings: &StoreSettings| serde_json::to_value(settings).context("settings cannot be written as JSON");
    let mut told = audit::changes(&written(before)?, &written(after)?);
    // As JSON a secret is masked already, so that another one may look the same.
    let masked = |settings: &StoreSettings| settings.ofd_token.as_ref().map(|_| "***");
    if before.ofd_token != after.ofd_token
        && let Some(changes) = told.get_mut("changes").and_then(Value::as_object_mut)
    {
        let token = json!({ "old": masked(before), "new": masked(after) });
        changes.insert("ofd_token".to_owned(), token);
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use savdo_domain::settings::{OfdToken, StoreSettings};
    use serde_json::json;

    use super::told;

    #[test]
    fn the_audit_log_names_what_changed_and_never_holds_the_devices_secret() {
        let before = StoreSettings::default();
        let after = StoreSettings {
            allow_debt: true,
            ofd_token: Some(OfdToken::new("sirli-token-9876")),
            ..StoreSettings::default()
        };

        let changes = told(&before, &after).unwrap();

        let expected = json!({ "changes": {
            "allow_debt": { "old": false, "new": true },
            "ofd_token": { "old": null, "new": "***" },
        }});
        assert_eq!(changes, expected);
    }

    #[test]
    fn another_secret_of_the_device_is_told_without_either() {
        let with = |token| StoreSettings {
            ofd_token: Some(OfdToken::new(token)),
            ..StoreSettings::default()
        };

        let changes = told(&with("sirli-token-9876"), &with("boshqa-token-9876")).unwrap();

        assert_eq!(
            changes,
            json!({ "changes": { "ofd_token": { "old": "***", "new": "***" } } })
        );
    }
}
