//! The desks that this installation has at providers of payments, and where payers may come back to.
//!
//! A desk decides whose orders a call may speak of. Those here stand in the configuration and serve every store; the list is the place for
//! desks of single stores too. Deliberately absent: what a call does.

use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::payment::desk::Environment;
use savdo_domain::payment::payme::{self, PaymeDesk};

/// Stands in [`Desks::order_page`] for the number of the order.
pub const ORDER_PLACE: &str = "{order_id}";

/// The desks of an installation. Their secrets are never shown.
#[derive(Debug, Clone)]
pub struct Desks {
    /// With which of the providers' worlds the installation deals; desks of the other are off.
    pub environment: Environment,
    /// Its desks at Payme.
    pub payme: Vec<PaymeDesk>,
    /// Where people pay at Payme.
    pub payme_checkout_url: String,
    /// The origins that a payer may be sent back to.
    pub return_origins: Vec<String>,
    /// Where he is sent who named no page: that of the order, whose number stands at [`ORDER_PLACE`].
    pub order_page: Option<String>,
}

impl Desks {
    /// The desk that the `Authorization` header of a call of Payme opens.
    #[must_use]
    pub fn opened_by_payme(&self, header: Option<&str>) -> Option<&PaymeDesk> {
        payme::authorised(header, &self.payme, self.environment)
    }

    /// The desk at Payme through which orders of a store are paid, if that is on. Money of a store with a desk of its own never goes to another.
    #[must_use]
    pub fn payme_of(&self, store_id: StoreId) -> Option<&PaymeDesk> {
        let has_own = self.stores_with_own_payme().contains(&store_id);
        let mut serving = self.payme.iter().filter(|desk| desk.desk.serves(store_id, has_own));
        serving.find(|desk| desk.desk.is_on(self.environment))
    }

    /// The stores with a desk of their own at Payme, on or off.
    #[must_use]
    pub fn stores_with_own_payme(&self) -> Vec<StoreId> {
        self.payme.iter().filter_map(|desk| desk.desk.store_id).collect()
    }

    /// Whether a payer may be sent back to this address: it begins with an origin that is listed, and can stand in a link.
    #[must_use]
    pub fn admits_return(&self, url: &str) -> bool {
        let can_be_said = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
        let is_of = |origin: &String| {
            url.strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        };
        can_be_said && self.return_origins.iter().any(is_of)
    }

    /// The page of an order, for the payer who named none.
    #[must_use]
    pub fn page_of(&self, order_id: OrderId) -> Option<String> {
        let page = self.order_page.as_ref()?;
        Some(page.replace(ORDER_PLACE, &order_id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use savdo_domain::ids::{OrderId, StoreId};
    use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
    use savdo_domain::payment::payme::PaymeDesk;

    use super::Desks;

    fn desk(merchant_id: &str, store_id: Option<i64>, key: &str) -> PaymeDesk {
        PaymeDesk {
            desk: Desk {
                store_id: store_id.map(StoreId::new),
                environment: Environment::Test,
                secrets: DeskSecrets {
                    live: DeskSecret::new(key),
                    previous: DeskSecret::new(""),
                },
            },
            merchant_id: merchant_id.to_owned(),
            login: "Paycom".to_owned(),
            account_field: "order_id".to_owned(),
            sends_detail: false,
        }
    }

    fn desks(payme: Vec<PaymeDesk>) -> Desks {
        Desks {
            environment: Environment::Test,
            payme,
            payme_checkout_url: "https://test.paycom.uz".to_owned(),
            return_origins: vec!["https://dorixona.uz".to_owned()],
            order_page: Some("https://dorixona.uz/orders/{order_id}/".to_owned()),
        }
    }

    #[test]
    fn a_store_with_a_desk_of_its_own_is_paid_through_that_one_or_not_at_all() {
        let desks = desks(vec![
            desk("default", None, "k1"),
            desk("own", Some(7), "k2"),
            desk("off", Some(8), ""),
        ]);
        let of = |store| {
            desks
                .payme_of(StoreId::new(store))
                .map(|desk| desk.merchant_id.as_str())
        };

        assert_eq!((of(6), of(7), of(8)), (Some("default"), Some("own"), None));
    }

    #[test]
    fn a_desk_without_a_key_or_of_the_other_world_serves_nobody() {
        let off = desks(vec![desk("default", None, "")]);
        let mut other = desks(vec![desk("default", None, "k1")]);
        other.environment = Environment::Production;

        assert!(off.payme_of(StoreId::new(1)).is_none() && other.payme_of(StoreId::new(1)).is_none());
    }

    #[test]
    fn a_payer_comes_back_to_a_listed_origin_alone() {
        let desks = desks(Vec::new());

        for good in [
            "https://dorixona.uz",
            "https://dorixona.uz/b?o=:transaction",
            "https://dorixona.uz#x",
        ] {
            assert!(desks.admits_return(good), "{good}");
        }
        for bad in [
            "",
            "https://dorixona.uz.evil.uz/",
            "https://dorixona.uz@evil.uz/",
            "https://dorixona.uz:8443/",
            "http://dorixona.uz/",
            "https://dorixona.uz/a;b",
            "https://dorixona.uz/a b",
            "https://dorixona.uz/\u{451}",
            "javascript:alert(1)",
        ] {
            assert!(!desks.admits_return(bad), "{bad}");
        }
    }

    #[test]
    fn the_page_of_an_order_has_its_number() {
        let page = desks(Vec::new()).page_of(OrderId::new(1001));

        assert_eq!(page.as_deref(), Some("https://dorixona.uz/orders/1001/"));
    }
}
