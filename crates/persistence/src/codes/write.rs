//! Writes of codes. Whoever writes one holds the row of its phone.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::account::CodePurpose;
use savdo_domain::coded::Coded;
use savdo_domain::ids::CodeId;
use savdo_domain::phone::Phone;

use super::rows::NewCode;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::{code_phones, one_time_codes};

/// Makes a code; none of its phone and purpose is open.
///
/// # Errors
/// A failed statement.
pub fn insert(tx: &mut Tx<'_>, code: &NewCode) -> Result<CodeId, Error> {
    tx.statement("code_insert", |on| {
        diesel::insert_into(one_time_codes::table)
            .values((
                one_time_codes::phone.eq(code.phone.as_str()),
                one_time_codes::purpose.eq(code.purpose.code()),
                one_time_codes::code_hash.eq(&code.code_hash),
                one_time_codes::first_name.eq(&code.pair.first_name),
                one_time_codes::last_name.eq(&code.pair.last_name),
                one_time_codes::password_hash.eq(&code.pair.password_hash),
                one_time_codes::attempts.eq(0),
                one_time_codes::created_at.eq(code.created_at.naive_utc()),
                one_time_codes::expires_at.eq(code.expires_at.naive_utc()),
            ))
            .returning(one_time_codes::id)
            .get_result::<i64>(on)
    })
    .map(CodeId::new)
}

/// Closes the code of a phone and purpose, if one is open: it was used, killed, or a newer one takes its place.
///
/// # Errors
/// A failed statement.
pub fn close_open(tx: &mut Tx<'_>, phone: &Phone, purpose: CodePurpose, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("code_close", |on| {
        let open = one_time_codes::table
            .filter(one_time_codes::phone.eq(phone.as_str()))
            .filter(one_time_codes::purpose.eq(purpose.code()))
            .filter(one_time_codes::closed_at.is_null());
        diesel::update(open)
            .set(one_time_codes::closed_at.eq(at.naive_utc()))
            .execute(on)
    })?;
    Ok(())
}

/// Counts a try in vain at the code of a phone and purpose, if one is open; one that it kills is closed.
///
/// # Errors
/// A failed statement.
pub fn note_try(
    tx: &mut Tx<'_>,
    phone: &Phone,
    purpose: CodePurpose,
    closed_at: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    tx.statement("code_note_try", |on| {
        let open = one_time_codes::table
            .filter(one_time_codes::phone.eq(phone.as_str()))
            .filter(one_time_codes::purpose.eq(purpose.code()))
            .filter(one_time_codes::closed_at.is_null());
        diesel::update(open)
            .set((
                one_time_codes::attempts.eq(one_time_codes::attempts + 1),
                one_time_codes::closed_at.eq(closed_at.map(|at| at.naive_utc())),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// As many statements that do nothing: where no code is sent, as many are asked as where one is.
///
/// # Errors
/// A failed statement.
pub fn decoy(tx: &mut Tx<'_>, statements: u32) -> Result<(), Error> {
    for _ in 0..statements {
        tx.statement("code_decoy", |on| {
            let nothing = one_time_codes::table.find(0).select(one_time_codes::id);
            nothing.first::<i64>(on).optional()
        })?;
    }
    Ok(())
}

/// Drops at most `most` codes that expired before, and as many phones that neither asked nor tried anything since; says how many.
///
/// Without scope: those of all phones.
///
/// # Errors
/// A failed statement.
pub fn forget_unscoped(tx: &mut Tx<'_>, before: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let before = before.naive_utc();
    let codes: Vec<i64> = tx.statement("codes_over", |on| {
        one_time_codes::table
            .filter(one_time_codes::expires_at.lt(before))
            .order(one_time_codes::expires_at)
            .select(one_time_codes::id)
            .limit(most)
            .load(on)
    })?;
    let phones: Vec<String> = tx.statement("code_phones_over", |on| {
        code_phones::table
            .filter(code_phones::updated_at.lt(before))
            .order(code_phones::updated_at)
            .select(code_phones::phone)
            .limit(most)
            .load(on)
    })?;
    if !codes.is_empty() {
        tx.statement("codes_forget", |on| {
            diesel::delete(one_time_codes::table.filter(one_time_codes::id.eq_any(&codes))).execute(on)
        })?;
    }
    if !phones.is_empty() {
        tx.statement("code_phones_forget", |on| {
            // Once more by time: a phone may have come back since.
            let over = code_phones::table
                .filter(code_phones::phone.eq_any(&phones))
                .filter(code_phones::updated_at.lt(before));
            diesel::delete(over).execute(on)
        })?;
    }
    Ok(codes.len().max(phones.len()))
}
