//! The demo chain "Savdo Dorixona": people, two branches, a real catalogue, and four weeks of trade.
//!
//! Everything goes through the use-cases, under a clock that is moved day by day, so that what lies in the database is what
//! the server itself would have left there; but for `many` and `year`, which write rows in batches. The same dice fall on every fill.

mod card;
mod catalogue;
mod counter;
mod depot;
mod dice;
mod drawers;
mod many;
mod online;
mod people;
mod sheet;
mod size;
mod spending;
mod tables;
mod year;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use savdo_domain::zone::Zone;
use savdo_services::{Context, FixedClock, accounts, audit};

pub use card::Card;
use dice::Dice;
use drawers::Drawers;
use people::People;
pub use size::Size;
use spending::Spending;

/// The name of the chain.
pub const STORE: &str = "Savdo Dorixona";
/// The password of everybody in it: the demo fills only an empty database outside production.
pub const PASSWORD: &str = "demo-parol-2026";

/// For how many days the chain has been trading.
const DAYS: u64 = 28;
const ZONE: Zone = Zone::TASHKENT;

/// Why no demo was made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Somebody's data.
    #[error("the database has users already; the demo fills an empty one only")]
    NotEmpty,
    /// A use-case said no, which the demo's own tables should not lead to.
    #[error("the demo failed: {0:#}")]
    Failed(#[from] anyhow::Error),
}

/// Fills an empty database as if the chain had opened four weeks before `now`. Leaves the clock near `now`.
///
/// # Errors
/// [`DemoError::NotEmpty`] for a database with users in it.
pub fn fill(context: &Context, clock: &FixedClock, now: DateTime<Utc>) -> Result<(), DemoError> {
    fill_to(context, clock, now, &Size::default())
}

/// As [`fill`], and then as large as is asked for: with sales and orders of a year the chain has been there for one, and its shops of
/// the small demo opened four weeks ago.
///
/// # Errors
/// As [`fill`].
pub fn fill_to(context: &Context, clock: &FixedClock, now: DateTime<Utc>, size: &Size) -> Result<(), DemoError> {
    if accounts::exist(context).map_err(anyhow::Error::from)? {
        return Err(DemoError::NotEmpty);
    }
    let today = ZONE.day(now);
    let before = |days| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let (founded, opening) = (before(size.days()), before(DAYS));
    clock.set(hour(founded, 8));
    let people = people::hire(context)?;
    clock.set(hour(opening, 8));
    trade(context, clock, &people, (opening, now))?;
    if size.products.is_some() {
        many::load(context, clock, &people, size, (founded, today))?;
        clock.set(now);
        audit::seal_all(context).map_err(anyhow::Error::from)?;
    }
    Ok(())
}

fn trade(
    context: &Context,
    clock: &FixedClock,
    people: &People,
    (opening, now): (NaiveDate, DateTime<Utc>),
) -> anyhow::Result<()> {
    let mut dice = Dice::new(20_260_312);
    let shelf = catalogue::stock_up(context, people, opening)?;
    depot::stock_up(context, people, &shelf, opening)?;
    let spending = Spending::begin(context, people)?;
    let today = ZONE.day(now);
    for day in opening.iter_days().skip(1).take_while(|day| *day < today) {
        let drawers = Drawers::open(context, clock, people, (day, today))?;
        counter::sell_all_day(context, clock, (people, &shelf), day, &mut dice)?;
        online::order_all_day(context, clock, (people, &shelf), day, &mut dice)?;
        spending.pay(context, clock, people, day)?;
        if let Some(drawers) = drawers {
            drawers.close(context, clock, people)?;
        }
    }
    clock.set(now.checked_sub_signed(TimeDelta::minutes(30)).unwrap_or(now));
    online::leave_one_in_each_state(context, people, &shelf)
}

/// A full hour of a day, as the clocks of the chain show it.
fn hour(day: NaiveDate, hour: i64) -> DateTime<Utc> {
    ZONE.start_of(day) + TimeDelta::hours(hour)
}
