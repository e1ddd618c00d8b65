//! What sales and cancels write, column by column, and that both databases write the same.

#![cfg(test)]

mod support;

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::ids::{ProductId, SaleId};
use savdo_domain::sale::PaymentType;
use savdo_domain::{Percent, Quantity};
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::once::Unkeyed;
use savdo_services::sales::{self, CancelSale, Sell};
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Shop, World, money, receipt, sale};
use support::product;

on_both! {
    fn a_sale_and_its_cancel_write_every_column(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (first, second) = (product(&world, &shop, 1, "100.00"), product(&world, &shop, 2, "10.00"));
        let expires_on = NaiveDate::from_ymd_opt(2026, 6, 1);
        world.receive(&shop, MoveGoods { expires_on, ..receipt(&shop, first, "2", "33.33") });
        world.receive(&shop, receipt(&shop, first, "5", "40.00"));
        world.receive(&shop, receipt(&shop, second, "9", "5.00"));
        world.clock.advance(TimeDelta::hours(1));
        let mut command = Sell {
            discount: money("10.00"),
            payment_type: PaymentType::Card,
            description: "chek".to_owned(),
            ..sale(&shop, &[(second, "3"), (first, "1.5"), (first, "1")])
        };
        command.items[0].discount_percent = Some(Percent::parse("10").unwrap());

        let sold = world.sell(&shop.owner, command);
        world.clock.advance(TimeDelta::hours(1));
        let cancel = CancelSale { id: sold.sale.id, reason: "qaytdi".to_owned() };
        sales::cancel(&world.context, &shop.owner, cancel, &Unkeyed).unwrap();

        let (store, branch, user) = (shop.store_id, shop.branch_id, shop.owner.user_id);
        let worker = sold.sale.worker_id;
        let expected = format!(
            "# sales\n\
             1|{store}|1|{branch}|{worker}|-|-|card|27700|1000|26700|0|26700|0|0|cancelled|chek|-|-|2026-03-12 06:00:00|\
             2026-03-12|2026-03-12 07:00:00|{worker}|qaytdi|0|26700|0|2026-03-12 06:00:00|-\n\
             # sale_lines\n\
             1|{store}|1|1|2|Mahsulot 2|3000|1000|1000|100|manual|1|-|2700|2603|1500|0|dona\n\
             2|{store}|1|2|1|Mahsulot 1|1500|10000|0|0|none|1|-|15000|14458|5000|0|dona\n\
             3|{store}|1|3|1|Mahsulot 1|1000|10000|0|0|none|1|-|10000|9639|3666|0|dona\n\
             # stock_levels\n\
             1|{store}|{branch}|1|7000|7000|2026-06-01|0|2026-03-12 07:00:00\n\
             2|{store}|{branch}|2|9000|9000|-|0|2026-03-12 07:00:00\n\
             # stock_batches\n\
             1|{store}|{branch}|1|1|3333|2000|2000|6666|0||2026-06-01|0||-|2026-03-12 05:00:00\n\
             2|{store}|{branch}|1|2|4000|5000|5000|20000|0||-|0||-|2026-03-12 05:00:00\n\
             3|{store}|{branch}|2|3|500|9000|9000|4500|0||-|0||-|2026-03-12 05:00:00\n\
             # stock_movements\n\
             1|{store}|{branch}|1|2000|6666|receipt|manual|-|-||{user}|2026-03-12|2026-03-12 05:00:00\n\
             2|{store}|{branch}|1|5000|20000|receipt|manual|-|-||{user}|2026-03-12|2026-03-12 05:00:00\n\
             3|{store}|{branch}|2|9000|4500|receipt|manual|-|-||{user}|2026-03-12|2026-03-12 05:00:00\n\
             4|{store}|{branch}|1|-2500|-8666|sale|sale|1|-||{user}|2026-03-12|2026-03-12 06:00:00\n\
             5|{store}|{branch}|2|-3000|-1500|sale|sale|1|-||{user}|2026-03-12|2026-03-12 06:00:00\n\
             6|{store}|{branch}|1|2500|8666|sale_cancel|sale|1|-|qaytdi|{user}|2026-03-12|2026-03-12 07:00:00\n\
             7|{store}|{branch}|2|3000|1500|sale_cancel|sale|1|-|qaytdi|{user}|2026-03-12|2026-03-12 07:00:00\n\
             # stock_movement_parts\n\
             1|{store}|1|1|0|2000|6666|-\n\
             2|{store}|2|2|0|5000|20000|-\n\
             3|{store}|3|3|0|9000|4500|-\n\
             4|{store}|4|1|2|-1500|-5000|-\n\
             5|{store}|4|1|3|-500|-1666|-\n\
             6|{store}|4|2|3|-500|-2000|-\n\
             7|{store}|5|3|1|-3000|-1500|-\n\
             8|{store}|6|1|2|1500|5000|4\n\
             9|{store}|6|1|3|500|1666|5\n\
             10|{store}|6|2|3|500|2000|6\n\
             11|{store}|7|3|1|3000|1500|7\n"
        );
        let tables = ["sales", "sale_lines", "stock_levels", "stock_batches", "stock_movements", "stock_movement_parts"];
        assert_eq!(world.database.dump_of(&tables), expected);
    }
}

/// A small generator of numbers that are the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn number(&mut self, sides: u64) -> i64 {
        i64::try_from(self.roll(sides)).unwrap()
    }
}

#[test]
fn the_same_commands_end_in_equal_ledgers_on_both_databases() {
    for seed in 1..=3 {
        let [sqlite, postgres] = [Backend::Sqlite, Backend::Postgres].map(|backend| story(backend, seed));

        assert!(
            sqlite.iter().any(|line| line.starts_with("insufficient_stock")),
            "no shortage in story {seed}"
        );
        assert_eq!(sqlite, postgres, "story {seed}");
    }
}

/// What a row of random receipts, sales and cancels answered, and the ledger afterwards.
fn story(backend: Backend, seed: u64) -> Vec<String> {
    let world = World::on(TestDatabase::new(backend));
    let shop = world.shop();
    let products = [1, 2, 3, 4].map(|id| product(&world, &shop, id, "999.99"));
    let (mut dice, mut sold, mut told) = (Dice(seed), Vec::new(), Vec::new());
    for _ in 0..80 {
        told.push(match dice.roll(8) {
            0..=2 => take_in(&world, &shop, &products, &mut dice),
            3..=5 => sell(&world, &shop, &products, &mut dice, &mut sold),
            6 if !sold.is_empty() => cancel(&world, &shop, &sold, &mut dice),
            _ => {
                world.clock.advance(TimeDelta::hours(dice.number(40)));
                "later".to_owned()
            }
        });
        world.check_ledger();
    }
    told.extend(world.levels());
    told.extend(world.batches());
    told.extend(world.database.lines(
        "SELECT movement.product_id || ' ' || movement.reason || ' ' || part.batch_id || ' ' || part.document_line || ' ' || \
         part.quantity || ' ' || part.value || ' ' || coalesce(part.undoes_id, 0) AS line FROM stock_movement_parts AS part \
         JOIN stock_movements AS movement ON movement.id = part.movement_id ORDER BY part.id",
    ));
    told
}

fn take_in(world: &World, shop: &Shop, products: &[ProductId; 4], dice: &mut Dice) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
    let expires_on = (dice.roll(3) > 0).then(|| today + TimeDelta::days(dice.number(20)));
    let product = products[usize::try_from(dice.roll(4)).unwrap()];
    let command = MoveGoods {
        quantity: Quantity::from_thousandths(1 + dice.number(9_000)),
        unit_cost: Some(savdo_domain::Money::from_tiyin(dice.number(100_000))),
        expires_on,
        ..receipt(shop, product, "1", "1.00")
    };
    format!("received {}", world.receive(shop, command).total_cost)
}

fn sell(world: &World, shop: &Shop, products: &[ProductId; 4], dice: &mut Dice, sold: &mut Vec<SaleId>) -> String {
    let mut command = sale(shop, &[(products[0], "1"), (products[1], "1"), (products[2], "1")]);
    for line in &mut command.items {
        line.product_id = products[usize::try_from(dice.roll(4)).unwrap()];
        line.quantity = Quantity::from_thousandths(1 + dice.number(3_000));
    }
    command.items.truncate(1 + usize::try_from(dice.roll(3)).unwrap());
    match sales::sell(&world.context, &shop.owner, command, &Unkeyed) {
        Ok(view) => {
            let view = view.sale;
            sold.push(view.sale.id);
            let costs: Vec<_> = view.lines.iter().map(|line| line.cost.to_string()).collect();
            format!("sold {} at {}", view.sale.net_total, costs.join(" "))
        }
        Err(savdo_services::Error::Refused(refusal)) => {
            format!("{} {refusal:?}", refusal.code().unwrap_or_default())
        }
        Err(error) => panic!("{error}"),
    }
}

fn cancel(world: &World, shop: &Shop, sold: &[SaleId], dice: &mut Dice) -> String {
    let id = sold[usize::try_from(dice.roll(u64::try_from(sold.len()).unwrap())).unwrap()];
    let command = CancelSale {
        id,
        reason: String::new(),
    };
    match sales::cancel(&world.context, &shop.owner, command, &Unkeyed) {
        Ok(view) => format!("cancelled {}", view.sale.net_total),
        Err(savdo_services::Error::Refused(refusal)) => refusal.code().unwrap_or_default().to_owned(),
        Err(error) => panic!("{error}"),
    }
}
