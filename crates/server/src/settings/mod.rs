//! The configuration: typed, read once at the start, every key explained in `config/default.toml`.
//!
//! Layers, later over earlier: the embedded `default.toml`, `./config/default.toml`, the embedded file of the environment,
//! that of `./config/`, `SAVDO_SECTION__KEY`, then `DATABASE_URL`, `PORT`, `REDIS_URL` and `SECRET_KEY`. A key that nobody reads stops
//! the start and is named. Deliberately absent: a default secret.

mod database;
mod email;
mod error;
mod files;
mod layers;
mod limits;
mod network;
mod payments;
mod secret;
mod sms;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use savdo_api::shell::Shell;
use savdo_domain::account::CodeRules;
use savdo_gateways::shared::RedisUrl;
use savdo_persistence::DatabaseSettings;
use savdo_services::desks::Desks;
use savdo_services::keys::Secret;
use savdo_services::limits::Rates;
use savdo_services::prescriptions::Keeping;
use serde::Deserialize;

use database::WrittenDatabase;
use email::WrittenEmail;
pub use email::{EmailGateway, EmailSettings};
pub use error::SettingsError;
pub use files::FileSettings;
use files::{WrittenFiles, WrittenPrescriptions};
use limits::{WrittenLimits, WrittenOtp};
use network::{WrittenCors, WrittenServer};
use payments::WrittenPayments;
use sms::WrittenSms;
pub use sms::{SmsGatewaySettings, SmsSettings};

/// Where the server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A developer's machine: listens on the loopback address, makes a secret of its own.
    Development,
    /// Anything that real people use.
    Production,
}

/// Where the configuration is read from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The folder that holds `config/` and `data/`: the working folder.
    pub folder: PathBuf,
    /// The environment variables.
    pub variables: Vec<(String, String)>,
}

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the server runs.
    pub environment: Environment,
    /// How it listens.
    pub server: ServerSettings,
    /// The network around it.
    pub shell: Shell,
    /// The database.
    pub database: DatabaseSettings,
    /// The secret, and the cost of a password hash.
    pub security: SecuritySettings,
    /// How often somebody may do something.
    pub limits: Rates,
    /// Where servers count that together; each by itself unless configured.
    pub redis: Option<RedisUrl>,
    /// How long that is waited for: for a connection, and again for an answer.
    pub redis_timeout: Duration,
    /// How one-time codes are given out and tried.
    pub code_rules: CodeRules,
    /// Where metrics are served; nowhere unless configured.
    pub metrics: Option<SocketAddr>,
    /// What is logged.
    pub log: LogSettings,
    /// The description of the API.
    pub docs: DocsSettings,
    /// When the server calls itself ready.
    pub health: HealthSettings,
    /// What is done without anybody waiting for it.
    pub worker: WorkerSettings,
    /// How letters are sent, and where they lead to.
    pub email: EmailSettings,
    /// How short messages are sent.
    pub sms: SmsSettings,
    /// The folder of pictures and receipts.
    pub files: PathBuf,
    /// The keys under which pictures of prescriptions lie there.
    pub file_keys: FileSettings,
    /// How long those are kept.
    pub keeping: Keeping,
    /// The desks at providers of payments.
    pub desks: Desks,
}

/// How the server listens.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The address or name to listen on.
    pub host: String,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Threads that take requests; 0: one for each processor.
    pub workers: usize,
    /// How long a stopping server says that it is not ready, and still serves.
    pub drain_seconds: u64,
    /// A request line and its headers arrive within this, or the connection is closed.
    pub headers_within: Duration,
}

/// Secrets and the work of keeping them.
#[derive(Debug, Clone)]
pub struct SecuritySettings {
    /// The installation's secret.
    pub secret: Secret,
    /// The cost of a password hash (bcrypt).
    pub password_cost: u32,
}

/// What is logged and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// The shape of a line.
    pub format: LogFormat,
    /// Which events, in the syntax of `tracing_subscriber::EnvFilter`.
    pub level: String,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For a human at a terminal.
    Text,
}

/// The description of the API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocsSettings {
    /// Whether the document and its viewer are served.
    pub enabled: bool,
}

/// When the server calls itself ready.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthSettings {
    /// The least room on the disk, in MiB.
    pub disk_free_min_mib: u64,
}

/// What is done without anybody waiting for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSettings {
    /// Whether `savdo serve` does it too, beside any `savdo worker`.
    pub enabled: bool,
    /// How long the worker waits between two looks for work.
    pub pause_ms: u64,
}

/// The files' own shape: what follows is checked and turned into [`Settings`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    server: WrittenServer,
    cors: WrittenCors,
    database: WrittenDatabase,
    security: WrittenSecurity,
    limits: WrittenLimits,
    otp: WrittenOtp,
    metrics: WrittenMetrics,
    log: LogSettings,
    docs: DocsSettings,
    health: HealthSettings,
    worker: WorkerSettings,
    email: WrittenEmail,
    sms: WrittenSms,
    storage: WrittenStorage,
    files: WrittenFiles,
    prescriptions: WrittenPrescriptions,
    payments: WrittenPayments,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStorage {
    folder: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSecurity {
    secret: String,
    password_cost: u32,
}

impl std::fmt::Debug for WrittenSecurity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WrittenSecurity(***)")
    }
}

impl Sources {
    /// The working folder and the variables of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
    pub fn of_process() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self {
            folder: PathBuf::from("."),
            variables,
        }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.variables
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Settings {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// The first key that is unknown, wrong, or missing where it must not be.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let environment = environment(sources)?;
        let written = layers::read(sources, environment)?;
        let Written {
            server,
            cors,
            database,
            security,
            limits,
            otp,
            metrics,
            log,
            docs,
            health,
            worker,
            email,
            sms,
            storage,
            files,
            prescriptions,
            payments,
        } = written;
        let cost_min = if environment == Environment::Production { 10 } else { 4 };
        within("security.password_cost", security.password_cost.into(), cost_min, 31)?;
        let (server, mut shell) = network::checked(server, &cors, environment)?;
        let sms = sms.checked(environment, shell.public_url.as_deref())?;
        shell.sms_hook_token.clone_from(&sms.hook_token);
        shell.payme_networks = payments.payme_networks()?;
        shell.click_networks = payments.click_networks()?;
        within("worker.pause_ms", worker.pause_ms, 10, 60_000)?;
        Ok(Self {
            environment,
            server,
            shell,
            database: database.checked(environment)?,
            security: SecuritySettings {
                secret: secret::find(sources, environment, &security.secret)?,
                password_cost: security.password_cost,
            },
            code_rules: limits.codes(otp.checked()?),
            limits: limits.rates(environment),
            redis: limits.redis()?,
            redis_timeout: limits.redis_timeout()?,
            metrics: metrics.address()?,
            log,
            docs,
            health,
            worker,
            email: email.checked(environment)?,
            sms,
            files: storage.checked(sources)?,
            file_keys: files.checked(sources, environment)?,
            keeping: prescriptions.checked()?,
            desks: payments.desks(environment)?,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMetrics {
    listen: String,
}

impl WrittenMetrics {
    fn address(&self) -> Result<Option<SocketAddr>, SettingsError> {
        let written = self.listen.trim();
        if written.is_empty() {
            return Ok(None);
        }
        let why = || format!("is {written:?}; it is address and port, such as 127.0.0.1:9100");
        let address = written
            .parse()
            .map_err(|_| SettingsError::invalid("metrics.listen", why()))?;
        Ok(Some(address))
    }
}

impl WrittenStorage {
    fn checked(self, sources: &Sources) -> Result<PathBuf, SettingsError> {
        if self.folder.as_os_str().is_empty() {
            return Err(SettingsError::invalid("storage.folder", "is empty; it names a folder"));
        }
        Ok(sources.folder.join(self.folder))
    }
}

fn environment(sources: &Sources) -> Result<Environment, SettingsError> {
    match sources.variable(layers::ENVIRONMENT) {
        None | Some("" | "development") => Ok(Environment::Development),
        Some("production") => Ok(Environment::Production),
        Some(other) => Err(SettingsError::UnknownEnvironment(other.to_owned())),
    }
}

fn within(key: &'static str, value: u64, min: u64, max: u64) -> Result<(), SettingsError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(SettingsError::invalid(
            key,
            format!("is {value}; it goes from {min} to {max}"),
        ))
    }
}

#[cfg(test)]
mod tests;
