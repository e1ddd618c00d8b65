//! Goods in, out and back: what is taken, what it costs, what is refused.

#![cfg(test)]

mod support;

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::access::Role;
use savdo_domain::ids::{BatchId, LocationId, ProductId};
use savdo_domain::stock::{LocationKind, Place, ShortLine, StockRefusal};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::Page;
use savdo_services::once::Unkeyed;
use savdo_services::sales::{self, CancelSale};
use savdo_services::stock::{self, ListStock, MoveGoods};
use savdo_services::testing::{Shop, World, at_once, money, quantity, receipt, refusal, sale};
use support::product;

const PAGE: Page = Page::new(1, 100);

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

fn everything() -> ListStock {
    ListStock {
        branch: None,
        warehouse: None,
        product: None,
        category: None,
        search: String::new(),
        is_nonzero: None,
        sort: Vec::new(),
        page: PAGE,
    }
}

fn expiring(shop: &Shop, product: ProductId, pieces: &str, unit_cost: &str, expires_on: &str) -> MoveGoods {
    MoveGoods {
        expires_on: day(expires_on),
        ..receipt(shop, product, pieces, unit_cost)
    }
}

on_both! {
    fn goods_taken_in_make_a_movement_and_a_batch(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "15000.00");
        let command = MoveGoods {
            series: "A-17".to_owned(),
            description: "nakladnoy 5".to_owned(),
            ..expiring(&shop, product, "2.500", "999.99", "2027-01-31")
        };

        let view = world.receive(&shop, command);

        assert_eq!((view.quantity, view.unit_cost), (quantity("2.5"), money("999.99")));
        // 2.5 x 999.99 = 2499.975, half to even.
        assert_eq!(view.total_cost, money("2499.98"));
        assert_eq!(view.place, Place { location_id: shop.branch_id, kind: LocationKind::Branch });
        let rows = world.database.dump_of(&["stock_levels", "stock_batches", "stock_movements", "stock_movement_parts"]);
        let (store, branch, owner) = (shop.store_id, shop.branch_id, shop.owner.user_id);
        let expected = format!(
            "# stock_levels\n\
             1|{store}|{branch}|1|2500|2500|2027-01-31|0|2026-03-12 05:00:00\n\
             # stock_batches\n\
             1|{store}|{branch}|1|1|99999|2500|2500|249998|0|A-17|2027-01-31|0||-|2026-03-12 05:00:00\n\
             # stock_movements\n\
             1|{store}|{branch}|1|2500|249998|receipt|manual|-|-|nakladnoy 5|{owner}|2026-03-12|2026-03-12 05:00:00\n\
             # stock_movement_parts\n\
             1|{store}|1|1|0|2500|249998|-\n"
        );
        assert_eq!(rows, expected);
        world.check_ledger();
    }

    fn goods_without_a_cost_come_at_the_purchase_price_of_the_moment(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let unpriced = || MoveGoods { unit_cost: None, ..receipt(&shop, product, "1", "0.00") };

        let first = world.receive(&shop, unpriced()).unit_cost;
        world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        world.receive(&shop, receipt(&shop, product, "10", "100.55"));
        world.receive(&shop, receipt(&shop, product, "4", "200.00"));
        let mixed = world.receive(&shop, unpriced()).unit_cost;

        // (1005.50 + 800.00) / 14 = 128.964..
        assert_eq!((first, mixed), (money("50.00"), money("128.96")));
    }

    fn everything_wrong_with_a_receipt_is_named_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let foreign = product(&world, &other, 1, "1.00");
        let before = world.database.dump();

        let outcome = stock::move_goods(&world.context, &shop.owner, MoveGoods {
            series: "A-17".to_owned(),
            batch: Some(BatchId::new(1)),
            warehouse: Some(LocationId::new(1)),
            supplier: Some(1),
            ..receipt(&shop, foreign, "0", "1.00")
        }, &Unkeyed);

        let mut errors = FieldErrors::one("product", FieldProblem::UnknownObject);
        errors.add("batch", FieldProblem::Contradiction);
        errors.add("quantity", FieldProblem::NotPositive);
        errors.add("supplier", FieldProblem::UnknownObject);
        errors.add(FieldErrors::NON_FIELD, FieldProblem::ExactlyOnePlace);
        assert_eq!(refusal(outcome), Refusal::Fields(errors));
        assert_eq!(world.database.dump(), before);
    }

    fn a_foreign_branch_is_unknown(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let product = product(&world, &shop, 1, "1.00");

        let outcome = stock::move_goods(&world.context, &shop.owner, receipt(&other, product, "1", "1.00"), &Unkeyed);

        assert_eq!(refusal(outcome), Refusal::field("branch", FieldProblem::UnknownObject));
    }

    fn a_medicine_is_received_only_with_series_and_expiry(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "1.00");
        world.database.execute("UPDATE products SET is_medicine = TRUE");

        let outcome = stock::move_goods(&world.context, &shop.owner, receipt(&shop, product, "1", "1.00"), &Unkeyed);

        let mut errors = FieldErrors::one("series", FieldProblem::Required);
        errors.add("expires_on", FieldProblem::Required);
        assert_eq!(refusal(outcome), Refusal::Fields(errors));
    }

    fn a_courier_takes_no_goods_in(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let courier = world.hire(&shop, Role::Courier);
        let product = product(&world, &shop, 1, "1.00");

        let outcome = stock::move_goods(&world.context, &courier, receipt(&shop, product, "1", "1.00"), &Unkeyed);

        assert_eq!(refusal(outcome).code(), Some("section_required"));
    }

    fn goods_leave_first_expired_first_at_the_cost_of_their_batches(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, receipt(&shop, product, "5", "200.00"));
        world.receive(&shop, expiring(&shop, product, "10", "100.55", "2026-06-01"));

        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "12")]));

        // 10 x 100.55 + 2 x 200.00
        assert_eq!(sold.lines[0].cost, money("1405.50"));
        assert_eq!(sold.lines[0].cost.per(quantity("12")), Some(money("117.12")));
        assert_eq!(world.batches(), ["1: 3000 60000", "2: 0 0"]);
        assert_eq!(world.levels(), ["1: 3000 3000 -"]);
        world.check_ledger();
    }

    fn a_batch_is_sold_on_its_expiry_day_and_never_after(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, expiring(&shop, product, "10", "100.00", "2026-03-12"));
        world.sell(&shop.owner, sale(&shop, &[(product, "4")]));

        world.clock.advance(TimeDelta::days(1));
        let outcome = sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "1")]), &Unkeyed);

        let short = ShortLine {
            product_id: product,
            product_name: "Mahsulot 1".to_owned(),
            place: Place { location_id: shop.branch_id, kind: LocationKind::Branch },
            available: quantity("0"),
            requested: quantity("1"),
        };
        assert_eq!(refusal(outcome), StockRefusal::Insufficient(vec![short]).into());
        let listed = stock::list(&world.context, &shop.owner, everything()).unwrap();
        assert_eq!((listed.rows[0].quantity, listed.rows[0].available), (quantity("6"), quantity("0")));
    }

    fn a_blocked_batch_is_not_sold(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, receipt(&shop, product, "3", "100.00"));
        world.receive(&shop, receipt(&shop, product, "2", "100.00"));
        world.database.execute("UPDATE stock_batches SET is_blocked = TRUE, block_reason = 'chaqirib olindi' WHERE id = 1");

        let outcome = sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "3")]), &Unkeyed);
        world.sell(&shop.owner, sale(&shop, &[(product, "2")]));

        assert_eq!(refusal(outcome).code(), Some("insufficient_stock"));
        assert_eq!(world.batches(), ["1: 3000 30000", "2: 0 0"]);
        assert_eq!(world.levels(), ["1: 3000 0 -"]);
    }

    fn a_shortage_names_all_short_products_and_leaves_nothing_behind(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products = [1, 2, 3].map(|id| product(&world, &shop, id, "500.00"));
        world.receive(&shop, receipt(&shop, products[0], "10", "100.00"));
        world.receive(&shop, receipt(&shop, products[1], "3", "100.00"));
        let before = world.database.dump();
        let items = [(products[2], "1"), (products[1], "2"), (products[0], "1"), (products[1], "2")];

        let outcome = sales::sell(&world.context, &shop.owner, sale(&shop, &items), &Unkeyed);

        let Refusal::Stock(StockRefusal::Insufficient(lines)) = refusal(outcome) else {
            panic!("no shortage");
        };
        let told: Vec<_> = lines.iter().map(|line| (line.product_id, line.available, line.requested)).collect();
        assert_eq!(told, [
            (products[1], quantity("3"), quantity("4")),
            (products[2], quantity("0"), quantity("1")),
        ]);
        let nothing_but_the_number = |dump: &str| dump.replace("|sale_number|2", "|sale_number|1");
        assert_eq!(nothing_but_the_number(&world.database.dump()), before);
    }

    fn a_cancel_puts_goods_back_into_the_batches_they_came_from(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, expiring(&shop, product, "3", "33.33", "2026-06-01"));
        world.receive(&shop, receipt(&shop, product, "10", "100.00"));
        let (batches_before, levels_before) = (world.batches(), world.levels());
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "2"), (product, "2.5")]));
        assert_eq!(world.batches(), ["1: 0 0", "2: 8500 85000"]);

        let command = CancelSale { id: sold.sale.id, reason: String::new() };
        sales::cancel(&world.context, &shop.owner, command, &Unkeyed).unwrap();

        assert_eq!((world.batches(), world.levels()), (batches_before, levels_before));
        let movements = world.database.lines(
            "SELECT reason || ' ' || document_type || ' ' || document_id || ' ' || quantity AS line FROM stock_movements \
             WHERE document_id IS NOT NULL ORDER BY id",
        );
        let id = sold.sale.id;
        assert_eq!(movements, [format!("sale sale {id} -4500"), format!("sale_cancel sale {id} 4500")]);
        world.check_ledger();
    }

    fn a_list_of_stock_tells_what_lies_where(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let products = [1, 2].map(|id| product(&world, &shop, id, "500.00"));
        world.receive(&shop, receipt(&shop, products[1], "3", "100.00"));
        world.receive(&shop, expiring(&shop, products[0], "2", "100.00", "2026-03-11"));

        let all = stock::list(&world.context, &shop.owner, everything()).unwrap();
        let one = stock::list(&world.context, &shop.owner, ListStock { product: Some(products[1]), ..everything() });
        let foreign = stock::list(&world.context, &other.owner, everything()).unwrap();
        let elsewhere = ListStock { branch: Some(other.branch_id), ..everything() };
        let elsewhere = stock::list(&world.context, &shop.owner, elsewhere).unwrap();

        let told: Vec<_> = all.rows.iter().map(|row| (row.product_id, row.quantity, row.available)).collect();
        assert_eq!(told, [
            (products[0], quantity("2"), quantity("0")),
            (products[1], quantity("3"), quantity("3")),
        ]);
        assert_eq!(all.total, 2);
        assert_eq!(one.unwrap().rows, [all.rows[1].clone()]);
        assert_eq!((foreign.total, elsewhere.total), (0, 0));
    }

    fn of_many_buyers_exactly_as_many_buy_as_there_are_goods(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, expiring(&shop, product, "3", "100.00", "2026-06-01"));
        world.receive(&shop, receipt(&shop, product, "5", "100.00"));

        let codes = at_once(16, |_| {
            let outcome = sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "1")]), &Unkeyed);
            outcome.map(|_| ()).map_err(|error| refusal::<()>(Err(error)).code())
        });

        assert_eq!(codes.iter().filter(|outcome| outcome.is_ok()).count(), 8);
        assert_eq!(codes.iter().filter(|outcome| **outcome == Err(Some("insufficient_stock"))).count(), 8);
        assert_eq!(world.levels(), ["1: 0 0 -"]);
        world.check_ledger();
    }

    fn buyers_of_the_same_products_in_opposite_order_never_block_each_other(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products = [1, 2].map(|id| product(&world, &shop, id, "500.00"));
        for product in products {
            world.receive(&shop, receipt(&shop, product, "40", "100.00"));
        }

        at_once(16, |buyer| {
            let mut items = [(products[0], "1"), (products[1], "1")];
            if buyer % 2 == 0 {
                items.reverse();
            }
            sales::sell(&world.context, &shop.owner, sale(&shop, &items), &Unkeyed).unwrap();
        });

        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        assert_eq!(world.levels(), ["1: 24000 24000 -", "2: 24000 24000 -"]);
        world.check_ledger();
    }

    fn parallel_buyers_who_take_from_two_batches_both_buy(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        for expires_on in ["2026-06-01", "2026-07-01", "2026-08-01"] {
            world.receive(&shop, expiring(&shop, product, "4", "100.00", expires_on));
        }

        at_once(2, |_| {
            sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "6")]), &Unkeyed).unwrap();
        });

        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        assert_eq!(world.batches(), ["1: 0 0", "2: 0 0", "3: 0 0"]);
        world.check_ledger();
    }

    fn a_sale_cancelled_many_times_at_once_is_put_back_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, receipt(&shop, product, "10", "100.00"));
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "4")]));

        let codes = at_once(16, |_| {
            let command = CancelSale { id: sold.sale.id, reason: String::new() };
            let outcome = sales::cancel(&world.context, &shop.owner, command, &Unkeyed);
            outcome.map(|_| ()).map_err(|error| refusal::<()>(Err(error)).code())
        });

        assert_eq!(codes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(codes.iter().filter(|outcome| **outcome == Err(Some("sale_already_cancelled"))).count(), 15);
        assert_eq!(world.batches(), ["1: 10000 100000"]);
        world.check_ledger();
    }
}
