//! Another password for oneself, by whoever is signed in: staff and customers alike.

use anyhow::Context as _;
use savdo_domain::FieldErrors;
use savdo_domain::access::Actor;
use savdo_domain::account::Personal;
use savdo_domain::phone::Phone;
use savdo_persistence::{sessions, users};
use serde_json::json;

use super::profile;
use crate::accounts::tokens::NewPair;
use crate::accounts::{OwnPassword, PasswordFields, SamePassword, TokenPair, secret, session};
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Result};

const FIELDS: PasswordFields = PasswordFields {
    current: "current_password",
    new: "password",
    again: "password2",
    same: SamePassword::ChangesNothing,
};

/// In the pharmacy it is typed once.
const PHARMACY_FIELDS: PasswordFields = PasswordFields {
    current: "old_password",
    new: "new_password",
    again: "new_password",
    same: SamePassword::EndsTokens,
};

/// Sets another password; every token of the caller ends, and he gets new ones. None when it is the one he has: then nothing
/// changes, and his tokens live on.
///
/// Wrong guesses of the current password count as failed log-ins.
///
/// # Errors
/// Problems at `current_password`, `password`, `password2`; [`Error::Throttled`](crate::Error::Throttled),
/// [`Error::Overloaded`](crate::Error::Overloaded).
pub fn change_password(context: &Context, actor: &Actor, typed: &OwnPassword) -> Result<Option<TokenPair>> {
    change(context, actor, typed, FIELDS)
}

/// As [`change_password`], in the pharmacy: every token ends and he gets new ones, also when the password is the one he has.
///
/// # Errors
/// Problems at `old_password` and `new_password`; the others of [`change_password`].
pub fn renew_password(context: &Context, actor: &Actor, current: String, new: String) -> Result<TokenPair> {
    let again = new.clone();
    let typed = OwnPassword { current, new, again };
    let tokens = change(context, actor, &typed, PHARMACY_FIELDS)?;
    Ok(tokens.context("a new password gave no tokens")?)
}

fn change(context: &Context, actor: &Actor, typed: &OwnPassword, fields: PasswordFields) -> Result<Option<TokenPair>> {
    let now = context.now();
    let user = profile(context, actor)?;
    let phone = Phone::parse(&user.phone).ok();
    let person = Personal {
        username: Some(user.username.as_str()).filter(|name| !name.is_empty()),
        phone: phone.as_ref(),
        first_name: &user.first_name,
        last_name: &user.last_name,
    };
    let mut errors = FieldErrors::new();
    let wanted = typed.judge(&person, fields, &mut errors);
    errors.into_result()?;
    let wanted = wanted.context("a password without problems is missing")?;
    let user_id = actor.user_id;
    let seen = context
        .database()
        .read("password_change", |reader| secret(reader, user_id))?;
    let replacement = typed.replacement(context, actor, &seen, &wanted, fields)?;

    let pair = NewPair::random()?;
    let (author, origin, sent) = (Author::from(actor), actor.origin.clone(), pair.clone());
    let entry = Entry {
        store_id: user
            .worker
            .as_ref()
            .and_then(|worker| worker.store.as_ref())
            .map(|(store_id, _)| *store_id),
        action: Action::Update,
        subject_type: Subject::User,
        subject_id: user_id.get(),
        description: format!("Parol o'zgartirildi: {}", user.full_name()),
        details: Some(json!({ "changes": { "password": { "old": "***", "new": "***" } } })),
    };
    let begun = context.database().write("password_change", move |tx| {
        users::lock(tx, user_id)?;
        let Some(token_version) = replacement.set(tx, user_id, now)? else {
            return Ok(None);
        };
        sessions::revoke_all(tx, user_id, now)?;
        let begun = session::begin(tx, (user_id, token_version), &sent, &origin, now)?;
        audit::record(tx, &author, now, entry.clone())?;
        Ok::<_, crate::Error>(Some(begun))
    })?;
    let tokens = begun.map(|begun| session::signed_tokens(context, begun, pair, now));
    tokens.transpose()
}
