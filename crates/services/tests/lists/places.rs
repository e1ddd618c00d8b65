//! What lies where, by product.

use savdo_persistence::on_both;
use savdo_services::Page;
use savdo_services::stock::{self, ListByProduct};
use savdo_services::testing::{Goods, World, receipt};

use super::{check, ids};

on_both! {
    fn products_with_their_places_are_walked_by_name_while_some_are_added(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let keep = |number: usize| {
            let product = world.product(&shop, Goods::named(&format!("Un {}", number * 37 % 90)));
            world.receive(&shop, receipt(&shop, product, "1", "1"));
        };
        (0..8).for_each(keep);
        let list = |page: &Page| {
            let query = ListByProduct { product: None, search: String::new(), page: page.clone() };
            ids(stock::list_by_product(&world.context, &shop.owner, query).unwrap(), |row| row.product_id.get())
        };

        let mut added = 8;
        check("stock by product", list, || {
            added += 1;
            keep(added);
        });
        assert!(added > 10);
    }
}
