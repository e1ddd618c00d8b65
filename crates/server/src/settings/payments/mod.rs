//! The desks at providers of payments that serve every store.
//!
//! An empty key switches a desk off; nothing else does, and nothing opens it to everybody.

mod click;
mod payme;
#[cfg(test)]
mod tests;

use savdo_api::shell::Network;
use savdo_domain::payment::desk::{self, Desk, DeskSecret, DeskSecrets};
use savdo_services::desks::{Desks, ORDER_PLACE};
use serde::Deserialize;

use super::{Environment, SettingsError, network, sms};
use click::WrittenClick;
use payme::WrittenPayme;

/// What an address is for, where people pay.
const PEOPLE_PAY: &str = "people pay there";

/// `[payments]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPayments {
    environment: World,
    return_origins: String,
    order_page: String,
    payme: WrittenPayme,
    click: WrittenClick,
}

/// With which of the providers' worlds we deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum World {
    Production,
    Test,
}

impl WrittenPayments {
    /// From where Payme calls.
    pub(super) fn payme_networks(&self) -> Result<Vec<Network>, SettingsError> {
        network::networks("payments.payme.allow_from", &self.payme.allow_from)
    }

    /// From where Click calls.
    pub(super) fn click_networks(&self) -> Result<Vec<Network>, SettingsError> {
        network::networks("payments.click.allow_from", &self.click.allow_from)
    }

    /// The desks.
    pub(super) fn desks(&self, environment: Environment) -> Result<Desks, SettingsError> {
        let world = match self.environment {
            World::Production => desk::Environment::Production,
            World::Test => desk::Environment::Test,
        };
        // Real money behind a secret that everybody knows is refused wherever it is taken.
        if environment == Environment::Production || world == desk::Environment::Production {
            self.payme.check_unknown()?;
            self.click.check_unknown()?;
        }
        Ok(Desks {
            environment: world,
            payme: vec![self.payme.desk(world)?],
            payme_checkout_url: self.payme.checkout_url()?,
            click: vec![self.click.desk(world)?],
            click_pay_url: self.click.pay_url()?,
            click_api_url: self.click.api_url()?,
            click_holds_for: self.click.holds_for()?,
            click_fiscal: self.click.fiscal()?,
            return_origins: network::origins("payments.return_origins", &self.return_origins)?,
            order_page: self.order_page()?,
        })
    }

    fn order_page(&self) -> Result<Option<String>, SettingsError> {
        let page = self.order_page.as_str();
        if page.is_empty() {
            return Ok(None);
        }
        let is_address = page.starts_with("https://") || page.starts_with("http://");
        let is_sayable = page.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
        if !is_address || !is_sayable || !page.contains(ORDER_PLACE) {
            let why = format!("is {page:?}; it is such as https://dokon.uz/orders/{ORDER_PLACE}/, without a semicolon");
            return Err(SettingsError::invalid("payments.order_page", why));
        }
        Ok(Some(page.to_owned()))
    }
}

/// The secrets of a desk, as they are written.
struct Secrets<'a> {
    live: &'a str,
    previous: &'a str,
}

impl Secrets<'_> {
    /// Refuses the secret of development, which everybody knows.
    fn check_unknown(&self, key: &str, known: &str) -> Result<(), SettingsError> {
        if [self.live, self.previous].contains(&known) {
            let why = "is the one of development, which everybody knows";
            return Err(SettingsError::invalid(key, why));
        }
        Ok(())
    }

    /// Whether they switch their desk on.
    const fn are_on(&self) -> bool {
        !self.live.is_empty()
    }

    /// The desk that they open, for every store.
    fn desk(&self, environment: desk::Environment) -> Desk {
        Desk {
            store_id: None,
            environment,
            secrets: DeskSecrets {
                live: DeskSecret::new(self.live),
                previous: DeskSecret::new(self.previous),
            },
        }
    }
}

/// Checks a word that the provider gave; an empty one is none.
fn check_word(key: &str, value: &str, may_be_empty: bool) -> Result<(), SettingsError> {
    let is_none = value.is_empty() && may_be_empty;
    if !is_none && !desk::is_word(value) {
        let why = format!("is {value:?}; it is a word of letters, digits, - and _, as the provider gave it");
        return Err(SettingsError::invalid(key, why));
    }
    Ok(())
}
