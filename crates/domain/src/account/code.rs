//! One-time codes: how often a phone may ask for one, how often it may try, and when a code is right.
//!
//! All of it counts by phone, whether or not anybody has an account with it, so that no answer tells. A count slides: of any
//! hour, and of any day, at most so many. Deliberately absent: the digits, which need randomness, and their hash, a secret.

use chrono::{DateTime, TimeDelta, Utc};

use crate::coded_enum;

coded_enum! {
    /// What a code is for. One for the one opens nothing of the other.
    pub enum CodePurpose {
        /// Proving a phone at registration.
        Register = "register",
        /// Setting a forgotten password anew.
        PasswordReset = "password_reset",
    }
}

/// How codes are given out and tried; of the numbers of times, 0 is any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRules {
    /// How many digits a code has.
    pub length: CodeLength,
    /// So many seconds lie between two codes of a phone.
    pub gap_seconds: u32,
    /// So many codes a phone has in an hour.
    pub per_hour: u32,
    /// So many codes a phone has in a day.
    pub per_day: u32,
    /// So many wrong tries kill a code.
    pub tries: u32,
    /// So many tries a phone has in an hour, over all its codes.
    pub tries_per_hour: u32,
    /// So many tries a phone has in a day at codes for another password.
    pub reset_tries_per_day: u32,
}

/// How many digits a code has: 4 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeLength(u32);

/// A time until which somebody has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// From then on there is room.
    pub until: DateTime<Utc>,
}

/// What a phone asked for and tried of late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhoneRecord {
    /// When it asked for codes, the oldest first: of the last day.
    pub asked: Vec<DateTime<Utc>>,
    /// When a code was tried: of the last hour.
    pub tried: Vec<DateTime<Utc>>,
    /// When a code for another password was tried: of the last day.
    pub reset_tried: Vec<DateTime<Utc>>,
    /// When it was last told that it has an account already.
    pub told_at: Option<DateTime<Utc>>,
}

/// A code as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingCode {
    /// How often it was tried in vain.
    pub attempts: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    pub expires_at: DateTime<Utc>,
}

/// What a try at a code comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is right and lives.
    Right,
    /// It is not, and may be tried again.
    Wrong,
    /// It is not, and the code is dead from now on.
    Killed,
    /// There is none that lives.
    NoCode,
}

/// How long a code lives.
pub const CODE_LIVES: TimeDelta = TimeDelta::seconds(120);

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::days(1);

impl CodeLength {
    /// 4 digits.
    pub const SHORTEST: Self = Self(4);

    /// 4, 5 or 6 digits.
    #[must_use]
    pub const fn new(digits: u32) -> Option<Self> {
        match digits {
            4..=6 => Some(Self(digits)),
            _ => None,
        }
    }

    /// How many digits.
    #[must_use]
    pub const fn digits(self) -> u32 {
        self.0
    }
}

impl Default for CodeRules {
    fn default() -> Self {
        Self {
            length: CodeLength::SHORTEST,
            gap_seconds: 60,
            per_hour: 5,
            per_day: 10,
            tries: 5,
            tries_per_hour: 20,
            reset_tries_per_day: 10,
        }
    }
}

impl PhoneRecord {
    /// Counts a wish for a code.
    ///
    /// # Errors
    /// Until when the phone waits: the gap, the hour or the day is not over. Then nothing is counted.
    pub fn ask(&mut self, rules: &CodeRules, now: DateTime<Utc>) -> Result<(), Wait> {
        forget(&mut self.asked, DAY, now);
        let gap = TimeDelta::seconds(i64::from(rules.gap_seconds));
        let waits = [
            room(&self.asked, u32::from(rules.gap_seconds > 0), gap, now),
            room(&self.asked, rules.per_hour, HOUR, now),
            room(&self.asked, rules.per_day, DAY, now),
        ];
        longest(waits)?;
        self.asked.push(now);
        Ok(())
    }

    /// Counts a try at a code, right or wrong.
    ///
    /// # Errors
    /// Until when the phone waits. Then nothing is counted.
    pub fn attempt(&mut self, rules: &CodeRules, purpose: CodePurpose, now: DateTime<Utc>) -> Result<(), Wait> {
        forget(&mut self.tried, HOUR, now);
        forget(&mut self.reset_tried, DAY, now);
        let is_reset = purpose == CodePurpose::PasswordReset;
        let in_a_day = if is_reset { rules.reset_tries_per_day } else { 0 };
        let waits = [
            room(&self.tried, rules.tries_per_hour, HOUR, now),
            room(&self.reset_tried, in_a_day, DAY, now),
        ];
        longest(waits)?;
        self.tried.push(now);
        if is_reset {
            self.reset_tried.push(now);
        }
        Ok(())
    }

    /// Notes that the phone is told that it has an account; `false` when it was told within a day.
    pub fn tell(&mut self, now: DateTime<Utc>) -> bool {
        let is_fresh = self
            .told_at
            .is_some_and(|told_at| told_at <= now && now < later(told_at, DAY));
        if !is_fresh {
            self.told_at = Some(now);
        }
        !is_fresh
    }
}

impl StandingCode {
    /// What a try comes to. A code that seems to come from the future lives as little as one that expired: a clock that was set
    /// back revives none.
    #[must_use]
    pub fn judge(&self, is_right: bool, rules: &CodeRules, now: DateTime<Utc>) -> Verdict {
        let lives = (self.created_at..self.expires_at).contains(&now);
        let tries = i64::from(rules.tries);
        if !lives || (tries > 0 && self.attempts >= tries) {
            return Verdict::NoCode;
        }
        if is_right {
            return Verdict::Right;
        }
        if tries > 0 && self.attempts.saturating_add(1) >= tries {
            Verdict::Killed
        } else {
            Verdict::Wrong
        }
    }
}

/// Drops what is over; after a clock was set back, also what has not come yet, so that nobody is locked out.
fn forget(times: &mut Vec<DateTime<Utc>>, window: TimeDelta, now: DateTime<Utc>) {
    times.retain(|at| *at <= now && now < later(*at, window));
}

/// When one more has room within the window, if not now. Times are in their order.
fn room(times: &[DateTime<Utc>], most: u32, window: TimeDelta, now: DateTime<Utc>) -> Option<Wait> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if most == 0 {
        return None;
    }
    let within: Vec<_> = times.iter().filter(|at| now < later(**at, window)).collect();
    let first_to_go = within.len().checked_sub(most)?;
    within.get(first_to_go).map(|at| Wait {
        until: later(**at, window),
    })
}

fn longest<const N: usize>(waits: [Option<Wait>; N]) -> Result<(), Wait> {
    match waits.into_iter().flatten().max_by_key(|wait| wait.until) {
        Some(wait) => Err(wait),
        None => Ok(()),
    }
}

fn later(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::collection;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::{CodeLength, CodePurpose, CodeRules, PhoneRecord, StandingCode, Verdict, Wait};

    const RULES: fn() -> CodeRules = CodeRules::default;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000_000 + seconds, 0).unwrap()
    }

    fn wait(seconds: i64) -> Result<(), Wait> {
        Err(Wait { until: at(seconds) })
    }

    #[test]
    fn a_code_has_four_to_six_digits() {
        let lengths = [0, 3, 4, 6, 7].map(|digits| CodeLength::new(digits).map(CodeLength::digits));

        assert_eq!(lengths, [None, None, Some(4), Some(6), None]);
    }

    #[test]
    fn a_phone_waits_a_minute_between_two_codes_and_longer_after_five() {
        let mut record = PhoneRecord::default();

        assert_eq!(record.ask(&RULES(), at(0)), Ok(()));
        assert_eq!(record.ask(&RULES(), at(59)), wait(60));
        for minute in 1..5 {
            assert_eq!(record.ask(&RULES(), at(60 * minute)), Ok(()));
        }
        assert_eq!(record.ask(&RULES(), at(300)), wait(3600));
        assert_eq!(record.ask(&RULES(), at(3600)), Ok(()));
        for minute in 1..5 {
            assert_eq!(record.ask(&RULES(), at(3600 + 60 * minute)), Ok(()));
        }
        assert_eq!(record.ask(&RULES(), at(2 * 3600)), wait(24 * 3600));
        assert_eq!(record.ask(&RULES(), at(24 * 3600)), Ok(()));
    }

    #[test]
    fn tries_at_codes_for_another_password_are_counted_by_the_day_as_well() {
        let mut record = PhoneRecord::default();

        for _ in 0..10 {
            assert_eq!(record.attempt(&RULES(), CodePurpose::PasswordReset, at(0)), Ok(()));
        }
        assert_eq!(
            record.attempt(&RULES(), CodePurpose::PasswordReset, at(1)),
            wait(24 * 3600)
        );
        for _ in 0..10 {
            assert_eq!(record.attempt(&RULES(), CodePurpose::Register, at(1)), Ok(()));
        }
        assert_eq!(record.attempt(&RULES(), CodePurpose::Register, at(1)), wait(3600));
        assert_eq!(record.attempt(&RULES(), CodePurpose::Register, at(3600)), Ok(()));
        assert_eq!(
            record.attempt(&RULES(), CodePurpose::PasswordReset, at(3600)),
            wait(24 * 3600)
        );
    }

    #[test]
    fn an_owner_is_told_of_his_account_once_a_day() {
        let mut record = PhoneRecord::default();

        assert!(record.tell(at(0)));
        assert!(!record.tell(at(24 * 3600 - 1)));
        assert!(record.tell(at(24 * 3600)));
    }

    #[test]
    fn the_fifth_wrong_try_kills_a_code_and_time_does() {
        let code = |attempts| StandingCode {
            attempts,
            created_at: at(0),
            expires_at: at(120),
        };

        assert_eq!(code(0).judge(true, &RULES(), at(0)), Verdict::Right);
        assert_eq!(code(4).judge(true, &RULES(), at(119)), Verdict::Right);
        assert_eq!(code(3).judge(false, &RULES(), at(1)), Verdict::Wrong);
        assert_eq!(code(4).judge(false, &RULES(), at(1)), Verdict::Killed);
        assert_eq!(code(5).judge(true, &RULES(), at(1)), Verdict::NoCode);
        assert_eq!(code(0).judge(true, &RULES(), at(120)), Verdict::NoCode);
        assert_eq!(
            code(0).judge(true, &RULES(), at(-1)),
            Verdict::NoCode,
            "a clock was set back"
        );
    }

    proptest! {
        /// However a phone asks: of any hour at most five codes, of any day ten, none within a minute of another; and whoever
        /// waits as long as he is told gets one.
        #[test]
        fn of_any_window_a_phone_gets_no_more_codes_than_are_allowed(
            steps in collection::vec((0_i64..4000, any::<bool>()), 1..80)
        ) {
            let (mut record, mut now, mut given) = (PhoneRecord::default(), 0_i64, Vec::new());
            for (step, waits) in steps {
                now += step;
                match record.ask(&RULES(), at(now)) {
                    Ok(()) => given.push(now),
                    Err(Wait { until }) => {
                        prop_assert!(until > at(now));
                        if waits {
                            now = (until - at(0)).num_seconds();
                            prop_assert_eq!(record.ask(&RULES(), at(now)), Ok(()));
                            given.push(now);
                        }
                    }
                }
            }
            for (window, most) in [(60, 1), (3600, 5), (24 * 3600, 10)] {
                for start in &given {
                    let within = given.iter().filter(|at| (*start..*start + window).contains(*at)).count();
                    prop_assert!(within <= most, "{within} within {window} s of {start}");
                }
            }
            prop_assert!(record.asked.len() <= 10);
        }

        /// A clock that jumps to and fro locks nobody out for longer than a day of its own time.
        #[test]
        fn a_clock_that_jumps_locks_no_phone_out(jumps in collection::vec(any::<i32>(), 0..40)) {
            let mut record = PhoneRecord::default();
            for jump in jumps {
                let now = at(i64::from(jump));
                let asked = record.ask(&RULES(), now);
                prop_assert!(asked.err().is_none_or(|wait| wait.until <= now + TimeDelta::days(1)));
            }
        }
    }
}
