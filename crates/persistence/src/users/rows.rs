//! How accounts stand in their table.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::account::{AccountKind, Email, Language, Username};
use savdo_domain::coded::Coded;
use savdo_domain::phone::Phone;

use crate::schema::users;

/// An account about to be made.
#[derive(Clone)]
pub struct NewUser {
    /// Staff or customer.
    pub kind: AccountKind,
    /// The user name; staff have one, customers do not.
    pub username: Option<Username>,
    /// The phone by which the account is known.
    pub phone: Phone,
    /// Another phone of that person.
    pub phone2: Option<Phone>,
    /// The e-mail address, if there is one.
    pub email: Option<Email>,
    /// The first name, possibly empty.
    pub first_name: String,
    /// The last name, possibly empty.
    pub last_name: String,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether this is an admin of the installation.
    pub is_superuser: bool,
    /// Whether the phone was proven; staff count as proven.
    pub is_verified: bool,
    /// When it is made.
    pub created_at: DateTime<Utc>,
}

/// A change of what a person says of himself; `None` leaves a key as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The user name.
    pub username: Option<Username>,
    /// The first name, possibly empty.
    pub first_name: Option<String>,
    /// The last name, possibly empty.
    pub last_name: Option<String>,
    /// The phone by which the account is known.
    pub phone: Option<Phone>,
    /// Another phone; `Some(None)` drops it.
    pub phone2: Option<Option<Phone>>,
    /// The e-mail address; `Some(None)` drops it.
    pub email: Option<Option<Email>>,
    /// The address that orders are brought to, possibly empty.
    pub address: Option<String>,
    /// The language that the person is written to in.
    pub language: Option<Language>,
}

/// What a person says of himself, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileView<'a> {
    /// The user name; empty for a customer.
    pub username: &'a str,
    /// The first name, possibly empty.
    pub first_name: &'a str,
    /// The last name, possibly empty.
    pub last_name: &'a str,
    /// The phone by which the account is known.
    pub phone: &'a str,
    /// Another phone, or nothing.
    pub phone2: &'a str,
    /// The e-mail address, or nothing.
    pub email: &'a str,
    /// The address that orders are brought to, possibly empty; none where nobody changes it.
    pub address: Option<&'a str>,
    /// The language that the person is written to in; none where nobody changes it.
    pub language: Option<Language>,
}

impl ProfileChange {
    /// What of it is other than what stands already.
    #[must_use]
    pub fn beyond(&self, standing: ProfileView<'_>) -> Self {
        let Self {
            username,
            first_name,
            last_name,
            phone,
            phone2,
            email,
            address,
            language,
        } = self.clone();
        Self {
            username: username.filter(|username| username.as_str() != standing.username),
            first_name: first_name.filter(|name| name != standing.first_name),
            last_name: last_name.filter(|name| name != standing.last_name),
            phone: phone.filter(|phone| phone.as_str() != standing.phone),
            phone2: phone2.filter(|phone| phone_text(phone.as_ref()) != standing.phone2),
            email: email.filter(|email| email_text(email.as_ref()) != standing.email),
            address: address.filter(|address| Some(address.as_str()) != standing.address),
            language: language.filter(|language| Some(*language) != standing.language),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = users)]
pub(super) struct NewUserRow {
    kind: &'static str,
    username: Option<String>,
    username_key: Option<String>,
    phone: String,
    phone2: String,
    email: String,
    email_key: String,
    first_name: String,
    last_name: String,
    address: String,
    language: &'static str,
    password_hash: String,
    is_superuser: bool,
    is_verified: bool,
    is_active: bool,
    token_version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    last_login_at: Option<NaiveDateTime>,
}

impl From<&NewUser> for NewUserRow {
    fn from(user: &NewUser) -> Self {
        let created_at = user.created_at.naive_utc();
        Self {
            kind: user.kind.code(),
            username: user.username.as_ref().map(ToString::to_string),
            username_key: user.username.as_ref().map(Username::key),
            phone: user.phone.to_string(),
            phone2: phone_text(user.phone2.as_ref()),
            email: email_text(user.email.as_ref()),
            email_key: email_key(user.email.as_ref()),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            address: String::new(),
            language: Language::Uzbek.code(),
            password_hash: user.password_hash.clone(),
            is_superuser: user.is_superuser,
            is_verified: user.is_verified,
            is_active: true,
            token_version: 1,
            created_at,
            updated_at: created_at,
            last_login_at: None,
        }
    }
}

#[derive(AsChangeset)]
#[diesel(table_name = users)]
pub(super) struct ProfileChangeRow {
    username: Option<String>,
    username_key: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    phone2: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    address: Option<String>,
    language: Option<&'static str>,
    updated_at: NaiveDateTime,
}

impl ProfileChangeRow {
    pub(super) fn new(change: &ProfileChange, at: DateTime<Utc>) -> Self {
        let ProfileChange {
            username,
            first_name,
            last_name,
            phone,
            phone2,
            email,
            address,
            language,
        } = change;
        Self {
            username: username.as_ref().map(ToString::to_string),
            username_key: username.as_ref().map(Username::key),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            phone: phone.as_ref().map(ToString::to_string),
            phone2: phone2.as_ref().map(|phone| phone_text(phone.as_ref())),
            email: email.as_ref().map(|email| email_text(email.as_ref())),
            email_key: email.as_ref().map(|email| email_key(email.as_ref())),
            address: address.clone(),
            language: language.map(Language::code),
            updated_at: at.naive_utc(),
        }
    }
}

fn phone_text(phone: Option<&Phone>) -> String {
    phone.map(ToString::to_string).unwrap_or_default()
}

fn email_text(email: Option<&Email>) -> String {
    email.map(ToString::to_string).unwrap_or_default()
}

fn email_key(email: Option<&Email>) -> String {
    email.map(Email::key).unwrap_or_default()
}
