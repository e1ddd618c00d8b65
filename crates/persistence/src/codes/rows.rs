//! How codes stand in their table.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::account::{CodePurpose, StandingCode};
use savdo_domain::coded::Coded;
use savdo_domain::ids::CodeId;
use savdo_domain::phone::Phone;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::one_time_codes;

/// What was typed at registration and becomes the account's once the phone is proven; empty for a code of another purpose.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PairView {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The hash of the password.
    pub password_hash: String,
}

/// A code about to be made.
#[derive(Clone)]
pub struct NewCode {
    /// Whose phone it proves.
    pub phone: Phone,
    /// What it is for.
    pub purpose: CodePurpose,
    /// Its hash.
    pub code_hash: String,
    /// What goes with it.
    pub pair: PairView,
    /// When it is made.
    pub created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    pub expires_at: DateTime<Utc>,
}

/// A code that was not used, replaced or killed.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeView {
    /// Its hash.
    pub code_hash: String,
    /// How it stands.
    pub standing: StandingCode,
    /// What goes with it.
    pub pair: PairView,
}

type Row = (i64, String, String, String, String, NaiveDateTime, NaiveDateTime);

fn view((attempts, code_hash, first_name, last_name, password_hash, created_at, expires_at): Row) -> CodeView {
    CodeView {
        code_hash,
        standing: StandingCode {
            attempts,
            created_at: columns::time(created_at),
            expires_at: columns::time(expires_at),
        },
        pair: PairView {
            first_name,
            last_name,
            password_hash,
        },
    }
}

const COLUMNS: (
    one_time_codes::attempts,
    one_time_codes::code_hash,
    one_time_codes::first_name,
    one_time_codes::last_name,
    one_time_codes::password_hash,
    one_time_codes::created_at,
    one_time_codes::expires_at,
) = (
    one_time_codes::attempts,
    one_time_codes::code_hash,
    one_time_codes::first_name,
    one_time_codes::last_name,
    one_time_codes::password_hash,
    one_time_codes::created_at,
    one_time_codes::expires_at,
);

/// The code of a phone and purpose that is not closed, expired or not.
///
/// Without scope: a phone belongs to no store, and nobody is signed in.
///
/// # Errors
/// A failed statement.
pub fn open_unscoped(reader: &mut Reader<'_>, phone: &Phone, purpose: CodePurpose) -> Result<Option<CodeView>, Error> {
    let row: Option<Row> = reader.statement("code_open", |on| {
        one_time_codes::table
            .filter(one_time_codes::phone.eq(phone.as_str()))
            .filter(one_time_codes::purpose.eq(purpose.code()))
            .filter(one_time_codes::closed_at.is_null())
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    Ok(row.map(view))
}

/// What was typed with the newest code of a phone and purpose, whatever became of that.
///
/// Without scope, as [`open_unscoped`].
///
/// # Errors
/// A failed statement.
pub fn newest_unscoped(
    reader: &mut Reader<'_>,
    phone: &Phone,
    purpose: CodePurpose,
) -> Result<Option<PairView>, Error> {
    let row: Option<Row> = reader.statement("code_newest", |on| {
        one_time_codes::table
            .filter(one_time_codes::phone.eq(phone.as_str()))
            .filter(one_time_codes::purpose.eq(purpose.code()))
            .order(one_time_codes::id.desc())
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    Ok(row.map(|row| view(row).pair))
}

/// A code, unless it was used, replaced, killed or forgotten; its own number is enough to ask for it.
///
/// # Errors
/// A failed statement.
pub fn find(reader: &mut Reader<'_>, id: CodeId) -> Result<Option<CodeView>, Error> {
    let row: Option<Row> = reader.statement("code_find", |on| {
        one_time_codes::table
            .find(id.get())
            .filter(one_time_codes::closed_at.is_null())
            .select(COLUMNS)
            .first(on)
            .optional()
    })?;
    Ok(row.map(view))
}
