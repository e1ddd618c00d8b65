//! `[files]` and `[prescriptions]`: the keys of what patients send, and how long it is kept.

use savdo_services::prescriptions::Keeping;
use savdo_services::{FileKey, FileKeys};
use serde::Deserialize;

use super::{Environment, SettingsError, Sources, secret, within};

/// What an example or a template holds instead of a key.
const VARIETY_MIN: usize = 8;

/// The keys under which files lie, as they are written: the current one, and by comma those of before.
#[derive(Clone)]
pub struct FileSettings {
    current: FileKey,
    old: Vec<FileKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFiles {
    key: String,
    old_keys: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPrescriptions {
    keep_days: u32,
    cancelled_keep_days: u32,
}

impl std::fmt::Debug for FileSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("FileSettings(***)")
    }
}

impl std::fmt::Debug for WrittenFiles {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WrittenFiles(***)")
    }
}

impl FileSettings {
    /// The keys for the use-cases.
    #[must_use]
    pub fn keys(&self) -> FileKeys {
        FileKeys::new(self.current.clone(), self.old.clone())
    }
}

impl WrittenFiles {
    /// The configured key, else in development that of `data/files.key`, which is made when it is missing.
    pub(super) fn checked(self, sources: &Sources, environment: Environment) -> Result<FileSettings, SettingsError> {
        let old = self.old_keys.split(',').map(str::trim).filter(|key| !key.is_empty());
        let old = old.map(|key| parse("files.old_keys", key));
        Ok(FileSettings {
            current: current(self.key.trim(), sources, environment)?,
            old: old.collect::<Result<_, _>>()?,
        })
    }
}

fn current(written: &str, sources: &Sources, environment: Environment) -> Result<FileKey, SettingsError> {
    const KEY: &str = "files.key";
    match (written, environment) {
        ("", Environment::Production) => {
            let why = "is missing; `openssl rand -hex 32` prints one";
            Err(SettingsError::invalid(KEY, why))
        }
        ("", Environment::Development) => {
            let kept = secret::kept_text(&sources.folder.join("data"), "files.key")?;
            FileKey::parse(kept.trim()).map_err(|error| secret::unreadable("files.key", &error))
        }
        (written, Environment::Production) if has_little_variety(written) => {
            let why = "is no random text; `openssl rand -hex 32` prints one";
            Err(SettingsError::invalid(KEY, why))
        }
        (written, Environment::Production | Environment::Development) => parse(KEY, written),
    }
}

fn has_little_variety(written: &str) -> bool {
    let mut digits: Vec<u8> = written.to_lowercase().into_bytes();
    digits.sort_unstable();
    digits.dedup();
    digits.len() < VARIETY_MIN
}

fn parse(key: &'static str, written: &str) -> Result<FileKey, SettingsError> {
    FileKey::parse(written).map_err(|_| {
        let why = "is no key of 64 hexadecimal digits; `openssl rand -hex 32` prints one";
        SettingsError::invalid(key, why)
    })
}

impl WrittenPrescriptions {
    pub(super) fn checked(&self) -> Result<Keeping, SettingsError> {
        within("prescriptions.keep_days", self.keep_days.into(), 1, 36_525)?;
        within(
            "prescriptions.cancelled_keep_days",
            self.cancelled_keep_days.into(),
            1,
            36_525,
        )?;
        Ok(Keeping {
            delivered_days: self.keep_days,
            cancelled_days: self.cancelled_keep_days,
        })
    }
}
