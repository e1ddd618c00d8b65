//! What changes of a product, what it leaves behind, and who comes first.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use chrono::TimeDelta;
use savdo_domain::access::RowStatus;
use savdo_domain::cart::CartPart;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::order::PaymentMethod;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, PlaceOrder};
use savdo_services::products::{self, ChangeProduct, CreateProduct};
use savdo_services::stock;
use savdo_services::testing::{Goods, World, at_once, money, quantity, receipt, refusal};

on_both! {
    fn a_change_keeps_what_was_not_sent(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Parasetamol"));
        let before = products::detail(&world.context, &shop.owner, id).unwrap();

        let after = products::change(&world.context, &shop.owner, id, ChangeProduct {
            sale_price: Some(money("7000")),
            ..ChangeProduct::default()
        }).unwrap();

        let mut expected = before.clone();
        expected.stored.product.sale_price = money("7000");
        assert_eq!(after, expected);
        assert_eq!(after.stored.product.manufacturer, "Nika Pharm");

        let cleared = products::change(&world.context, &shop.owner, id, ChangeProduct {
            category: Some(None),
            ..ChangeProduct::default()
        }).unwrap();
        assert_eq!((cleared.stored.product.category_id, cleared.category_name), (None, None));
    }

    fn the_purchase_price_follows_the_batches(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods { cost: money("90"), ..Goods::named("Un") });
        world.receive(&shop, receipt(&shop, id, "10", "100.55"));
        world.receive(&shop, receipt(&shop, id, "5", "200"));
        let change = |price: &str| {
            let command = ChangeProduct { purchase_price: Some(money(price)), ..ChangeProduct::default() };
            products::change(&world.context, &shop.owner, id, command)
        };

        let view = products::detail(&world.context, &shop.owner, id).unwrap();
        assert_eq!((view.purchase_price, view.stock_total), (money("133.70"), quantity("15")));

        assert_eq!(change("133.70").unwrap().purchase_price, money("133.70"));
        assert_eq!(refusal(change("133.71")), CatalogRefusal::PurchasePriceIsComputed.into());
        let aside = ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() };
        let refused = refusal(products::change(&world.context, &shop.owner, id, aside));
        assert_eq!(refused, CatalogRefusal::HasStock.into());
        assert_eq!(products::detail(&world.context, &shop.owner, id).unwrap().stored.product.status, RowStatus::Active);
    }

    fn a_purchase_price_that_is_repeated_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods { cost: money("90"), ..Goods::named("Un") });
        world.receive(&shop, receipt(&shop, id, "10", "100.55"));
        let audit = || world.database.dump_of(&["audit_entries"]);
        let before = (products::detail(&world.context, &shop.owner, id).unwrap(), audit());

        let command = ChangeProduct { purchase_price: Some(money("100.55")), ..ChangeProduct::default() };
        let after = products::change(&world.context, &shop.owner, id, command).unwrap();

        assert_eq!(after.stored.product.first_cost, money("90"));
        assert_eq!((after, audit()), before);
    }

    fn a_product_is_never_put_aside_with_goods_that_come_in_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..10 {
            let id = world.product(&shop, Goods::named(&format!("Un {round}")));
            let outcomes = at_once(2, |who| match who {
                0 => stock::move_goods(&world.context, &shop.owner, receipt(&shop, id, "1", "10"), &Unkeyed).map(|_| ()),
                _ => {
                    let aside = ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() };
                    products::change(&world.context, &shop.owner, id, aside).map(|_| ())
                }
            });

            let [received, put_aside] = <[_; 2]>::try_from(outcomes).unwrap();
            let view = products::detail(&world.context, &shop.owner, id).unwrap();
            match (received, put_aside) {
                (Ok(()), put_aside) => {
                    assert_eq!(refusal(put_aside), CatalogRefusal::HasStock.into());
                    assert_eq!((view.stored.product.status, view.stock_total), (RowStatus::Active, quantity("1")));
                }
                (received, Ok(())) => {
                    assert_eq!(refusal(received), Refusal::field("product", FieldProblem::UnknownObject));
                    assert_eq!((view.stored.product.status, view.stock_total), (RowStatus::Inactive, quantity("0")));
                }
                neither => panic!("neither won: {neither:?}"),
            }
        }
    }

    fn of_many_who_make_the_same_product_one_does(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let make = |name: &dyn Fn(usize) -> String, barcode: &dyn Fn(usize) -> String| {
            let commands: Vec<_> = (0..8).map(|number| (name(number), barcode(number))).collect();
            let outcomes = at_once(8, |number| {
                let (name, barcode) = commands[number].clone();
                let command = CreateProduct { name, barcode, ..CreateProduct::default() };
                products::create(&world.context, &shop.owner, command, &Unkeyed)
            });
            let (made, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            let made: Vec<_> = made.into_iter().map(|made| made.unwrap().stored.product).collect();
            (made, lost.into_iter().map(refusal).collect::<Vec<_>>())
        };
        let none = |_| String::new();

        let (made, lost) = make(&|_| "Non".to_owned(), &none);
        let taken = Refusal::from(FieldErrors::one("name", FieldProblem::Taken));
        assert_eq!((made.len(), lost), (1, vec![taken; 7]));

        let (made, lost) = make(&|number| format!("Suv{}", "!".repeat(number)), &none);
        let barcodes: BTreeSet<_> = made.iter().map(|product| product.barcode.clone()).collect();
        let slugs: BTreeSet<_> = made.iter().map(|product| product.slug.clone()).collect();
        assert_eq!((barcodes.len(), slugs.len(), lost), (8, 8, Vec::new()));

        let (made, lost) = make(&|number| format!("Tuz{}", "!".repeat(number)), &|number| format!("T{number}"));
        let slugs: BTreeSet<_> = made.iter().map(|product| product.slug.clone()).collect();
        assert_eq!((slugs.len(), lost), (8, Vec::new()));
    }

    fn a_price_is_kept_with_its_time_and_a_change_with_both_values(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods::named("Non").at(money("5000")));
        world.clock.advance(TimeDelta::hours(1));
        let change = |price: &str| {
            let command = ChangeProduct { sale_price: Some(money(price)), ..ChangeProduct::default() };
            products::change(&world.context, &shop.owner, id, command).unwrap();
        };

        change("5500");
        change("5500.00");

        let prices = world.database.dump_of(&["product_prices"]);
        assert_eq!(
            prices.lines().collect::<Vec<_>>(),
            ["# product_prices", "1|1|1|500000|1|2026-03-12 05:00:00|1", "2|1|1|550000|1|2026-03-12 06:00:00|1"]
        );
        let audit = world.database.dump_of(&["audit_entries"]);
        let changes: Vec<_> = audit.lines().filter(|line| line.contains("|update|product|")).collect();
        assert_eq!(changes.len(), 1);
        let details = r#"|Mahsulot o'zgartirildi: Non|{"changes":{"sale_price":{"new":"5500.00","old":"5000.00"}}}|"#;
        assert!(changes[0].contains(details), "{changes:?}");
    }

    fn a_product_in_an_unfinished_order_is_not_put_aside(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Parasetamol"));
        world.receive(&shop, receipt(&shop, id, "2", "100"));
        let buyer = world.customer();
        carts::add(&world.context, &buyer, AddToCart { product_id: id, pieces: 2 }, &Unkeyed).unwrap();
        let order = orders::place(&world.context, &buyer, PlaceOrder {
            delivery_address: "Toshkent, Navoiy 1".to_owned(),
            comment: String::new(),
            payment_method: PaymentMethod::Cash,
            expected_total: None,
            part: CartPart::All,
        }, &Unkeyed);
        assert!(order.is_ok(), "{order:?}");
        let aside = ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() };

        let refused = refusal(products::change(&world.context, &shop.owner, id, aside));

        assert_eq!(refused, CatalogRefusal::HasOpenDocuments.into());
    }
}

#[test]
fn whoever_puts_a_product_aside_waits_for_a_receipt_that_holds_it() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = world.shop();
    let id = world.product(&shop, Goods::named("Un"));
    let aside = ChangeProduct {
        status: Some(RowStatus::Inactive),
        ..ChangeProduct::default()
    };
    let (database, store_id) = (world.database.handle(), shop.store_id);
    let (held, is_held) = channel();
    let (release, is_released) = channel::<()>();
    let is_released = Mutex::new(is_released);
    let waiting = "SELECT pid::text AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";

    std::thread::scope(|scope| {
        scope.spawn(move || {
            database.write("test_hold", move |tx| {
                savdo_persistence::products::hold(tx, store_id, id)?;
                held.send(()).unwrap();
                let _ = is_released.lock().unwrap().recv();
                Ok::<_, savdo_persistence::Error>(())
            })
        });
        is_held.recv().unwrap();
        let change = scope.spawn(|| products::change(&world.context, &shop.owner, id, aside));
        while !change.is_finished() && world.database.lines(waiting).is_empty() {
            std::thread::yield_now();
        }
        assert!(!change.is_finished(), "it did not wait");

        release.send(()).unwrap();
        assert!(change.join().unwrap().is_ok());
    });
}
