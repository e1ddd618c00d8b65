//! How often somebody may do something, where that is counted, and how codes are given out.

use std::time::Duration;

use savdo_domain::account::{CodeLength, CodeRules};
use savdo_gateways::shared::RedisUrl;
use savdo_services::limits::Rates;
use serde::Deserialize;

use super::{Environment, SettingsError, within};

/// `[limits]`: a minute or, of resets and codes, an hour or a day; 0: any number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenLimits {
    redis_url: String,
    redis_timeout_ms: u64,
    failed_logins: u32,
    failed_logins_per_ip: u32,
    registrations_per_ip: u32,
    password_resets: u32,
    password_resets_per_ip: u32,
    code_gap_seconds: u32,
    codes_per_hour: u32,
    codes_per_day: u32,
    codes_per_ip: u32,
    code_tries: u32,
    code_tries_per_hour: u32,
    reset_code_tries_per_day: u32,
    code_tries_per_ip: u32,
    passwords_per_user: u32,
    bulk_per_user: u32,
    prescriptions_per_user: u32,
    requests_per_user: u32,
    requests_per_ip: u32,
}

impl std::fmt::Debug for WrittenLimits {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WrittenLimits(***)")
    }
}

/// `[otp]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOtp {
    length: u32,
}

/// On a developer's machine everybody comes from one address.
const DEVELOPMENT_FACTOR: u32 = 100;

impl WrittenLimits {
    /// Where servers count together; nowhere where each counts by itself.
    pub(super) fn redis(&self) -> Result<Option<RedisUrl>, SettingsError> {
        let written = self.redis_url.trim();
        if written.is_empty() {
            return Ok(None);
        }
        let parsed = written.parse();
        parsed
            .map(Some)
            .map_err(|why| SettingsError::invalid("limits.redis_url", format!("is no Redis: {why}")))
    }

    /// How long it is waited for.
    pub(super) fn redis_timeout(&self) -> Result<Duration, SettingsError> {
        within("limits.redis_timeout_ms", self.redis_timeout_ms, 1, 10_000)?;
        Ok(Duration::from_millis(self.redis_timeout_ms))
    }

    /// What is counted.
    pub(super) fn rates(&self, environment: Environment) -> Rates {
        let by_address = |most: u32| match environment {
            Environment::Development => most.saturating_mul(DEVELOPMENT_FACTOR),
            Environment::Production => most,
        };
        Rates {
            logins_of_account: self.failed_logins,
            logins_of_address: by_address(self.failed_logins_per_ip),
            registrations: by_address(self.registrations_per_ip),
            resets_of_email: self.password_resets,
            resets_of_address: by_address(self.password_resets_per_ip),
            codes_of_address: by_address(self.codes_per_ip),
            code_tries_of_address: by_address(self.code_tries_per_ip),
            passwords_of_user: self.passwords_per_user,
            bulk_of_user: self.bulk_per_user,
            prescriptions_of_user: self.prescriptions_per_user,
            requests_of_user: self.requests_per_user,
            requests_of_address: by_address(self.requests_per_ip),
        }
    }

    /// What is counted by phone, in the database.
    pub(super) const fn codes(&self, length: CodeLength) -> CodeRules {
        CodeRules {
            length,
            gap_seconds: self.code_gap_seconds,
            per_hour: self.codes_per_hour,
            per_day: self.codes_per_day,
            tries: self.code_tries,
            tries_per_hour: self.code_tries_per_hour,
            reset_tries_per_day: self.reset_code_tries_per_day,
        }
    }
}

impl WrittenOtp {
    pub(super) fn checked(&self) -> Result<CodeLength, SettingsError> {
        let why = || format!("is {}; a code has 4 to 6 digits", self.length);
        CodeLength::new(self.length).ok_or_else(|| SettingsError::invalid("otp.length", why()))
    }
}
