//! Words are changed.

use savdo_domain::access::{Actor, Effect};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::ids::TemplateId;
use savdo_domain::notice::{Channel, NoticeType, Template};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::notices::templates::{self, TemplateView};

use super::traces;
use crate::audit::{self, Action, Author};
use crate::{Context, Result};

/// What is to change of words; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeTemplate {
    /// What they say, with places.
    pub text: Option<String>,
    /// Whether anybody is told so.
    pub is_active: Option<bool>,
    /// What they tell, as the caller believes: it stays.
    pub notice: Option<NoticeType>,
    /// Over which channel, as the caller believes: it stays.
    pub channel: Option<Channel>,
    /// In which language, as the caller believes: it stays.
    pub language: Option<Language>,
}

/// Changes words or switches them on or off; messages that are written already stay as they are.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for unknown ones or another store's; at `template_text` what is no template of their type;
/// at the keys of what they are the words of anything else.
pub fn change(context: &Context, actor: &Actor, id: TemplateId, command: ChangeTemplate) -> Result<TemplateView> {
    let scope = actor.template_scope(Effect::Writes)?;
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("template_change", move |tx| {
        let before = templates::lock(tx, &scope, id)?.ok_or(Refusal::NotFound)?;
        let text = command.text_for(&before)?;
        let is_active = command.is_active.unwrap_or(before.is_active);
        if (text.as_str(), is_active) == (before.text.as_str(), before.is_active) {
            return Ok(before);
        }
        templates::update(tx, id, (&text, is_active), now)?;
        let after = TemplateView {
            text,
            is_active,
            updated_at: now,
            ..before.clone()
        };
        audit::record(tx, &author, now, traces::entry(Action::Update, &after, Some(&before)))?;
        Ok(after)
    })
}

impl ChangeTemplate {
    /// What they will say.
    fn text_for(&self, words: &TemplateView) -> std::result::Result<String, FieldErrors> {
        let mut errors = FieldErrors::new();
        stays(&mut errors, "notification_type", (self.notice, words.notice));
        stays(&mut errors, "channel", (self.channel, words.channel));
        stays(&mut errors, "language", (self.language, words.language));
        let text = match &self.text {
            None => Some(words.text.clone()),
            Some(typed) => {
                let parsed = Template::parse(typed, (words.notice, words.channel));
                errors
                    .keep("template_text", parsed)
                    .map(|text| text.as_str().to_owned())
            }
        };
        errors.into_result()?;
        Ok(text.unwrap_or_default())
    }
}

fn stays<C: Coded + PartialEq>(errors: &mut FieldErrors, field: &'static str, (said, is): (Option<C>, C)) {
    if said.is_some_and(|said| said != is) {
        let value = is.code().to_owned();
        errors.add(field, FieldProblem::Expected { value });
    }
}
