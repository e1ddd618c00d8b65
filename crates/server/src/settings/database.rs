//! Which database, its replica, and how long either is waited for.

use std::time::Duration;

use savdo_persistence::{DatabaseSettings, DatabaseUrl};
use savdo_services::marks::LAG_MAX;
use serde::Deserialize;

use super::{Environment, SettingsError, within};

/// `[database]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenDatabase {
    url: String,
    replica_url: String,
    replica_lag_ms: u64,
    pool_size: u32,
    checkout_timeout_ms: u64,
    statement_timeout_ms: u64,
    lock_timeout_ms: u64,
    slow_statement_ms: u64,
    require_fsync: bool,
}

impl std::fmt::Debug for WrittenDatabase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WrittenDatabase(***)")
    }
}

impl WrittenDatabase {
    /// Checks it.
    pub(super) fn checked(self, environment: Environment) -> Result<DatabaseSettings, SettingsError> {
        let url: DatabaseUrl = self
            .url
            .parse()
            .map_err(|error| SettingsError::invalid("database.url", format!("is no database: {error}")))?;
        let replica_url = self.replica_url(&url)?;
        let lag_max_ms = u64::try_from(LAG_MAX.as_millis()).unwrap_or(u64::MAX);
        within("database.replica_lag_ms", self.replica_lag_ms, 1, lag_max_ms)?;
        if environment == Environment::Production && !self.require_fsync {
            let why = "must be true in production: a power cut would lose acknowledged sales";
            return Err(SettingsError::invalid("database.require_fsync", why));
        }
        within("database.pool_size", self.pool_size.into(), 1, 1000)?;
        for (key, timeout_ms) in [
            ("database.checkout_timeout_ms", self.checkout_timeout_ms),
            ("database.statement_timeout_ms", self.statement_timeout_ms),
            ("database.lock_timeout_ms", self.lock_timeout_ms),
        ] {
            within(key, timeout_ms, 1, 600_000)?;
        }
        Ok(DatabaseSettings {
            replica_url,
            replica_lag: Duration::from_millis(self.replica_lag_ms),
            pool_size: self.pool_size,
            checkout_timeout: Duration::from_millis(self.checkout_timeout_ms),
            statement_timeout: Duration::from_millis(self.statement_timeout_ms),
            lock_timeout: Duration::from_millis(self.lock_timeout_ms),
            slow_statement: Duration::from_millis(self.slow_statement_ms),
            require_fsync: self.require_fsync,
            ..DatabaseSettings::new(url)
        })
    }

    fn replica_url(&self, database: &DatabaseUrl) -> Result<Option<DatabaseUrl>, SettingsError> {
        let invalid = |why: String| SettingsError::invalid("database.replica_url", why);
        if self.replica_url.is_empty() {
            return Ok(None);
        }
        let replica = self
            .replica_url
            .parse()
            .map_err(|error| invalid(format!("is no database: {error}")))?;
        match (database, &replica) {
            (DatabaseUrl::Postgres(_), DatabaseUrl::Postgres(_)) => Ok(Some(replica)),
            _ => Err(invalid("is set, but only PostgreSQL has a replica".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::tests::load;

    #[test]
    fn a_replica_is_one_of_a_postgresql_and_follows_closely() {
        let with = |database: &str, replica: &str, lag: &str| {
            load(&[
                ("DATABASE_URL", database),
                ("SAVDO_DATABASE__REPLICA_URL", replica),
                ("SAVDO_DATABASE__REPLICA_LAG_MS", lag),
            ])
        };
        let postgres = "postgres://savdo:s3cret@db/savdo";
        let why = |database: &str, replica: &str, lag: &str| with(database, replica, lag).unwrap_err().to_string();

        assert_eq!(load(&[]).unwrap().database.replica_url, None);
        let fine = with(postgres, "postgres://savdo:s3cret@replica/savdo", "2000")
            .unwrap()
            .database;
        assert_eq!(format!("{:?}", fine.replica_url), "Some(postgres://replica/savdo)");
        assert_eq!(fine.replica_lag.as_millis(), 2000);
        for refused in [
            why("sqlite:a.db", postgres, "2000"),
            why(postgres, "sqlite:b.db", "2000"),
            why(postgres, "mysql://s3cret@h/d", "2000"),
        ] {
            assert!(
                refused.starts_with("database.replica_url (SAVDO_DATABASE__REPLICA_URL) is "),
                "{refused}"
            );
            assert!(!refused.contains("s3cret"), "{refused}");
        }
        assert!(why(postgres, postgres, "30001").starts_with("database.replica_lag_ms "));
    }
}
