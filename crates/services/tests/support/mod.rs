//! What several tests of use-cases need.

use savdo_domain::ids::ProductId;
use savdo_services::testing::{Goods, Shop, World, money};

/// A product with this name and price, which has cost 50.00 so far; the `id`-th that is made.
pub(crate) fn product(world: &World, shop: &Shop, id: i64, price: &str) -> ProductId {
    let goods = Goods {
        cost: money("50.00"),
        ..Goods::named(&format!("Mahsulot {id}")).at(money(price))
    };
    let made = world.product(shop, goods);
    assert_eq!(made, ProductId::new(id));
    made
}
