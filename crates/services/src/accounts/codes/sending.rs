//! A code on its way to a phone.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::account::{CODE_LIVES, CodeLength, CodePurpose, Language};
use savdo_domain::coded::Coded;
use savdo_domain::ids::UserId;
use savdo_domain::phone::Phone;
use savdo_persistence::codes::{self, NewCode, PairView};
use savdo_persistence::{Tx, dispatches};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::text::place;
use crate::events::{self, Event};
use crate::jobs::Sink;
use crate::{Context, Result};

/// As many statements as [`Sending::send`] is made of.
pub(super) const STATEMENTS_OF_CODE: u32 = 5;
/// As many as [`Sending::tell_known`] is made of.
pub(super) const STATEMENTS_OF_NOTICE: u32 = 3;

/// What lies sealed beside the event.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) phone: String,
    pub(super) language: String,
    /// Empty where no code is sent.
    pub(super) code: String,
}

/// A code that was drawn before anybody knows whether it is sent.
#[derive(Clone)]
pub(super) struct Sending {
    context: Context,
    phone: Phone,
    purpose: CodePurpose,
    language: Language,
    code: String,
    now: DateTime<Utc>,
}

impl Sending {
    /// Draws a code for a phone.
    pub(super) fn draw(
        context: &Context,
        phone: &Phone,
        purpose: CodePurpose,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        Ok(Self {
            context: context.clone(),
            phone: phone.clone(),
            purpose,
            language,
            code: draw(context.code_rules().length)?,
            now,
        })
    }

    /// Sends it, with what becomes the account's when it is proven; older ones of its purpose die.
    pub(super) fn send(&self, tx: &mut Tx<'_>, pair: &PairView) -> Result<()> {
        codes::close_open(tx, &self.phone, self.purpose, self.now)?;
        let code = NewCode {
            phone: self.phone.clone(),
            purpose: self.purpose,
            code_hash: hash(&self.context, &self.phone, self.purpose, &self.code),
            pair: pair.clone(),
            created_at: self.now,
            expires_at: self.now.checked_add_signed(CODE_LIVES).unwrap_or(self.now),
        };
        let id = codes::insert(tx, &code)?;
        // The worker makes of it what its owner reads in his list, and the short message.
        let subject = ("one_time_code", id.get());
        self.publish(tx, (Event::CodeRequested, Sink::Codes), subject, &self.code)
    }

    /// Tells the phone that it has an account instead.
    pub(super) fn tell_known(&self, tx: &mut Tx<'_>, user_id: UserId) -> Result<()> {
        self.publish(tx, (Event::AccountKnown, Sink::Sms), ("user", user_id.get()), "")
    }

    fn publish(
        &self,
        tx: &mut Tx<'_>,
        (event, sink): (Event, Sink),
        subject: (&'static str, i64),
        code: &str,
    ) -> Result<()> {
        let payload = json!({ "purpose": self.purpose });
        let event_id = events::publish_unscoped(tx, self.now, event, subject, &payload)?;
        let said = Said {
            phone: self.phone.to_string(),
            language: self.language.code().to_owned(),
            code: code.to_owned(),
        };
        let said = serde_json::to_string(&said).context("what a phone is told cannot be written")?;
        let sealed = self.context.sealer().seal(&place(event_id), &said)?;
        dispatches::keep_secret(tx, event_id, &sealed)?;
        dispatches::insert(tx, event_id, sink.code(), self.now)?;
        Ok(())
    }
}

/// What is kept of a code. The same digits for another phone or purpose are another code.
pub(super) fn hash(context: &Context, phone: &Phone, purpose: CodePurpose, code: &str) -> String {
    context.seal_of_code(format!("{phone} {purpose} {code}").as_bytes())
}

/// Digits that nobody can guess, each as likely as another; zeros may lead.
fn draw(length: CodeLength) -> Result<String> {
    let many = 10_u32.pow(length.digits());
    // Beyond the last whole multiple some codes would be likelier than others.
    let fair = u32::MAX - u32::MAX % many;
    loop {
        let random = getrandom::u32().context("the system has no randomness")?;
        if random < fair {
            let width = usize::try_from(length.digits()).unwrap_or_default();
            return Ok(format!("{:0width$}", random % many));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use savdo_domain::account::CodeLength;

    use super::draw;

    #[test]
    fn codes_have_their_length_and_are_drawn_from_all_digits() {
        for digits in 4..=6 {
            let length = CodeLength::new(digits).unwrap();
            let drawn: Vec<_> = (0..500).map(|_| draw(length).unwrap()).collect();

            assert!(
                drawn
                    .iter()
                    .all(|code| u32::try_from(code.len()) == Ok(length.digits()))
            );
            assert!(drawn.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_digit())));
            let first: BTreeSet<_> = drawn.iter().filter_map(|code| code.chars().next()).collect();
            assert_eq!(first.len(), 10, "a zero leads as often as any other");
        }
    }
}
