//! What every use-case works with: the database, the time, the keys.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Origin};
use savdo_domain::account::CodeRules;
use savdo_persistence::paging::{Counts, Page, Wanted};
use savdo_persistence::replica_reads::Fallback;
use savdo_persistence::{Database, Reader};

use crate::Result;
use crate::accounts::{Passwords, Tokens};
use crate::clock::Clock;
use crate::desks::{DeskBook, Desks};
use crate::file_keys::FileKeys;
use crate::files::{Files, Pictures};
use crate::keys::{Purpose, Secret};
use crate::limits::{Limit, Limits};
use crate::marks::{self, Latest, Marks};
use crate::metrics::{Counters, Histogram, ProviderCall};
use crate::once::{InFlight, Sealer};
use crate::prescriptions::{Keeping, Tickets};
use crate::sealing::Seals;

/// The world of the use-cases. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
}

/// What a [`Context`] is made from.
pub struct ContextSettings {
    /// The open database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The installation's secret.
    pub secret: Secret,
    /// The cost of a password hash (bcrypt, 4 to 31).
    pub password_cost: u32,
    /// How often somebody may do something.
    pub limits: Limits,
    /// Who wrote last where, for the replica.
    pub marks: Arc<dyn Marks>,
    /// How one-time codes are given out and tried.
    pub code_rules: CodeRules,
    /// The folder of pictures and receipts.
    pub files: PathBuf,
    /// The keys under which pictures of prescriptions lie there.
    pub file_keys: FileKeys,
    /// How long those are kept.
    pub keeping: Keeping,
    /// Its desks at providers of payments, as they are configured.
    pub desks: Desks,
}

struct Shared {
    database: Database,
    clock: Arc<dyn Clock>,
    passwords: Passwords,
    tokens: Tokens,
    bodies: Sealer,
    limits: Limits,
    marks: Arc<dyn Marks>,
    counters: Counters,
    in_flight: InFlight,
    sealer: Seals,
    cursors: Sealer,
    codes: Sealer,
    code_rules: CodeRules,
    counts: Counts,
    files: Files,
    pictures: Pictures,
    file_keys: FileKeys,
    keeping: Keeping,
    tickets: Tickets,
    desks: DeskBook,
}

impl Context {
    /// A context over an open, migrated database.
    #[must_use]
    pub fn new(settings: ContextSettings) -> Self {
        Self {
            shared: Arc::new(Shared {
                database: settings.database,
                clock: settings.clock,
                passwords: Passwords::new(settings.password_cost),
                tokens: Tokens::new(&settings.secret.key(Purpose::Tokens)),
                bodies: Sealer::new(settings.secret.key(Purpose::Bodies)),
                limits: settings.limits,
                marks: settings.marks,
                counters: Counters::default(),
                in_flight: InFlight::default(),
                sealer: Seals::new(settings.secret.key(Purpose::Sealing)),
                cursors: Sealer::new(settings.secret.key(Purpose::Cursors)),
                codes: Sealer::new(settings.secret.key(Purpose::Codes)),
                code_rules: settings.code_rules,
                counts: Counts::default(),
                files: Files::below(settings.files),
                pictures: Pictures::new(),
                file_keys: settings.file_keys,
                keeping: settings.keeping,
                tickets: Tickets::new(settings.secret.key(Purpose::Tickets)),
                desks: DeskBook::new(settings.desks, Seals::new(settings.secret.key(Purpose::Desks))),
            }),
        }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// The time, in whole microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.clock.now()
    }

    /// The desks at providers of payments, as they stand or stood a moment ago.
    ///
    /// # Errors
    /// A database that does not tell them: then nobody is let in.
    pub fn desks(&self) -> Result<Arc<Desks>> {
        self.shared.desks.read(self.database(), self.now())
    }

    /// As [`Context::desks`], where that waits for nobody.
    #[must_use]
    pub fn desks_at_hand(&self) -> Option<Arc<Desks>> {
        self.shared.desks.at_hand(self.now())
    }

    /// What the desks are read and changed by.
    #[must_use]
    pub(crate) fn desk_book(&self) -> &DeskBook {
        &self.shared.desks
    }

    /// Counts one more of what is limited, of somebody.
    ///
    /// # Errors
    /// [`Error::Throttled`](crate::Error::Throttled) when there were as many as may be.
    pub fn admit(&self, limit: Limit, subject: &str) -> Result<()> {
        let admitted = self.shared.limits.take(limit, subject, self.now());
        admitted.inspect_err(|_| self.shared.counters.throttled(limit))
    }

    /// Refuses what [`Context::admit`] would refuse for certain, counting nothing and waiting for nobody.
    ///
    /// # Errors
    /// As [`Context::admit`].
    pub fn refuse_early(&self, limit: Limit, subject: &str) -> Result<()> {
        let refused = self.shared.limits.refuse_early(limit, subject, self.now());
        refused.inspect_err(|_| self.shared.counters.throttled(limit))
    }

    /// Whether [`Context::admit`] may wait for another process: then it is called on a thread that may.
    #[must_use]
    pub fn limits_make_wait(&self) -> bool {
        self.shared.limits.make_wait()
    }

    /// How many were turned away so far, by the code of what they did too often.
    #[must_use]
    pub fn throttled(&self) -> BTreeMap<&'static str, u64> {
        self.shared.counters.all_throttled()
    }

    /// How many keyed requests got their first answer again so far.
    #[must_use]
    pub fn replays(&self) -> u64 {
        self.shared.counters.replays()
    }

    /// How often a provider was asked so far to give money back, by the code of what became of it.
    #[must_use]
    pub fn reversals(&self) -> BTreeMap<&'static str, u64> {
        self.shared.counters.all_reversals()
    }

    /// How many payments a provider knew otherwise than we so far.
    #[must_use]
    pub fn differing_payments(&self) -> u64 {
        self.shared.counters.differing()
    }

    /// How often a desk could not be compared so far, or a day or an attempt of one was given up.
    #[must_use]
    pub fn comparison_failures(&self) -> u64 {
        self.shared.counters.comparison_failures()
    }

    /// What is counted of calls to providers.
    #[must_use]
    pub(crate) fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// Notes that a keyed request gets its first answer again.
    pub(crate) fn replayed(&self) {
        self.shared.counters.replayed();
    }

    /// Notes that a provider of payments called us, or we it, and how long that took.
    pub fn provider_called(&self, call: ProviderCall, elapsed: Duration) {
        self.shared.counters.provider_called(call, elapsed);
    }

    /// How long calls between providers of payments and us took so far.
    #[must_use]
    pub fn provider_calls(&self) -> BTreeMap<ProviderCall, Histogram> {
        self.shared.counters.provider_calls()
    }

    /// Counts the last one less.
    pub(crate) fn readmit(&self, limit: Limit, subject: &str) {
        self.shared.limits.give_back(limit, subject, self.now());
    }

    /// Hashes passwords and checks them.
    #[must_use]
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.shared.passwords
    }

    /// Signs tokens and reads them.
    #[must_use]
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.shared.tokens
    }

    /// What is kept of a body to know it again.
    #[must_use]
    pub(crate) fn seal_of(&self, body: &[u8]) -> String {
        self.shared.bodies.seal(body)
    }

    /// What is kept of a one-time code.
    #[must_use]
    pub(crate) fn seal_of_code(&self, code: &[u8]) -> String {
        self.shared.codes.seal(code)
    }

    /// How one-time codes are given out and tried.
    #[must_use]
    pub(crate) fn code_rules(&self) -> &CodeRules {
        &self.shared.code_rules
    }

    /// What tells our cursors from others.
    #[must_use]
    pub(crate) fn seal_of_cursor(&self, cursor: &[u8]) -> String {
        self.shared.cursors.seal(cursor)
    }

    /// Reads a page now: whatever `work` asks, count and rows included, sees the database at one moment.
    ///
    /// # Errors
    /// Those of `work`, and a database that is busy.
    pub(crate) fn list<'a, T, E: From<savdo_persistence::Error>>(
        &self,
        caller: impl Into<Option<&'a Actor>>,
        name: &'static str,
        page: &Page,
        mut work: impl FnMut(&mut Reader<'_>, Wanted<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let wanted = Wanted::new(page, &self.shared.counts, self.now());
        self.report(caller, name, |reader| work(reader, wanted))
    }

    /// Reads what nobody decides by, at one moment: from the replica where there is one, as soon as it has what the caller wrote.
    ///
    /// # Errors
    /// As [`Context::list`].
    pub(crate) fn report<'a, T, E: From<savdo_persistence::Error>>(
        &self,
        caller: impl Into<Option<&'a Actor>>,
        name: &'static str,
        work: impl FnMut(&mut Reader<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let database = self.database();
        if !database.has_replica() {
            return database.read_consistent(name, work);
        }
        let writers = caller
            .into()
            .map(|actor| [marks::user(actor), marks::address(&actor.origin)]);
        match self
            .shared
            .marks
            .latest(writers.as_ref().map_or(&[], <[_; 2]>::as_slice))
        {
            Latest::Known(least) => database.read_replayed(name, least, work),
            Latest::Unknown => {
                database.probe().replica().fell_back(Fallback::Unmarked);
                database.read_consistent(name, work)
            }
        }
    }

    /// Whether lists are read from a replica: then whoever may have written is noted before he is answered.
    #[must_use]
    pub fn has_replica(&self) -> bool {
        self.database().has_replica()
    }

    /// Notes that the caller, or somebody who is not signed in, may have written just now.
    ///
    /// # Errors
    /// A database that is busy.
    pub fn note_write(&self, caller: Option<&Actor>, origin: &Origin) -> Result<()> {
        let end = self.database().log_end()?;
        let writer = caller.map_or_else(|| marks::address(origin), marks::user);
        self.shared.marks.note(&writer, end);
        Ok(())
    }

    /// Pictures and receipts.
    #[must_use]
    pub(crate) fn files(&self) -> &Files {
        &self.shared.files
    }

    /// Makes pictures anew.
    #[must_use]
    pub(crate) fn pictures(&self) -> &Pictures {
        &self.shared.pictures
    }

    /// The keys of the installation for files.
    #[must_use]
    pub(crate) fn file_keys(&self) -> &FileKeys {
        &self.shared.file_keys
    }

    /// How long pictures of prescriptions are kept.
    #[must_use]
    pub(crate) fn keeping(&self) -> Keeping {
        self.shared.keeping
    }

    /// What a browser shows a picture of a prescription by.
    #[must_use]
    pub(crate) fn tickets(&self) -> &Tickets {
        &self.shared.tickets
    }

    /// The keyed requests under way.
    #[must_use]
    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.shared.in_flight
    }

    /// Seals what must not be read in the database.
    #[must_use]
    pub(crate) fn sealer(&self) -> &Seals {
        &self.shared.sealer
    }
}

#[cfg(feature = "testing")]
impl Context {
    /// How many passwords were hashed or checked so far.
    #[must_use]
    pub fn hashings(&self) -> u64 {
        self.shared.passwords.hashings()
    }

    /// Turns away all passwords that are to be hashed or checked after so many more.
    pub fn hash_no_more_after(&self, hashings: u64) {
        self.shared.passwords.hash_no_more_after(hashings);
    }

    /// Faults that a test makes on the disk of the files.
    #[must_use]
    pub fn file_faults(&self) -> &crate::files::Faults {
        self.shared.files.faults()
    }

    /// All files that are stored, as `drawer/name`, in order.
    #[must_use]
    pub fn stored_files(&self) -> Vec<String> {
        self.shared.files.all()
    }
}
