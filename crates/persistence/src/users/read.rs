//! Finding accounts.

use diesel::prelude::*;
use savdo_domain::access::Role;
use savdo_domain::account::{AccountKind, CodePurpose, Email, Language, Username};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{StoreId, UserId};
use savdo_domain::phone::Phone;

use super::rows::ProfileView;
use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{one_time_codes, users, workers};
use crate::workers::{WorkerView, full_name, of_user_unscoped};

const TABLE: &str = "users";

/// An account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    /// The account.
    pub id: UserId,
    /// Staff or customer.
    pub kind: AccountKind,
    /// The user name; empty for a customer.
    pub username: String,
    /// The phone by which the account is known.
    pub phone: String,
    /// Another phone, or nothing.
    pub phone2: String,
    /// The e-mail address, or nothing.
    pub email: String,
    /// The first name, possibly empty.
    pub first_name: String,
    /// The last name, possibly empty.
    pub last_name: String,
    /// The address that orders are brought to, possibly empty.
    pub address: String,
    /// The language that the person is written to in.
    pub language: Language,
    /// Whether this is an admin of the installation.
    pub is_superuser: bool,
    /// Whether the phone was proven.
    pub is_verified: bool,
    /// Whether the account is not blocked.
    pub is_active: bool,
    /// The place of work, if there ever was one.
    pub worker: Option<WorkerView>,
}

impl UserView {
    /// First and last name, or else what the account is known by.
    #[must_use]
    pub fn full_name(&self) -> String {
        let known_by = if self.username.is_empty() {
            &self.phone
        } else {
            &self.username
        };
        full_name(&self.first_name, &self.last_name, known_by)
    }

    /// What he says of himself.
    #[must_use]
    pub fn profile(&self) -> ProfileView<'_> {
        ProfileView {
            username: &self.username,
            first_name: &self.first_name,
            last_name: &self.last_name,
            phone: &self.phone,
            phone2: &self.phone2,
            email: &self.email,
            address: Some(&self.address),
            language: Some(self.language),
        }
    }
}

/// What signing in needs to know of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub id: UserId,
    /// Staff or customer.
    pub kind: AccountKind,
    /// The user name's key; none for a customer.
    pub username_key: Option<String>,
    /// The hash of the password; until the phone is proven, of the one typed last, or nothing.
    pub password_hash: String,
    /// Whether the phone was proven.
    pub is_verified: bool,
    /// Whether the account is not blocked.
    pub is_active: bool,
    /// The version of its tokens.
    pub token_version: i64,
    /// Whether this is an admin of the installation.
    pub is_superuser: bool,
    /// First and last name, or else what the account is known by.
    pub name: String,
    /// The role and the store of its place of work.
    pub work: Option<(Role, Option<StoreId>)>,
}

#[derive(Queryable)]
struct CredentialsRow {
    id: i64,
    kind: String,
    username: Option<String>,
    username_key: Option<String>,
    phone: String,
    first_name: String,
    last_name: String,
    password_hash: String,
    is_verified: bool,
    is_active: bool,
    is_superuser: bool,
    token_version: i64,
    work: Option<(String, Option<i64>)>,
    typed_hash: Option<String>,
}

/// Which of three values another account has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// The user name.
    pub username: bool,
    /// The phone, within the kind of account.
    pub phone: bool,
    /// The e-mail address.
    pub email: bool,
}

type UserRow = (
    i64,
    String,
    Option<String>,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    bool,
    bool,
    bool,
);

/// The account `id` with its place of work. Without a scope: an account belongs to no store; whoever asks has proven that it
/// is his own.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn find_unscoped(reader: &mut Reader<'_>, id: UserId) -> Result<Option<UserView>, Error> {
    let row: Option<UserRow> = reader.statement("user_find", |on| {
        users::table
            .find(id.get())
            .select((
                users::id,
                users::kind,
                users::username,
                users::phone,
                users::phone2,
                users::email,
                users::first_name,
                users::last_name,
                users::address,
                users::language,
                users::is_superuser,
                users::is_verified,
                users::is_active,
            ))
            .first(on)
            .optional()
    })?;
    let Some(row) = row else { return Ok(None) };
    let worker = of_user_unscoped(reader, id)?;
    view(row, worker).map(Some)
}

fn view(row: UserRow, worker: Option<WorkerView>) -> Result<UserView, Error> {
    let (
        id,
        kind,
        username,
        phone,
        phone2,
        email,
        first_name,
        last_name,
        address,
        language,
        is_superuser,
        is_verified,
        is_active,
    ) = row;
    Ok(UserView {
        id: UserId::new(id),
        kind: columns::coded(TABLE, id, &kind)?,
        username: username.unwrap_or_default(),
        phone,
        phone2,
        email,
        first_name,
        last_name,
        address,
        language: columns::coded(TABLE, id, &language)?,
        is_superuser,
        is_verified,
        is_active,
        worker,
    })
}

/// The accounts that may sign in under this name or phone: at most one staff account and one customer.
///
/// Without scope: nobody is signed in yet.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn credentials_unscoped(
    reader: &mut Reader<'_>,
    username_key: &str,
    phone: Option<&Phone>,
) -> Result<Vec<Credentials>, Error> {
    let phone = phone.map(Phone::as_str).unwrap_or_default();
    let rows: Vec<CredentialsRow> = reader.statement("user_credentials", |on| {
        let newest_typed = one_time_codes::table
            .filter(one_time_codes::phone.eq(users::phone))
            .filter(one_time_codes::purpose.eq(CodePurpose::Register.code()))
            .order(one_time_codes::id.desc())
            .select(one_time_codes::password_hash);
        let of_kind = |kind: AccountKind| users::kind.eq(kind.code()).and(users::phone.eq(phone));
        users::table
            .left_join(workers::table.on(workers::user_id.eq(users::id)))
            .filter(
                users::username_key
                    .assume_not_null()
                    .eq(username_key)
                    .or(of_kind(AccountKind::Staff))
                    .or(of_kind(AccountKind::Customer)),
            )
            .order(users::id)
            .select((
                users::id,
                users::kind,
                users::username,
                users::username_key,
                users::phone,
                users::first_name,
                users::last_name,
                users::password_hash,
                users::is_verified,
                users::is_active,
                users::is_superuser,
                users::token_version,
                (workers::role, workers::store_id).nullable(),
                newest_typed.single_value(),
            ))
            .load(on)
    })?;
    rows.into_iter().map(credentials).collect()
}

fn credentials(row: CredentialsRow) -> Result<Credentials, Error> {
    let role = |(role, store): (String, Option<i64>)| {
        columns::coded(TABLE, row.id, &role).map(|role| (role, store.map(StoreId::new)))
    };
    Ok(Credentials {
        id: UserId::new(row.id),
        kind: columns::coded(TABLE, row.id, &row.kind)?,
        name: full_name(
            &row.first_name,
            &row.last_name,
            row.username.as_deref().unwrap_or(&row.phone),
        ),
        username_key: row.username_key,
        password_hash: match row.typed_hash {
            Some(typed) if !row.is_verified => typed,
            Some(_) | None => row.password_hash,
        },
        is_verified: row.is_verified,
        is_active: row.is_active,
        token_version: row.token_version,
        is_superuser: row.is_superuser,
        work: row.work.map(role).transpose()?,
    })
}

/// What an account's tokens and its next password are judged by.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretView {
    /// The hash of the password.
    pub password_hash: String,
    /// The version of its tokens.
    pub token_version: i64,
}

/// The secret of an account.
///
/// # Errors
/// A failed statement.
pub fn secret(reader: &mut Reader<'_>, id: UserId) -> Result<Option<SecretView>, Error> {
    let row: Option<(String, i64)> = reader.statement("user_secret", |on| {
        users::table
            .find(id.get())
            .select((users::password_hash, users::token_version))
            .first(on)
            .optional()
    })?;
    Ok(row.map(|(password_hash, token_version)| SecretView {
        password_hash,
        token_version,
    }))
}

/// Which of these an account other than `except` has already. User names and e-mail addresses are looked for among staff
/// alone, phones among accounts of `kind`.
///
/// Without scope: they are unique in the installation.
///
/// # Errors
/// A failed statement.
pub fn taken_unscoped(
    reader: &mut Reader<'_>,
    kind: AccountKind,
    (username, phone, email): (Option<&Username>, Option<&Phone>, Option<&Email>),
    except: Option<UserId>,
) -> Result<Taken, Error> {
    let username_key = username.map(Username::key).unwrap_or_default();
    let phone = phone.map(Phone::as_str).unwrap_or_default();
    let email_key = email.map(Email::key).unwrap_or_default();
    let rows: Vec<(i64, String, Option<String>, String, String)> = reader.statement("user_taken", |on| {
        users::table
            .filter(
                users::username_key
                    .assume_not_null()
                    .eq(&username_key)
                    .or(users::kind.eq(kind.code()).and(users::phone.eq(phone)))
                    .or(users::kind
                        .eq(AccountKind::Staff.code())
                        .and(users::email_key.ne(""))
                        .and(users::email_key.eq(&email_key))),
            )
            .select((
                users::id,
                users::kind,
                users::username_key,
                users::phone,
                users::email_key,
            ))
            .load(on)
    })?;
    let mut taken = Taken::default();
    for (_, other_kind, other_username, other_phone, other_email) in
        rows.into_iter().filter(|row| Some(row.0) != except.map(UserId::get))
    {
        taken.username |= other_username.is_some_and(|other| other == username_key);
        taken.phone |= other_kind == kind.code() && other_phone == phone;
        taken.email |= !email_key.is_empty() && other_email == email_key && other_kind == AccountKind::Staff.code();
    }
    Ok(taken)
}

/// Whether there is any account at all.
///
/// Without scope: asked before an empty database is filled.
///
/// # Errors
/// A failed statement.
pub fn is_any_unscoped(reader: &mut Reader<'_>) -> Result<bool, Error> {
    let first: Option<i64> = reader.statement("user_any", |on| {
        users::table.select(users::id).order(users::id).first(on).optional()
    })?;
    Ok(first.is_some())
}
