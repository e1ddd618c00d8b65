//! What a phone asked for and tried: the lock of all that goes by code.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::account::PhoneRecord;
use savdo_domain::phone::Phone;

use crate::columns;
use crate::connection::on_each;
use crate::database::Tx;
use crate::error::Error;
use crate::schema::code_phones;

type Row = (String, String, String, Option<NaiveDateTime>);

/// Locks the record of a phone until the transaction ends; makes it on first use. A phone that nobody has costs the same.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn lock(tx: &mut Tx<'_>, phone: &Phone, now: DateTime<Utc>) -> Result<PhoneRecord, Error> {
    // Locks the row as well: whoever forgets it meanwhile finds it anew, or is waited for.
    tx.statement("code_phone_lock", |on| {
        on_each!(on, |c| diesel::insert_into(code_phones::table)
            .values((
                code_phones::phone.eq(phone.as_str()),
                code_phones::asked.eq(""),
                code_phones::tried.eq(""),
                code_phones::reset_tried.eq(""),
                code_phones::updated_at.eq(now.naive_utc()),
            ))
            .on_conflict(code_phones::phone)
            .do_update()
            .set(code_phones::updated_at.eq(now.naive_utc()))
            .execute(c))
    })?;
    // In a statement of its own: one that waited for the lock would see what stood before.
    let row: Row = tx.statement("code_phone_read", |on| {
        code_phones::table
            .find(phone.as_str())
            .select((
                code_phones::asked,
                code_phones::tried,
                code_phones::reset_tried,
                code_phones::told_at,
            ))
            .first(on)
    })?;
    let (asked, tried, reset_tried, told_at) = row;
    Ok(PhoneRecord {
        asked: times(&asked)?,
        tried: times(&tried)?,
        reset_tried: times(&reset_tried)?,
        told_at: told_at.map(columns::time),
    })
}

/// Writes the record of a phone that the transaction has locked, whether or not it changed.
///
/// # Errors
/// A failed statement.
pub fn keep(tx: &mut Tx<'_>, phone: &Phone, record: &PhoneRecord, now: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("code_phone_keep", |on| {
        diesel::update(code_phones::table.find(phone.as_str()))
            .set((
                code_phones::asked.eq(text(&record.asked)),
                code_phones::tried.eq(text(&record.tried)),
                code_phones::reset_tried.eq(text(&record.reset_tried)),
                code_phones::told_at.eq(record.told_at.map(|at| at.naive_utc())),
                code_phones::updated_at.eq(now.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

fn text(times: &[DateTime<Utc>]) -> String {
    let written: Vec<_> = times.iter().map(|at| at.timestamp_micros().to_string()).collect();
    written.join(",")
}

fn times(text: &str) -> Result<Vec<DateTime<Utc>>, Error> {
    let corrupt = || Error::Corrupt {
        table: "code_phones",
        id: 0,
        why: format!("{text:?} are no times"),
    };
    let time = |micros: &str| micros.parse().ok().and_then(DateTime::from_timestamp_micros);
    let written = text.split(',').filter(|micros| !micros.is_empty());
    written.map(|micros| time(micros).ok_or_else(corrupt)).collect()
}
