//! How far the transactions of a desk's day were compared with what its provider says.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::TransactionId;
use savdo_domain::payment::Provider;

use crate::connection::on_each;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::payment_comparisons;

/// A day of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskDay<'a> {
    /// Whose desk it is.
    pub provider: Provider,
    /// The desk, by its id at the provider.
    pub desk: &'a str,
    /// A day of Tashkent.
    pub day: NaiveDate,
}

/// How far a day was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComparisonView {
    /// The day.
    pub day: NaiveDate,
    /// The transaction that was compared last.
    pub last: TransactionId,
    /// Whether it is gone on with no more.
    pub is_finished: bool,
}

/// What is known of the days of a desk from `since` on, the first first.
///
/// # Errors
/// A failed statement.
pub fn since_unscoped(
    reader: &mut Reader<'_>,
    (provider, desk): (Provider, &str),
    since: NaiveDate,
) -> Result<Vec<ComparisonView>, Error> {
    type Row = (NaiveDate, i64, Option<NaiveDateTime>);
    let rows: Vec<Row> = reader.statement("comparisons_since", |on| {
        payment_comparisons::table
            .filter(payment_comparisons::provider.eq(provider.code()))
            .filter(payment_comparisons::desk.eq(desk))
            .filter(payment_comparisons::day.ge(since))
            .order(payment_comparisons::day)
            .select((
                payment_comparisons::day,
                payment_comparisons::last,
                payment_comparisons::finished_at,
            ))
            .load(on)
    })?;
    let views = rows.into_iter().map(|(day, last, finished_at)| ComparisonView {
        day,
        last: TransactionId::new(last),
        is_finished: finished_at.is_some(),
    });
    Ok(views.collect())
}

/// Notes that one more transaction of a day was compared, and whether its provider says otherwise.
///
/// # Errors
/// A failed statement.
pub fn note_unscoped(
    tx: &mut Tx<'_>,
    of: DeskDay<'_>,
    (last, differs): (TransactionId, bool),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    make(tx, of, at)?;
    tx.statement("comparison_note", |on| {
        diesel::update(payment_comparisons::table)
            .filter(payment_comparisons::provider.eq(of.provider.code()))
            .filter(payment_comparisons::desk.eq(of.desk))
            .filter(payment_comparisons::day.eq(of.day))
            .set((
                payment_comparisons::last.eq(last.get()),
                payment_comparisons::compared.eq(payment_comparisons::compared + 1),
                payment_comparisons::differing.eq(payment_comparisons::differing + i64::from(differs)),
                payment_comparisons::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Notes that a day is gone on with no more.
///
/// # Errors
/// A failed statement.
pub fn finish_unscoped(tx: &mut Tx<'_>, of: DeskDay<'_>, at: DateTime<Utc>) -> Result<(), Error> {
    make(tx, of, at)?;
    tx.statement("comparison_finish", |on| {
        diesel::update(payment_comparisons::table)
            .filter(payment_comparisons::provider.eq(of.provider.code()))
            .filter(payment_comparisons::desk.eq(of.desk))
            .filter(payment_comparisons::day.eq(of.day))
            .set((
                payment_comparisons::updated_at.eq(at.naive_utc()),
                payment_comparisons::finished_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Forgets the days before one, of all desks; how many.
///
/// # Errors
/// A failed statement.
pub fn forget_unscoped(tx: &mut Tx<'_>, before: NaiveDate) -> Result<usize, Error> {
    tx.statement("comparisons_forget", |on| {
        diesel::delete(payment_comparisons::table.filter(payment_comparisons::day.lt(before))).execute(on)
    })
}

fn make(tx: &mut Tx<'_>, of: DeskDay<'_>, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("comparison_make", |on| {
        on_each!(on, |c| diesel::insert_into(payment_comparisons::table)
            .values((
                payment_comparisons::provider.eq(of.provider.code()),
                payment_comparisons::desk.eq(of.desk),
                payment_comparisons::day.eq(of.day),
                payment_comparisons::last.eq(0),
                payment_comparisons::compared.eq(0),
                payment_comparisons::differing.eq(0),
                payment_comparisons::updated_at.eq(at.naive_utc()),
            ))
            .on_conflict_do_nothing()
            .execute(c))
    })?;
    Ok(())
}
