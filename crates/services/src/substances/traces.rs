//! What the audit log keeps of a substance.

use savdo_domain::ids::{StoreId, SubstanceId};
use savdo_persistence::substances::Substance;
use serde_json::{Value, json};

use crate::audit::{self, Action, Entry, Subject};

/// The entry of something done to a substance; of a change with what it was before.
pub(super) fn entry(
    (store_id, id): (StoreId, SubstanceId),
    action: Action,
    substance: &Substance,
    before: Option<&Substance>,
) -> Entry {
    let done = match (action, before) {
        (Action::Delete, _) => "o'chirildi",
        (_, Some(_)) => "o'zgartirildi",
        (_, None) => "yaratildi",
    };
    let details = match before {
        Some(before) => audit::changes(&told(before), &told(substance)),
        None => told(substance),
    };
    Entry {
        store_id: Some(store_id),
        action,
        subject_type: Subject::Substance,
        subject_id: id.get(),
        description: format!("Faol modda {done}: {}", substance.name),
        details: Some(details),
    }
}

fn told(substance: &Substance) -> Value {
    let Substance { name, description } = substance;
    json!({ "name": name, "description": description })
}
