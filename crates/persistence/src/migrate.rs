//! Brings a database to the schema of this build. Both trees of migrations are embedded.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection, RunQueryDsl, SqliteConnection, sql_types};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::on_each;
use crate::database::{Database, DatabaseSettings, with_timeouts};
use crate::error::{ConnectError, Error};
use crate::url::DatabaseUrl;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// What PostgreSQL says where a lock was not given in time.
const NO_LOCK: &str = "due to lock timeout";

/// Held while migrating, so that servers that start together migrate once. The number is "savdo" in ASCII.
const ADVISORY_LOCK: i64 = 0x0073_6176_646f;

/// Runs the migrations that the database does not have yet and names them, oldest first.
///
/// Those who start together wait for each other and migrate once: PostgreSQL holds an advisory lock, and each migration is
/// a transaction of its own; SQLite runs all in one transaction that locks the file from its beginning.
///
/// # Errors
/// No connection, or a migration that fails: on PostgreSQL those before it stay.
pub fn run(settings: &DatabaseSettings) -> Result<Vec<String>, ConnectError> {
    let url = settings.url.to_string();
    let failed = |message: String| ConnectError::Migration {
        url: url.clone(),
        message,
    };
    let unreachable = |message: String| ConnectError::Unreachable {
        url: url.clone(),
        message,
    };
    match &settings.url {
        DatabaseUrl::Sqlite(path) => {
            crate::database::make_folder(path).map_err(|error| unreachable(error.to_string()))?;
            let mut connection =
                SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| unreachable(error.to_string()))?;
            behind_file_lock(&mut connection).map_err(|error| failed(error.to_string()))
        }
        DatabaseUrl::Postgres(text) => {
            let mut connection = PgConnection::establish(&with_timeouts(text))
                .map_err(|error| unreachable(error.to_string().trim().to_owned()))?;
            lock(&mut connection).map_err(|error| failed(error.to_string()))?;
            be_patient_for(&mut connection, settings.lock_timeout).map_err(|error| failed(error.to_string()))?;
            // Ending the connection gives the lock back.
            pending(&mut connection, POSTGRES).map_err(|error| failed(or_waited(&error.to_string())))
        }
    }
}

fn behind_file_lock(connection: &mut SqliteConnection) -> diesel::migration::Result<Vec<String>> {
    // What a migration sorts stays in memory: in a container with a read-only root there is no folder for temporary files.
    // Foreign keys hold again at the end: a table that is made anew is gone for a moment, and its rows with it.
    connection.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF")?;
    connection.immediate_transaction(|connection| {
        let ran = pending(connection, SQLITE)?;
        if ran.is_empty() {
            return Ok(ran);
        }
        let broken: Vec<BrokenKeyRow> = diesel::sql_query(BROKEN_KEYS).load(connection)?;
        match broken.first() {
            Some(row) => Err(format!("a row of {} refers to none of {}", row.source, row.target).into()),
            None => Ok(ran),
        }
    })
}

const BROKEN_KEYS: &str = "SELECT \"table\" AS source, parent AS target FROM pragma_foreign_key_check";

#[derive(diesel::QueryableByName)]
struct BrokenKeyRow {
    #[diesel(sql_type = sql_types::Text)]
    source: String,
    #[diesel(sql_type = sql_types::Text)]
    target: String,
}

fn pending<DB, C>(connection: &mut C, source: EmbeddedMigrations) -> diesel::migration::Result<Vec<String>>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let ran = connection.run_pending_migrations(source)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

fn lock(connection: &mut PgConnection) -> diesel::QueryResult<usize> {
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<sql_types::BigInt, _>(ADVISORY_LOCK)
        .execute(connection)
}

/// Whoever waits for a table has all others wait behind him: a migration gives up soon, and is run again by whoever starts next. The lock of
/// those who migrate together is waited for without end.
fn be_patient_for(connection: &mut PgConnection, patience: Duration) -> diesel::QueryResult<()> {
    connection.batch_execute(&format!("SET lock_timeout = {}", patience.as_millis()))?;
    // Only a superuser may; another language is told as it is.
    let _ = connection.batch_execute("SET lc_messages = 'C'");
    Ok(())
}

fn or_waited(message: &str) -> String {
    if message.contains(NO_LOCK) {
        format!(
            "a transaction of somebody else held a table for longer than database.lock_timeout; nothing of this migration was done, \
             start again when it is over ({message})"
        )
    } else {
        message.to_owned()
    }
}

/// How the tables of a database stand to this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrated {
    /// They are those of this build.
    Yes,
    /// They are those of another version.
    Otherwise,
    /// There are none.
    Never,
}

#[derive(diesel::QueryableByName)]
struct CountRow {
    #[diesel(sql_type = sql_types::BigInt)]
    count: i64,
}

#[derive(diesel::QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    version: Option<String>,
}

impl Database {
    /// Whether the database has exactly the migrations of this build.
    ///
    /// # Errors
    /// A database that cannot be read now.
    pub fn migrated(&self) -> Result<Migrated, Error> {
        let tables = if self.is_postgres() {
            "SELECT COUNT(to_regclass('__diesel_schema_migrations')) AS count"
        } else {
            "SELECT COUNT(*) AS count FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        };
        let expected = newest(self.is_postgres());
        self.read("migrated", |reader| {
            let found: CountRow = reader.statement("migrations_find", |on| {
                on_each!(on, |c| diesel::sql_query(tables).get_result(c))
            })?;
            if found.count == 0 {
                return Ok(Migrated::Never);
            }
            let row: VersionRow = reader.statement("newest_migration", |on| {
                on_each!(on, |c| {
                    diesel::sql_query("SELECT MAX(version) AS version FROM __diesel_schema_migrations").get_result(c)
                })
            })?;
            Ok(if row.version == expected {
                Migrated::Yes
            } else {
                Migrated::Otherwise
            })
        })
    }
}

/// The version of this build's newest migration, as the database keeps it.
fn newest(is_postgres: bool) -> Option<String> {
    use diesel::migration::MigrationSource;
    let versions = |names: Vec<String>| names.into_iter().max();
    if is_postgres {
        let migrations = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).ok()?;
        versions(
            migrations
                .iter()
                .map(|migration| migration.name().version().to_string())
                .collect(),
        )
    } else {
        let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).ok()?;
        versions(
            migrations
                .iter()
                .map(|migration| migration.name().version().to_string())
                .collect(),
        )
    }
}
