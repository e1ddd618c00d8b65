//! A small world for tests: a throw-away database, a clock that stands still, and builders of legal things.
//!
//! Builders go through the use-cases, so that a test stands on what the server itself could have made.

#![expect(clippy::panic, reason = "a test without its world cannot go on")]

mod catalogue;
mod click;
mod desks;
mod expenses;
mod faults;
mod ledger;
mod mailbox;
mod notices;
mod people;
mod pictures;
mod sale_returns;
mod shifts;
mod stock;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use chrono::{DateTime, Utc};
use savdo_domain::Refusal;
use savdo_domain::access::Origin;
use savdo_domain::account::{CodeLength, CodeRules};
use savdo_persistence::testing::TestDatabase;
use tempfile::TempDir;

use crate::desks::Desks;
use crate::keys::Secret;
use crate::limits::{Limits, Rates};
use crate::marks::InMemoryMarks;
use crate::prescriptions::Keeping;
use crate::{Context, ContextSettings, Error, FileKey, FileKeys, FixedClock};

pub use catalogue::Goods;
pub use click::{ClickDouble, ClickFails};
pub use desks::{CLICK_SECRET, CLICK_SERVICE, PAYME_KEY, PAYME_MERCHANT, desks};
pub use expenses::expense;
pub use ledger::at_once;
pub use mailbox::Mailbox;
pub use people::{PASSWORD, Shop, register};
pub use pictures::picture;
pub use sale_returns::back;
pub use shifts::{end, shift};
pub use stock::{issue, money, quantity, receipt, sale};

/// A throw-away installation.
pub struct World {
    /// What the use-cases work with.
    pub context: Context,
    /// The time, which stands still until it is moved.
    pub clock: Arc<FixedClock>,
    /// Kept until the end of the test.
    pub database: TestDatabase,
    /// How many people there are: no two have the same name or phone.
    people: AtomicU32,
    /// Where its files are: of all its servers the same.
    files: TempDir,
}

impl World {
    /// An empty installation on the morning of 12 March 2026 in Tashkent.
    #[must_use]
    pub fn on(database: TestDatabase) -> Self {
        Self::with(database, Rates::default())
    }

    /// An installation that lets everybody do everything as often as he likes: for walks through all that can be asked.
    #[must_use]
    pub fn unlimited(database: TestDatabase) -> Self {
        let rates = Rates {
            logins_of_account: 0,
            logins_of_address: 0,
            registrations: 0,
            resets_of_email: 0,
            resets_of_address: 0,
            codes_of_address: 0,
            code_tries_of_address: 0,
            passwords_of_user: 0,
            bulk_of_user: 0,
            prescriptions_of_user: 0,
            requests_of_user: 0,
            requests_of_address: 0,
        };
        Self::with(database, rates)
    }

    fn with(database: TestDatabase, rates: Rates) -> Self {
        let morning: DateTime<Utc> = "2026-03-12T05:00:00Z"
            .parse()
            .unwrap_or_else(|error| panic!("no time to start at: {error}"));
        let clock = Arc::new(FixedClock::at(morning));
        let files = TempDir::new().unwrap_or_else(|error| panic!("no folder for files: {error}"));
        let context = context(&database, &clock, rates, files.path());
        Self {
            context,
            clock,
            database,
            people: AtomicU32::new(0),
            files,
        }
    }

    /// What a server of the same installation works with that hashes passwords at another cost.
    #[must_use]
    pub fn hashing_at(&self, password_cost: u32) -> Context {
        let rates = Rates::default();
        context_hashing_at(password_cost, &self.database, &self.clock, rates, self.files.path())
    }

    /// Where its files are.
    #[must_use]
    pub fn files(&self) -> &Path {
        self.files.path()
    }

    /// What a server of the same installation works with whose keys for files are these digits; its own is `1`.
    #[must_use]
    pub fn with_file_keys(&self, current: char, old: &[char]) -> Context {
        let old = old.iter().map(|digit| file_key(*digit)).collect();
        let keys = FileKeys::new(file_key(current), old);
        context_with(
            4,
            &self.database,
            &self.clock,
            Rates::default(),
            (self.files.path(), keys),
            desks(PAYME_KEY, CLICK_SECRET),
        )
    }

    /// What a server of the same installation works with that has these desks at providers of payments.
    #[must_use]
    pub fn with_desks(&self, desks: Desks) -> Context {
        let keys = FileKeys::new(file_key('1'), Vec::new());
        let files = (self.files.path(), keys);
        context_with(4, &self.database, &self.clock, Rates::default(), files, desks)
    }

    /// What another server of the same installation works with.
    #[must_use]
    pub fn another_server(&self) -> Context {
        context(&self.database, &self.clock, Rates::default(), self.files.path())
    }
}

fn context(database: &TestDatabase, clock: &Arc<FixedClock>, rates: Rates, files: &Path) -> Context {
    context_hashing_at(4, database, clock, rates, files)
}

fn context_hashing_at(
    password_cost: u32,
    database: &TestDatabase,
    clock: &Arc<FixedClock>,
    rates: Rates,
    files: &Path,
) -> Context {
    context_with(
        password_cost,
        database,
        clock,
        rates,
        (files, FileKeys::new(file_key('1'), Vec::new())),
        desks(PAYME_KEY, CLICK_SECRET),
    )
}

fn context_with(
    password_cost: u32,
    database: &TestDatabase,
    clock: &Arc<FixedClock>,
    rates: Rates,
    (files, file_keys): (&Path, FileKeys),
    desks: Desks,
) -> Context {
    let secret = Secret::new(&[7; Secret::LENGTH_MIN]).unwrap_or_else(|error| panic!("{error}"));
    let code_rules = if rates.codes_of_address == 0 {
        NO_CODE_LIMITS
    } else {
        CodeRules::default()
    };
    Context::new(ContextSettings {
        database: database.handle(),
        clock: Arc::<FixedClock>::clone(clock),
        secret,
        password_cost,
        code_rules,
        limits: Limits::in_memory(rates),
        marks: Arc::new(InMemoryMarks::default()),
        files: files.to_owned(),
        file_keys,
        keeping: Keeping::default(),
        desks,
    })
}

/// Codes as often as anybody likes.
const NO_CODE_LIMITS: CodeRules = CodeRules {
    gap_seconds: 0,
    per_hour: 0,
    per_day: 0,
    tries: 0,
    tries_per_hour: 0,
    reset_tries_per_day: 0,
    length: CodeLength::SHORTEST,
};
/// The key for files that begins with this digit.
#[must_use]
pub fn file_key(digit: char) -> FileKey {
    FileKey::parse(&format!(
        "{digit}0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
    ))
    .unwrap_or_else(|error| panic!("{error}"))
}

/// The origin of a request in a test.
#[must_use]
pub fn origin() -> Origin {
    Origin {
        ip: "127.0.0.1".to_owned(),
        user_agent: "test".to_owned(),
        request_id: "test-request".to_owned(),
    }
}

/// Why a use-case was refused; anything else fails the test.
#[track_caller]
pub fn refusal<T>(outcome: crate::Result<T>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("it failed: {other}"),
        Ok(_) => panic!("it was not refused"),
    }
}
