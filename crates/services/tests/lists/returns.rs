//! Returns.

use savdo_persistence::on_both;
use savdo_services::sale_returns::{self, ListSaleReturns, SaleReturnColumn};
use savdo_services::testing::{Goods, World, back, receipt, sale};
use savdo_services::{Page, Period};

use super::{check, ids, sorts, told};

on_both! {
    fn returns_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Choy"));
        world.receive(&shop, receipt(&shop, product, "1000", "1"));
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "500")])).sale.id;
        for number in 0..8 {
            if number % 3 == 0 {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            world.bring_back(&shop.owner, back(sold, &[(product, "1")]));
        }

        for sort in sorts::<SaleReturnColumn>() {
            let list = |page: &Page| {
                let query = ListSaleReturns {
                    period: Period::default(),
                    branch: None,
                    shift: None,
                    sale: None,
                    customer: None,
                    statuses: Vec::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(sale_returns::list(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("returns", &sort), list, || ());
        }
    }
}
