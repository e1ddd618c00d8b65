//! What is particular to SQLite: its file and how a connection to it is prepared.

use std::path::Path;

use super::DatabaseSettings;

/// What a connection to the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The one that writes.
    Writer,
    /// One of those that read.
    Reader,
}

/// Makes the folder of a database file that does not exist yet.
pub(crate) fn make_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => make_private_folder(folder),
        _ => Ok(()),
    }
}

/// Makes a folder that is not there yet, for nobody but the account that runs the server.
///
/// # Errors
/// Those of the system.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The settings of a connection.
///
/// Recursive triggers make the append-only ones see a row that REPLACE would delete. The write-ahead log is folded in every 8000 pages: more often costs a third of the write throughput.
pub(super) fn pragmas(settings: &DatabaseSettings, role: Role) -> String {
    let synchronous = if settings.require_fsync { "FULL" } else { "OFF" };
    let busy_ms = settings.lock_timeout.as_millis();
    let of_role = match role {
        Role::Writer => "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 8000;",
        Role::Reader => "PRAGMA query_only = ON;",
    };
    format!(
        "PRAGMA busy_timeout = {busy_ms}; {of_role} PRAGMA synchronous = {synchronous}; \
         PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY;"
    )
}
