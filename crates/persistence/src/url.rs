//! Which database, by the scheme of its URL.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where the database is. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of the built-in SQLite: `sqlite:<path>` or `sqlite://<path>`.
    Sqlite(PathBuf),
    /// A PostgreSQL server: `postgres://` or `postgresql://`.
    Postgres(String),
}

/// A URL that names no database of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// A scheme that we do not speak.
    #[error("a database URL starts with sqlite: or postgres://, not with {0:?}")]
    UnknownScheme(String),
    /// SQLite without a file.
    #[error("sqlite: needs a file path; a database in memory would be another one for each connection")]
    NoPath,
}

impl DatabaseUrl {
    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) else {
            let scheme = text.split(':').next().unwrap_or_default();
            return Err(UrlError::UnknownScheme(scheme.to_owned()));
        };
        if path.is_empty() || path == ":memory:" {
            return Err(UrlError::NoPath);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", ""));
                // A password stands before the @ or among the parameters; one that holds such a sign itself hides all.
                let (account, place) = rest.split_once('@').unwrap_or(("", rest));
                let is_clear = !account.contains('?') && !place.contains('@');
                let place = place.split('?').next().filter(|_| is_clear).unwrap_or("***");
                write!(formatter, "{scheme}://{place}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{DatabaseUrl, UrlError};

    #[test]
    fn the_scheme_chooses_the_database() {
        let sqlite = Ok(DatabaseUrl::Sqlite(PathBuf::from("data/savdo.db")));

        assert_eq!("sqlite:data/savdo.db".parse(), sqlite);
        assert_eq!("sqlite://data/savdo.db".parse(), sqlite);
        assert!(matches!("postgresql://h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
        assert_eq!(
            "mysql://h/d".parse::<DatabaseUrl>(),
            Err(UrlError::UnknownScheme("mysql".to_owned()))
        );
        assert_eq!("sqlite::memory:".parse::<DatabaseUrl>(), Err(UrlError::NoPath));
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://owner:s3cret@db.example:5432/savdo?password=x"
            .parse()
            .unwrap();

        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://db.example:5432/savdo postgres://db.example:5432/savdo"
        );
        for url in [
            "postgres://owner:s3?ret@h/d",
            "postgres://owner:s3@ret@h/d",
            "postgres://h/d?user=owner&password=s3@ret",
            "postgres://owner@h/d?password=s3@ret",
        ] {
            let shown = url.parse::<DatabaseUrl>().unwrap().to_string();
            assert!(!shown.contains("s3") && !shown.contains("ret"), "{shown}");
        }
    }
}
