//! Throw-away databases for tests: a copy of a migrated template each, gone when dropped.
//!
//! A test body is written once and runs on both databases by [`on_both!`](crate::on_both). PostgreSQL is found through
//! `SAVDO_TEST_POSTGRES_URL`, the URL of a superuser's database on a throw-away server; without it those tests fail.

#![expect(clippy::panic, reason = "a test without its database cannot go on")]

mod dump;
mod replica;
mod runs;

pub use dump::run;
pub use replica::TestReplica;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Bool;
use diesel::{
    Connection as _, ConnectionError, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query,
};
use tempfile::TempDir;

use crate::database::{Database, DatabaseSettings};
use crate::migrate;
use crate::url::DatabaseUrl;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database of the throw-away server.
    Postgres,
}

/// A migrated, empty database of its own.
pub struct TestDatabase {
    database: Database,
    // Dropped after the connections above.
    _keeper: Keeper,
}

enum Keeper {
    Folder { _folder: TempDir },
    Server { name: String },
}

impl Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl TestDatabase {
    /// A new one.
    ///
    /// # Panics
    /// When it cannot be made: a test cannot go on without.
    #[must_use]
    pub fn new(backend: Backend) -> Self {
        Self::with(backend, |_| ())
    }

    /// A new one, opened with settings of its own.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn with(backend: Backend, adjust: impl FnOnce(&mut DatabaseSettings)) -> Self {
        let (mut settings, keeper) = match backend {
            Backend::Sqlite => sqlite_file(Some(&sqlite_template())),
            Backend::Postgres => postgres_database(Some(postgres_template())),
        };
        adjust(&mut settings);
        Self::open(settings, keeper)
    }

    /// One that was never migrated.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn empty(backend: Backend) -> Self {
        let (settings, keeper) = match backend {
            Backend::Sqlite => sqlite_file(None),
            Backend::Postgres => postgres_database(None),
        };
        Self::open(settings, keeper)
    }

    fn open(settings: DatabaseSettings, keeper: Keeper) -> Self {
        let database = Database::open(settings).unwrap_or_else(|error| panic!("{error}"));
        Self {
            database,
            _keeper: keeper,
        }
    }

    /// A connection of its own to the file, past the pool. It waits for the pool, whose connections open as the test runs.
    ///
    /// # Panics
    /// When this is no file, or it cannot be opened.
    #[must_use]
    pub fn sqlite(&self) -> SqliteConnection {
        let DatabaseUrl::Sqlite(path) = &self.settings().url else {
            panic!("a server is no file");
        };
        SqliteConnection::establish(&path.to_string_lossy())
            .and_then(|mut connection| {
                let patient = connection.batch_execute("PRAGMA busy_timeout = 30000");
                patient
                    .map(|()| connection)
                    .map_err(ConnectionError::CouldntSetupConfiguration)
            })
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// A connection of its own to the server, past the pool.
    ///
    /// # Panics
    /// When this is no server, or it cannot be reached.
    #[must_use]
    pub fn postgres(&self) -> PgConnection {
        match &self.settings().url {
            DatabaseUrl::Postgres(url) => PgConnection::establish(url).unwrap_or_else(|error| panic!("{error}")),
            DatabaseUrl::Sqlite(path) => panic!("{} is no server", path.display()),
        }
    }

    /// The database, to be handed to what owns one.
    #[must_use]
    pub fn handle(&self) -> Database {
        self.database.clone()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Self::Server { name } = self {
            // The server itself is thrown away; a database that stays behind is only untidy.
            let _ = admin().batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn sqlite_file(template: Option<&Path>) -> (DatabaseSettings, Keeper) {
    let folder = TempDir::new().unwrap_or_else(|error| panic!("no folder for a database: {error}"));
    let path = folder.path().join("savdo.db");
    if let Some(template) = template {
        std::fs::copy(template, &path).unwrap_or_else(|error| panic!("no copy of the template: {error}"));
    }
    (settings(DatabaseUrl::Sqlite(path)), Keeper::Folder { _folder: folder })
}

fn postgres_database(template: Option<&str>) -> (DatabaseSettings, Keeper) {
    let name = fresh_name();
    let mut admin = admin();
    let copy = template
        .map(|template| format!(" TEMPLATE {template}{}", strategy(&mut admin)))
        .unwrap_or_default();
    admin
        .batch_execute(&format!("CREATE DATABASE {name}{copy}"))
        .unwrap_or_else(|error| panic!("no database: {error}"));
    (
        settings(DatabaseUrl::Postgres(postgres_url(&name))),
        Keeper::Server { name },
    )
}

/// How a template is copied: file by file, which takes half as long as logging each page. A server before 15 knows no other way, nor this word.
fn strategy(admin: &mut PgConnection) -> &'static str {
    static STRATEGY: OnceLock<&str> = OnceLock::new();
    STRATEGY.get_or_init(|| {
        let knows = sql_query("SELECT current_setting('server_version_num')::integer >= 150000 AS answer");
        let row: AnswerRow = knows.get_result(admin).unwrap_or_else(|error| panic!("{error}"));
        if row.answer { " STRATEGY FILE_COPY" } else { "" }
    })
}

#[derive(QueryableByName)]
struct AnswerRow {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

fn settings(url: DatabaseUrl) -> DatabaseSettings {
    DatabaseSettings {
        pool_size: 16,
        checkout_timeout: Duration::from_secs(30),
        lock_timeout: Duration::from_secs(30),
        require_fsync: false,
        ..DatabaseSettings::new(url)
    }
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!(
        "{}{:016x}_{}",
        runs::PREFIX,
        runs::of_this_process(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

fn sqlite_template() -> PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let folder = TempDir::new().unwrap_or_else(|error| panic!("no folder for the template: {error}"));
        let path = folder.path().join("template.db");
        migrate_new(DatabaseUrl::Sqlite(path.clone()));
        (folder, path)
    });
    path.clone()
}

fn postgres_template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = fresh_name();
        admin()
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .unwrap_or_else(|error| panic!("no template: {error}"));
        migrate_new(DatabaseUrl::Postgres(postgres_url(&name)));
        name
    })
}

fn migrate_new(url: DatabaseUrl) {
    migrate::run(&DatabaseSettings::new(url)).unwrap_or_else(|error| panic!("{error}"));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the throw-away server of the tests is known through its variable alone"
)]
fn server_url() -> String {
    std::env::var("SAVDO_TEST_POSTGRES_URL")
        .unwrap_or_else(|_| panic!("SAVDO_TEST_POSTGRES_URL is not set: run the tests by `make test`"))
}

fn admin() -> PgConnection {
    PgConnection::establish(&server_url()).unwrap_or_else(|error| panic!("{error}"))
}

fn postgres_url(database: &str) -> String {
    let url = server_url();
    let (server, _) = url.rsplit_once('/').unwrap_or((&url, ""));
    format!("{server}/{database}")
}

/// Writes one test body that runs on a fresh database of each kind.
///
/// ```text
/// on_both! {
///     fn a_name_is_free_again_after_its_row_was_removed(database: TestDatabase) { .. }
/// }
/// ```
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($database:ident: TestDatabase) $body:block)+) => {$(
        mod $name {
            use super::*;

            fn body($database: $crate::testing::TestDatabase) $body

            $(#[$meta])*
            #[test]
            fn on_sqlite() {
                body($crate::testing::TestDatabase::new($crate::testing::Backend::Sqlite));
            }

            $(#[$meta])*
            #[test]
            fn on_postgres() {
                body($crate::testing::TestDatabase::new($crate::testing::Backend::Postgres));
            }
        }
    )+};
}
