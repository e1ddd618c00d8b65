//! How often somebody may do something (shop.md 1.7, pharmacy.md 1.4).
//!
//! Whoever does more waits; nobody is locked out for good. Time is the context's. What was done is counted behind [`Tally`]:
//! in the memory of the process by [`InMemory`], and where several servers must count together, in a store that they share.

mod memory;

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::access::Origin;

use crate::{Error, Result};

pub use memory::InMemory;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Failed log-ins to one account, or by one unknown name, from one address.
    LoginsOfAccount,
    /// Failed log-ins from one address.
    LoginsOfAddress,
    /// Registrations from one address.
    Registrations,
    /// Wishes for a new password by one e-mail address, from one address.
    ResetsOfEmail,
    /// Wishes for a new password from one address.
    ResetsOfAddress,
    /// Codes asked for from one address.
    CodesOfAddress,
    /// Tries at codes from one address.
    CodeTriesOfAddress,
    /// Passwords, his own or a worker's, that somebody who is signed in has hashed or checked.
    PasswordsOfUser,
    /// Requests of somebody who is signed in that move or change many things at once.
    BulkOfUser,
    /// Prescriptions that somebody sends.
    PrescriptionsOfUser,
    /// Requests of somebody who is signed in.
    RequestsOfUser,
    /// Requests of somebody who is not, from one address.
    RequestsOfAddress,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::LoginsOfAccount,
        Self::LoginsOfAddress,
        Self::Registrations,
        Self::ResetsOfEmail,
        Self::ResetsOfAddress,
        Self::CodesOfAddress,
        Self::CodeTriesOfAddress,
        Self::PasswordsOfUser,
        Self::BulkOfUser,
        Self::PrescriptionsOfUser,
        Self::RequestsOfUser,
        Self::RequestsOfAddress,
    ];

    /// What it is called by whoever watches the installation.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LoginsOfAccount => "logins_of_account",
            Self::LoginsOfAddress => "logins_of_address",
            Self::Registrations => "registrations",
            Self::ResetsOfEmail => "resets_of_email",
            Self::ResetsOfAddress => "resets_of_address",
            Self::CodesOfAddress => "codes_of_address",
            Self::CodeTriesOfAddress => "code_tries_of_address",
            Self::PasswordsOfUser => "passwords_of_user",
            Self::BulkOfUser => "bulk_of_user",
            Self::PrescriptionsOfUser => "prescriptions_of_user",
            Self::RequestsOfUser => "requests_of_user",
            Self::RequestsOfAddress => "requests_of_address",
        }
    }
}

/// So many within such a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many; 0: any number.
    pub most: u32,
    /// Within which time.
    pub window: TimeDelta,
}

/// The rate of each limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Failed log-ins a minute to one account from one address; 0: any number, as for the rest.
    pub logins_of_account: u32,
    /// Failed log-ins a minute from one address.
    pub logins_of_address: u32,
    /// Registrations a minute from one address.
    pub registrations: u32,
    /// Wishes for a new password an hour by one e-mail address from one address.
    pub resets_of_email: u32,
    /// Wishes for a new password an hour from one address.
    pub resets_of_address: u32,
    /// Codes asked for an hour from one address.
    pub codes_of_address: u32,
    /// Tries at codes an hour from one address.
    pub code_tries_of_address: u32,
    /// Passwords a minute that one user has hashed.
    pub passwords_of_user: u32,
    /// Requests a minute of one user that move or change many things at once.
    pub bulk_of_user: u32,
    /// Prescriptions a day of one user.
    pub prescriptions_of_user: u32,
    /// Requests a minute of one user.
    pub requests_of_user: u32,
    /// Requests a minute from one address without an account.
    pub requests_of_address: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            logins_of_account: 10,
            logins_of_address: 60,
            registrations: 10,
            resets_of_email: 5,
            resets_of_address: 20,
            codes_of_address: 20,
            code_tries_of_address: 60,
            passwords_of_user: 20,
            bulk_of_user: 20,
            prescriptions_of_user: 20,
            requests_of_user: 1200,
            requests_of_address: 600,
        }
    }
}

impl Rates {
    /// The rate of a limit.
    #[must_use]
    pub const fn of(&self, limit: Limit) -> Rate {
        let (most, minutes) = match limit {
            Limit::LoginsOfAccount => (self.logins_of_account, 1),
            Limit::LoginsOfAddress => (self.logins_of_address, 1),
            Limit::Registrations => (self.registrations, 1),
            Limit::ResetsOfEmail => (self.resets_of_email, 60),
            Limit::ResetsOfAddress => (self.resets_of_address, 60),
            Limit::CodesOfAddress => (self.codes_of_address, 60),
            Limit::CodeTriesOfAddress => (self.code_tries_of_address, 60),
            Limit::PasswordsOfUser => (self.passwords_of_user, 1),
            Limit::BulkOfUser => (self.bulk_of_user, 1),
            Limit::PrescriptionsOfUser => (self.prescriptions_of_user, 24 * 60),
            Limit::RequestsOfUser => (self.requests_of_user, 1),
            Limit::RequestsOfAddress => (self.requests_of_address, 1),
        };
        Rate {
            most,
            window: TimeDelta::minutes(minutes),
        }
    }
}

/// Steps of a window. A count is kept for one more, never less than the window.
pub const STEPS: i64 = 60;

/// A sixtieth of a window, numbered since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub number: i64,
    micros: i64,
}

impl Step {
    /// The step of such a window at this time.
    #[must_use]
    pub fn of(rate: Rate, now: DateTime<Utc>) -> Self {
        let micros = rate.window.num_microseconds().unwrap_or(i64::MAX).max(STEPS) / STEPS;
        Self {
            number: now.timestamp_micros().div_euclid(micros),
            micros,
        }
    }

    /// When the step of this number begins.
    #[must_use]
    pub fn begin_of(self, number: i64) -> DateTime<Utc> {
        let begin = DateTime::from_timestamp_micros(number.saturating_mul(self.micros));
        begin.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// Counts what was done.
///
/// A count is kept for the window of its rate, never shorter. What one cannot answer it lets pass: a limit that is away must
/// not stop the shop.
pub trait Tally: Send + Sync {
    /// Counts one more of `subject`, unless as many as the rate allows are counted already; then says when there is room.
    fn take(
        &self,
        limit: Limit,
        subject: &str,
        rate: Rate,
        now: DateTime<Utc>,
    ) -> std::result::Result<(), DateTime<Utc>>;

    /// What [`Tally::take`] would refuse for certain, from what this process knows; it counts nothing and waits for nobody.
    fn refused_already(
        &self,
        limit: Limit,
        subject: &str,
        rate: Rate,
        now: DateTime<Utc>,
    ) -> std::result::Result<(), DateTime<Utc>>;

    /// Counts the last one less.
    fn give_back(&self, limit: Limit, subject: &str, now: DateTime<Utc>);

    /// Whether who counts may wait for another process: then he does so on a thread that may.
    fn makes_wait(&self) -> bool;
}

/// The limits of an installation. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    rates: Rates,
    tally: Arc<dyn Tally>,
}

impl Limits {
    /// Limits counted by `tally`.
    #[must_use]
    pub fn new(rates: Rates, tally: Arc<dyn Tally>) -> Self {
        Self { rates, tally }
    }

    /// Limits counted in the memory of this process.
    #[must_use]
    pub fn in_memory(rates: Rates) -> Self {
        Self::new(rates, Arc::new(InMemory::default()))
    }

    /// Whether who counts may wait for another process.
    pub(crate) fn make_wait(&self) -> bool {
        self.tally.makes_wait()
    }

    /// Counts one more.
    ///
    /// # Errors
    /// [`Error::Throttled`] when there were as many as may be.
    pub(crate) fn take(&self, limit: Limit, subject: &str, now: DateTime<Utc>) -> Result<()> {
        self.ask(limit, now, |rate| self.tally.take(limit, subject, rate, now))
    }

    /// Refuses what this process knows to be too many, without counting or waiting.
    ///
    /// # Errors
    /// As [`Limits::take`].
    pub(crate) fn refuse_early(&self, limit: Limit, subject: &str, now: DateTime<Utc>) -> Result<()> {
        self.ask(limit, now, |rate| self.tally.refused_already(limit, subject, rate, now))
    }

    fn ask(
        &self,
        limit: Limit,
        now: DateTime<Utc>,
        ask: impl FnOnce(Rate) -> std::result::Result<(), DateTime<Utc>>,
    ) -> Result<()> {
        let rate = self.rates.of(limit);
        if rate.most == 0 {
            return Ok(());
        }
        ask(rate).map_err(|room_at| Error::Throttled {
            retry_after_seconds: wait_seconds(room_at, now),
        })
    }

    /// Counts the last one less: it was none of those that are limited.
    pub(crate) fn give_back(&self, limit: Limit, subject: &str, now: DateTime<Utc>) {
        if self.rates.of(limit).most > 0 {
            self.tally.give_back(limit, subject, now);
        }
    }
}

/// How many seconds it is until then, rounded up: whoever waits that long finds room.
pub(crate) fn wait_seconds(until: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    let wait_ms = (until - now).num_milliseconds().max(1);
    let seconds = wait_ms.saturating_add(999).checked_div(1000).unwrap_or(1);
    u64::try_from(seconds).unwrap_or(1)
}

/// Where a request comes from, as it is counted.
pub(crate) fn network_of_origin(origin: &Origin) -> String {
    origin.ip.parse().map_or_else(|_| origin.ip.clone(), network_of)
}

/// An address as it is counted: of IPv6 the network, since one customer has as many addresses in it as he likes.
#[must_use]
pub fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network_of;

    #[test]
    fn addresses_of_one_network_are_counted_as_one() {
        let counted = |text: &str| network_of(text.parse().unwrap());

        assert_eq!(counted("::ffff:1.2.3.4"), counted("1.2.3.4"));
        assert_eq!(counted("2001:db8::1"), counted("2001:db8:0:0:ffff::2"));
        assert_ne!(counted("2001:db8::1"), counted("2001:db8:0:1::1"));
        assert_ne!(counted("1.2.3.4"), counted("1.2.3.5"));
    }
}
