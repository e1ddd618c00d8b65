//! What a phone is told: a code, or that it has an account already.

use anyhow::Context as _;
use savdo_domain::account::{CodePurpose, Language};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{CodeId, EventId};
use savdo_domain::notice::NoticeType;
use savdo_domain::phone::Phone;
use savdo_persistence::codes;
use savdo_persistence::dispatches::LeasedView;
use serde_json::Value;

use super::sending::Said;
use crate::gateways::Sms;
use crate::jobs::{Written, known_text};
use crate::{Context, Result};

/// A code that somebody asked for, and that still opens something.
pub(crate) struct CodeSent {
    /// What its message is.
    pub(crate) notice: NoticeType,
    /// To whom.
    pub(crate) phone: Phone,
    /// In which language it was asked for.
    pub(crate) language: Language,
    /// The digits. Never logged, and written nowhere.
    pub(crate) code: String,
}

/// The code of an event, or why there is nothing to send.
pub(crate) fn code_sent(context: &Context, message: &LeasedView) -> Result<Written<CodeSent>> {
    let Some(said) = said(context, message)? else {
        return Ok(Written::Pointless("its code is gone"));
    };
    let now = context.now();
    let id = CodeId::new(message.subject_id);
    let code = context.database().read("code_text", |reader| codes::find(reader, id))?;
    if code.is_none_or(|code| now >= code.standing.expires_at) {
        return Ok(Written::Pointless("its code was used, replaced, or is too old"));
    }
    let payload: Value = serde_json::from_str(&message.payload).unwrap_or_default();
    let purpose = payload.get("purpose").and_then(Value::as_str);
    let purpose = purpose
        .and_then(CodePurpose::from_code)
        .context("a code has no purpose")?;
    Ok(Written::Ready(CodeSent {
        notice: match purpose {
            CodePurpose::Register => NoticeType::Otp,
            CodePurpose::PasswordReset => NoticeType::PasswordReset,
        },
        phone: phone(&said)?,
        language: language(&said),
        code: said.code,
    }))
}

/// The short message that tells of an account.
pub(crate) fn write_known_text(context: &Context, message: &LeasedView) -> Result<Written<Sms>> {
    let Some(said) = said(context, message)? else {
        return Ok(Written::Pointless("nobody knows whom it was for"));
    };
    let text = known_text(language(&said)).to_owned();
    Ok(Written::Ready(Sms::of(context, message, phone(&said)?, text)))
}

/// Where what is said is sealed.
pub(super) fn place(event_id: EventId) -> String {
    format!("outbox_secrets {event_id}")
}

fn said(context: &Context, message: &LeasedView) -> Result<Option<Said>> {
    let Some(sealed) = &message.sealed else {
        return Ok(None);
    };
    let opened = context.sealer().open(&place(message.event_id), sealed)?;
    Ok(Some(
        serde_json::from_str(&opened).context("what a phone is told cannot be read")?,
    ))
}

fn language(said: &Said) -> Language {
    Language::from_code(&said.language).unwrap_or_default()
}

fn phone(said: &Said) -> Result<Phone> {
    Phone::parse(&said.phone).map_err(|_| anyhow::anyhow!("a sealed phone is none").into())
}
