//! Desks at the providers' sandboxes.

use chrono::TimeDelta;
use savdo_domain::ids::{PaymentDeskId, StoreId};
use savdo_domain::payment::click::ClickDesk;
use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
use savdo_domain::payment::payme::PaymeDesk;

use super::World;
use crate::desks::{self, AddDesk, DeskIds, Desks, PaymeTerms};

/// The key of every world's desk at Payme, with signs that Payme's keys may hold.
pub const PAYME_KEY: &str = "sinov&kalit?0123456789@abc#def%ghij";
/// What Payme calls that desk.
pub const PAYME_MERCHANT: &str = "587f72c72cac0d162c722ae2";
/// The secret of every world's desk at Click, that of the contract's vectors.
pub const CLICK_SECRET: &str = "clicksecret";
/// The service of that desk.
pub const CLICK_SERVICE: &str = "85335";

/// One desk at each provider for all stores, opened by these secrets; an empty one switches it off.
#[must_use]
pub fn desks(payme_key: &str, click_secret: &str) -> Desks {
    Desks {
        environment: Environment::Test,
        payme: vec![PaymeDesk {
            desk: desk(payme_key),
            merchant_id: PAYME_MERCHANT.to_owned(),
            login: "Paycom".to_owned(),
            account_field: "order_id".to_owned(),
            sends_detail: false,
        }],
        payme_checkout_url: "https://test.paycom.uz".to_owned(),
        click: vec![ClickDesk {
            desk: desk(click_secret),
            service_id: CLICK_SERVICE.to_owned(),
            merchant_id: "46".to_owned(),
            merchant_user_id: "9".to_owned(),
        }],
        click_pay_url: "https://my.click.uz/services/pay".to_owned(),
        click_api_url: "https://api.click.uz/v2/merchant".to_owned(),
        click_holds_for: TimeDelta::minutes(30),
        click_fiscal: None,
        return_origins: vec!["https://dorixona.uz".to_owned()],
        order_page: Some("https://dorixona.uz/orders/{order_id}/".to_owned()),
    }
}

fn desk(secret: &str) -> Desk {
    Desk {
        store_id: None,
        environment: Environment::Test,
        secrets: DeskSecrets {
            live: DeskSecret::new(secret),
            previous: DeskSecret::new(""),
        },
    }
}

impl World {
    /// A desk of the database at Payme's sandbox, of a store or for all.
    ///
    /// # Panics
    /// When it is refused.
    pub fn payme_desk(&self, store_id: Option<StoreId>, merchant_id: &str, key: &str) -> PaymentDeskId {
        let command = AddDesk {
            store_id,
            environment: None,
            ids: DeskIds::Payme {
                merchant_id: merchant_id.to_owned(),
                terms: PaymeTerms {
                    login: "Paycom".to_owned(),
                    account_field: "order_id".to_owned(),
                    sends_detail: false,
                },
            },
            secret: DeskSecret::new(key),
        };
        self.desk(command)
    }

    /// A desk of the database.
    ///
    /// # Panics
    /// When it is refused.
    pub fn desk(&self, command: AddDesk) -> PaymentDeskId {
        match desks::add(&self.context, command) {
            Ok(Ok(id)) => id,
            Ok(Err(refusal)) => panic!("no desk: {refusal}"),
            Err(error) => panic!("no desk: {error}"),
        }
    }
}
