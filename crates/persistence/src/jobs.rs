//! Which scheduled job last ran when, so that one server of many runs it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::connection::on_each;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::job_runs;

/// A job about to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobTurn {
    /// Its name.
    pub name: &'static str,
    /// How long lies between the beginnings of two runs.
    pub period: TimeDelta,
    /// Now.
    pub at: DateTime<Utc>,
    /// Until when nobody else may begin it: a server that died holds it no longer.
    pub locked_until: DateTime<Utc>,
}

/// Whether the job is due and nobody runs it.
///
/// # Errors
/// A failed statement.
pub fn is_due(reader: &mut Reader<'_>, turn: &JobTurn) -> Result<bool, Error> {
    let (before, at) = (last_run_before(turn), turn.at.naive_utc());
    let fresh = reader.statement("job_is_due", |on| {
        job_runs::table
            .find(turn.name)
            .filter(
                job_runs::last_run_at
                    .gt(before)
                    .or(job_runs::locked_until.assume_not_null().gt(at)),
            )
            .select(job_runs::name)
            .first::<String>(on)
            .optional()
    })?;
    Ok(fresh.is_none())
}

/// Takes the turn; `false` when it is not due or another server has it.
///
/// # Errors
/// A failed statement.
pub fn take_turn(tx: &mut Tx<'_>, turn: &JobTurn) -> Result<bool, Error> {
    let (before, at, until) = (
        last_run_before(turn),
        turn.at.naive_utc(),
        turn.locked_until.naive_utc(),
    );
    // Two who make the row at once wait for each other here, and the second finds it fresh.
    let made = tx.statement("job_make", |on| {
        on_each!(on, |c| diesel::insert_into(job_runs::table)
            .values((
                job_runs::name.eq(turn.name),
                job_runs::last_run_at.eq(at),
                job_runs::locked_until.eq(until),
            ))
            .on_conflict_do_nothing()
            .execute(c))
    })?;
    if made == 1 {
        return Ok(true);
    }
    let taken = tx.statement("job_take_turn", |on| {
        let due = job_runs::table
            .find(turn.name)
            .filter(job_runs::last_run_at.le(before))
            .filter(
                job_runs::locked_until
                    .is_null()
                    .or(job_runs::locked_until.assume_not_null().le(at)),
            );
        diesel::update(due)
            .set((job_runs::last_run_at.eq(at), job_runs::locked_until.eq(until)))
            .execute(on)
    })?;
    Ok(taken == 1)
}

/// The run is over, unless its lease was and somebody else has the turn.
///
/// # Errors
/// A failed statement.
pub fn finish(tx: &mut Tx<'_>, turn: &JobTurn) -> Result<(), Error> {
    tx.statement("job_finish", |on| {
        let own = job_runs::table
            .find(turn.name)
            .filter(job_runs::last_run_at.eq(turn.at.naive_utc()));
        diesel::update(own)
            .set(job_runs::locked_until.eq(None::<chrono::NaiveDateTime>))
            .execute(on)
    })?;
    Ok(())
}

fn last_run_before(turn: &JobTurn) -> chrono::NaiveDateTime {
    let before = turn.at.checked_sub_signed(turn.period);
    before.unwrap_or(DateTime::<Utc>::MIN_UTC).naive_utc()
}
