//! Levels by hand: opened, corrected to what was counted, put aside; what is low, and what lies where.

#![cfg(test)]

mod listing;
mod racing;

use savdo_domain::access::Role;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::{LevelId, LocationId, ProductId};
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::stock::{self, CorrectStock, ListStock, MoveGoods, OpenStock, StockView};
use savdo_services::testing::{Goods, Shop, World, money, quantity, receipt, refusal, sale};
use savdo_services::verify::verify;
use savdo_services::{Page, Result, sales};

/// The `id`-th product, which costs 50.00 unless goods came.
pub(crate) fn product(world: &World, shop: &Shop, id: i64, price: &str) -> ProductId {
    let goods = Goods {
        cost: money("50.00"),
        ..Goods::named(&format!("Mahsulot {id}")).at(money(price))
    };
    let made = world.product(shop, goods);
    assert_eq!(made, ProductId::new(id));
    made
}

pub(crate) fn opening(shop: &Shop, product_id: ProductId, pieces: &str) -> OpenStock {
    OpenStock {
        product_id,
        branch: Some(shop.branch_id),
        warehouse: None,
        quantity: quantity(pieces),
        unit_cost: Some(money("100.55")),
        series: String::new(),
        expires_on: None,
    }
}

pub(crate) fn open(world: &World, shop: &Shop, command: OpenStock) -> Result<StockView> {
    stock::open(&world.context, &shop.owner, command, &Unkeyed)
}

pub(crate) fn counted(pieces: &str) -> CorrectStock {
    CorrectStock {
        quantity: quantity(pieces),
        expected: None,
        description: String::new(),
        series: String::new(),
        expires_on: None,
    }
}

pub(crate) fn correct(world: &World, shop: &Shop, id: LevelId, command: CorrectStock) -> Result<StockView> {
    stock::correct(&world.context, &shop.owner, id, command, &Unkeyed)
}

pub(crate) fn expiring(shop: &Shop, product: ProductId, pieces: &str, unit_cost: &str, expires_on: &str) -> MoveGoods {
    MoveGoods {
        expires_on: Some(expires_on.parse().unwrap()),
        ..receipt(shop, product, pieces, unit_cost)
    }
}

pub(crate) fn shown(world: &World, shop: &Shop) -> Vec<StockView> {
    let query = ListStock {
        branch: None,
        warehouse: None,
        product: None,
        category: None,
        search: String::new(),
        is_nonzero: None,
        sort: Vec::new(),
        page: Page::new(1, 100),
    };
    stock::list(&world.context, &shop.owner, query).unwrap().rows
}

/// What the audit log says of levels and of goods moved by hand: subject, action, description, details.
pub(crate) fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT subject_type || ' ' || action || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type IN ('stock_level', 'stock_movement') ORDER BY id",
    )
}

pub(crate) fn events(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT event || ' ' || subject_type || ' ' || payload AS line FROM outbox WHERE event LIKE 'stock.%' ORDER BY id",
    )
}

#[track_caller]
pub(crate) fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
}

on_both! {
    fn opening_stock_is_an_adjustment_into_a_batch_of_its_own(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let command = OpenStock { expires_on: "2027-01-31".parse().ok(), series: "A-17".to_owned(), ..opening(&shop, product, "2.5") };

        let view = open(&world, &shop, command).unwrap();

        assert_eq!((view.product_id, view.quantity, view.available), (product, quantity("2.5"), quantity("2.5")));
        assert_eq!((shown(&world, &shop), stock::detail(&world.context, &shop.owner, view.id).unwrap()), (vec![view.clone()], view));
        let moved = world.database.lines(
            "SELECT m.reason || ' ' || m.document_type || ' ' || m.quantity || ' ' || m.value || ' ' || b.unit_cost || ' ' || \
             b.series || ' ' || CAST(b.expires_on AS TEXT) AS line FROM stock_movements AS m JOIN stock_batches AS b ON \
             b.origin_movement_id = m.id",
        );
        // 2.5 x 100.55 = 251.375, half to even.
        assert_eq!(moved, ["adjustment manual 2500 25138 10055 A-17 2027-01-31"]);
        let details = r#"{"changes":{"quantity":{"new":"2.500","old":"0.000"}}}"#;
        assert_eq!(told(&world), [format!("stock_movement create Kirim: Mahsulot 1, 2.500 dona {details}")]);
        let payload = format!(r#"{{"location_id":{},"on_hand":"2.500","product_id":{product}}}"#, shop.branch_id);
        assert_eq!(events(&world), [format!("stock.changed stock_movement {payload}")]);
        check(&world);
    }

    fn opening_stock_without_a_cost_comes_at_the_purchase_price(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let first = product(&world, &shop, 1, "500.00");

        open(&world, &shop, OpenStock { unit_cost: None, ..opening(&shop, first, "2") }).unwrap();

        assert_eq!(world.batches(), ["1: 2000 10000"]);
    }

    fn a_product_is_opened_at_a_place_once_with_goods_or_without(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [kept, empty] = [1, 2].map(|id| product(&world, &shop, id, "500.00"));
        world.receive(&shop, receipt(&shop, kept, "1", "10.00"));

        let view = open(&world, &shop, opening(&shop, empty, "0")).unwrap();
        let before = world.database.dump();

        assert_eq!((view.quantity, view.available), (quantity("0"), quantity("0")));
        let already = Refusal::from(FieldErrors::across(FieldProblem::AlreadyStocked));
        for (product, pieces) in [(kept, "1"), (kept, "0"), (empty, "1"), (empty, "0")] {
            assert_eq!(refusal(open(&world, &shop, opening(&shop, product, pieces))), already);
        }
        assert_eq!(world.database.dump(), before);
        let details = r#"{"changes":{"quantity":{"new":"0.000","old":null}}}"#;
        assert_eq!(told(&world)[1..], [format!("stock_level create Qoldiq ochildi: Mahsulot 2, Markaz {details}")]);
        assert_eq!(events(&world).len(), 1, "nothing moved at the empty level");
        check(&world);
    }

    fn everything_wrong_with_opening_stock_is_named_at_once(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let foreign = product(&world, &other, 1, "1.00");
        let medicine = product(&world, &shop, 2, "1.00");
        world.database.execute("UPDATE products SET is_medicine = TRUE");
        let before = world.database.dump();
        let refused = |command| refusal(open(&world, &shop, command));

        let mut unknown = FieldErrors::one("product", FieldProblem::UnknownObject);
        unknown.add("branch", FieldProblem::UnknownObject);
        assert_eq!(refused(OpenStock { branch: Some(other.branch_id), ..opening(&shop, foreign, "1") }), unknown.into());
        let mut both = FieldErrors::across(FieldProblem::ExactlyOnePlace);
        both.add("series", FieldProblem::Required);
        both.add("expires_on", FieldProblem::Required);
        let two_places = OpenStock { warehouse: Some(LocationId::new(1)), ..opening(&shop, medicine, "1") };
        assert_eq!(refused(two_places), both.into());
        let too_much = OpenStock { unit_cost: Some(money("9999999999.99")), ..opening(&shop, medicine, "9999999.999") };
        let Refusal::Fields(errors) = refused(too_much) else { panic!("not by its fields") };
        assert_eq!(errors.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["expires_on", "series", "unit_cost"]);
        assert_eq!(world.database.dump(), before);
        open(&world, &shop, opening(&shop, medicine, "0")).unwrap();
    }

    /// The figures of shop.md 11: (10 x 100.55 + 5 x 200.00) / 15 = 133.70.
    fn what_is_found_beyond_what_was_kept_comes_at_the_purchase_price(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "10")).unwrap().id;
        world.receive(&shop, receipt(&shop, product, "5", "200.00"));

        let command = CorrectStock {
            expected: Some(quantity("15")),
            description: "sanoq".to_owned(),
            expires_on: "2026-06-01".parse().ok(),
            ..counted("17")
        };
        let view = correct(&world, &shop, level, command).unwrap();

        assert_eq!((view.quantity, view.available), (quantity("17"), quantity("17")));
        let made = world.database.lines(
            "SELECT m.reason || ' ' || m.quantity || ' ' || m.value || ' ' || m.description || ' ' || b.unit_cost || ' ' || \
             CAST(b.expires_on AS TEXT) AS line FROM stock_movements AS m JOIN stock_batches AS b ON b.origin_movement_id = m.id \
             WHERE m.id = 3",
        );
        assert_eq!(made, ["adjustment 2000 26740 sanoq 13370 2026-06-01"]);
        let details = r#"{"changes":{"quantity":{"new":"17.000","old":"15.000"}}}"#;
        assert_eq!(told(&world)[2..], [format!("stock_movement create Kirim: Mahsulot 1, 2.000 dona {details}")]);
        assert_eq!(events(&world).len(), 3);
        check(&world);
    }

    fn what_is_missing_leaves_what_cannot_be_sold_first(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, receipt(&shop, product, "5", "200.00"));
        world.receive(&shop, expiring(&shop, product, "3", "100.00", "2026-06-01"));
        world.receive(&shop, expiring(&shop, product, "2", "10.00", "2026-03-11"));
        let level = shown(&world, &shop)[0].id;

        let view = correct(&world, &shop, level, counted("7")).unwrap();

        assert_eq!((view.quantity, view.available), (quantity("7"), quantity("7")));
        assert_eq!(world.batches(), ["1: 5000 100000", "2: 2000 20000", "3: 0 0"]);
        let details = r#"{"changes":{"quantity":{"new":"7.000","old":"10.000"}}}"#;
        assert_eq!(told(&world)[3..], [format!("stock_movement create Chiqim: Mahsulot 1, 3.000 dona {details}")]);
        check(&world);
    }

    fn a_level_that_is_right_is_left_without_a_trace(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "10")).unwrap();
        let before = world.database.dump();
        world.clock.advance(chrono::TimeDelta::hours(1));

        assert_eq!(correct(&world, &shop, level.id, counted("10")).unwrap(), level);
        let believed = CorrectStock { expected: Some(quantity("10")), ..counted("10") };
        assert_eq!(correct(&world, &shop, level.id, believed).unwrap(), level);

        assert_eq!(world.database.dump(), before);
    }

    fn whoever_believed_another_level_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "10")).unwrap().id;
        let before = world.database.dump();

        for pieces in ["8", "10"] {
            let command = CorrectStock { expected: Some(quantity("9")), ..counted(pieces) };
            let refused = refusal(correct(&world, &shop, level, command));
            assert_eq!(refused, StockRefusal::Changed { quantity: quantity("10") }.into());
        }
        assert_eq!(world.database.dump(), before);
    }

    fn a_medicine_that_is_found_needs_series_and_expiry_and_one_that_is_missing_does_not(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "10")).unwrap().id;
        world.database.execute("UPDATE products SET is_medicine = TRUE");

        let mut missing = FieldErrors::one("series", FieldProblem::Required);
        missing.add("expires_on", FieldProblem::Required);
        assert_eq!(refusal(correct(&world, &shop, level, counted("11"))), missing.into());
        correct(&world, &shop, level, counted("9")).unwrap();
        let found = CorrectStock { series: "B".to_owned(), expires_on: "2027-01-31".parse().ok(), ..counted("10") };
        assert_eq!(correct(&world, &shop, level, found).unwrap().quantity, quantity("10"));
    }

    fn nothing_is_corrected_where_place_or_product_is_switched_off(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "10")).unwrap().id;
        let after = |change: &str, pieces: &str| {
            world.database.execute(change);
            correct(&world, &shop, level, counted(pieces))
        };

        let switch_off = "UPDATE products SET status = 'inactive'";
        assert_eq!(refusal(after(switch_off, "11")), StockRefusal::ProductInactive.into());
        assert_eq!(refusal(after(switch_off, "9")), StockRefusal::ProductInactive.into());
        let switch_off = "UPDATE locations SET status = 'inactive'";
        assert_eq!(refusal(after(switch_off, "11")), StockRefusal::LocationInactive.into());
        assert_eq!(refusal(after(switch_off, "9")), StockRefusal::LocationInactive.into());
        assert_eq!(after(switch_off, "10").unwrap().quantity, quantity("10"));
    }

    fn an_empty_level_is_hidden_until_goods_move_there_again(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "1")).unwrap().id;
        let hide = || stock::hide(&world.context, &shop.owner, level);

        assert_eq!(refusal(hide()), CatalogRefusal::HasStock.into());
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        hide().unwrap();
        let hidden = world.database.dump();
        hide().unwrap();

        assert_eq!(world.database.dump(), hidden, "it was hidden already");
        assert_eq!(shown(&world, &shop), []);
        assert_eq!(stock::detail(&world.context, &shop.owner, level).unwrap().quantity, quantity("0"));
        assert_eq!(told(&world)[1..], [
            "stock_level delete Qoldiq yashirildi: Mahsulot 1, Markaz {\"changes\":{\"is_hidden\":{\"new\":true,\"old\":false}}}",
        ]);
        let cancel = sales::CancelSale { id: sold.sale.id, reason: String::new() };
        sales::cancel(&world.context, &shop.owner, cancel, &Unkeyed).unwrap();
        assert_eq!(shown(&world, &shop)[0].quantity, quantity("1"));
        check(&world);
    }

    fn a_hidden_level_is_opened_again_with_goods_or_without(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "0")).unwrap().id;

        for pieces in ["0", "3"] {
            stock::hide(&world.context, &shop.owner, level).unwrap();
            let view = open(&world, &shop, opening(&shop, product, pieces)).unwrap();
            assert_eq!((view.id, view.quantity), (level, quantity(pieces)));
            assert_eq!(shown(&world, &shop), [view]);
        }
        check(&world);
    }

    fn a_seller_sees_levels_and_changes_none(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (seller, courier) = (world.hire(&shop, Role::Seller), world.hire(&shop, Role::Courier));
        let [kept, new] = [1, 2].map(|id| product(&world, &shop, id, "500.00"));
        let level = open(&world, &shop, opening(&shop, kept, "0")).unwrap().id;
        let before = world.database.dump();

        stock::detail(&world.context, &seller, level).unwrap();
        let outcomes = [
            stock::open(&world.context, &seller, opening(&shop, new, "1"), &Unkeyed).map(|_| ()),
            stock::correct(&world.context, &seller, level, counted("1"), &Unkeyed).map(|_| ()),
            stock::hide(&world.context, &seller, level),
            stock::list_low(&world.context, &seller, None, None).map(|_| ()),
        ];
        assert_eq!(outcomes.map(|outcome| refusal(outcome).code()), [Some("role_required"); 4]);
        assert_eq!(refusal(stock::detail(&world.context, &courier, level)).code(), Some("section_required"));
        assert_eq!(world.database.dump(), before);
    }

    fn a_level_of_another_store_is_nowhere(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let product = product(&world, &other, 1, "500.00");
        let level = open(&world, &other, opening(&other, product, "1")).unwrap().id;
        let before = world.database.dump();

        for id in [level, LevelId::new(999)] {
            assert_eq!(refusal(stock::detail(&world.context, &shop.owner, id)), Refusal::NotFound);
            assert_eq!(refusal(correct(&world, &shop, id, counted("5"))), Refusal::NotFound);
            assert_eq!(refusal(stock::hide(&world.context, &shop.owner, id)), Refusal::NotFound);
        }
        assert_eq!(world.database.dump(), before);
    }
}
