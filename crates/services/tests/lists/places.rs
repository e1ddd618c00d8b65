//! What lies where, by product and by batch.

use savdo_persistence::on_both;
use savdo_services::Page;
use savdo_services::batches::{self, BatchColumn, ListBatches};
use savdo_services::stock::{self, ListByProduct, MoveGoods};
use savdo_services::testing::{Goods, World, receipt};

use super::{check, ids, sorts, told};

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

    fn batches_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Un"));
        for number in 0..8_usize {
            if number.is_multiple_of(3) {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            let expires_on = ["2026-06-01", "2026-09-01", "hech qachon"][number % 3].parse().ok();
            world.receive(&shop, MoveGoods { expires_on, ..receipt(&shop, product, ["1", "2"][number % 2], "1") });
        }

        for sort in sorts::<BatchColumn>() {
            let list = |page: &Page| {
                let query = ListBatches {
                    product: None,
                    branch: None,
                    warehouse: None,
                    is_empty: None,
                    expires_before: None,
                    is_expired: None,
                    is_blocked: None,
                    series: String::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(batches::list(&world.context, &shop.owner, query).unwrap(), |seen| seen.batch.id.get())
            };
            check(&told("batches", &sort), list, || ());
        }
    }
}
