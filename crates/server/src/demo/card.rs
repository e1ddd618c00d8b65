//! What a developer is shown: where the server is, who signs in, and two requests to paste.

use std::fmt;

use savdo_domain::ids::ProductId;
use savdo_services::catalogue::{self, BrowseProducts, ShelfOrdering};
use savdo_services::{Context, Page};

use super::people::{ADMIN, COURIER, CUSTOMERS, MANAGER, OPERATOR, OWNER, SELLER};
use super::{PASSWORD, STORE};

/// The products of the requests, of which there is enough.
pub(super) const SHOWN: [&str; 2] = ["Paracetamol 500 mg tabletka №10", "Ascorbic acid 50 mg tabletka №50"];

/// The card of a database that holds the demo chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    address: String,
    shown: [ProductId; 2],
}

impl Card {
    /// The card, with the ids that its products have; `None` where the chain or its products are not there.
    ///
    /// # Errors
    /// A failed statement.
    pub fn find(context: &Context, address: &str) -> savdo_services::Result<Option<Self>> {
        let stores = catalogue::stores(context)?;
        let Some(store) = stores.into_iter().find(|store| store.name == STORE) else {
            return Ok(None);
        };
        let mut shown = Vec::new();
        for name in SHOWN {
            let query = BrowseProducts {
                store: Some(store.id),
                category: None,
                substance: None,
                manufacturer: None,
                price_min: None,
                price_max: None,
                in_stock: None,
                requires_prescription: None,
                search: name.to_owned(),
                is_online: None,
                // Of a large demo many are called so and something more.
                sort: ShelfOrdering::Name.sort(),
                include_hidden: false,
                page: Page::new(1, 10),
            };
            let found = catalogue::browse(context, None, query)?.rows;
            let offered = found.into_iter().map(|found| found.offered);
            shown.extend(
                offered
                    .filter(|offered| offered.name == name)
                    .map(|offered| offered.product_id),
            );
        }
        Ok(<[ProductId; 2]>::try_from(shown).ok().map(|shown| Self {
            address: address.to_owned(),
            shown,
        }))
    }
}

impl fmt::Display for Card {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, shown } = self;
        let [first, second] = shown;
        let staff = [
            ("owner", OWNER),
            ("manager", MANAGER),
            ("seller", SELLER),
            ("operator", OPERATOR),
            ("courier", COURIER),
            ("admin", ADMIN),
        ];
        writeln!(formatter, "{STORE}: {address}/   API: {address}/api/docs/\n")?;
        writeln!(formatter, "Everybody's password is {PASSWORD}")?;
        for (role, (username, ..)) in staff {
            writeln!(formatter, "  {role:<9} {username}")?;
        }
        for (phone, first_name, last_name) in CUSTOMERS {
            writeln!(formatter, "  customer  {phone}  {first_name} {last_name}")?;
        }
        let (seller, buyer) = (SELLER.0, CUSTOMERS[0].0);
        write!(
            formatter,
            r#"
The seller sells two products at the counter:

url={address}/api/v1
token=$(curl -sS $url/auth/login/ -H 'Content-Type: application/json' \
  -d '{{"username": "{seller}", "password": "{PASSWORD}"}}' | sed -E 's/.*"access":"([^"]+)".*/\1/')
curl -sS $url/sales/ -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -d '{{"payment_type": "cash", "items": [{{"product": {first}, "quantity": 2}}, {{"product": {second}, "quantity": 1}}]}}'; echo

A customer puts a product into the cart and orders it:

url={address}/api/v1/pharmacy
token=$(curl -sS $url/auth/login/ -H 'Content-Type: application/json' \
  -d '{{"phone_number": "{buyer}", "password": "{PASSWORD}"}}' | sed -E 's/.*"access":"([^"]+)".*/\1/')
curl -sS -o /dev/null $url/cart/items/ -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -d '{{"product_id": {first}, "quantity": 2}}'
curl -sS $url/orders/ -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -d '{{"delivery_address": "Toshkent, Navoiy ko'"'"'chasi 1", "payment_method": "cash"}}'; echo
"#
        )
    }
}
