//! Money that a store spends beside its goods: rent, electricity, wages.
//!
//! What an expense is about may change as long as nobody closed the books on it. One is put aside, never removed.

use chrono::{Days, NaiveDate};

use crate::coded_enum;
use crate::fields::FieldProblem;
use crate::money::Money;

coded_enum! {
    /// How money leaves or enters a store outside a sale.
    #[derive(Default)]
    pub enum Tender {
        /// In cash, out of the drawer.
        #[default]
        Cash = "cash",
        /// By card.
        Card = "card",
        /// From account to account.
        Transfer = "transfer",
    }
}

/// An amount that can be spent.
///
/// # Errors
/// [`FieldProblem::NotPositive`].
pub fn check_amount(amount: Money) -> Result<Money, FieldProblem> {
    if amount > Money::ZERO {
        Ok(amount)
    } else {
        Err(FieldProblem::NotPositive)
    }
}

/// A day on which money can have been spent: any up to tomorrow, which has begun somewhere already.
///
/// # Errors
/// [`FieldProblem::TooLate`].
pub fn check_day(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, FieldProblem> {
    let latest = today.checked_add_days(Days::new(1)).unwrap_or(today);
    if day <= latest {
        Ok(day)
    } else {
        Err(FieldProblem::TooLate {
            latest: latest.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{check_amount, check_day};
    use crate::fields::FieldProblem;
    use crate::money::Money;

    #[test]
    fn nothing_is_no_expense() {
        assert_eq!(check_amount(Money::from_tiyin(1)), Ok(Money::from_tiyin(1)));
        for tiyin in [0, -1] {
            assert_eq!(check_amount(Money::from_tiyin(tiyin)), Err(FieldProblem::NotPositive));
        }
    }

    #[test]
    fn money_is_spent_tomorrow_at_the_latest() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 2, day).unwrap();
        let after_it = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();

        assert_eq!(check_day(day(1), day(27)), Ok(day(1)));
        assert_eq!(check_day(day(28), day(27)), Ok(day(28)));
        let latest = "2026-02-28".to_owned();
        assert_eq!(check_day(after_it, day(27)), Err(FieldProblem::TooLate { latest }));
        assert_eq!(check_day(after_it, day(28)), Ok(after_it));
    }
}
