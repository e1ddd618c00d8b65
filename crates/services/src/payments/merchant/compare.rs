//! Whether Click says of an attempt what we do: asked for once, or day by day.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use savdo_domain::access::Scope;
use savdo_domain::ids::TransactionId;
use savdo_domain::payment::{Bill, Millis, PaymentState, Provider, Transaction, TransactionState};
use savdo_domain::zone::Zone;
use savdo_persistence::payments::comparisons::{self, DeskDay};
use savdo_persistence::payments::{AttemptView, DeskScope, desk_of, of_period_unscoped, transactions};
use savdo_persistence::{Error as StorageError, Tx};

use super::{Place, Said, is_of_another, tell_difference};
use crate::gateways::AskedPayment;
use crate::payments::bill;
use crate::{Context, Result};

/// Days that could not be compared are made up for no longer.
const DAYS_MAX: u64 = 7;
/// How a day went is looked up for a year.
const KEPT_DAYS: u64 = 366;
/// So long after its end all attempts of a day are over.
const SETTLES_WITHIN: TimeDelta = TimeDelta::hours(1);

/// A day of a desk that is to be compared, and how far it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayUnderWay {
    pub(crate) day: NaiveDate,
    pub(crate) last: TransactionId,
}

/// An attempt that Click is to be asked about, with the desk that made it; `None` for one that is not there.
///
/// # Errors
/// Failed statements.
pub(crate) fn questioned(context: &Context, place: Place) -> Result<Option<(Transaction, String)>> {
    Ok(context.database().read("question_attempt", |reader| {
        let desk = desk_of(reader, place.store_id, place.transaction_id)?;
        let all = transactions::of_order(reader, place.store_id, place.order_id)?;
        let own = all.into_iter().find(|one| one.id == place.transaction_id);
        Ok::<_, StorageError>(own.zip(desk))
    })?)
}

/// The days of a desk that are not compared to their end, the first first.
///
/// # Errors
/// Failed statements.
pub(crate) fn days_under_way(context: &Context, desk: &str) -> Result<Vec<DayUnderWay>> {
    let today = settled_day(context);
    unfinished(context, desk, days_before(today)..today)
}

/// The days of a desk that are made up for no more, and had attempts which were not compared; each is told of once.
///
/// # Errors
/// Failed statements.
pub(crate) fn given_up(context: &Context, desk: &str) -> Result<Vec<NaiveDate>> {
    let since = days_before(settled_day(context));
    let mut given_up = Vec::new();
    for of in unfinished(context, desk, days_before(since)..since)? {
        if !attempts(context, desk, of, 1)?.is_empty() {
            given_up.push(of.day);
        }
        finish(context, desk, of.day)?;
    }
    Ok(given_up)
}

/// The first day that is not over for long enough.
fn settled_day(context: &Context) -> NaiveDate {
    let settled = context.now().checked_sub_signed(SETTLES_WITHIN);
    Zone::TASHKENT.day(settled.unwrap_or(DateTime::<Utc>::MIN_UTC))
}

fn days_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(DAYS_MAX)).unwrap_or(day)
}

fn unfinished(context: &Context, desk: &str, days: Range<NaiveDate>) -> Result<Vec<DayUnderWay>> {
    let known = context.database().read("comparisons_under_way", |reader| {
        comparisons::since_unscoped(reader, (Provider::Click, desk), days.start)
    })?;
    let in_turn = days.start.iter_days().take_while(|day| *day < days.end);
    let unfinished = in_turn.filter_map(|day| match known.iter().find(|one| one.day == day) {
        Some(one) if one.is_finished => None,
        one => Some(DayUnderWay {
            day,
            last: one.map_or(TransactionId::new(0), |one| one.last),
        }),
    });
    Ok(unfinished.collect())
}

/// The next attempts of a day that are to be compared.
///
/// # Errors
/// Failed statements.
pub(crate) fn attempts(context: &Context, desk: &str, of: DayUnderWay, count: i64) -> Result<Vec<AttemptView>> {
    let scope = DeskScope {
        provider: Provider::Click,
        desk,
        store_id: None,
    };
    let period = period_of(of.day);
    Ok(context.database().read("comparison_attempts", |reader| {
        of_period_unscoped(reader, scope, &period, of.last, count)
    })?)
}

/// Notes what Click said of an attempt, and where it belongs to a day's comparison how far that is; whether Click says otherwise than we.
///
/// # Errors
/// Failed statements.
pub(crate) fn note(
    context: &Context,
    place: Place,
    told: AskedPayment,
    compared: Option<(&str, NaiveDate)>,
) -> Result<bool> {
    let now = context.now();
    let said = Said::of_payment(&told);
    let compared = compared.map(|(desk, day)| (desk.to_owned(), day));
    let differs = context.database().write("comparison_note", move |tx| {
        let differs = judged(tx, place, &told, compared.is_none(), now)?;
        if let Some((desk, day)) = &compared {
            let of = day_of_desk(desk, *day);
            comparisons::note_unscoped(tx, of, (place.transaction_id, differs), now)?;
        }
        Ok::<_, crate::Error>(differs)
    })?;
    if differs {
        context.counters().differed();
        let id = place.transaction_id;
        tracing::warn!(transaction.id = %id, "Click says otherwise of transaction {id} than we: {said}");
    }
    Ok(differs)
}

/// A day is gone on with no more: all of it was compared, or it is too long ago.
///
/// # Errors
/// Failed statements.
pub(crate) fn finish(context: &Context, desk: &str, day: NaiveDate) -> Result<()> {
    let (now, desk) = (context.now(), desk.to_owned());
    Ok(context.database().write("comparison_finish", move |tx| {
        comparisons::finish_unscoped(tx, day_of_desk(&desk, day), now)
    })?)
}

/// Forgets how days went that are over for a year; how many.
///
/// # Errors
/// Failed statements.
pub(crate) fn forget_old(context: &Context) -> Result<usize> {
    let today = Zone::TASHKENT.day(context.now());
    let before = today.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(today);
    Ok(context
        .database()
        .write("comparisons_forget", move |tx| comparisons::forget_unscoped(tx, before))?)
}

const fn day_of_desk(desk: &str, day: NaiveDate) -> DeskDay<'_> {
    let provider = Provider::Click;
    DeskDay { provider, desk, day }
}

/// Under the lock of the order, so that a call of Click that is just being answered is seen.
fn judged(tx: &mut Tx<'_>, place: Place, told: &AskedPayment, is_kept: bool, now: DateTime<Utc>) -> Result<bool> {
    let billed = bill::locked(tx, &Scope::Store(place.store_id), place.order_id)?;
    let Some(transaction) = billed.bill.transaction(place.transaction_id) else {
        return Ok(false);
    };
    let differs = !agrees(&billed.bill, transaction, told);
    if differs || is_kept {
        Said::of_payment(told).keep(tx, (place.store_id, transaction), now)?;
    }
    if differs {
        tell_difference(tx, (&billed.order).into(), transaction.id, now)?;
    }
    Ok(differs)
}

/// Whether Click's word is ours. A payment that Click does not name took no money; one found by the order alone may be another attempt's. What
/// went back by hand may have gone through Click or past it.
fn agrees(bill: &Bill, transaction: &Transaction, told: &AskedPayment) -> bool {
    let payment = bill.payment(transaction.payment_id);
    let is_back = payment.is_some_and(|payment| payment.state == PaymentState::Refunded);
    if is_back && transaction.state == TransactionState::Performed {
        return true;
    }
    match told {
        AskedPayment::Found { payment_id, status, .. } if !is_of_another(bill, transaction, *payment_id) => {
            status.agrees_with(transaction.state)
        }
        AskedPayment::Found { .. } | AskedPayment::NotFound { .. } => transaction.state != TransactionState::Performed,
    }
}

fn period_of(day: NaiveDate) -> Range<Millis> {
    let next = day.succ_opt().unwrap_or(day);
    Millis::of(Zone::TASHKENT.start_of(day))..Millis::of(Zone::TASHKENT.start_of(next))
}
