//! The desk at Click.

use chrono::TimeDelta;
use savdo_domain::payment::click::{ClickDesk, TaxNumber};
use savdo_domain::payment::desk;
use savdo_services::desks::KNOWN_CLICK_SECRET;
use serde::Deserialize;

use super::{PEOPLE_PAY, Secrets, check_word, sms};
use crate::settings::{SettingsError, within};

/// An attempt holds its order for a day at most.
const HOLD_MINUTES_MAX: u64 = 24 * 60;

/// `[payments.click]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenClick {
    service_id: String,
    merchant_id: String,
    merchant_user_id: String,
    secret_key: String,
    previous_secret_key: String,
    pay_url: String,
    api_url: String,
    prepare_minutes: u32,
    fiscal: String,
    pub(super) allow_from: String,
}

impl std::fmt::Debug for WrittenClick {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WrittenClick({}, ***)", self.service_id)
    }
}

impl WrittenClick {
    /// Refuses the secret that everybody knows.
    pub(super) fn check_unknown(&self) -> Result<(), SettingsError> {
        self.secrets()
            .check_unknown("payments.click.secret_key", KNOWN_CLICK_SECRET)
    }

    /// Where people pay.
    pub(super) fn pay_url(&self) -> Result<String, SettingsError> {
        sms::address("payments.click.pay_url", &self.pay_url, PEOPLE_PAY)
    }

    /// Where Click is asked to give money back; nothing where nobody asks it.
    pub(super) fn api_url(&self) -> Result<String, SettingsError> {
        if self.api_url.is_empty() {
            return Ok(String::new());
        }
        let url = sms::address("payments.click.api_url", &self.api_url, "money is given back there")?;
        Ok(url.trim_end_matches('/').to_owned())
    }

    /// Who sold, where Click registers the sales with the tax office.
    pub(super) fn fiscal(&self) -> Result<Option<TaxNumber>, SettingsError> {
        const KEY: &str = "payments.click.fiscal";
        if self.fiscal.is_empty() {
            return Ok(None);
        }
        let Some(seller) = TaxNumber::parse(&self.fiscal) else {
            let why = format!("is {:?}; it is a TIN of 9 digits or a PINFL of 14", self.fiscal);
            return Err(SettingsError::invalid(KEY, why));
        };
        if self.api_url.is_empty() {
            let why = "needs payments.click.api_url, where sales are registered";
            return Err(SettingsError::invalid(KEY, why));
        }
        Ok(Some(seller))
    }

    /// How long an attempt holds its order.
    pub(super) fn holds_for(&self) -> Result<TimeDelta, SettingsError> {
        let minutes = self.prepare_minutes;
        within("payments.click.prepare_minutes", minutes.into(), 1, HOLD_MINUTES_MAX)?;
        Ok(TimeDelta::minutes(minutes.into()))
    }

    /// The desk.
    pub(super) fn desk(&self, environment: desk::Environment) -> Result<ClickDesk, SettingsError> {
        let secrets = self.secrets();
        for (key, value) in [
            ("payments.click.service_id", &self.service_id),
            ("payments.click.merchant_id", &self.merchant_id),
            ("payments.click.merchant_user_id", &self.merchant_user_id),
        ] {
            check_word(key, value, !secrets.are_on())?;
        }
        Ok(ClickDesk {
            desk: secrets.desk(environment),
            service_id: self.service_id.clone(),
            merchant_id: self.merchant_id.clone(),
            merchant_user_id: self.merchant_user_id.clone(),
        })
    }

    fn secrets(&self) -> Secrets<'_> {
        Secrets {
            live: &self.secret_key,
            previous: &self.previous_secret_key,
        }
    }
}
