//! Batches: put into quarantine and freed, corrected, listed, traced.

#![cfg(test)]

use savdo_domain::access::Role;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{BatchId, ProductId};
use savdo_domain::order::PaymentMethod;
use savdo_domain::stock::{DocumentType, MovementType};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::batches::{self, BatchSeen, BatchTrace, ChangeBatch, ListBatches, TraceSeries};
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, PlaceOrder};
use savdo_services::sales::{self, CancelSale};
use savdo_services::stock::{self, MoveGoods};
use savdo_services::testing::{Goods, Shop, World, at_once, money, quantity, receipt, refusal, sale};
use savdo_services::verify::verify;
use savdo_services::{Page, Result};

fn product(world: &World, shop: &Shop, name: &str) -> ProductId {
    world.product(shop, Goods::named(name).at(money("500.00")))
}

/// Goods of a series with a last day, taken in.
fn received(world: &World, shop: &Shop, product: ProductId, pieces: &str, series: &str, expires_on: &str) -> BatchId {
    let command = MoveGoods {
        series: series.to_owned(),
        expires_on: expires_on.parse().ok(),
        ..receipt(shop, product, pieces, "100.00")
    };
    world.receive(shop, command).batch_id.unwrap()
}

fn change(world: &World, shop: &Shop, id: BatchId, command: ChangeBatch) -> Result<BatchSeen> {
    batches::change(&world.context, &shop.owner, id, command)
}

fn block() -> ChangeBatch {
    ChangeBatch {
        blocked: Some(true),
        reason: Some("chaqirib olindi".to_owned()),
        ..ChangeBatch::default()
    }
}

fn free() -> ChangeBatch {
    ChangeBatch {
        blocked: Some(false),
        ..ChangeBatch::default()
    }
}

fn everything() -> ListBatches {
    ListBatches {
        product: None,
        branch: None,
        warehouse: None,
        is_empty: None,
        expires_before: None,
        is_expired: None,
        is_blocked: None,
        series: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

fn ids(world: &World, shop: &Shop, query: ListBatches) -> Vec<i64> {
    let listed = batches::list(&world.context, &shop.owner, query).unwrap();
    listed.rows.iter().map(|seen| seen.batch.id.get()).collect()
}

fn trace(world: &World, shop: &Shop, series: &str) -> Vec<BatchTrace> {
    let query = TraceSeries {
        series: series.to_owned(),
        product: None,
    };
    batches::trace(&world.context, &shop.owner, &query).unwrap()
}

/// What the audit log says of batches.
fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type = 'stock_batch' ORDER BY id",
    )
}

#[track_caller]
fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
}

on_both! {
    fn a_batch_in_quarantine_is_on_hand_and_not_sold_until_it_is_freed(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, "Aspirin");
        let first = received(&world, &shop, product, "3", "A-17", "2026-06-01");
        received(&world, &shop, product, "2", "B-2", "2026-09-01");
        let sell = |pieces| sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, pieces)]), &Unkeyed);

        let seen = change(&world, &shop, first, block()).unwrap();

        assert_eq!(seen.batch.label.block.as_deref(), Some("chaqirib olindi"));
        assert_eq!((seen.code.as_str(), seen.is_expired), ("S1-26-03-12-0001", false));
        assert_eq!(seen, batches::detail(&world.context, &shop.owner, first).unwrap());
        assert_eq!(world.levels(), ["1: 5000 2000 2026-09-01"]);
        assert_eq!(refusal(sell("3")).code(), Some("insufficient_stock"));
        sell("1").unwrap();
        change(&world, &shop, first, free()).unwrap();
        assert_eq!(world.levels(), ["1: 4000 4000 2026-06-01"]);
        sell("4").unwrap();
        let reason = r#""block_reason":{"new":"chaqirib olindi","old":""}"#;
        let back = r#""block_reason":{"new":"","old":"chaqirib olindi"}"#;
        assert_eq!(told(&world), [
            format!(r#"update Partiya to'xtatildi: Aspirin, S1-26-03-12-0001 {{"changes":{{{reason},"blocked":{{"new":true,"old":false}}}}}}"#),
            format!(r#"update Partiya ochildi: Aspirin, S1-26-03-12-0001 {{"changes":{{{back},"blocked":{{"new":false,"old":true}}}}}}"#),
        ]);
        check(&world);
    }

    fn a_write_off_takes_what_is_in_quarantine_first(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, "Aspirin");
        received(&world, &shop, product, "3", "", "2026-06-01");
        let second = received(&world, &shop, product, "2", "", "2026-09-01");
        change(&world, &shop, second, block()).unwrap();

        let out = MoveGoods { movement_type: MovementType::Out, unit_cost: None, ..receipt(&shop, product, "3", "0") };
        stock::move_goods(&world.context, &shop.owner, out, &Unkeyed).unwrap();

        assert_eq!(world.batches(), ["1: 2000 20000", "2: 0 0"]);
        check(&world);
    }

    fn goods_come_back_into_a_batch_in_quarantine_and_stay_there(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, "Aspirin");
        let batch = received(&world, &shop, product, "3", "", "2026-06-01");
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "2")]));
        change(&world, &shop, batch, block()).unwrap();

        let command = CancelSale { id: sold.sale.id, reason: String::new() };
        sales::cancel(&world.context, &shop.owner, command, &Unkeyed).unwrap();

        assert_eq!(world.levels(), ["1: 3000 0 -"]);
        check(&world);
    }

    fn a_corrected_last_day_counts_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, "Aspirin");
        let batch = received(&world, &shop, product, "3", "A-17", "2026-06-01");
        let until = |day: Option<&str>| ChangeBatch {
            expires_on: Some(day.map(|day| day.parse().unwrap())),
            ..ChangeBatch::default()
        };

        let told_of = |day, level: &str| {
            let seen = change(&world, &shop, batch, until(day)).unwrap();
            assert_eq!(world.levels(), [level]);
            seen.is_expired
        };
        assert!(told_of(Some("2026-03-11"), "1: 3000 0 -"));
        assert!(!told_of(Some("2026-03-12"), "1: 3000 3000 2026-03-12"));
        assert!(!told_of(None, "1: 3000 3000 -"));
        let last = r#"{"changes":{"expires_on":{"new":null,"old":"2026-03-12"}}}"#;
        assert_eq!(told(&world)[2..], [format!("update Partiya o'zgartirildi: Aspirin, S1-26-03-12-0001 {last}")]);
        check(&world);
    }

    fn what_cannot_be_said_of_a_batch_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let medicine = product(&world, &shop, "Aspirin");
        let batch = received(&world, &shop, medicine, "3", "A-17", "2026-06-01");
        world.database.execute("UPDATE products SET is_medicine = TRUE");
        let seller = world.hire(&shop, Role::Seller);
        let before = world.database.dump();

        let cleared = ChangeBatch { series: Some(String::new()), expires_on: Some(None), ..ChangeBatch::default() };
        let mut needed = FieldErrors::one("series", FieldProblem::Required);
        needed.add("expires_on", FieldProblem::Required);
        assert_eq!(refusal(change(&world, &shop, batch, cleared)), needed.into());
        let without_reason = ChangeBatch { reason: None, ..block() };
        let required = Refusal::field("reason", FieldProblem::Required);
        assert_eq!(refusal(change(&world, &shop, batch, without_reason)), required);
        assert_eq!(refusal(change(&world, &shop, batch, ChangeBatch::default())), Refusal::EmptyPatch);
        for id in [batch, BatchId::new(999)] {
            assert_eq!(refusal(change(&world, &other, id, block())), Refusal::NotFound);
            assert_eq!(refusal(batches::detail(&world.context, &other.owner, id)), Refusal::NotFound);
        }
        assert_eq!(refusal(batches::change(&world.context, &seller, batch, block())).code(), Some("role_required"));
        let of = TraceSeries { series: "A-17".to_owned(), product: None };
        assert_eq!(refusal(batches::trace(&world.context, &seller, &of)).code(), Some("role_required"));
        change(&world, &shop, batch, free()).unwrap();
        assert_eq!(world.database.dump(), before, "what was said already is no change");
    }

    fn batches_are_found_by_what_they_hold_and_what_is_said_of_them(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (aspirin, bandage) = (product(&world, &shop, "Aspirin"), product(&world, &shop, "Bint"));
        let foreign = product(&world, &other, "Aspirin");
        received(&world, &shop, aspirin, "3", "A-17", "2026-03-11");
        let blocked = received(&world, &shop, aspirin, "1", "a-17", "2026-03-12");
        received(&world, &shop, bandage, "2", "", "kun emas");
        received(&world, &other, foreign, "2", "A-17", "2026-03-11");
        change(&world, &shop, blocked, block()).unwrap();
        world.sell(&shop.owner, sale(&shop, &[(bandage, "2")]));
        let found = |query| ids(&world, &shop, query);

        assert_eq!(found(everything()), [1, 2, 3]);
        assert_eq!(found(ListBatches { product: Some(bandage), ..everything() }), [3]);
        assert_eq!(found(ListBatches { product: Some(foreign), ..everything() }), [0; 0]);
        assert_eq!(found(ListBatches { branch: Some(shop.branch_id), ..everything() }), [1, 2, 3]);
        assert_eq!(found(ListBatches { warehouse: Some(shop.branch_id), ..everything() }), [0; 0]);
        assert_eq!(found(ListBatches { branch: Some(other.branch_id), ..everything() }), [0; 0]);
        assert_eq!(found(ListBatches { is_empty: Some(true), ..everything() }), [3]);
        assert_eq!(found(ListBatches { is_empty: Some(false), ..everything() }), [1, 2]);
        assert_eq!(found(ListBatches { expires_before: "2026-03-12".parse().ok(), ..everything() }), [1]);
        assert_eq!(found(ListBatches { is_expired: Some(true), ..everything() }), [1]);
        assert_eq!(found(ListBatches { is_expired: Some(false), ..everything() }), [2, 3]);
        assert_eq!(found(ListBatches { is_blocked: Some(true), ..everything() }), [2]);
        assert_eq!(found(ListBatches { is_blocked: Some(false), ..everything() }), [1, 3]);
        assert_eq!(found(ListBatches { series: "A-17".to_owned(), ..everything() }), [1]);
    }

    fn a_series_is_traced_to_who_has_it_less_what_came_back(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        world.open_online(&shop);
        let aspirin = world.online_product(&shop, Goods::named("Aspirin"));
        let foreign = product(&world, &other, "Aspirin");
        let first = received(&world, &shop, aspirin, "10", "A-17", "2026-06-01");
        let second = received(&world, &shop, aspirin, "5", "A-17", "2026-09-01");
        received(&world, &shop, aspirin, "5", "B-2", "2026-12-01");
        received(&world, &other, foreign, "5", "A-17", "2026-06-01");
        let kept = world.sell(&shop.owner, sale(&shop, &[(aspirin, "1"), (aspirin, "2.5")]));
        let undone = world.sell(&shop.owner, sale(&shop, &[(aspirin, "1")]));
        world.clock.advance(chrono::TimeDelta::days(1));
        let command = CancelSale { id: undone.sale.id, reason: String::new() };
        sales::cancel(&world.context, &shop.owner, command, &Unkeyed).unwrap();
        let buyer = world.customer();
        let line = AddToCart { product_id: aspirin, pieces: 7 };
        carts::add(&world.context, &buyer, line, &Unkeyed).unwrap();
        let order = PlaceOrder {
            delivery_address: "Toshkent, Navoiy 1".to_owned(),
            comment: String::new(),
            payment_method: PaymentMethod::Cash,
            expected_total: None,
            part: CartPart::All,
        };
        let order = orders::place(&world.context, &buyer, order, &Unkeyed).unwrap();
        let out = MoveGoods { movement_type: MovementType::Out, batch: Some(second), unit_cost: None, ..receipt(&shop, aspirin, "2", "0") };
        let written_off = stock::move_goods(&world.context, &shop.owner, out, &Unkeyed).unwrap();

        let traces = trace(&world, &shop, "A-17");

        let of = |trace: &BatchTrace| {
            let issued = trace.issued.iter().map(|issued| {
                (issued.document_type, issued.document_id, issued.day.to_string(), issued.quantity, issued.customer_name.is_some())
            });
            (trace.seen.batch.id, trace.seen.batch.left, issued.collect::<Vec<_>>())
        };
        let (today, yesterday) = ("2026-03-13".to_owned(), "2026-03-12".to_owned());
        let by_order = |pieces: &str| (DocumentType::Order, order.order.id.get(), today.clone(), quantity(pieces), true);
        assert_eq!(traces.iter().map(of).collect::<Vec<_>>(), [
            (first, quantity("0"), vec![
                (DocumentType::Sale, kept.sale.id.get(), yesterday.clone(), quantity("3.5"), false),
                by_order("6.5"),
            ]),
            (second, quantity("2.5"), vec![
                by_order("0.5"),
                (DocumentType::Manual, written_off.id.get(), today.clone(), quantity("2"), false),
            ]),
        ]);
        assert_eq!(trace(&world, &shop, "a-17"), []);
        let elsewhere = TraceSeries { series: "A-17".to_owned(), product: Some(foreign) };
        assert_eq!(batches::trace(&world.context, &shop.owner, &elsewhere).unwrap(), []);
        let nothing = TraceSeries { series: String::new(), product: None };
        let required = Refusal::field("series", FieldProblem::Required);
        assert_eq!(refusal(batches::trace(&world.context, &shop.owner, &nothing)), required);
    }

    fn whichever_statement_fails_a_batch_stays_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, "Aspirin");
        let batch = received(&world, &shop, product, "3", "A-17", "2026-06-01");

        let (_, statements) = world.fails_at_every_statement(|| change(&world, &shop, batch, block()));

        assert!(statements > 6, "only {statements} statements");
        check(&world);
    }

    fn nothing_is_sold_of_a_batch_once_it_is_blocked(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..6 {
            let product = product(&world, &shop, &format!("Aspirin {round}"));
            let batch = received(&world, &shop, product, "10", "A-17", "2026-06-01");
            let outcomes = at_once(5, |who| match who {
                0 => change(&world, &shop, batch, block()).map(|_| ()),
                _ => sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "2")]), &Unkeyed).map(|_| ()),
            });
            let sold = outcomes.iter().skip(1).filter(|outcome| outcome.is_ok()).count();
            for lost in outcomes.into_iter().filter(Result::is_err) {
                assert_eq!(refusal(lost).code(), Some("insufficient_stock"), "round {round}");
            }
            let left = batches::detail(&world.context, &shop.owner, batch).unwrap().batch.left;
            assert_eq!(left, quantity(&(10 - 2 * sold).to_string()), "round {round}");
            let sellable = world.database.lines(&format!(
                "SELECT sellable || '' AS line FROM stock_levels WHERE product_id = {product}"
            ));
            assert_eq!(sellable, ["0"], "round {round}");
        }
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        check(&world);
    }
}
