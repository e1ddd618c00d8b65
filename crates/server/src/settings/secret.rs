//! The installation's secret: given, or in development made once and kept.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use savdo_services::keys::Secret;

use super::{Environment, SettingsError, Sources};

const KEY: &str = "security.secret";

/// Words that stand in examples and templates.
const PLACEHOLDERS: [&str; 7] = [
    "change",
    "default",
    "example",
    "insecure",
    "placeholder",
    "replace",
    "your-secret",
];

/// The fewest different bytes of something random.
const VARIETY_MIN: usize = 10;

/// The configured secret, else in development that of `data/secret.key`, which is made when it is missing.
pub(super) fn find(sources: &Sources, environment: Environment, configured: &str) -> Result<Secret, SettingsError> {
    if !configured.is_empty() {
        let secret = Secret::new(configured.as_bytes()).map_err(|_| {
            let why = format!("is too short: it has at least {} bytes", Secret::LENGTH_MIN);
            SettingsError::invalid(KEY, why)
        })?;
        if environment == Environment::Production && looks_made_up(configured) {
            let why = "is no random text; `openssl rand -hex 32` prints one";
            return Err(SettingsError::invalid(KEY, why));
        }
        return Ok(secret);
    }
    match environment {
        Environment::Production => {
            let why = "is missing; `openssl rand -hex 32` prints one";
            Err(SettingsError::invalid(KEY, why))
        }
        Environment::Development => kept(&sources.folder.join("data")),
    }
}

fn looks_made_up(secret: &str) -> bool {
    let lower = secret.to_lowercase();
    let mut bytes: Vec<u8> = lower.bytes().collect();
    bytes.sort_unstable();
    bytes.dedup();
    bytes.len() < VARIETY_MIN || PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// The secret in `folder`.
fn kept(folder: &Path) -> Result<Secret, SettingsError> {
    let text = kept_text(folder, "secret.key")?;
    Secret::new(text.trim().as_bytes()).map_err(|error| unreadable("secret.key", &error))
}

/// 64 random hexadecimal digits that are kept in `folder` under this name. Of several processes that make them at once, the first
/// wins.
pub(super) fn kept_text(folder: &Path, name: &str) -> Result<String, SettingsError> {
    let path = folder.join(name);
    if !path.exists() {
        make(folder, name).map_err(|error| unreadable(name, &error))?;
    }
    fs::read_to_string(&path).map_err(|error| unreadable(name, &error))
}

pub(super) fn unreadable(name: &str, why: &dyn std::fmt::Display) -> SettingsError {
    SettingsError::Unreadable {
        place: format!("data/{name}"),
        why: why.to_string(),
    }
}

fn make(folder: &Path, name: &str) -> std::io::Result<()> {
    savdo_persistence::database::make_private_folder(folder)?;
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(std::io::Error::other)?;
    let text: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    // Written whole under a name of its own, then linked: nobody reads half a secret, and an existing one stays.
    let draft = folder.join(format!("{name}.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, folder.join(name));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
