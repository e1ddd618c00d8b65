//! What a person says of himself.

use chrono::{DateTime, Utc};
use savdo_domain::access::Actor;
use savdo_domain::account::{AccountKind, Email, Username};
use savdo_domain::ids::UserId;
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, Refusal};
use savdo_persistence::users::{self, ProfileChange, UserView};
use savdo_persistence::{Reader, Tx, password_resets};
use serde_json::{Value, json};

use super::staff::{lost_race, optional, taken};
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Result};

/// A change of one's profile, as typed; `None` leaves a key as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeProfile {
    /// The first name, possibly empty.
    pub first_name: Option<String>,
    /// The last name, possibly empty.
    pub last_name: Option<String>,
    /// The phone by which the account is known.
    pub phone1: Option<String>,
    /// Another phone, or nothing.
    pub phone2: Option<String>,
    /// The e-mail address, or nothing.
    pub email: Option<String>,
}

/// The caller's own account.
///
/// # Errors
/// [`Refusal::NotFound`] when it is gone.
pub fn profile(context: &Context, actor: &Actor) -> Result<UserView> {
    context.database().read("profile", |reader| find(reader, actor.user_id))
}

/// Changes names, phones or e-mail address of the caller's own staff account. What stands already leaves no trace.
///
/// # Errors
/// [`AccessRefusal::NotAWorker`](savdo_domain::access::AccessRefusal) for a customer; [`Refusal::EmptyPatch`]; field problems,
/// values that another staff account has among them.
pub fn change_profile(context: &Context, actor: &Actor, command: ChangeProfile) -> Result<UserView> {
    actor.permit_staff()?;
    if command == ChangeProfile::default() {
        return Err(Refusal::EmptyPatch.into());
    }
    let now = context.now();
    let change = parse(command)?;
    let author = Author::from(actor);
    let (user_id, store_id) = (actor.user_id, actor.store_id());
    context.database().write("profile_change", move |tx| {
        users::lock(tx, user_id)?;
        let before = find(tx, user_id)?;
        check(tx, &before, &change)?;
        let change = change.beyond(before.profile());
        if change == ProfileChange::default() {
            return Ok(before);
        }
        write_profile(tx, user_id, &change, now)?;
        let after = find(tx, user_id)?;
        let entry = Entry {
            store_id,
            action: Action::Update,
            subject_type: Subject::User,
            subject_id: user_id.get(),
            description: format!("Profil o'zgartirildi: {}", after.full_name()),
            details: Some(audit::changes(&told(&before), &told(&after))),
        };
        audit::record(tx, &author, now, entry)?;
        Ok(after)
    })
}

/// Writes what of a profile is other than before, on the account that the transaction has locked. Links for a new password went to
/// the address that was there: another one ends them.
///
/// # Errors
/// Values that another account took meanwhile.
pub(crate) fn write_profile(
    tx: &mut Tx<'_>,
    user_id: UserId,
    change: &ProfileChange,
    now: DateTime<Utc>,
) -> Result<()> {
    if *change == ProfileChange::default() {
        return Ok(());
    }
    users::change_profile(tx, user_id, change, now).map_err(lost_race)?;
    if change.email.is_some() {
        password_resets::use_up_all(tx, user_id, now)?;
    }
    Ok(())
}

/// An account that exists.
///
/// # Errors
/// [`Refusal::NotFound`] when it is gone.
pub(super) fn find(reader: &mut Reader<'_>, id: UserId) -> Result<UserView> {
    users::find_unscoped(reader, id)?.ok_or_else(|| Refusal::NotFound.into())
}

fn parse(command: ChangeProfile) -> Result<ProfileChange> {
    let ChangeProfile {
        first_name,
        last_name,
        phone1,
        phone2,
        email,
    } = command;
    let mut errors = FieldErrors::new();
    let mut phone = |field, result| errors.keep(field, result);
    let change = ProfileChange {
        username: None,
        first_name,
        last_name,
        phone: phone1.and_then(|text| phone("phone1", Phone::parse(&text).map(Some)).flatten()),
        phone2: phone2.and_then(|text| phone("phone2", optional(&text, Phone::parse))),
        email: email.and_then(|text| errors.keep("email", optional(&text, Email::parse))),
        address: None,
        language: None,
    };
    errors.into_result()?;
    Ok(change)
}

/// What of the change another account has, or does not go with the user name.
fn check(tx: &mut Tx<'_>, user: &UserView, change: &ProfileChange) -> Result<()> {
    let email = change.email.as_ref().and_then(Option::as_ref);
    let values = (None, change.phone.as_ref(), email);
    taken(users::taken_unscoped(tx, AccountKind::Staff, values, Some(user.id))?)?;
    if let (Some(phone), Ok(username)) = (&change.phone, Username::parse(&user.username)) {
        username
            .check_phone(phone)
            .map_err(|problem| FieldErrors::one("phone1", problem))?;
    }
    Ok(())
}

fn told(user: &UserView) -> Value {
    json!({
        "first_name": user.first_name,
        "last_name": user.last_name,
        "phone1": user.phone,
        "phone2": user.phone2,
        "email": user.email,
    })
}
