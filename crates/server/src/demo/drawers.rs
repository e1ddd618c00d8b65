//! The last week in shifts, as in a chain that tries them: each branch opens in the morning and counts its drawer at night.

use chrono::{Days, NaiveDate, TimeDelta};
use savdo_domain::Money;
use savdo_domain::ids::ShiftId;
use savdo_domain::settings::SettingsPatch;
use savdo_services::once::Unkeyed;
use savdo_services::shifts::{self, CloseShift, OpenShift};
use savdo_services::{Context, FixedClock};

use super::hour;
use super::people::{self, People};

/// For how many days before today.
const TRIAL: u64 = 7;
/// Change for the first buyers.
const CHANGE: Money = Money::from_tiyin(20_000_000);
/// What is missing on the last evening.
const MISSING: Money = Money::from_tiyin(200_000);

/// The open shifts of a day.
pub(super) struct Drawers {
    open: Vec<ShiftId>,
    is_last: bool,
}

impl Drawers {
    /// Opens a shift in each branch before the first buyer comes; none before the trial.
    pub(super) fn open(
        context: &Context,
        clock: &FixedClock,
        people: &People,
        (day, today): (NaiveDate, NaiveDate),
    ) -> anyhow::Result<Option<Self>> {
        let Some(first) = today.checked_sub_days(Days::new(TRIAL)).filter(|first| day >= *first) else {
            return Ok(None);
        };
        clock.set(hour(day, 8) + TimeDelta::minutes(30));
        if day == first {
            set_shifts(context, people, true)?;
        }
        let mut open = Vec::new();
        for (who, branch) in [(&people.seller, people.center), (&people.manager, people.north)] {
            let command = OpenShift {
                branch: Some(branch),
                cash_start: Some(CHANGE),
                description: String::new(),
            };
            open.push(shifts::open(context, who, command, &Unkeyed)?.shift.id);
        }
        let is_last = day.succ_opt() == Some(today);
        Ok(Some(Self { open, is_last }))
    }

    /// Counts what lies there, and closes the shifts; after the last day of the trial the chain goes on without.
    pub(super) fn close(self, context: &Context, clock: &FixedClock, people: &People) -> anyhow::Result<()> {
        clock.advance(TimeDelta::hours(1));
        for (shift, who) in self.open.into_iter().zip([&people.seller, &people.manager]) {
            let expected = shifts::x_report(context, who, shift)?.report.cash_expected;
            let counted = expected.checked_sub(MISSING).filter(|_| self.is_last);
            let command = CloseShift {
                id: shift,
                cash_end: Some(counted.unwrap_or(expected)),
                description: String::new(),
            };
            shifts::close(context, who, command, &Unkeyed)?;
        }
        if self.is_last {
            set_shifts(context, people, false)?;
        }
        Ok(())
    }
}

fn set_shifts(context: &Context, people: &People, is_on: bool) -> anyhow::Result<()> {
    let patch = SettingsPatch {
        shift_enabled: Some(is_on),
        ..SettingsPatch::default()
    };
    people::change_settings(context, &people.owner, patch)
}
