//! A new password by e-mail, for staff who forgot theirs.
//!
//! Whoever asks learns nothing: the request only notes what was typed, sealed, in the outbox, and the worker looks for the account
//! later. So a known address and an unknown one cost the same work, statement by statement. The link holds a random token of which
//! only the hash is kept; it works once, within a day, and ends all sessions.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::access::{Origin, display_name};
use savdo_domain::account::{AccountRefusal, Email, Language, Password, Personal};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{EventId, UserId};
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::dispatches::{self, LeasedView};
use savdo_persistence::password_resets::{self, NewReset, ResetView};
use savdo_persistence::{Error as StorageError, sessions, users};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::events::{self, Event};
use crate::gateways::Mail;
use crate::jobs::{ResetLink, Sink, Written, reset_letter};
use crate::limits::{Limit, network_of_origin};
use crate::{Context, Error, Result};

/// How long a link works.
const LINK_HOURS: i64 = 24;

/// What lies sealed beside the event: the address as it was typed, the language that whoever typed it reads, and the token once
/// there is one.
#[derive(Serialize, Deserialize)]
struct Asked {
    email: String,
    language: String,
    token: Option<String>,
}

/// The wish for a new password.
#[derive(Clone)]
pub struct ResetPassword {
    /// The account that the link names, as text.
    pub uid: String,
    /// The token of the link.
    pub token: String,
    /// The new password, as typed.
    pub password: String,
    /// The same once more.
    pub password2: String,
}

/// Notes that somebody asks for a new password by this address, in the language that the letter is to have. Nobody is asked
/// whether the address is known.
///
/// # Errors
/// What is wrong with the address, at `email`; [`Error::Throttled`]; a failed statement.
pub fn request_reset(context: &Context, origin: &Origin, language: Language, email: &str) -> Result<()> {
    let email = Email::parse(email).map_err(|problem| FieldErrors::one("email", problem))?;
    let asking = format!("{} {}", network_of_origin(origin), email.key());
    context.admit(Limit::ResetsOfEmail, &asking)?;
    let now = context.now();
    let asked = Asked {
        email: email.as_str().to_owned(),
        language: language.code().to_owned(),
        token: None,
    };
    let sealing = context.clone();
    context.database().write("reset_request", move |tx| {
        let event_id = events::publish_unscoped(tx, now, Event::ResetRequested, ("password_reset", 0), &json!({}))?;
        dispatches::keep_secret(tx, event_id, &seal(&sealing, event_id, &asked)?)?;
        dispatches::insert(tx, event_id, Sink::Mail.code(), now)?;
        Ok(())
    })
}

/// The letter of such a request, with a token that is made on the first try and stays the same on all further.
pub(crate) fn write_reset_letter(context: &Context, link: &ResetLink, message: &LeasedView) -> Result<Written<Mail>> {
    let Some(sealed) = &message.sealed else {
        return Ok(Written::Pointless("nobody wants it any more"));
    };
    let opened = context.sealer().open(&place(message.event_id), sealed)?;
    let asked: Asked = serde_json::from_str(&opened).context("what was asked for cannot be read")?;
    let key = key_of(&asked.email)?;
    let account = context
        .database()
        .read("reset_account", |reader| users::by_email_unscoped(reader, &key))?;
    let Some(account) = account.filter(|account| account.is_active) else {
        return Ok(Written::Pointless("no account has this address"));
    };
    let now = context.now();
    let language = Language::from_code(&asked.language).unwrap_or_default();
    let token = match asked.token.clone() {
        Some(token) => Some(token),
        None => make_token(context, message.event_id, account.id, asked, now)?,
    };
    let Some(token) = token else {
        return Ok(Written::Pointless("the address was given up meanwhile"));
    };
    let words = reset_letter(language, (account.id, &account.username), link, &token, LINK_HOURS);
    let to = Email::parse(&account.email).map_err(|_| StorageError::Corrupt {
        table: "users",
        id: account.id.get(),
        why: "its e-mail address is none".to_owned(),
    })?;
    Ok(Written::Ready(Mail {
        message_number: message.id.get(),
        to,
        subject: words.subject,
        text: words.text,
        html: words.html,
        at: now,
    }))
}

/// None when the account has another address by now: whoever changes it ends the links that there are, and must find this one
/// or come first.
fn make_token(
    context: &Context,
    event_id: EventId,
    user_id: UserId,
    asked: Asked,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).context("the system has no randomness")?;
    let token = URL_SAFE_NO_PAD.encode(random);
    let reset = NewReset {
        user_id,
        token_hash: hash(&token),
        created_at: now,
        expires_at: now.checked_add_signed(TimeDelta::hours(LINK_HOURS)).unwrap_or(now),
    };
    let asked = Asked {
        token: Some(token.clone()),
        ..asked
    };
    let sealed = seal(context, event_id, &asked)?;
    let key = key_of(&asked.email)?;
    let is_made = context.database().write("reset_prepare", move |tx| {
        users::lock(tx, user_id)?;
        let has_address = users::by_email_unscoped(tx, &key)?.is_some_and(|account| account.id == user_id);
        if has_address {
            password_resets::insert(tx, &reset)?;
            dispatches::keep_secret(tx, event_id, &sealed)?;
        }
        Ok::<_, Error>(has_address)
    })?;
    Ok(is_made.then_some(token))
}

fn key_of(email: &str) -> Result<String> {
    let email = Email::parse(email).map_err(|problem| FieldErrors::one("email", problem))?;
    Ok(email.key())
}

/// Sets the password that the owner of a link wants; the link and all sessions are over.
///
/// Locks the account, then the link.
///
/// # Errors
/// [`AccountRefusal::ResetLinkInvalid`] for a link that is malformed, unknown, used, or older than a day, or whose account is
/// blocked; problems at `password` and `password2`; [`Error::Overloaded`].
pub fn reset_password(context: &Context, origin: &Origin, command: &ResetPassword) -> Result<()> {
    let now = context.now();
    let user_id: i64 = command.uid.parse().map_err(|_| AccountRefusal::ResetLinkInvalid)?;
    let (user_id, token_hash) = (UserId::new(user_id), hash(&command.token));
    let view = context.database().read("reset_find", |reader| {
        password_resets::find(reader, user_id, &token_hash)
    })?;
    let view = view
        .filter(|view| view.is_usable(now))
        .ok_or(AccountRefusal::ResetLinkInvalid)?;
    let password_hash = context.passwords().hash(judge(command, &view)?.as_str())?;
    let author = Author {
        user_id: Some(user_id),
        name: display_name(&view.name, view.is_superuser, view.role),
        origin: origin.clone(),
    };
    context.database().write("password_reset", move |tx| {
        users::lock(tx, user_id)?;
        if !password_resets::use_up(tx, user_id, &token_hash, now)? {
            return Err(AccountRefusal::ResetLinkInvalid.into());
        }
        users::set_password(tx, user_id, &password_hash, now)?;
        sessions::revoke_all(tx, user_id, now)?;
        let entry = Entry {
            store_id: view.store_id,
            action: Action::Update,
            subject_type: Subject::User,
            subject_id: user_id.get(),
            description: format!("Parol e-pochta orqali tiklandi: {}", view.name),
            details: Some(json!({ "changes": { "password": { "old": "***", "new": "***" } } })),
        };
        audit::record(tx, &author, now, entry)?;
        Ok(())
    })
}

fn judge(command: &ResetPassword, view: &ResetView) -> Result<Password> {
    let mut errors = FieldErrors::new();
    let phone = Phone::parse(&view.phone).ok();
    let person = Personal {
        username: Some(&view.username),
        phone: phone.as_ref(),
        first_name: &view.first_name,
        last_name: &view.last_name,
    };
    let password = errors.keep("password", Password::parse(&command.password, &person));
    if command.password2 != command.password {
        errors.add("password2", FieldProblem::PasswordMismatch);
    }
    errors.into_result()?;
    Ok(password.context("a password without problems is missing")?)
}

fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

fn place(event_id: EventId) -> String {
    format!("outbox_secrets {event_id}")
}

fn seal(context: &Context, event_id: EventId, asked: &Asked) -> Result<String> {
    let text = serde_json::to_string(asked).context("what was asked for cannot be written")?;
    context.sealer().seal(&place(event_id), &text)
}
