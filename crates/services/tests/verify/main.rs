//! `savdo verify` on a small ledger of the use-cases' own making: green, and red at every row that is broken by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod breaks;
mod deliveries;
mod logs;
mod online;
mod returns;

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::access::Role;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::ProductId;
use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::branches::{self, CreateBranch};
use savdo_services::carts::{self, AddToCart};
use savdo_services::deliveries::{self as courier, AssignCourier};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::sale_returns::{self, CreateSaleReturn};
use savdo_services::sales::{self, CancelSale};
use savdo_services::shifts::OpenShift;
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Goods, Mailbox, Shop, World, back, end, expense, receipt, sale, shift};
use savdo_services::verify::verify;

use breaks::{BREAKS, Break};
use deliveries::BREAKS_OF_DELIVERIES;
use logs::BREAKS_OF_LOGS;
use online::BREAKS_ONLINE;
use returns::BREAKS_OF_RETURNS;

/// Shift 1 is closed, with sale 1 and sale 2, which is cancelled; shift 2 is open, with the expense. Order 1 takes product 1 from two batches and waits for its courier; order 2 is cancelled. Product 3
/// was never in stock, branch 2 is empty.
fn small_ledger(world: &World) {
    let shop = world.shop();
    let product = |name: &str| world.online_product(&shop, Goods::named(name));
    let (aspirin, bandage) = (product("Aspirin"), product("Bint"));
    let _never_in_stock = product("Shprits");
    let empty_branch = CreateBranch {
        name: "Chilonzor".to_owned(),
        address: String::new(),
        phone: String::new(),
    };
    branches::create(&world.context, &shop.owner, empty_branch, &Unkeyed).unwrap();

    let dated = MoveGoods {
        series: "A1".to_owned(),
        expires_on: NaiveDate::from_ymd_opt(2026, 3, 20),
        ..receipt(&shop, aspirin, "10", "1000.55")
    };
    world.receive(&shop, dated);
    world.receive(&shop, receipt(&shop, aspirin, "5", "1200"));
    world.receive(&shop, receipt(&shop, bandage, "8", "300"));

    world.use_shifts(&shop);
    let opened = world.open_shift(&shop.owner, shift(&shop));
    world.sell(&shop.owner, sale(&shop, &[(aspirin, "9"), (bandage, "1")]));
    let undone = world.sell(&shop.owner, sale(&shop, &[(bandage, "2")]));
    let cancel = CancelSale {
        id: undone.sale.id,
        reason: "xato".to_owned(),
    };
    sales::cancel(&world.context, &shop.owner, cancel, &Unkeyed).unwrap();
    world.close_shift(&shop.owner, end(opened.shift.id));
    world.open_shift(&shop.owner, shift(&shop));

    let kept = order(world, &[(aspirin, 2), (bandage, 1)]);
    let ready = AdvanceOrder {
        order_id: kept.order.id,
        status: "ready_for_delivery".to_owned(),
        comment: String::new(),
        cash_received: None,
    };
    orders::advance(&world.context, &shop.owner, ready, &Unkeyed).unwrap();
    let dropped = order(world, &[(aspirin, 1)]);
    cancel_order(world, &shop, &dropped);

    let category = world.expense_category(&shop, "Ijara");
    world.spend(&shop, expense(&shop, category));
    bring_back(world, &shop, (aspirin, bandage));
    let [acid, _spare] = ["Kislota", "Kofein"].map(|name| world.substance(&shop, name));
    world.give_substances(&shop, aspirin, &[acid]);
    carry(world, &shop, &kept, bandage);
    let worker = world.runner(&Mailbox::default());
    for _ in 0..2 {
        worker.send_due(|| false).unwrap();
    }
}

/// Order 1 is with a courier, who is to set out; order 3 was handed over, and paid in cash.
fn carry(world: &World, shop: &Shop, kept: &OrderSeen, bandage: ProductId) {
    let courier = world.hire(shop, Role::Courier);
    let paid = order(world, &[(bandage, 1)]);
    let advance = |order: &OrderSeen, status: &str, cash_received| {
        let command = AdvanceOrder {
            order_id: order.order.id,
            status: status.to_owned(),
            comment: String::new(),
            cash_received,
        };
        orders::advance(&world.context, &shop.owner, command, &Unkeyed).unwrap()
    };
    advance(&paid, "ready_for_delivery", None);
    for order in [kept, &paid] {
        let command = AssignCourier {
            order_id: order.order.id,
            courier_id: courier.user_id,
        };
        courier::assign(&world.context, &shop.owner, command, &Unkeyed).unwrap();
    }
    advance(&paid, "on_the_way", None);
    advance(&paid, "delivered", Some(paid.order.total_price));
}

/// Sale 3 has returns: 1 is confirmed, 2 too but in branch 3, of all of its line; 3 is pending, 4 dropped.
fn bring_back(world: &World, shop: &Shop, (aspirin, bandage): (ProductId, ProductId)) {
    let branch = CreateBranch {
        name: "Olmazor".to_owned(),
        address: String::new(),
        phone: String::new(),
    };
    let branch = branches::create(&world.context, &shop.owner, branch, &Unkeyed).unwrap();
    let branch = Some(branch.branch.id);
    world.open_shift(&shop.owner, OpenShift { branch, ..shift(shop) });
    let sold = world
        .sell(&shop.owner, sale(shop, &[(aspirin, "1"), (bandage, "4")]))
        .sale
        .id;
    let written = [
        back(sold, &[(bandage, "2")]),
        CreateSaleReturn {
            branch,
            ..back(sold, &[(aspirin, "1")])
        },
        back(sold, &[(bandage, "1")]),
        back(sold, &[(bandage, "1")]),
    ];
    let [here, there, _, dropped] = written.map(|command| world.bring_back(&shop.owner, command).sale_return.id);
    world.confirm_return(&shop.owner, here);
    world.confirm_return(&shop.owner, there);
    sale_returns::cancel(&world.context, &shop.owner, dropped, &Unkeyed).unwrap();
}

fn order(world: &World, goods: &[(ProductId, i64)]) -> OrderSeen {
    let buyer = world.customer();
    for (product_id, pieces) in goods {
        let line = AddToCart {
            product_id: *product_id,
            pieces: *pieces,
        };
        carts::add(&world.context, &buyer, line, &Unkeyed).unwrap();
    }
    let command = PlaceOrder {
        delivery_address: "Toshkent, Navoiy 1".to_owned(),
        comment: String::new(),
        payment_method: PaymentMethod::Cash,
        expected_total: None,
        part: CartPart::All,
    };
    orders::place(&world.context, &buyer, command, &Unkeyed).unwrap()
}

fn cancel_order(world: &World, shop: &Shop, order: &OrderSeen) {
    let command = CancelOrder {
        order_id: order.order.id,
        reason: "kerak emas".to_owned(),
    };
    orders::cancel(&world.context, &shop.owner, command, &Unkeyed).unwrap();
}

fn differences(world: &World) -> Vec<String> {
    let report = verify(&world.context).unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

/// Takes away what keeps a hand from breaking rows.
fn unlock(world: &World) {
    world.database.execute("DROP INDEX shifts_open_unique");
    let tables = [
        "audit_entries",
        "delivery_history",
        "order_history",
        "outbox",
        "stock_movement_parts",
        "stock_movements",
    ];
    if world.database.is_postgres() {
        for table in tables {
            world
                .database
                .execute(&format!("DROP TRIGGER {table}_append_only ON {table}"));
        }
        world.database.execute(
            "DO $$ DECLARE found RECORD; BEGIN \
             FOR found IN SELECT conrelid::regclass AS place, conname FROM pg_constraint \
                WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP \
             EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.place, found.conname); END LOOP; END $$",
        );
    } else {
        for table in tables {
            world.database.execute(&format!("DROP TRIGGER {table}_no_update"));
        }
        world.database.execute("PRAGMA ignore_check_constraints = ON");
    }
}

on_both! {
    fn a_ledger_of_the_use_cases_is_green(database: TestDatabase) {
        let world = World::on(database);

        small_ledger(&world);

        let report = verify(&world.context).unwrap();
        let mut counts = report.counts;
        counts.retain(|(table, _)| !table.starts_with("audit_"));
        let expected = [
            ("products", 3),
            ("stock_levels", 3),
            ("stock_batches", 4),
            ("stock_movements", 16),
            ("stock_movement_parts", 17),
            ("sales", 3),
            ("sale_lines", 5),
            ("sale_returns", 4),
            ("sale_return_lines", 4),
            ("orders", 3),
            ("order_lines", 4),
            ("prescriptions", 0),
            ("prescription_images", 0),
            ("deliveries", 2),
            ("payments", 3),
            ("provider_transactions", 0),
            ("expenses", 1),
            ("shifts", 3),
        ];
        assert_eq!(report.differences, []);
        assert_eq!(counts, expected);
    }

    fn an_empty_installation_is_green(database: TestDatabase) {
        assert_eq!(differences(&World::on(database)), [""; 0]);
    }

    fn goods_that_expired_since_the_last_change_are_no_difference(database: TestDatabase) {
        let world = World::on(database);
        small_ledger(&world);

        world.clock.advance(TimeDelta::days(30));

        assert_eq!(differences(&world), [""; 0]);
    }

    fn every_row_broken_by_hand_is_found_and_named(database: TestDatabase) {
        let world = World::on(database);
        small_ledger(&world);
        unlock(&world);

        let mut told = String::new();
        let hands = [
            BREAKS,
            BREAKS_OF_LOGS,
            BREAKS_OF_RETURNS,
            BREAKS_ONLINE,
            BREAKS_OF_DELIVERIES,
        ];
        for Break { hand, repair } in hands.into_iter().flatten() {
            world.database.execute(hand);
            let found = differences(&world);
            world.database.execute(repair);
            assert!(!found.is_empty(), "not found: {hand}");
            assert_eq!(differences(&world), [""; 0], "not repaired: {repair}");
            told.push_str(&format!("{hand}\n    {}\n", found.join("\n    ")));
        }

        insta::assert_snapshot!("broken_rows", told);
    }
}

#[test]
fn what_the_search_indexes_of_sqlite_lack_or_have_besides_is_found() {
    let world = World::on(TestDatabase::new(Backend::Sqlite));
    small_ledger(&world);

    for (hand, product) in [
        ("UPDATE product_grams SET text = 'aspirin' WHERE rowid = 1", 1),
        ("DELETE FROM product_grams WHERE rowid = 2", 2),
        ("INSERT INTO product_grams (rowid, text) VALUES (99, 'yod')", 99),
        ("UPDATE shelf_grams SET text = 'aspirin' WHERE rowid = 3", 3),
        ("INSERT INTO shelf_grams (rowid, text) VALUES (98, 'yod')", 98),
    ] {
        assert!(
            differences(&world)
                .iter()
                .all(|line| !line.starts_with(&format!("products {product}:")))
        );
        world.database.execute(hand);
        let found = differences(&world)
            .into_iter()
            .filter(|line| line.starts_with(&format!("products {product}:")));
        assert_eq!(found.count(), 1, "{hand}");
    }
}
