//! Days that turn: what expired overnight, and what happens when a store's clocks are set to another zone.

#![cfg(test)]

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::ids::ProductId;
use savdo_domain::zone::Zone;
use savdo_persistence::on_both;
use savdo_services::batches;
use savdo_services::branches::{self, CreateBranch};
use savdo_services::once::Unkeyed;
use savdo_services::stock::MoveGoods;
use savdo_services::stores::{self, ChangeStore};
use savdo_services::testing::{Goods, Mailbox, Shop, World, at_once, receipt, sale};
use savdo_services::verify::verify;
use savdo_services::{Result, sales};

/// So many pieces that may be sold up to and including this day of March.
fn dated(shop: &Shop, product: ProductId, pieces: &str, day: u32) -> MoveGoods {
    MoveGoods {
        series: format!("A{day}"),
        expires_on: NaiveDate::from_ymd_opt(2026, 3, day),
        ..receipt(shop, product, pieces, "100.00")
    }
}

/// A shop with milk: 5 pieces that keep until the 20th, 3 until the 25th.
fn shop_with_milk(world: &World) -> (Shop, ProductId) {
    let shop = world.shop();
    let milk = world.product(&shop, Goods::named("Sut"));
    world.receive(&shop, dated(&shop, milk, "5", 20));
    world.receive(&shop, dated(&shop, milk, "3", 25));
    (shop, milk)
}

fn move_to(world: &World, shop: &Shop, zone: &str) {
    let command = ChangeStore {
        zone: Some(Zone::parse(zone).unwrap()),
        ..ChangeStore::default()
    };
    stores::change(&world.context, &shop.owner, shop.store_id, command).unwrap();
}

/// The time is set to this one.
fn wait_until(world: &World, time: &str) {
    let until: chrono::DateTime<chrono::Utc> = time.parse().unwrap();
    world.clock.advance(until - world.context.now());
}

fn check(world: &World) {
    assert_eq!(verify(&world.context).unwrap().differences, []);
    assert_eq!(world.database.probe().retries(), 0);
}

fn changes(world: &World) -> Vec<String> {
    world
        .database
        .lines("SELECT CAST(updated_at AS TEXT) AS line FROM stock_levels ORDER BY id")
}

on_both! {
    fn what_expired_is_counted_anew_after_the_midnight_of_its_store(database: TestDatabase) {
        let world = World::on(database);
        let (_, milk) = shop_with_milk(&world);
        let (london, other) = shop_with_milk(&world);
        move_to(&world, &london, "Europe/London");
        let runner = world.runner(&Mailbox::default());
        let fresh = |product| format!("{product}: 8000 8000 2026-03-20");
        let turned = |product| format!("{product}: 8000 3000 2026-03-25");

        for (time, expected) in [
            ("2026-03-20T18:59:00Z", [fresh(milk), fresh(other)]),
            ("2026-03-20T19:01:00Z", [turned(milk), fresh(other)]),
            ("2026-03-20T23:59:00Z", [turned(milk), fresh(other)]),
            ("2026-03-21T00:01:00Z", [turned(milk), turned(other)]),
        ] {
            wait_until(&world, time);
            check(&world);

            runner.run_due_jobs().unwrap();

            assert_eq!(world.levels(), expected, "at {time}");
            check(&world);
        }
        let before = changes(&world);
        world.clock.advance(TimeDelta::minutes(5));
        runner.run_due_jobs().unwrap();
        assert_eq!(changes(&world), before);
    }

    fn levels_that_are_sold_from_are_counted_anew_beside_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products = ["Sut", "Qatiq", "Qaymoq"].map(|name| world.product(&shop, Goods::named(name)));
        for product in products {
            world.receive(&shop, dated(&shop, product, "5", 20));
            world.receive(&shop, dated(&shop, product, "9", 25));
        }
        wait_until(&world, "2026-03-20T19:01:00Z");
        let runners: Vec<_> = (0..4).map(|_| world.runner(&Mailbox::default())).collect();

        let outcomes: Vec<Result<()>> = at_once(8, |who| match runners.get(who) {
            Some(runner) => runner.run_due_jobs(),
            None => {
                let items = [products[who % 3], products[(who + 1) % 3]].map(|product| (product, "1"));
                sales::sell(&world.context, &shop.owner, sale(&shop, &items), &Unkeyed).map(drop)
            }
        });

        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        let sold = [2, 3, 3];
        let expected = [0, 1, 2].map(|which: usize| {
            let (left, product) = (14 - sold[which], products[which]);
            format!("{product}: {left}000 {}000 2026-03-25", left - 5)
        });
        assert_eq!(world.levels(), expected);
        check(&world);
    }

    fn a_level_that_contradicts_its_batches_holds_up_no_other_place(database: TestDatabase) {
        let world = World::on(database);
        let (shop, milk) = shop_with_milk(&world);
        let command = CreateBranch { name: "Olmazor".to_owned(), address: String::new(), phone: String::new() };
        let branch = branches::create(&world.context, &shop.owner, command, &Unkeyed).unwrap().branch.id;
        world.receive(&shop, MoveGoods { branch: Some(branch), ..dated(&shop, milk, "4", 20) });
        world.database.execute("UPDATE stock_levels SET on_hand = on_hand + 1000 WHERE id = 1");
        wait_until(&world, "2026-03-20T19:01:00Z");

        world.runner(&Mailbox::default()).run_due_jobs().unwrap();

        assert_eq!(world.levels(), [
            format!("{milk}: 9000 8000 2026-03-20"),
            format!("{milk}: 4000 0 -"),
        ]);
    }

    fn a_day_that_comes_again_brings_its_goods_back(database: TestDatabase) {
        let world = World::on(database);
        let (shop, milk) = shop_with_milk(&world);
        wait_until(&world, "2026-03-20T20:00:00Z");
        world.sell(&shop.owner, sale(&shop, &[(milk, "1")]));
        assert_eq!(world.levels(), [format!("{milk}: 7000 2000 2026-03-25")]);

        move_to(&world, &shop, "Europe/London");

        assert_eq!(world.levels(), [format!("{milk}: 7000 7000 2026-03-20")]);
        check(&world);
        world.sell(&world.again(&shop.owner), sale(&shop, &[(milk, "6")]));
        assert_eq!(world.levels(), [format!("{milk}: 1000 1000 2026-03-25")]);
        move_to(&world, &shop, "Asia/Tashkent");
        check(&world);
    }

    fn a_batch_keeps_the_code_that_is_printed_on_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let milk = world.product(&shop, Goods::named("Sut"));
        let batch = world.receive(&shop, dated(&shop, milk, "5", 20)).batch_id.unwrap();
        let code = || batches::detail(&world.context, &shop.owner, batch).unwrap().code;
        let printed = code();

        move_to(&world, &shop, "America/Los_Angeles");

        assert_eq!(printed, format!("S{}-26-03-12-{:04}", shop.store_id, batch.get()));
        assert_eq!(code(), printed);
    }
}
