//! Shop.md 9 sentence by sentence, where no other file is about it: barcodes, names, filters, the history of prices.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::ProductId;
use savdo_domain::{FieldErrors, FieldProblem, Quantity, Refusal};
use savdo_persistence::on_both;
use savdo_services::Result;
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, CreateProduct, ListProducts, OfferProduct, ProductView};
use savdo_services::testing::{Goods, Shop, World, at_once, money, receipt, refusal};
use savdo_services::verify::verify;

use crate::shop::listed;

fn create(world: &World, shop: &Shop, command: CreateProduct) -> Result<ProductView> {
    products::create(&world.context, &shop.owner, command, &Unkeyed)
}

fn named(name: &str) -> CreateProduct {
    CreateProduct {
        name: name.to_owned(),
        ..CreateProduct::default()
    }
}

fn change(world: &World, shop: &Shop, id: ProductId, command: ChangeProduct) -> Result<ProductView> {
    products::change(&world.context, &shop.owner, id, command)
}

fn taken(field: &str) -> Refusal {
    Refusal::field(field, FieldProblem::Taken)
}

fn prices(world: &World) -> Vec<String> {
    world
        .database
        .lines("SELECT product_id || ': ' || price AS line FROM product_prices ORDER BY id")
}

on_both! {
    fn twenty_products_made_at_once_get_twenty_barcodes(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let made = at_once(20, |number| create(&world, &shop, named(&format!("Non {number}"))));

        let barcodes: BTreeSet<String> = made.into_iter().map(|made| made.unwrap().stored.product.barcode).collect();
        assert_eq!(barcodes.len(), 20);
        assert_eq!(barcodes.first().map(String::as_str), Some("2000001000014"));
        assert_eq!(barcodes.last().map(String::as_str), Some("2000001000205"));
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
    }

    fn the_hundred_thousandth_made_barcode_is_a_text_and_a_taken_one_is_skipped(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let barcode_of = |name: &str| create(&world, &shop, named(name)).unwrap().stored.product.barcode;
        assert_eq!(barcode_of("Non"), "2000001000014");
        let typed = CreateProduct { barcode: "1-100001".to_owned(), ..named("Suv") };
        create(&world, &shop, typed).unwrap();
        world.database.execute("UPDATE store_counters SET next = 99999 WHERE name = 'barcode'");

        assert_eq!(["Tuz", "Choy", "Un"].map(barcode_of), ["2000001999998", "1-100000", "1-100002"]);
    }

    fn a_barcode_is_one_among_active_products_also_where_it_is_changed(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let with = |name: &str, barcode: &str| CreateProduct { barcode: barcode.to_owned(), ..named(name) };
        let first = create(&world, &shop, with("Non", "4780001")).unwrap().stored.id;
        let second = create(&world, &shop, with("Suv", "4780002")).unwrap().stored.id;
        create(&world, &other, with("Non", "4780001")).unwrap();
        let to = |barcode: &str| ChangeProduct { barcode: Some(barcode.to_owned()), ..ChangeProduct::default() };

        assert_eq!(refusal(create(&world, &shop, with("Tuz", "4780001"))), taken("barcode"));
        assert_eq!(refusal(change(&world, &shop, second, to("4780001"))), taken("barcode"));
        assert_eq!(change(&world, &shop, first, to("4780001")).unwrap().stored.product.barcode, "4780001");
        products::put_aside(&world.context, &shop.owner, first).unwrap();
        change(&world, &shop, second, to("4780001")).unwrap();
        create(&world, &shop, with("Tuz", "4780002")).unwrap();
    }

    fn one_name_may_be_of_several_makers_but_once_of_none(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let of_maker = world.online_product(&shop, Goods::named("Aspirin"));
        let offered = products::detail(&world.context, &shop.owner, of_maker).unwrap().stored.product;

        let plain = create(&world, &shop, named("ASPIRIN")).unwrap().stored;
        assert_eq!((plain.product.sku.as_str(), plain.product.manufacturer.as_str()), ("", ""));
        assert_eq!(refusal(create(&world, &shop, named("aspirin"))), taken("name"));
        let other = create(&world, &shop, named("Analgin")).unwrap().stored.id;
        let renamed = ChangeProduct { name: Some("Aspirin".to_owned()), ..ChangeProduct::default() };
        assert_eq!(refusal(change(&world, &shop, other, renamed)), taken("name"));

        // What the pharmacy says of it stays, and it counts.
        let renamed = ChangeProduct { name: Some("Aspirin C".to_owned()), ..ChangeProduct::default() };
        let renamed = change(&world, &shop, of_maker, renamed).unwrap().stored.product;
        assert_eq!((renamed.sku, renamed.manufacturer), (offered.sku, offered.manufacturer.clone()));
        let maker = OfferProduct { manufacturer: Some(offered.manufacturer), name: Some("Aspirin C".to_owned()), ..OfferProduct::default() };
        let same = products::offer(&world.context, &shop.owner, plain.id, maker, &Unkeyed);
        assert_eq!(refusal(same), FieldErrors::across(FieldProblem::Taken).into());
    }

    fn a_product_without_words_of_its_own_is_a_piece_for_nothing_and_no_medicine(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let made = create(&world, &shop, named("Non")).unwrap();

        let product = &made.stored.product;
        assert_eq!((product.unit, product.is_medicine, product.category_id), (Unit::Piece, false, None));
        assert_eq!((product.sale_price, made.purchase_price), (money("0"), money("0")));
        assert_eq!((product.mxik_code.as_str(), product.description.as_str(), product.image.as_str()), ("", "", ""));
        assert_eq!((product.is_online, made.stock_total), (false, Quantity::ZERO));
    }

    fn a_list_is_narrowed_by_each_filter_and_by_all_of_them(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let category = world.category(&shop, "Suvlar");
        let goods = [
            ("Choy", "478001", Unit::Gram, None),
            ("Gazli suv", "478002", Unit::Litre, Some(category)),
            ("Suv", "4780021", Unit::Litre, Some(category)),
            ("Sut", "478003", Unit::Litre, None),
        ];
        for (name, barcode, unit, category) in goods {
            create(&world, &shop, CreateProduct { barcode: barcode.to_owned(), unit, category, ..named(name) }).unwrap();
        }
        products::put_aside(&world.context, &shop.owner, ProductId::new(4)).unwrap();
        let foreign = world.category(&other, "Suvlar");
        let names = |query: ListProducts| {
            let list = products::list(&world.context, &shop.owner, query).unwrap();
            assert_eq!(list.total, i64::try_from(list.rows.len()).unwrap());
            list.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };

        assert_eq!(names(listed()), ["Choy", "Gazli suv", "Suv"]);
        assert_eq!(names(ListProducts { category: Some(category), ..listed() }), ["Gazli suv", "Suv"]);
        assert_eq!(names(ListProducts { category: Some(foreign), ..listed() }), [""; 0]);
        assert_eq!(names(ListProducts { statuses: vec![RowStatus::Inactive], ..listed() }), ["Sut"]);
        assert_eq!(names(ListProducts { statuses: Vec::new(), unit: Some(Unit::Litre), ..listed() }), ["Gazli suv", "Sut", "Suv"]);
        assert_eq!(names(ListProducts { barcode: Some("478002".to_owned()), ..listed() }), ["Gazli suv"]);
        assert_eq!(names(ListProducts { barcode: Some("47800".to_owned()), ..listed() }), [""; 0]);
        assert_eq!(names(ListProducts { search: "478002".to_owned(), ..listed() }), ["Gazli suv", "Suv"]);
        let all = ListProducts {
            category: Some(category),
            unit: Some(Unit::Litre),
            barcode: Some("4780021".to_owned()),
            search: "сув".to_owned(),
            ..listed()
        };
        assert_eq!(names(all.clone()), ["Suv"]);
        assert_eq!(names(ListProducts { unit: Some(Unit::Gram), ..all }), [""; 0]);
    }

    fn every_price_is_kept_with_its_time_whichever_channel_sets_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Aspirin").at(money("5000")));
        let at_counter = |price: &str| {
            world.clock.advance(TimeDelta::hours(1));
            change(&world, &shop, id, ChangeProduct { sale_price: Some(money(price)), ..ChangeProduct::default() }).unwrap();
        };
        let online = |price: &str| {
            world.clock.advance(TimeDelta::hours(1));
            let command = OfferProduct { price: Some(money(price)), ..OfferProduct::default() };
            products::offer(&world.context, &shop.owner, id, command, &Unkeyed).unwrap();
        };

        at_counter("5500");
        online("6000");
        online("6000.00");
        at_counter("6000");
        change(&world, &shop, id, ChangeProduct { name: Some("Aspirin C".to_owned()), ..ChangeProduct::default() }).unwrap();
        online("5500");

        assert_eq!(prices(&world), ["1: 500000", "1: 550000", "1: 600000", "1: 550000"]);
        let times = world.database.lines("SELECT DISTINCT substr(CAST(valid_from AS TEXT), 12, 5) AS line FROM product_prices ORDER BY 1");
        assert_eq!(times, ["05:00", "06:00", "07:00", "10:00"]);
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn whichever_statement_fails_price_and_history_stay_together_in_both_channels(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Aspirin").at(money("5000")));

        world.fails_at_every_statement(|| {
            change(&world, &shop, id, ChangeProduct { sale_price: Some(money("5500")), ..ChangeProduct::default() })
        });
        world.fails_at_every_statement(|| {
            let command = OfferProduct { price: Some(money("6000")), ..OfferProduct::default() };
            products::offer(&world.context, &shop.owner, id, command, &Unkeyed)
        });

        assert_eq!(prices(&world), ["1: 500000", "1: 550000", "1: 600000"]);
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn prices_set_at_once_over_both_channels_end_with_the_one_that_is_sold_at(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Aspirin").at(money("5000")));
        world.receive(&shop, receipt(&shop, id, "1", "100"));

        let outcomes = at_once(8, |number| {
            let price = money(&format!("{}", 6000 + number));
            if number % 2 == 0 {
                change(&world, &shop, id, ChangeProduct { sale_price: Some(price), ..ChangeProduct::default() }).map(|_| ())
            } else {
                let command = OfferProduct { price: Some(price), ..OfferProduct::default() };
                products::offer(&world.context, &shop.owner, id, command, &Unkeyed).map(|_| ())
            }
        });

        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(prices(&world).len(), 9);
        assert_eq!(verify(&world.context).unwrap().differences, []);
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
    }

    fn the_first_purchase_price_is_the_one_that_was_given_and_may_be_corrected_while_nothing_lies(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let made = create(&world, &shop, CreateProduct { purchase_price: money("90"), ..named("Un") }).unwrap();
        let to = |price: &str| ChangeProduct { purchase_price: Some(money(price)), ..ChangeProduct::default() };

        assert_eq!(made.purchase_price, money("90"));
        assert_eq!(change(&world, &shop, made.stored.id, to("95")).unwrap().purchase_price, money("95"));
        world.receive(&shop, receipt(&shop, made.stored.id, "1", "100"));
        let view = products::detail(&world.context, &shop.owner, made.stored.id).unwrap();
        assert_eq!(view.purchase_price, money("100"));
    }
}
