//! One server to a SQLite file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;

use savdo_persistence::DatabaseUrl;

/// Held while a process owns a SQLite file; given back when it is dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct DatabaseLock {
    _file: File,
}

/// Why a database cannot be owned.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("another server uses {0}; stop it first")]
    Taken(DatabaseUrl),
    /// The lock file cannot be made.
    #[error("cannot make {}: {error}", path.display())]
    Unusable {
        /// The lock file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Takes the file `<database>.lock`; nothing for PostgreSQL, which takes any number of servers.
///
/// # Errors
/// Another process holds it, or it cannot be made.
pub fn take(url: &DatabaseUrl) -> Result<Option<DatabaseLock>, LockError> {
    let Some(database) = url.sqlite_path() else {
        return Ok(None);
    };
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let unusable = |error: io::Error| LockError::Unusable {
        path: path.clone(),
        error,
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        savdo_persistence::database::make_private_folder(folder).map_err(unusable)?;
    }
    let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = opened.map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(DatabaseLock { _file: file })),
        Err(TryLockError::WouldBlock) => Err(LockError::Taken(url.clone())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

#[cfg(test)]
mod tests {
    use savdo_persistence::DatabaseUrl;
    use tempfile::TempDir;

    use super::{LockError, take};

    #[test]
    fn a_sqlite_file_has_one_owner_at_a_time() {
        let folder = TempDir::new().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("data/savdo.db"));

        let first = take(&url).unwrap();
        assert!(first.is_some());
        assert!(matches!(take(&url), Err(LockError::Taken(_))));

        drop(first);
        assert!(take(&url).unwrap().is_some());
    }

    #[test]
    fn postgres_takes_any_number_of_servers() {
        let url = DatabaseUrl::Postgres("postgres://h/d".to_owned());

        assert!(take(&url).unwrap().is_none());
    }
}
