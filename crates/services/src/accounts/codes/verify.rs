//! A phone is proven: the account opens, with the names and the password that were typed for this very code.

use savdo_domain::access::{Origin, display_name};
use savdo_domain::account::{AccountRefusal, CodePurpose};
use savdo_persistence::users;

use super::phone_of;
use super::trying::Trying;
use crate::accounts::session::{self, SignedIn};
use crate::accounts::tokens::NewPair;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// Proves a phone by the code that was sent to it, and signs its owner in.
///
/// Locks the record of the phone, then the account. A failed try is committed: it counts.
///
/// # Errors
/// A problem at `phone_number`; [`AccountRefusal::CodeInvalid`], never saying why; [`Error::Throttled`] by address and phone.
pub fn verify_phone(context: &Context, origin: &Origin, phone: &str, code: &str) -> Result<SignedIn> {
    let trying = Trying::begin(context, origin, (phone_of(phone)?, CodePurpose::Register, code))?;
    let now = trying.now();
    let pair = NewPair::random()?;
    let (origin, sent) = (origin.clone(), pair.clone());
    let begun = context.database().write("phone_verify", move |tx| {
        let Some(proven) = trying.judge(tx, |customer| !customer.is_verified)? else {
            return Ok(None);
        };
        let id = proven.customer.id;
        trying.use_up(tx)?;
        users::lock(tx, id)?;
        users::prove(tx, id, &proven.pair, now)?;
        let begun = session::begin(tx, (id, proven.customer.token_version), &sent, &origin, now)?;
        let author = Author {
            user_id: Some(id),
            name: display_name(&begun.name(), false, None),
            origin: origin.clone(),
        };
        let entry = Entry {
            store_id: None,
            action: Action::Create,
            subject_type: Subject::User,
            subject_id: id.get(),
            description: format!("Ro'yxatdan o'tdi: {}", begun.name()),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        Ok::<_, Error>(Some(begun))
    })?;
    match begun {
        Some(begun) => session::signed_in(context, begun, pair, now),
        None => Err(AccountRefusal::CodeInvalid.into()),
    }
}
