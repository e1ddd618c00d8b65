//! A code that somebody asked for, as messages: one in his list, without the code, and the short message that bears it.
//!
//! Of the short message its row keeps the words alone: the digits lie sealed beside the event until it is over.

use savdo_domain::coded::Coded;
use savdo_domain::ids::NoticeId;
use savdo_domain::notice::{Channel, NoticeStatus, Place, built_in, fill};
use savdo_persistence::dispatches::{self, LeasedView};
use savdo_persistence::notices::templates;
use savdo_persistence::notices::{self, NewNotice};
use savdo_persistence::{Tx, users};

use super::telling::chosen;
use crate::accounts::{CodeSent, code_sent};
use crate::gateways::Sms;
use crate::jobs::{Sink, Written};
use crate::{Context, Error, Result};

/// Writes the messages of a code; `false` where it opens nothing any more.
pub(super) fn tell(context: &Context, message: &LeasedView) -> Result<bool> {
    let Written::Ready(sent) = code_sent(context, message)? else {
        return Ok(false);
    };
    let (event_id, now) = (message.event_id, context.now());
    context.database().write("code_notices_write", move |tx| {
        let Some(customer) = users::customer_unscoped(tx, &sent.phone)? else {
            return Ok(false);
        };
        let words = templates::of_type(tx, None, sent.notice)?;
        let new = |channel, status, message| NewNotice {
            event_id,
            user_id: customer.id,
            store_id: None,
            notice: sent.notice,
            channel,
            status,
            message,
            metadata: "{}".to_owned(),
            at: now,
        };
        let listed = chosen(&words, Channel::System, sent.language).map_or_else(
            || built_in(sent.notice, Channel::System, sent.language).to_owned(),
            |words| words.text.clone(),
        );
        notices::insert(tx, &new(Channel::System, NoticeStatus::Sent, listed))?;
        if let Some(words) = chosen(&words, Channel::Sms, sent.language) {
            let masked = with_code(&words.text, &"*".repeat(sent.code.len()));
            carry(tx, &new(Channel::Sms, NoticeStatus::Pending, masked))?;
        }
        Ok::<_, Error>(true)
    })
}

/// The short message that bears a code, or why none goes out.
pub(crate) fn write_code_text(context: &Context, id: NoticeId, message: &LeasedView) -> Result<Written<Sms>> {
    let sent: CodeSent = match code_sent(context, message)? {
        Written::Ready(sent) => sent,
        Written::Pointless(why) => return Ok(Written::Pointless(why)),
    };
    let (wanted, words) = context.database().read("code_sms", |reader| {
        let wanted = notices::sms_to_send_unscoped(reader, id)?;
        Ok::<_, Error>((wanted, templates::of_type(reader, None, sent.notice)?))
    })?;
    if wanted.is_none() {
        return Ok(Written::Pointless("nobody wants it any more"));
    }
    let Some(words) = chosen(&words, Channel::Sms, sent.language) else {
        return Ok(Written::Pointless("its words are switched off"));
    };
    let text = with_code(&words.text, &sent.code);
    Ok(Written::Ready(Sms::of(context, message, sent.phone, text)))
}

fn carry(tx: &mut Tx<'_>, new: &NewNotice) -> Result<()> {
    if let Some(id) = notices::insert(tx, new)? {
        dispatches::insert_carrying(tx, new.event_id, Some(id), Sink::Sms.code(), new.at)?;
    }
    Ok(())
}

fn with_code(words: &str, code: &str) -> String {
    let filled = fill(words, |place| (place == Place::Code).then(|| code.to_owned()));
    filled.text
}
