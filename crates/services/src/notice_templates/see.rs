//! Words are looked at.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Effect};
use savdo_domain::ids::{StoreId, TemplateId};
use savdo_persistence::notices::templates::{self, TemplateView};

use crate::{Context, Listed, Page, Result};

/// Which words are wanted.
#[derive(Debug, Clone)]
pub struct ListTemplates {
    /// Of this store.
    pub store: Option<StoreId>,
    /// Which page.
    pub page: Page,
}

/// The words that the caller may write: of the store for its owner and managers, all for an admin; by what they tell.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: &ListTemplates) -> Result<Listed<TemplateView>> {
    let scope = actor.template_scope(Effect::Reads)?;
    context.list(actor, "template_list", &query.page, |reader, wanted| {
        Ok(templates::list(reader, &scope, query.store, wanted)?)
    })
}

/// One of them.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`].
pub fn view(context: &Context, actor: &Actor, id: TemplateId) -> Result<TemplateView> {
    let scope = actor.template_scope(Effect::Reads)?;
    let found = context
        .database()
        .read("template_view", |reader| templates::find(reader, &scope, id))?;
    found.ok_or_else(|| Refusal::NotFound.into())
}
