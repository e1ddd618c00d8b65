//! Goods that come back at another branch than they were sold at.

use savdo_domain::ids::{BatchId, LocationId, ProductId, SaleId, SaleReturnId};
use savdo_persistence::on_both;
use savdo_services::batches::{self, ChangeBatch};
use savdo_services::once::Unkeyed;
use savdo_services::sale_returns::CreateSaleReturn;
use savdo_services::sales::Sell;
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Goods, Shop, World, back, money, receipt, refusal, sale};
use savdo_services::{Result, products, sales};

use super::{another_branch, check, confirm};

/// A shop with two dated batches, of 2 pieces at 33.33 and 5 at 70.00, and a second branch.
fn shop_with_dated(world: &World) -> (Shop, ProductId, LocationId) {
    let shop = world.shop();
    let product = world.product(&shop, Goods::named("Sut").at(money("100.00")));
    for (pieces, cost, day) in [("2", "33.33", 20), ("5", "70.00", 25)] {
        let dated = MoveGoods {
            series: format!("A{day}"),
            expires_on: chrono::NaiveDate::from_ymd_opt(2026, 3, day),
            ..receipt(&shop, product, pieces, cost)
        };
        world.receive(&shop, dated);
        world.clock.advance(chrono::TimeDelta::hours(1));
    }
    let branch = another_branch(world, &shop);
    (shop, product, branch)
}

fn brought(world: &World, shop: &Shop, branch: LocationId, sale: SaleId, items: &[(ProductId, &str)]) -> SaleReturnId {
    let command = CreateSaleReturn {
        branch: Some(branch),
        ..back(sale, items)
    };
    world.bring_back(&shop.owner, command).sale_return.id
}

const BATCHES: &str = "SELECT location_id || ': ' || unit_cost || ' ' || quantity_received || ' ' || quantity_left || ' ' \
    || value_left || ' ' || series || ' ' || expires_on || ' ' || received_at || ' ' || CAST(is_blocked AS INTEGER) || ' ' \
    || block_reason AS line FROM stock_batches ORDER BY id";

on_both! {
    fn goods_come_back_elsewhere_as_batches_like_their_own(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let sale = world.sell(&shop.owner, sale(&shop, &[(product, "4")]));
        let before = world.database.lines(BATCHES);

        let first = brought(&world, &shop, branch, sale.sale.id, &[(product, "3")]);
        let first = world.confirm_return(&shop.owner, first);
        let last = brought(&world, &shop, branch, sale.sale.id, &[(product, "1")]);
        let last = world.confirm_return(&shop.owner, last);

        let mut expected = before;
        let there = |line: &str| format!("{branch}: {line}");
        expected.extend([
            there("7000 2000 2000 14000 A25 2026-03-25 2026-03-12 06:00:00 0 "),
            there("3333 1000 1000 3333 A20 2026-03-20 2026-03-12 05:00:00 0 "),
            there("3333 1000 1000 3333 A20 2026-03-20 2026-03-12 05:00:00 0 "),
        ]);
        assert_eq!(world.database.lines(BATCHES), expected);
        assert_eq!(world.levels(), [
            format!("{product}: 3000 3000 2026-03-25"),
            format!("{product}: 4000 4000 2026-03-20"),
        ]);
        assert_eq!([&first, &last].map(|view| view.lines[0].cost), [money("173.33"), money("33.33")]);
        let view = sales::view(&world.context, &shop.owner, sale.sale.id).unwrap();
        assert_eq!(view.lines[0].cost, money("206.66"));
        check(&world);
    }

    fn what_went_elsewhere_does_not_come_back_here_again(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "4")])).sale.id;
        let there = brought(&world, &shop, branch, sold, &[(product, "3")]);
        world.confirm_return(&shop.owner, there);

        let here = world.bring_back(&shop.owner, back(sold, &[(product, "1")])).sale_return.id;
        world.confirm_return(&shop.owner, here);

        assert_eq!(world.batches()[..2], ["1: 1000 3333", "2: 3000 21000"]);
        check(&world);
    }

    fn goods_of_a_batch_in_quarantine_come_back_into_quarantine(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")])).sale.id;
        world.database.execute("UPDATE stock_batches SET is_blocked = TRUE, block_reason = 'chaqirib olindi' WHERE id = 1");
        world.database.execute(
            "UPDATE stock_levels SET sellable = sellable - 1000, nearest_expiry = '2026-03-25' WHERE id = 1",
        );

        let id = brought(&world, &shop, branch, sold, &[(product, "1")]);
        world.confirm_return(&shop.owner, id);

        let batches = world.database.lines(BATCHES);
        let there = format!("{branch}: 3333 1000 1000 3333 A20 2026-03-20 2026-03-12 05:00:00 1 chaqirib olindi");
        assert_eq!(batches.last(), Some(&there));
        assert_eq!(world.levels().last(), Some(&format!("{product}: 1000 0 -")));
        let sell = Sell { branch: Some(branch), ..sale(&shop, &[(product, "1")]) };
        let refused = sales::sell(&world.context, &shop.owner, sell, &Unkeyed);
        assert_eq!(refusal(refused).code(), Some("insufficient_stock"));
        check(&world);
    }

    fn the_last_day_of_either_batch_may_be_corrected_after_goods_came_back_elsewhere(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "3")])).sale.id;
        let id = brought(&world, &shop, branch, sold, &[(product, "3")]);
        world.confirm_return(&shop.owner, id);

        for (batch, day) in [(1, 21), (3, 28)] {
            let corrected = ChangeBatch {
                expires_on: Some(chrono::NaiveDate::from_ymd_opt(2026, 3, day)),
                series: Some(format!("B{day}")),
                ..ChangeBatch::default()
            };
            batches::change(&world.context, &shop.owner, BatchId::new(batch), corrected).unwrap();

            check(&world);
        }
    }

    fn old_goods_that_came_back_elsewhere_do_not_set_the_price_of_the_newest(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "7")])).sale.id;
        let id = brought(&world, &shop, branch, sold, &[(product, "7")]);
        world.confirm_return(&shop.owner, id);
        let sell = Sell { branch: Some(branch), ..sale(&shop, &[(product, "7")]) };
        world.sell(&shop.owner, sell);

        let seen = products::detail(&world.context, &shop.owner, product).unwrap();

        assert_eq!((seen.left, seen.purchase_price), (savdo_domain::Quantity::ZERO, money("70.00")));
    }

    fn a_batch_blocked_while_its_goods_come_back_elsewhere_is_not_half_blocked_there(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);

        for _ in 0..12 {
            let goods = receipt(&shop, product, "1", "9.00");
            let dated = MoveGoods { expires_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 13), ..goods };
            let batch = world.receive(&shop, dated).batch_id.unwrap();
            let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")])).sale.id;
            let id = brought(&world, &shop, branch, sold, &[(product, "1")]);

            let outcomes: Vec<Result<()>> = savdo_services::testing::at_once(2, |who| match who {
                0 => confirm(&world, &shop.owner, id).map(drop),
                _ => {
                    let block = ChangeBatch {
                        blocked: Some(true),
                        reason: Some("chaqirib olindi".to_owned()),
                        ..ChangeBatch::default()
                    };
                    batches::change(&world.context, &shop.owner, batch, block).map(drop)
                }
            });

            assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        }
        let halves = "SELECT id || ': ' || block_reason AS line FROM stock_batches \
            WHERE is_blocked = (block_reason = '') ORDER BY id";
        assert_eq!(world.database.lines(halves), [""; 0]);
        check(&world);
    }

    fn a_return_elsewhere_that_fails_at_any_statement_leaves_nothing_behind(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "4")])).sale.id;
        let id = brought(&world, &shop, branch, sold, &[(product, "3")]);

        let (_, statements) = world.fails_at_every_statement(|| confirm(&world, &shop.owner, id));

        assert!(statements > 20, "only {statements} statements");
        check(&world);
    }

    fn returns_to_another_branch_and_receipts_there_never_block_each_other(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product, branch) = shop_with_dated(&world);
        let second = world.product(&shop, Goods::named("Qatiq").at(money("10")));
        world.receive(&shop, receipt(&shop, second, "50", "5.00"));
        let ids: Vec<SaleReturnId> = (0..4).map(|_| {
            let sold = world.sell(&shop.owner, sale(&shop, &[(second, "1"), (product, "1")])).sale.id;
            brought(&world, &shop, branch, sold, &[(second, "1"), (product, "1")])
        }).collect();

        let outcomes: Vec<Result<()>> = savdo_services::testing::at_once(8, |who| match ids.get(who) {
            Some(id) => confirm(&world, &shop.owner, *id).map(drop),
            None => {
                let product = if who % 2 == 0 { product } else { second };
                let command = MoveGoods { branch: Some(branch), ..receipt(&shop, product, "1", "5.00") };
                savdo_services::stock::move_goods(&world.context, &shop.owner, command, &Unkeyed).map(drop)
            }
        });

        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!(world.levels()[2..], [
            format!("{product}: 6000 6000 2026-03-20"),
            format!("{second}: 6000 6000 -"),
        ]);
        check(&world);
    }
}
