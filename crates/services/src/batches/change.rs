//! What is said of a batch changes: it is put into quarantine or freed, its series or its last day is corrected.

use anyhow::Context as _;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{BatchId, StoreId};
use savdo_domain::stock::{Label, LabelChange};
use savdo_persistence::sales;
use savdo_persistence::stock::{self, BatchView};
use serde_json::{Value, json};

use super::BatchSeen;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::stock::summary;
use crate::{Context, Result};

/// What is to change of a batch.
pub type ChangeBatch = LabelChange;

/// Changes what is said of a batch, and with it what of its level can be sold. Locks the level as a sale of it does; the batch
/// is read after that, so that no sale takes of a batch that was blocked before it.
///
/// # Errors
/// A missing right; [`Refusal::EmptyPatch`]; [`Refusal::NotFound`] for another store's; problems at `reason`, `series` and
/// `expires_on`.
pub fn change(context: &Context, actor: &Actor, id: BatchId, command: ChangeBatch) -> Result<BatchSeen> {
    let seat = actor.permit(Permission::ChangeStock)?;
    if command == ChangeBatch::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    let (store_id, zone) = (seat.store_id(), seat.zone());
    let author = Author::from(actor);
    let now = context.now();
    let day = zone.day(now);
    context.database().write("batch_change", move |tx| {
        let found = stock::find_batch(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let place = (store_id, found.place.location_id);
        let locked = stock::lock_levels(tx, store_id, found.place.location_id, &[found.product_id])?;
        let before = stock::find_batch(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let goods = sales::goods(tx, store_id, &[before.product_id])?.pop();
        let goods = goods.with_context(|| format!("batch {id} is of nothing"))?;
        let label = before.label.changed(command.clone(), goods.is_medicine)?;
        let after = BatchView {
            label,
            ..before.clone()
        };
        if after != before {
            stock::relabel(tx, store_id, id, &after.label)?;
            summary::renew(tx, place, &locked, day, now)?;
            let code = BatchSeen::new(after.clone(), day).code;
            audit::record(tx, &author, now, entry(store_id, &code, &before, &after))?;
        }
        Ok(BatchSeen::new(after, day))
    })
}

fn entry(store_id: StoreId, code: &str, before: &BatchView, after: &BatchView) -> Entry {
    let done = match (&before.label.block, &after.label.block) {
        (None, Some(_)) => "Partiya to'xtatildi",
        (Some(_), None) => "Partiya ochildi",
        (None, None) | (Some(_), Some(_)) => "Partiya o'zgartirildi",
    };
    Entry {
        store_id: Some(store_id),
        action: Action::Update,
        subject_type: Subject::StockBatch,
        subject_id: after.id.get(),
        description: format!("{done}: {}, {code}", after.product_name),
        details: Some(audit::changes(&told(&before.label), &told(&after.label))),
    }
}

fn told(label: &Label) -> Value {
    json!({
        "blocked": label.block.is_some(),
        "block_reason": label.block.as_deref().unwrap_or_default(),
        "series": label.series,
        "expires_on": label.expires_on.map(|day| day.to_string()),
    })
}
