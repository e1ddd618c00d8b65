//! Goods moved by hand: one product or several, in or out.

#![cfg(test)]

mod support;

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::access::Role;
use savdo_domain::ids::{BatchId, LocationId, ProductId};
use savdo_domain::stock::{DocumentType, MovementReason, MovementType, StockRefusal};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::stock::{self, GoodsLine, ListMovements, MoveGoods, MoveMany, MovementView};
use savdo_services::testing::{Goods, Shop, World, at_once, money, quantity, receipt, refusal, sale};
use savdo_services::{Page, Period};
use support::product;

fn expiring(shop: &Shop, product: ProductId, pieces: &str, unit_cost: &str, expires_on: &str) -> MoveGoods {
    MoveGoods {
        expires_on: Some(expires_on.parse().unwrap()),
        ..receipt(shop, product, pieces, unit_cost)
    }
}

fn out(shop: &Shop, product: ProductId, pieces: &str) -> MoveGoods {
    MoveGoods {
        movement_type: MovementType::Out,
        unit_cost: None,
        ..receipt(shop, product, pieces, "0")
    }
}

fn line(product_id: ProductId, pieces: &str) -> GoodsLine {
    GoodsLine {
        product_id,
        quantity: quantity(pieces),
        unit_cost: None,
        supplier: None,
        series: String::new(),
        expires_on: None,
        batch: None,
    }
}

fn many(shop: &Shop, movement_type: MovementType, items: Vec<GoodsLine>) -> MoveMany {
    MoveMany {
        movement_type,
        branch: Some(shop.branch_id),
        warehouse: None,
        description: "qayta hisob".to_owned(),
        items,
    }
}

fn everything() -> ListMovements {
    ListMovements {
        product: None,
        branch: None,
        warehouse: None,
        movement_type: None,
        reason: None,
        supplier: None,
        worker: None,
        period: Period::default(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

fn ids(world: &World, shop: &Shop, query: ListMovements) -> Vec<i64> {
    let listed = stock::list_movements(&world.context, &shop.owner, query).unwrap();
    listed.rows.iter().map(|view| view.id.get()).collect()
}

on_both! {
    fn goods_that_leave_are_what_cannot_be_sold_first_then_what_expires_first(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, receipt(&shop, product, "5", "200.00"));
        world.receive(&shop, expiring(&shop, product, "10", "100.55", "2026-06-01"));
        world.receive(&shop, expiring(&shop, product, "2", "10.00", "2026-03-11"));

        let view = stock::move_goods(&world.context, &shop.owner, out(&shop, product, "14"), &Unkeyed).unwrap();

        // 2 x 10.00 + 10 x 100.55 + 2 x 200.00 = 1425.50; / 14 = 101.8214..
        assert_eq!((view.total_cost, view.unit_cost), (money("1425.50"), money("101.82")));
        assert_eq!((view.quantity, view.movement_type, view.batch_id), (quantity("14"), MovementType::Out, None));
        assert_eq!((view.reason, view.document_type), (MovementReason::Adjustment, DocumentType::Manual));
        world.check_ledger();
    }

    /// The figures of shop.md 11.
    fn goods_that_leave_cost_what_their_batches_cost(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        world.receive(&shop, expiring(&shop, product, "10", "100.55", "2026-06-01"));
        world.receive(&shop, receipt(&shop, product, "5", "200.00"));

        let view = stock::move_goods(&world.context, &shop.owner, out(&shop, product, "12"), &Unkeyed).unwrap();

        assert_eq!((view.total_cost, view.unit_cost), (money("1405.50"), money("117.12")));
    }

    fn a_receipt_tells_the_price_it_came_at(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");

        let view = world.receive(&shop, receipt(&shop, product, "0.333", "999.99"));

        assert_eq!((view.unit_cost, view.total_cost), (money("999.99"), money("333.00")));
        assert_eq!(view.batch_id, Some(BatchId::new(1)));
        assert_eq!(stock::movement(&world.context, &shop.owner, view.id).unwrap(), view);
    }

    fn goods_of_one_batch_leave_it_alone(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (first, second) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "500.00"));
        let batch = world.receive(&shop, receipt(&shop, first, "5", "200.00")).batch_id;
        world.receive(&shop, expiring(&shop, first, "10", "100.55", "2026-03-11"));
        world.receive(&shop, receipt(&shop, second, "5", "1.00"));
        let of = |product, pieces, batch| {
            stock::move_goods(&world.context, &shop.owner, MoveGoods { batch, ..out(&shop, product, pieces) }, &Unkeyed)
        };

        let view = of(first, "4", batch).unwrap();
        assert_eq!((view.batch_id, view.total_cost), (batch, money("800.00")));
        let short = StockRefusal::BatchShort {
            batch_id: batch.unwrap(),
            available: quantity("1"),
            requested: quantity("2"),
        };
        assert_eq!(refusal(of(first, "2", batch)), Refusal::Stock(short));
        let unknown = || Refusal::field("batch", FieldProblem::UnknownObject);
        assert_eq!(refusal(of(second, "1", batch)), unknown());
        assert_eq!(refusal(of(first, "1", Some(BatchId::new(999)))), unknown());
        let foreign = product_of(&world, &other);
        assert_eq!(refusal(of(first, "1", foreign.batch_id)), unknown());
        world.check_ledger();
    }

    fn a_seller_takes_goods_in_and_none_out(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = product(&world, &shop, 1, "500.00");

        stock::move_goods(&world.context, &seller, receipt(&shop, product, "5", "1.00"), &Unkeyed).unwrap();

        let taken = stock::move_goods(&world.context, &seller, out(&shop, product, "1"), &Unkeyed);
        assert_eq!(refusal(taken).code(), Some("role_required"));
        let taken = many(&shop, MovementType::Out, vec![line(product, "1")]);
        assert_eq!(refusal(stock::move_many(&world.context, &seller, taken, &Unkeyed)).code(), Some("role_required"));
    }

    fn several_products_come_at_once_in_the_order_of_their_lines(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (first, second) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "300.00"));
        let priced = |line: GoodsLine, cost: &str| GoodsLine { unit_cost: Some(money(cost)), ..line };
        let items = vec![
            priced(line(second, "2"), "7.00"),
            priced(line(first, "1"), "5.00"),
            priced(line(second, "3"), "9.00"),
        ];

        let views = stock::move_many(&world.context, &shop.owner, many(&shop, MovementType::In, items), &Unkeyed);

        let told = |view: &MovementView| (view.product_id, view.quantity, view.unit_cost, view.description.clone());
        let note = "qayta hisob".to_owned();
        assert_eq!(views.unwrap().iter().map(told).collect::<Vec<_>>(), [
            (second, quantity("2"), money("7.00"), note.clone()),
            (first, quantity("1"), money("5.00"), note.clone()),
            (second, quantity("3"), money("9.00"), note),
        ]);
        world.check_ledger();
    }

    fn several_products_leave_together_or_none_does(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (first, second) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "300.00"));
        let third = product(&world, &shop, 3, "300.00");
        for product in [first, second, third] {
            world.receive(&shop, receipt(&shop, product, "5", "10.00"));
        }
        let before = world.database.dump();
        let take = |items| {
            stock::move_many(&world.context, &shop.owner, many(&shop, MovementType::Out, items), &Unkeyed)
        };

        let Refusal::Stock(StockRefusal::Insufficient(short)) =
            refusal(take(vec![line(third, "6"), line(first, "3"), line(second, "1"), line(first, "3")]))
        else {
            panic!("not short");
        };
        let figures: Vec<_> = short.iter().map(|line| (line.product_id, line.available, line.requested)).collect();
        assert_eq!(figures, [(first, quantity("5"), quantity("6")), (third, quantity("5"), quantity("6"))]);
        assert_eq!(world.database.dump(), before);

        let taken = take(vec![line(second, "1"), line(first, "2"), line(first, "3")]).unwrap();
        let told: Vec<_> = taken.iter().map(|view| (view.product_id, view.quantity)).collect();
        assert_eq!(told, [(first, quantity("5")), (second, quantity("1"))], "lines of one product are one movement");
        world.check_ledger();
    }

    fn what_is_wrong_with_a_line_is_told_at_its_place(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (good, medicine) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "1.00"));
        let foreign = world.product(&other, Goods::named("Begona"));
        world.database.execute(&format!("UPDATE products SET is_medicine = TRUE WHERE id = {medicine}"));
        let before = world.database.dump();
        let come = |items| {
            stock::move_many(&world.context, &shop.owner, many(&shop, MovementType::In, items), &Unkeyed)
        };

        let mut unnamed = FieldErrors::one("series", FieldProblem::Required);
        unnamed.add("expires_on", FieldProblem::Required);
        assert_eq!(
            refusal(come(vec![line(good, "1"), line(medicine, "1")])),
            Refusal::Fields(FieldErrors::in_element("items", 1, 2, unnamed.clone()))
        );
        let mut both = FieldErrors::new();
        both.add_elements("items", vec![unnamed, FieldErrors::one("product", FieldProblem::UnknownObject)]);
        assert_eq!(refusal(come(vec![line(medicine, "1"), line(foreign, "1")])), Refusal::Fields(both));
        let labelled = MoveGoods {
            series: "A1".to_owned(),
            expires_on: NaiveDate::from_ymd_opt(2027, 1, 1),
            ..out(&shop, good, "1")
        };
        let mut contradicted = FieldErrors::one("series", FieldProblem::Contradiction);
        contradicted.add("expires_on", FieldProblem::Contradiction);
        let taken = stock::move_goods(&world.context, &shop.owner, labelled, &Unkeyed);
        assert_eq!(refusal(taken), Refusal::Fields(contradicted));
        assert_eq!(
            refusal(come(vec![line(foreign, "1"), line(good, "1")])),
            Refusal::Fields(FieldErrors::in_element("items", 0, 2, FieldErrors::one("product", FieldProblem::UnknownObject)))
        );
        assert_eq!(world.database.dump(), before);
    }

    fn parallel_movements_of_the_same_products_in_opposite_order_meet_no_dead_lock(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (first, second) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "300.00"));

        let outcomes = at_once(8, |n| {
            let items = if n % 2 == 0 { [first, second] } else { [second, first] };
            let items = items.map(|product| line(product, "1")).to_vec();
            stock::move_many(&world.context, &shop.owner, many(&shop, MovementType::In, items), &Unkeyed)
        });

        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(world.database.probe().retries(), 0);
        let levels = world.database.lines("SELECT product_id || ' ' || on_hand AS line FROM stock_levels ORDER BY id");
        assert_eq!(levels.len(), 2);
        assert!(levels.iter().all(|level| level.ends_with(" 8000")), "{levels:?}");
        world.check_ledger();
    }

    fn a_failing_statement_leaves_nothing_of_a_movement(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (first, second) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "300.00"));
        for movement_type in [MovementType::In, MovementType::Out] {
            let (_, statements) = world.fails_at_every_statement(|| {
                // So many at once are done twenty times a minute.
                world.clock.advance(TimeDelta::seconds(4));
                let items = vec![line(second, "2"), line(first, "1")];
                stock::move_many(&world.context, &shop.owner, many(&shop, movement_type, items), &Unkeyed)
            });
            assert!(statements > 5, "only {statements} statements");
        }
        world.check_ledger();
    }

    fn movements_are_found_by_what_they_are_of(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (first, second) = (product(&world, &shop, 1, "500.00"), product(&world, &shop, 2, "300.00"));
        let seller = world.hire(&shop, Role::Seller);
        world.receive(&shop, receipt(&shop, first, "5", "10.00"));
        world.clock.advance(TimeDelta::days(1));
        world.receive(&shop, receipt(&shop, second, "5", "10.00"));
        world.sell(&seller, sale(&shop, &[(first, "1")]));
        stock::move_goods(&world.context, &shop.owner, out(&shop, second, "1"), &Unkeyed).unwrap();
        let foreign = product_of(&world, &other);
        let find = |query| ids(&world, &shop, query);
        let day = NaiveDate::from_ymd_opt(2026, 3, 12);

        assert_eq!(find(everything()), [4, 3, 2, 1]);
        assert_eq!(find(ListMovements { product: Some(first), ..everything() }), [3, 1]);
        assert_eq!(find(ListMovements { branch: Some(shop.branch_id), ..everything() }), [4, 3, 2, 1]);
        assert_eq!(find(ListMovements { warehouse: Some(shop.branch_id), ..everything() }), [0; 0]);
        assert_eq!(find(ListMovements { branch: Some(LocationId::new(999)), ..everything() }), [0; 0]);
        assert_eq!(find(ListMovements { movement_type: Some(MovementType::Out), ..everything() }), [4, 3]);
        assert_eq!(find(ListMovements { reason: Some(MovementReason::Sale), ..everything() }), [3]);
        assert_eq!(find(ListMovements { supplier: Some(1), ..everything() }), [0; 0]);
        let worker = seller.worker.as_ref().map(|worker| worker.id);
        assert_eq!(find(ListMovements { worker, ..everything() }), [3]);
        assert_eq!(find(ListMovements { period: Period { day, ..Period::default() }, ..everything() }), [1]);
        assert_eq!(refusal(stock::movement(&world.context, &shop.owner, foreign.id)), Refusal::NotFound);
    }
}

/// Goods of another shop.
fn product_of(world: &World, shop: &Shop) -> MovementView {
    let product = world.product(shop, Goods::named("Begona"));
    world.receive(shop, receipt(shop, product, "5", "10.00"))
}
