//! What the staff of the online pharmacy write: products made there, their stock, and the archive.

use savdo_domain::access::{AccessRefusal, Actor, Role, RowStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::{CategoryId, ProductId};
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Money, Percent, Refusal};
use savdo_persistence::on_both;
use savdo_services::carts;
use savdo_services::catalogue::{self, ShelfView};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, IntroduceProduct, OfferProduct};
use savdo_services::stock::ShownStock;
use savdo_services::testing::{Goods, Shop, World, at_once, money, picture, quantity, receipt, refusal};
use savdo_services::{Result, branches};

use super::aside::{buyer, cancel_order, check, now, order, sell_one, status};

fn introduced(name: &str, category: CategoryId) -> IntroduceProduct {
    IntroduceProduct {
        store: None,
        name: name.to_owned(),
        category,
        sku: format!("SKU {name}"),
        manufacturer: "Nika Pharm".to_owned(),
        price: money("12000"),
        description: String::new(),
        usage: String::new(),
        active_substances: Vec::new(),
        needs_prescription: false,
        is_active: true,
        mxik_code: None,
        package_code: String::new(),
        vat_percent: None,
        stock: ShownStock::default(),
        image: None,
    }
}

fn introduce(world: &World, actor: &Actor, command: IntroduceProduct) -> Result<ShelfView> {
    products::introduce(&world.context, actor, command, &Unkeyed)
}

fn offer(world: &World, shop: &Shop, id: ProductId, command: OfferProduct) -> Result<ShelfView> {
    products::offer(&world.context, &shop.owner, id, command, &Unkeyed)
}

fn pieces(pieces: i64) -> ShownStock {
    ShownStock {
        pieces: Some(pieces),
        ..ShownStock::default()
    }
}

fn set(world: &World, shop: &Shop, id: ProductId, stock: ShownStock) -> Result<ShelfView> {
    let command = OfferProduct {
        stock,
        ..OfferProduct::default()
    };
    offer(world, shop, id, command)
}

fn archive(world: &World, shop: &Shop, id: ProductId) -> Result<()> {
    products::archive(&world.context, &shop.owner, id)
}

/// Reason, quantity and value of every movement of a product.
fn movements(world: &World, id: ProductId) -> Vec<String> {
    world.database.lines(&format!(
        "SELECT reason || ' ' || quantity || ' ' || value AS line FROM stock_movements WHERE product_id = {id} ORDER BY id"
    ))
}

on_both! {
    fn a_product_made_here_is_one_row_with_the_counter(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.open_online(&shop);
        let category = world.category(&shop, "Dorilar");
        let substance = world.substance(&shop, "Ibuprofen");
        let command = IntroduceProduct {
            description: "Og'riqqa".to_owned(),
            usage: "Suv bilan".to_owned(),
            active_substances: vec![substance],
            needs_prescription: true,
            mxik_code: Some("12345678901234567".to_owned()),
            package_code: "77".to_owned(),
            vat_percent: Some(Percent::from_hundredths(1_200)),
            stock: ShownStock {
                pieces: Some(7),
                expected: None,
                expires_on: "2026-03-12".parse().ok(),
                unit_cost: Some(money("9000.50")),
            },
            image: Some(picture(1)),
            ..introduced("Nurofen", category)
        };

        let (view, _) = world.fails_at_every_statement(|| introduce(&world, &shop.owner, command.clone()));

        let id = view.offered.product_id;
        assert_eq!((view.offered.stock(), view.offered.is_available(), view.is_online), (7, true, true));
        assert_eq!(view.offered.nearest_expiry.map(|day| day.to_string()).as_deref(), Some("2026-03-12"));
        assert_eq!(view.slug, "nurofen-sku-nurofen");
        assert_eq!(catalogue::product(&world.context, None, id).unwrap(), view);
        let shown = products::detail(&world.context, &shop.owner, id).unwrap();
        let product = &shown.stored.product;
        assert_eq!((product.barcode.as_str(), product.first_cost, shown.purchase_price), ("2000001000014", money("9000.50"), money("9000.50")));
        assert_eq!((product.status, product.is_medicine, shown.stock_total), (RowStatus::Active, false, quantity("7")));
        assert_eq!(movements(&world, id), ["receipt 7000 6300350"]);
        assert_eq!(world.context.stored_files().len(), 1);
        let prices = world.database.lines(&format!("SELECT price || '' AS line FROM product_prices WHERE product_id = {id}"));
        assert_eq!(prices, ["1200000"]);
        let told = world.database.lines("SELECT subject_type || ' ' || action AS line FROM audit_entries ORDER BY id DESC LIMIT 2");
        assert_eq!(told, ["product create", "stock_movement create"]);
        check(&world);
    }

    fn what_a_new_product_may_leave_out(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.open_online(&shop);
        let category = world.category(&shop, "Dorilar");
        let unpriced = IntroduceProduct { price: Money::ZERO, stock: pieces(0), ..introduced("Bint", category) };

        let view = introduce(&world, &world.hire(&shop, Role::Operator), unpriced).unwrap();

        let id = view.offered.product_id;
        assert!(view.is_online && !view.offered.is_visible, "without a price nobody sees it");
        assert_eq!(refusal(catalogue::product(&world.context, None, id)), Refusal::NotFound);
        assert_eq!(movements(&world, id), [""; 0]);
        assert_eq!(products::detail(&world.context, &shop.owner, id).unwrap().purchase_price, Money::ZERO);
    }

    fn what_is_refused_of_a_new_product(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let category = world.category(&shop, "Dorilar");
        introduce(&world, &shop.owner, introduced("Nurofen", category)).unwrap();
        let refused = |command: IntroduceProduct| refusal(introduce(&world, &shop.owner, command));
        let files = world.context.stored_files().len();

        let wrong = IntroduceProduct {
            sku: "sku NUROFEN".to_owned(),
            category: CategoryId::new(999),
            mxik_code: Some("1".to_owned()),
            stock: ShownStock { expires_on: "2026-03-11".parse().ok(), ..pieces(1) },
            image: Some(picture(1)),
            ..introduced("NUROFEN", category)
        };
        let mut expected = FieldErrors::across(FieldProblem::Taken);
        expected.add("sku", FieldProblem::Taken);
        expected.add("category", FieldProblem::UnknownObject);
        expected.add("mxik_code", FieldProblem::InvalidFormat);
        expected.add("expiry_date", FieldProblem::OutOfRange { min: "2026-03-12".to_owned(), max: "9999-12-31".to_owned() });
        assert_eq!(refused(wrong), expected.into());
        let theirs = world.category(&other, "Dorilar");
        assert_eq!(refused(introduced("Bint", theirs)), Refusal::field("category", FieldProblem::UnknownObject));
        let dear = IntroduceProduct { stock: ShownStock { unit_cost: Some(money("9999999999.99")), ..pieces(1_000_000) }, ..introduced("Oltin", category) };
        let errors = match refused(dear) {
            Refusal::Fields(errors) => errors,
            other => panic!("{other:?}"),
        };
        assert_eq!(errors.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>(), ["purchase_price"]);
        assert_eq!(world.context.stored_files().len(), files);

        branches::close(&world.context, &other.owner, other.branch_id).unwrap();
        let nowhere = IntroduceProduct { stock: pieces(1), ..introduced("Bint", theirs) };
        let refused = refusal(introduce(&world, &other.owner, nowhere));
        assert_eq!(refused, Refusal::field("stock", FieldProblem::NoActiveBranch));
        assert!(introduce(&world, &other.owner, introduced("Bint", theirs)).is_ok());

        let admin = world.admin();
        assert_eq!(refusal(introduce(&world, &admin, introduced("Plastir", category))), Refusal::field("store", FieldProblem::Required));
        let ours = IntroduceProduct { store: Some(shop.store_id), ..introduced("Plastir", category) };
        assert_eq!(introduce(&world, &admin, ours).unwrap().offered.store_id, shop.store_id);
        for actor in [world.hire(&shop, Role::Seller), world.hire(&shop, Role::Courier), world.customer()] {
            assert_eq!(refusal(introduce(&world, &actor, introduced("Yod", category))), AccessRefusal::Forbidden.into());
        }
    }

    fn stock_is_set_to_the_pieces_that_customers_see(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Nurofen"));
        let expired = |pieces: &str, day: &str| {
            let command = savdo_services::stock::MoveGoods { expires_on: day.parse().ok(), ..receipt(&shop, id, pieces, "100") };
            world.receive(&shop, command);
        };
        expired("5", "2026-03-11");
        expired("4.5", "2026-12-31");

        let up = ShownStock { expected: Some(4), expires_on: "2026-06-01".parse().ok(), unit_cost: Some(money("120")), ..pieces(6) };
        let (view, _) = world.fails_at_every_statement(|| set(&world, &shop, id, up));
        assert_eq!((view.offered.stock(), view.offered.sellable), (6, quantity("6.5")));
        assert_eq!(view.offered.nearest_expiry.map(|day| day.to_string()).as_deref(), Some("2026-06-01"));
        let stale = set(&world, &shop, id, ShownStock { expected: Some(4), ..pieces(9) });
        assert_eq!(refusal(stale), StockRefusal::Changed { quantity: quantity("6") }.into());
        let only_expected = set(&world, &shop, id, ShownStock { expected: Some(5), ..ShownStock::default() });
        assert_eq!(refusal(only_expected), StockRefusal::Changed { quantity: quantity("6") }.into());

        let (view, _) = world.fails_at_every_statement(|| set(&world, &shop, id, pieces(3)));
        assert_eq!((view.offered.stock(), view.offered.sellable), (3, quantity("3.5")));
        assert_eq!(set(&world, &shop, id, pieces(3)).unwrap().offered.stock(), 3);
        assert_eq!(set(&world, &shop, id, pieces(0)).unwrap().offered.stock(), 0);
        // What cannot be sold stays: five expired pieces, and half a piece.
        assert_eq!(products::detail(&world.context, &shop.owner, id).unwrap().stock_total, quantity("5.5"));
        assert_eq!(movements(&world, id), ["receipt 5000 50000", "receipt 4500 45000", "adjustment 2000 24000", "adjustment -3000 -34000", "adjustment -3000 -30000"]);
        check(&world);
    }

    fn pieces_without_a_cost_come_at_the_products_own(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods { cost: money("70"), ..Goods::named("Nurofen") });

        set(&world, &shop, id, pieces(2)).unwrap();

        assert_eq!(movements(&world, id), ["adjustment 2000 14000"]);
        let passed = set(&world, &shop, id, ShownStock { expires_on: "2026-03-11".parse().ok(), ..ShownStock::default() });
        let range = FieldProblem::OutOfRange { min: "2026-03-12".to_owned(), max: "9999-12-31".to_owned() };
        assert_eq!(refusal(passed), Refusal::field("expiry_date", range));
    }

    fn a_picture_is_given_and_taken_away(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Nurofen"));
        let image = |image| OfferProduct { image: Some(image), ..OfferProduct::default() };
        offer(&world, &shop, id, image(Some(picture(1)))).unwrap();
        let first = world.context.stored_files();

        let (view, _) = world.fails_at_every_statement(|| offer(&world, &shop, id, image(Some(picture(2)))));

        let files = world.context.stored_files();
        assert!(files.len() == 1 && files != first, "the one before is gone: {files:?}");
        assert!(files[0].ends_with(&view.offered.image));
        offer(&world, &shop, id, image(None)).unwrap();
        assert_eq!(world.context.stored_files(), [""; 0]);
        check(&world);
    }

    fn an_archived_product_is_known_here_no_more_and_leaves_the_carts(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [gone, stays] = ["Nurofen", "Bint"].map(|name| world.online_product(&shop, Goods::named(name)));
        for id in [gone, stays] {
            world.receive(&shop, receipt(&shop, id, "9", "1"));
        }
        let alone = buyer(&world, gone);
        let both = buyer(&world, gone);
        carts::add(&world.context, &both, carts::AddToCart { product_id: stays, pieces: 1 }, &Unkeyed).unwrap();
        set(&world, &shop, gone, pieces(0)).unwrap();

        let ((), _) = world.fails_at_every_statement(|| archive(&world, &shop, gone));

        let admin = world.admin();
        for actor in [None, Some(&shop.owner), Some(&admin)] {
            assert_eq!(refusal(catalogue::product(&world.context, actor, gone)), Refusal::NotFound);
        }
        assert_eq!(refusal(archive(&world, &shop, gone)), Refusal::NotFound);
        assert_eq!(refusal(set(&world, &shop, gone, pieces(1))), Refusal::NotFound);
        let cart = |actor| carts::view(&world.context, actor).unwrap();
        assert_eq!((cart(&alone).lines.len(), cart(&alone).store), (0, None));
        assert_eq!(cart(&both).lines.iter().map(|line| line.product.product_id).collect::<Vec<_>>(), [stays]);
        assert_eq!(status(&world, &shop, gone), RowStatus::Inactive, "nothing of it lies anywhere");

        let command = IntroduceProduct { sku: format!("SKU-{gone}"), ..introduced("Nurofen", world.category(&shop, "Yangi")) };
        assert!(introduce(&world, &shop.owner, command).is_ok(), "its sku and name are free");
        check(&world);
    }

    fn what_lies_there_is_sold_on_at_the_counter_and_comes_back_offline(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Nurofen"));
        world.receive(&shop, receipt(&shop, id, "2", "1"));
        archive(&world, &shop, id).unwrap();
        assert_eq!(status(&world, &shop, id), RowStatus::Active);
        sell_one(&world, &shop, id).unwrap();
        let taken = world.online_product(&shop, Goods::named("Bint"));
        let sku = OfferProduct { sku: Some(format!("sku-{id}")), ..OfferProduct::default() };
        offer(&world, &shop, taken, sku).unwrap();

        now(&world, &shop, id, RowStatus::Active).unwrap();

        let product = products::detail(&world.context, &shop.owner, id).unwrap().stored.product;
        assert_eq!((product.archived_at, product.is_online, product.sku.as_str()), (None, false, ""));
        assert!(catalogue::product(&world.context, Some(&shop.owner), id).is_ok());
        assert_eq!(refusal(catalogue::product(&world.context, None, id)), Refusal::NotFound);
        let online = OfferProduct { is_active: Some(true), ..OfferProduct::default() };
        assert_eq!(refusal(offer(&world, &shop, id, online)), Refusal::field("sku", FieldProblem::Required));

        archive(&world, &shop, taken).unwrap();
        now(&world, &shop, taken, RowStatus::Active).unwrap();
        let product = products::detail(&world.context, &shop.owner, taken).unwrap().stored.product;
        assert_eq!(product.sku, format!("sku-{id}"), "nobody took it meanwhile");
        let renamed = ChangeProduct { name: Some("Bint 5 m".to_owned()), ..ChangeProduct::default() };
        archive(&world, &shop, taken).unwrap();
        let still = products::change(&world.context, &shop.owner, taken, renamed).unwrap();
        assert!(still.stored.product.archived_at.is_some(), "another change leaves it in the archive");
        check(&world);
    }

    fn a_product_of_an_unfinished_order_is_not_archived(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let id = world.online_product(&shop, Goods::named("Nurofen"));
        world.receive(&shop, receipt(&shop, id, "1", "1"));
        let placed = order(&world, &buyer(&world, id)).unwrap();

        assert_eq!(refusal(archive(&world, &shop, id)), CatalogRefusal::ProductInOpenOrder.into());
        assert_eq!(refusal(archive(&world, &other, id)), Refusal::NotFound);
        let seller = world.hire(&shop, Role::Seller);
        assert_eq!(refusal(products::archive(&world.context, &seller, id)), AccessRefusal::Forbidden.into());
        cancel_order(&world, &shop, &placed).unwrap();
        archive(&world, &shop, id).unwrap();

        assert_eq!(status(&world, &shop, id), RowStatus::Active, "its goods came back");
        check(&world);
    }

    fn a_product_is_archived_or_ordered_but_never_both_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..8 {
            let id = world.online_product(&shop, Goods::named(&format!("Dori {round}")));
            world.receive(&shop, receipt(&shop, id, "3", "1"));
            let buyers = [buyer(&world, id), buyer(&world, id)];
            let outcomes = at_once(3, |who| match who {
                0 => archive(&world, &shop, id),
                _ => order(&world, &buyers[who - 1]).map(|_| ()),
            });

            let [archived, first, second] = <[_; 3]>::try_from(outcomes).unwrap();
            let ordered = usize::from(first.is_ok()) + usize::from(second.is_ok());
            match archived {
                Ok(()) => assert_eq!(ordered, 0, "round {round}: {first:?} {second:?}"),
                Err(_) => {
                    assert_eq!(refusal(archived), CatalogRefusal::ProductInOpenOrder.into(), "round {round}");
                    assert!(ordered > 0, "round {round}");
                }
            }
        }
        check(&world);
    }

    fn stock_that_is_set_beside_sales_is_what_was_said_less_what_was_sold_later(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..8 {
            let id = world.online_product(&shop, Goods::named(&format!("Dori {round}")));
            world.receive(&shop, receipt(&shop, id, "5", "1"));
            let outcomes = at_once(4, |who| match who {
                0 => set(&world, &shop, id, pieces(10)).map(|_| ()),
                1 => set(&world, &shop, id, pieces(10)).map(|_| ()),
                _ => sell_one(&world, &shop, id).map(|_| ()),
            });

            for outcome in outcomes {
                outcome.unwrap();
            }
            let stock = catalogue::product(&world.context, None, id).unwrap().offered.stock();
            assert!((8..=10).contains(&stock), "round {round}: {stock}");
            let expected = ShownStock { expected: Some(stock), ..pieces(4) };
            let raced = at_once(2, |_| set(&world, &shop, id, expected));
            let done = raced.iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(done, 1, "of two who believe the same one is right");
        }
        check(&world);
    }
}
