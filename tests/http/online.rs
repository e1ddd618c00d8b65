//! Words that the tests of the online pharmacy share.

use savdo_domain::ids::ProductId;
use savdo_services::testing::{Goods, Shop, money, receipt};
use savdo_tests::Server;

/// A shop that is open online.
pub(crate) fn pharmacy(server: &Server) -> Shop {
    let shop = server.world.shop();
    server.world.open_online(&shop);
    shop
}

/// Ten pieces of something that everybody may order.
pub(crate) fn medicine(server: &Server, shop: &Shop, name: &str, price: &str) -> ProductId {
    stocked(server, shop, Goods::named(name).at(money(price)))
}

/// Ten pieces of something that needs a prescription.
pub(crate) fn on_prescription(server: &Server, shop: &Shop, name: &str, price: &str) -> ProductId {
    let goods = Goods::named(name).at(money(price));
    stocked(
        server,
        shop,
        Goods {
            needs_prescription: true,
            ..goods
        },
    )
}

fn stocked(server: &Server, shop: &Shop, goods: Goods) -> ProductId {
    let product = server.world.online_product(shop, goods);
    server.world.receive(shop, receipt(shop, product, "10", "500.00"));
    product
}
