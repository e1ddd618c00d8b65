//! Words are made.

use anyhow::Context as _;
use savdo_domain::access::{AccessRefusal, Actor, Effect, Scope};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;
use savdo_domain::notice::{Channel, NoticeType, Template};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::notices::templates::{self, NewTemplate, TemplateView};
use savdo_persistence::{Constraint, Error as StorageError, Tx, stores};

use super::traces;
use crate::audit::{self, Action, Author};
use crate::once::Once;
use crate::{Context, Error, Result};

/// Words to be made.
#[derive(Debug, Clone)]
pub struct CreateTemplate {
    /// Of which store; only an admin of the installation says so, and may mean the installation by saying nothing.
    pub store: Option<StoreId>,
    /// What they tell.
    pub notice: NoticeType,
    /// Over which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// What they say, with places.
    pub text: String,
    /// Whether anybody is told so.
    pub is_active: bool,
}

/// Makes words of a store in place of those of the installation.
///
/// # Errors
/// A missing right; at `store` an unknown one from an admin; at `notification_type` a code, which no store words; at `template_text`
/// what is no template of its type; across fields words that are there already.
pub fn create<O: Once<TemplateView>>(
    context: &Context,
    actor: &Actor,
    command: CreateTemplate,
    once: &O,
) -> Result<O::Answer> {
    let scope = actor.template_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    once.write(context, actor, "template_create", move |tx| {
        let mut errors = FieldErrors::new();
        let store = errors.keep("store", store_of(tx, scope, command.store)?);
        let store_id = store.flatten();
        if store_id.is_some() && command.notice.is_code() {
            let value = command.notice.code().to_owned();
            errors.add("notification_type", FieldProblem::UnknownChoice { value });
        }
        let parsed = Template::parse(&command.text, (command.notice, command.channel));
        let text = errors.keep("template_text", parsed);
        errors.into_result()?;
        let new = NewTemplate {
            store_id,
            notice: command.notice,
            channel: command.channel,
            language: command.language,
            text: text.map(|text| text.as_str().to_owned()).unwrap_or_default(),
            is_active: command.is_active,
        };
        let id = templates::insert(tx, &new, now).map_err(taken)?;
        let made = templates::find(tx, &scope, id)?.with_context(|| format!("words {id} are gone"))?;
        audit::record(tx, &author, now, traces::entry(Action::Create, &made, None))?;
        Ok(made)
    })
}

/// Whose words are made: of the staff's own store, whatever they say.
fn store_of(
    tx: &mut Tx<'_>,
    scope: Scope,
    wanted: Option<StoreId>,
) -> Result<std::result::Result<Option<StoreId>, FieldProblem>> {
    match (scope, wanted) {
        (Scope::Store(own), _) => Ok(Ok(Some(own))),
        (Scope::All, Some(store)) if !stores::exists(tx, store)? => Ok(Err(FieldProblem::UnknownObject)),
        (Scope::All, wanted) => Ok(Ok(wanted)),
        (Scope::Own(_) | Scope::StoreOrOwn { .. } | Scope::Assigned { .. }, _) => Err(AccessRefusal::Forbidden.into()),
    }
}

fn taken(error: StorageError) -> Error {
    match error {
        StorageError::Refused(Constraint::TemplateExists | Constraint::DefaultTemplateExists) => {
            FieldErrors::across(FieldProblem::Taken).into()
        }
        other => other.into(),
    }
}
