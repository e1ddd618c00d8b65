//! A new staff account: what was typed, judged whole, then made.

use chrono::{DateTime, Utc};
use savdo_domain::account::{AccountKind, Email, Password, Personal, Username};
use savdo_domain::ids::UserId;
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::users::{self, NewUser, Taken};
use savdo_persistence::{Constraint, Error as StorageError, Reader, Tx};

use crate::{Context, Error, Result};

/// What a staff account is made from, as typed.
#[derive(Clone, Default)]
pub struct StaffAccount {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
    /// The phone by which the account is known.
    pub phone1: String,
    /// Another phone, or nothing.
    pub phone2: String,
    /// The e-mail address, or nothing.
    pub email: String,
    /// The first name, possibly empty.
    pub first_name: String,
    /// The last name, possibly empty.
    pub last_name: String,
}

/// A staff account with nothing wrong in it, its password not hashed yet.
#[derive(Clone)]
pub(crate) struct JudgedAccount {
    /// All of it but the hash.
    account: NewUser,
    password: Password,
}

/// Judges what was typed, together with problems found before.
pub(crate) fn judge_account(
    account: &StaffAccount,
    mut errors: FieldErrors,
    now: DateTime<Utc>,
) -> Result<JudgedAccount> {
    let username = errors.keep("username", Username::parse(&account.username));
    let phone = errors.keep("phone1", Phone::parse(&account.phone1));
    let phone2 = errors.keep("phone2", optional(&account.phone2, Phone::parse));
    let email = errors.keep("email", optional(&account.email, Email::parse));
    if let (Some(username), Some(phone)) = (&username, &phone) {
        errors.keep("username", username.check_phone(phone));
    }
    let person = Personal {
        username: username.as_ref().map(Username::as_str),
        phone: phone.as_ref(),
        first_name: &account.first_name,
        last_name: &account.last_name,
    };
    let password = errors.keep("password", Password::parse(&account.password, &person));
    errors.into_result()?;
    let (Some(username), Some(phone), Some(phone2), Some(email), Some(password)) =
        (username, phone, phone2, email, password)
    else {
        return Err(anyhow::anyhow!("an account without problems lacks a part").into());
    };
    let account = NewUser {
        kind: AccountKind::Staff,
        username: Some(username),
        phone,
        phone2,
        email,
        first_name: account.first_name.clone(),
        last_name: account.last_name.clone(),
        password_hash: String::new(),
        is_superuser: false,
        is_verified: true,
        created_at: now,
    };
    Ok(JudgedAccount { account, password })
}

impl JudgedAccount {
    /// Names every value that another account has: cheaper than to hash first.
    pub(crate) fn check_free(&self, reader: &mut Reader<'_>) -> Result<()> {
        check_free(reader, &self.account)
    }

    /// The account, its password hashed. Slow work.
    pub(crate) fn hashed(self, context: &Context) -> Result<NewUser> {
        let Self { account, password } = self;
        Ok(NewUser {
            password_hash: context.passwords().hash(password.as_str())?,
            ..account
        })
    }
}

/// Judges what was typed, together with problems found before, and hashes the password.
pub(super) fn hire_account(
    context: &Context,
    account: &StaffAccount,
    errors: FieldErrors,
    now: DateTime<Utc>,
) -> Result<NewUser> {
    judge_account(account, errors, now)?.hashed(context)
}

fn check_free(reader: &mut Reader<'_>, account: &NewUser) -> Result<()> {
    let values = (account.username.as_ref(), Some(&account.phone), account.email.as_ref());
    taken(users::taken_unscoped(reader, account.kind, values, None)?)
}

/// Makes the account, or names every value that another one has.
pub(crate) fn insert(tx: &mut Tx<'_>, account: &NewUser) -> Result<UserId> {
    check_free(tx, account)?;
    users::insert(tx, account).map_err(lost_race)
}

/// Names the values that another account has.
pub(crate) fn taken(taken: Taken) -> Result<()> {
    let mut errors = FieldErrors::new();
    let found = [
        ("username", taken.username),
        ("phone1", taken.phone),
        ("email", taken.email),
    ];
    for (field, _) in found.into_iter().filter(|(_, is_taken)| *is_taken) {
        errors.add(field, FieldProblem::Taken);
    }
    Ok(errors.into_result()?)
}

/// Somebody took the value between the look and the write.
pub(crate) fn lost_race(error: StorageError) -> Error {
    let field = match error {
        StorageError::Refused(Constraint::UsernameTaken) => "username",
        StorageError::Refused(Constraint::PhoneTaken) => "phone1",
        StorageError::Refused(Constraint::EmailTaken) => "email",
        other => return other.into(),
    };
    FieldErrors::one(field, FieldProblem::Taken).into()
}

/// A value that may be left empty.
pub(crate) fn optional<T>(
    text: &str,
    parse: impl FnOnce(&str) -> std::result::Result<T, FieldProblem>,
) -> std::result::Result<Option<T>, FieldProblem> {
    if text.trim().is_empty() {
        Ok(None)
    } else {
        parse(text).map(Some)
    }
}
