//! What a phone is told: a code, or that it has an account already.

use anyhow::Context as _;
use savdo_domain::account::{CodePurpose, Language};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{CodeId, EventId};
use savdo_domain::phone::Phone;
use savdo_persistence::codes;
use savdo_persistence::dispatches::LeasedView;
use serde_json::Value;

use super::sending::Said;
use crate::gateways::Sms;
use crate::jobs::{Written, code_text, known_text};
use crate::{Context, Result};

/// The short message with a code, while that opens anything.
pub(crate) fn write_code_text(context: &Context, message: &LeasedView) -> Result<Written<Sms>> {
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
    let text = code_text(purpose, language(&said), &said.code);
    sms(context, message, &said, text)
}

/// The short message that tells of an account.
pub(crate) fn write_known_text(context: &Context, message: &LeasedView) -> Result<Written<Sms>> {
    match said(context, message)? {
        Some(said) => sms(context, message, &said, known_text(language(&said)).to_owned()),
        None => Ok(Written::Pointless("nobody knows whom it was for")),
    }
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

fn sms(context: &Context, message: &LeasedView, said: &Said, text: String) -> Result<Written<Sms>> {
    let to = Phone::parse(&said.phone).map_err(|_| anyhow::anyhow!("a sealed phone is none"))?;
    Ok(Written::Ready(Sms {
        message_number: message.id.get(),
        to,
        text,
        at: context.now(),
        is_doubtful: message.is_doubtful,
    }))
}
