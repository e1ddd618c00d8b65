//! What is said of the person of a worker: user name, names, phones, e-mail address.

use savdo_domain::account::{AccountKind, Email, Personal, Username};
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, Refusal};
use savdo_persistence::users::{self, ProfileChange};
use savdo_persistence::{Reader, staff::StaffView};

use crate::accounts::{optional, taken};
use crate::{Error, Result};

/// A change of a person, as typed; `None` leaves a key as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangePerson {
    /// The user name.
    pub username: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The phone by which the account is known.
    pub phone1: Option<String>,
    /// Another phone, or nothing.
    pub phone2: Option<String>,
    /// The e-mail address, or nothing.
    pub email: Option<String>,
}

impl ChangePerson {
    /// What was typed, as values; problems are noted.
    pub(super) fn parse(&self, errors: &mut FieldErrors) -> ProfileChange {
        let Self {
            username,
            first_name,
            last_name,
            phone1,
            phone2,
            email,
        } = self;
        ProfileChange {
            username: username
                .as_ref()
                .and_then(|text| errors.keep("username", Username::parse(text))),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            phone: phone1
                .as_ref()
                .and_then(|text| errors.keep("phone1", Phone::parse(text))),
            phone2: phone2
                .as_ref()
                .and_then(|text| errors.keep("phone2", optional(text, Phone::parse))),
            email: email
                .as_ref()
                .and_then(|text| errors.keep("email", optional(text, Email::parse))),
            address: None,
            language: None,
        }
    }
}

/// The user name and the phone of a worker after a change.
pub(super) fn identity(before: &StaffView, change: &ProfileChange) -> (Option<Username>, Option<Phone>) {
    let username = change
        .username
        .clone()
        .or_else(|| Username::parse(&before.username).ok());
    let phone = change.phone.clone().or_else(|| Phone::parse(&before.phone).ok());
    (username, phone)
}

/// What a password of the worker must not be, after a change.
pub(super) fn personal<'a>(
    before: &'a StaffView,
    change: &'a ProfileChange,
    (username, phone): (Option<&'a Username>, Option<&'a Phone>),
) -> Personal<'a> {
    Personal {
        username: username.map(Username::as_str),
        phone,
        first_name: change.first_name.as_deref().unwrap_or(&before.first_name),
        last_name: change.last_name.as_deref().unwrap_or(&before.last_name),
    }
}

/// Notes what of a change another account has, and a user name that reads as the phone of somebody else.
pub(super) fn check(
    reader: &mut Reader<'_>,
    before: &StaffView,
    change: &ProfileChange,
    errors: &mut FieldErrors,
) -> Result<()> {
    let email = change.email.as_ref().and_then(Option::as_ref);
    let values = (change.username.as_ref(), change.phone.as_ref(), email);
    let others = users::taken_unscoped(reader, AccountKind::Staff, values, Some(before.user_id))?;
    match taken(others) {
        Err(Error::Refused(Refusal::Fields(found))) => errors.merge(found),
        judged => judged?,
    }
    if let (Some(username), Some(phone)) = identity(before, change)
        && (change.username.is_some() || change.phone.is_some())
    {
        let field = if change.username.is_some() {
            "username"
        } else {
            "phone1"
        };
        errors.keep(field, username.check_phone(&phone));
    }
    Ok(())
}
