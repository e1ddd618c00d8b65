//! Desks at the providers' sandboxes.

use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
use savdo_domain::payment::payme::PaymeDesk;

use crate::desks::Desks;

/// The key of every world's desk at Payme, with signs that Payme's keys may hold.
pub const PAYME_KEY: &str = "sinov&kalit?0123456789@abc#def%ghij";
/// What Payme calls that desk.
pub const PAYME_MERCHANT: &str = "587f72c72cac0d162c722ae2";

/// One desk at Payme for all stores, opened by this key; an empty one switches it off.
#[must_use]
pub fn desks(payme_key: &str) -> Desks {
    Desks {
        environment: Environment::Test,
        payme: vec![PaymeDesk {
            desk: Desk {
                store_id: None,
                environment: Environment::Test,
                secrets: DeskSecrets {
                    live: DeskSecret::new(payme_key),
                    previous: DeskSecret::new(""),
                },
            },
            merchant_id: PAYME_MERCHANT.to_owned(),
            login: "Paycom".to_owned(),
            account_field: "order_id".to_owned(),
            sends_detail: false,
        }],
        payme_checkout_url: "https://test.paycom.uz".to_owned(),
        return_origins: vec!["https://dorixona.uz".to_owned()],
        order_page: Some("https://dorixona.uz/orders/{order_id}/".to_owned()),
    }
}
