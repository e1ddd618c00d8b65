//! Opening a database, or saying why not.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types};

use crate::database::{Database, DatabaseSettings};
use crate::error::ConnectError;
use crate::migrate::{self, Migrated};
use crate::testing::{Backend, TestDatabase};
use crate::url::DatabaseUrl;

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = sql_types::Text)]
    value: String,
}

fn postgres_url(database: &TestDatabase) -> String {
    match &database.settings().url {
        DatabaseUrl::Postgres(url) => url.clone(),
        DatabaseUrl::Sqlite(path) => panic!("{path:?} is no server"),
    }
}

fn ask(url: &str, sql: &str) -> String {
    let mut connection = PgConnection::establish(url).unwrap();
    sql_query(sql).get_result::<Setting>(&mut connection).unwrap().value
}

fn refusal(url: String) -> String {
    let settings = DatabaseSettings::new(DatabaseUrl::Postgres(url));
    Database::open(settings).unwrap_err().to_string()
}

/// The URL with something else in place of its password, port or database.
fn changed(url: &str, change: impl FnOnce(&str, &str, &str) -> String) -> String {
    let (account, place) = url.rsplit_once('@').unwrap();
    let (user, _) = account.rsplit_once(':').unwrap();
    let (host, database) = place.split_once('/').unwrap();
    change(user, host, database)
}

#[test]
fn a_server_with_fsync_off_is_refused_unless_it_may() {
    let database = TestDatabase::new(Backend::Postgres);
    let url = postgres_url(&database);
    let is_off = ask(&url, "SELECT current_setting('fsync') AS value") == "off";
    let settings = |require_fsync| DatabaseSettings {
        require_fsync,
        ..DatabaseSettings::new(DatabaseUrl::Postgres(url.clone()))
    };

    let strict = Database::open(settings(true));
    let lenient = Database::open(settings(false));

    assert_eq!(matches!(strict, Err(ConnectError::FsyncOff { .. })), is_off);
    assert!(lenient.is_ok());
}

#[test]
fn a_wrong_password_is_named() {
    let database = TestDatabase::new(Backend::Postgres);
    let url = changed(&postgres_url(&database), |user, host, name| {
        format!("{user}:not-the-password@{host}/{name}")
    });

    let message = refusal(url);

    assert!(message.contains("password authentication failed"), "{message}");
    assert!(!message.contains("not-the-password"), "{message}");
}

#[test]
fn the_log_in_is_by_scram() {
    let database = TestDatabase::new(Backend::Postgres);
    let kind = "SELECT split_part(rolpassword, '$', 1) AS value FROM pg_authid WHERE rolname = current_user";

    assert_eq!(ask(&postgres_url(&database), kind), "SCRAM-SHA-256");
}

#[test]
fn a_missing_server_is_named() {
    let message = refusal("postgres://savdo:s3cret@127.0.0.1:1/savdo".to_owned());

    assert!(
        message.starts_with("cannot connect to postgres://127.0.0.1:1/savdo: "),
        "{message}"
    );
    assert!(message.contains("Connection refused"), "{message}");
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn an_unknown_database_is_named() {
    let database = TestDatabase::new(Backend::Postgres);
    let url = postgres_url(&database).replace("/savdo_test_", "/savdo_nowhere_");

    let message = refusal(url);

    assert!(message.contains("database \"savdo_nowhere_"), "{message}");
    assert!(message.contains("does not exist"), "{message}");
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "Dear customer, this is not a database at all.").unwrap();

    let error = Database::open(DatabaseSettings::new(DatabaseUrl::Sqlite(path.clone()))).unwrap_err();

    let expected = format!("cannot connect to sqlite:{}: file is not a database", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn servers_that_start_together_migrate_once() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = TestDatabase::empty(backend);
        let settings = database.settings();
        assert_eq!(database.migrated(), Ok(Migrated::Never), "{backend:?}");

        let ran: Vec<Vec<String>> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| migrate::run(settings).unwrap()))
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });

        let mut counts: Vec<usize> = ran.iter().map(Vec::len).collect();
        counts.sort_unstable();
        assert_eq!(counts[..3], [0, 0, 0], "{backend:?}: {ran:?}");
        assert!(counts[3] > 5, "{backend:?}: {ran:?}");
        assert_eq!(database.migrated(), Ok(Migrated::Yes), "{backend:?}");
    }
}

#[test]
fn a_migration_that_waits_for_somebody_gives_up_and_is_run_again() {
    let database = TestDatabase::new(Backend::Postgres);
    for sql in [
        "DELETE FROM notification_templates WHERE notice_type = 'fiscal_failed'",
        "DELETE FROM __diesel_schema_migrations WHERE version = '20261123004140'",
    ] {
        super::execute_write(&database, sql);
    }
    let settings = DatabaseSettings {
        lock_timeout: Duration::from_millis(50),
        ..database.settings().clone()
    };
    let mut other = PgConnection::establish(&postgres_url(&database)).unwrap();
    other.batch_execute("BEGIN; LOCK TABLE notifications").unwrap();

    let error = migrate::run(&settings).unwrap_err().to_string();

    assert!(
        error.contains("held a table for longer than database.lock_timeout"),
        "{error}"
    );
    assert_eq!(database.migrated(), Ok(Migrated::Otherwise));
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(migrate::run(&settings).unwrap(), ["20261123004140"]);
    assert_eq!(database.migrated(), Ok(Migrated::Yes));
}

#[test]
fn a_database_of_a_newer_build_is_not_taken_for_ours() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let database = TestDatabase::new(backend);

        super::execute_write(
            &database,
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101')",
        );

        assert_eq!(database.migrated(), Ok(Migrated::Otherwise), "{backend:?}");
    }
}
