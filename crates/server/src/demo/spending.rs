//! What the chain spends beside its goods: every week something for each branch, once the rent.

use chrono::{Datelike, NaiveDate, Weekday};
use savdo_domain::Money;
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, LocationId};
use savdo_services::expense_categories::{self, CreateExpenseCategory};
use savdo_services::expenses::{self, CreateExpense};
use savdo_services::once::Unkeyed;
use savdo_services::{Context, FixedClock};

use super::hour;
use super::people::People;

const RENT: &str = "Ijara";
const POWER: &str = "Elektr energiya";
const CLEANING: &str = "Tozalash";

/// What the chain sorts its expenses by.
pub(super) struct Spending {
    rent: ExpenseCategoryId,
    power: ExpenseCategoryId,
    cleaning: ExpenseCategoryId,
}

impl Spending {
    /// Makes the categories.
    pub(super) fn begin(context: &Context, people: &People) -> anyhow::Result<Self> {
        let category = |name: &str| -> anyhow::Result<ExpenseCategoryId> {
            let command = CreateExpenseCategory { name: name.to_owned() };
            Ok(expense_categories::create(context, &people.manager, command, &Unkeyed)?.id)
        };
        Ok(Self {
            rent: category(RENT)?,
            power: category(POWER)?,
            cleaning: category(CLEANING)?,
        })
    }

    /// Pays in the evening what is due on this day.
    pub(super) fn pay(
        &self,
        context: &Context,
        clock: &FixedClock,
        people: &People,
        day: NaiveDate,
    ) -> anyhow::Result<()> {
        let is_week = day.weekday() == Weekday::Fri;
        let is_rent = is_week && day.day() <= 7;
        clock.set(hour(day, 19));
        for (branch, rent, power) in [(people.center, 6_500_000, 412_000), (people.north, 4_200_000, 268_500)] {
            let due = [
                (is_rent, self.rent, rent, Tender::Transfer),
                (is_week, self.power, power, Tender::Card),
                (is_week, self.cleaning, 80_000, Tender::Cash),
            ];
            for (_, category, som, tender) in due.into_iter().filter(|(is_due, ..)| *is_due) {
                let command = expense(category, branch, day, (som, tender));
                expenses::create(context, &people.manager, command, &Unkeyed)?;
            }
        }
        Ok(())
    }
}

fn expense(
    category: ExpenseCategoryId,
    branch: LocationId,
    day: NaiveDate,
    (som, payment_type): (i64, Tender),
) -> CreateExpense {
    CreateExpense {
        category,
        amount: Money::from_tiyin(som * 100),
        day,
        branch: Some(branch),
        payment_type,
        description: String::new(),
        receipt: None,
    }
}
