//! What is particular to PostgreSQL: how a connection is prepared, and a transaction that is run again.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_types};

use super::manager::PooledConnection;
use super::{DatabaseSettings, Tx};
use crate::connection::AnyConnection;
use crate::error::{BusyCause, ConnectError, Error, FaultKind};
use crate::probe::Probe;
use crate::url::DatabaseUrl;

const RETRIES_MAX: u32 = 5;
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const OLDEST_VERSION: i32 = 130_000;

/// Runs `work` in a READ COMMITTED transaction, again after a serialization failure or a dead-lock.
pub(super) fn write<T, E: From<Error>>(
    name: &'static str,
    probe: &Probe,
    checkout: impl Fn() -> Result<PooledConnection, Error>,
    work: impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut retries = 0;
    loop {
        let mut connection = checkout()?;
        let (outcome, again) = connection.in_use(|open| {
            let mut tx = Tx::new(open, name, probe);
            let (outcome, again) = transaction(&mut tx, &work);
            ((outcome, again), tx.is_usable())
        });
        drop(connection);
        if !again || retries >= RETRIES_MAX {
            return outcome;
        }
        retries += 1;
        probe.retried();
        tracing::debug!(name, retries, "Transaction {name} is run again");
        pause(retries);
    }
}

/// One attempt; also answers whether the same work may succeed when run again.
fn transaction<T, E: From<Error>>(tx: &mut Tx<'_>, work: impl Fn(&mut Tx<'_>) -> Result<T, E>) -> (Result<T, E>, bool) {
    if let Err(error) = tx.statement("begin", |on| on.batch_execute(BEGIN)) {
        return (Err(error.into()), false);
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|panic| {
        // The connection is closed behind it, but its end of the server lives a moment longer, and with it what it locked.
        roll_back(tx);
        resume_unwind(panic)
    });
    if let Some((error, kind)) = tx.fault().cloned() {
        roll_back(tx);
        let spoilt = outcome.err().unwrap_or_else(|| error.into());
        return (Err(spoilt), kind == FaultKind::Retryable);
    }
    if outcome.is_err() {
        roll_back(tx);
        return (outcome, false);
    }
    match tx.statement("commit", |on| on.batch_execute("COMMIT")) {
        Ok(()) => (outcome, false),
        Err(error) => match tx.fault().map(|(_, kind)| *kind) {
            Some(FaultKind::Retryable) => (Err(error.into()), true),
            Some(FaultKind::Lost) => (Err(Error::Busy(BusyCause::CommitUnknown).into()), false),
            Some(FaultKind::Final) | None => {
                roll_back(tx);
                (Err(error.into()), false)
            }
        },
    }
}

fn roll_back(tx: &mut Tx<'_>) {
    if tx.is_usable() && tx.statement("rollback", |on| on.batch_execute("ROLLBACK")).is_err() {
        tx.abandon();
    }
}

/// Waits some 3 to 80 ms, longer and more scattered each time.
#[expect(
    clippy::disallowed_methods,
    reason = "there is nothing to wait for but the others to be done"
)]
fn pause(retries: u32) {
    let spread = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), retries) % 100;
    let most = 5_u64 << retries.min(4);
    std::thread::sleep(Duration::from_micros(most * 1_000 * (50 + spread) / 150));
}

/// Adds libpq's own time limits, so that a dead server is noticed within some 15 seconds; what the URL says is kept.
pub(crate) fn with_timeouts(url: &str) -> String {
    let timeouts = [
        ("connect_timeout", "5"),
        ("keepalives_idle", "5"),
        ("keepalives_interval", "3"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "15000"),
        ("application_name", "savdo"),
    ];
    with_parameters(url, &timeouts)
}

/// Adds these parameters where the URL does not say otherwise.
pub(super) fn with_parameters(url: &str, parameters: &[(&str, &str)]) -> String {
    let mut text = url.to_owned();
    for (key, value) in parameters {
        if !url.contains(&format!("{key}=")) {
            text.push(if text.contains('?') { '&' } else { '?' });
            text.push_str(&format!("{key}={value}"));
        }
    }
    text
}

/// Sets the session's time limits, and asks for messages in English, which is how errors without a code are told apart. Statements
/// here are many and short: what the planner thinks long is neither compiled nor given to more processes.
pub(super) fn prepare(connection: &mut PgConnection, settings: &DatabaseSettings) -> QueryResult<()> {
    connection.batch_execute(&format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = 60000; \
         SET jit = off; SET max_parallel_workers_per_gather = 0",
        settings.statement_timeout.as_millis(),
        settings.lock_timeout.as_millis(),
    ))?;
    // Only a superuser may; the start check warns where it matters.
    let _ = connection.batch_execute("SET lc_messages = 'C'");
    Ok(())
}

#[derive(QueryableByName)]
struct ServerRow {
    #[diesel(sql_type = sql_types::Integer)]
    version_number: i32,
    #[diesel(sql_type = sql_types::Text)]
    version: String,
    #[diesel(sql_type = sql_types::Text)]
    fsync: String,
    #[diesel(sql_type = sql_types::Text)]
    messages: String,
}

/// Looks at the server once, before anything else.
pub(super) fn check_server(
    connection: &mut PgConnection,
    url: &DatabaseUrl,
    require_fsync: bool,
) -> Result<(), ConnectError> {
    let server: ServerRow = diesel::sql_query(
        "SELECT current_setting('server_version_num')::integer AS version_number, current_setting('server_version') AS version, \
         current_setting('fsync') AS fsync, current_setting('lc_messages') AS messages",
    )
    .get_result(connection)
    .map_err(|error| Error::from_driver("check_server", &error).0)?;
    let url = url.to_string();
    if is_too_old(server.version_number) {
        return Err(ConnectError::TooOld {
            url,
            version: server.version,
        });
    }
    if require_fsync && server.fsync != "on" {
        return Err(ConnectError::FsyncOff { url });
    }
    let speaks_english = server.messages.is_empty()
        || ["C", "POSIX", "en"]
            .iter()
            .any(|english| server.messages.starts_with(english));
    if !speaks_english {
        tracing::warn!(
            lc_messages = server.messages,
            "PostgreSQL speaks {}: dead-locks and timeouts are not recognised; set lc_messages to C for this role",
            server.messages
        );
    }
    Ok(())
}

/// Whether a server of this `server_version_num` lacks what the statements need.
const fn is_too_old(version_number: i32) -> bool {
    version_number < OLDEST_VERSION
}

impl super::Database {
    /// Whether the data lies in PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.settings().url, DatabaseUrl::Postgres(_))
    }
}

impl AnyConnection {
    /// Whether this is a connection to PostgreSQL.
    #[cfg(test)]
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_too_old, with_timeouts};

    #[test]
    fn a_server_older_than_13_is_refused() {
        let versions = [90_624, 110_022, 120_022, 130_000, 130_014, 170_002];

        assert_eq!(versions.map(is_too_old), [true, true, true, false, false, false]);
    }

    #[test]
    fn time_limits_of_the_url_are_kept() {
        let url = with_timeouts("postgres://h/d?connect_timeout=1");

        assert!(url.starts_with("postgres://h/d?connect_timeout=1&keepalives_idle=5&"));
        assert_eq!(url.matches("connect_timeout").count(), 1);
    }
}
