//! Words of a store are taken away.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Effect};
use savdo_domain::ids::TemplateId;
use savdo_domain::notice::NoticeRefusal;
use savdo_persistence::notices::templates;

use super::traces;
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// Takes away words of a store: those of the installation hold there again.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for unknown ones or another store's; [`NoticeRefusal::DefaultTemplate`].
pub fn remove(context: &Context, actor: &Actor, id: TemplateId) -> Result<()> {
    let scope = actor.template_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("template_remove", move |tx| {
        let words = templates::lock(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        if words.store_id.is_none() {
            return Err(NoticeRefusal::DefaultTemplate.into());
        }
        templates::delete(tx, id)?;
        Ok(audit::record(
            tx,
            &author,
            now,
            traces::entry(Action::Delete, &words, None),
        )?)
    })
}
