//! `/api/v1/shifts/`.

use chrono::TimeDelta;
use savdo_domain::access::Role;
use savdo_domain::settings::SettingsPatch;
use savdo_services::settings;
use savdo_services::testing::{Goods, Shop, expense, money, receipt, sale};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const SHIFTS: &str = "/api/v1/shifts/";

fn with_settings(server: &Server, shop: &Shop, patch: SettingsPatch) {
    settings::change(&server.world.context, &shop.owner, shop.store_id, patch).unwrap();
}

#[test]
fn a_shift_is_opened_worked_and_closed() {
    same_on_both!(|server: &Server| {
        let world = &server.world;
        let shop = world.shop();
        let bread = world.product(&shop, Goods::named("Non").at(money("4000.00")));
        world.receive(&shop, receipt(&shop, bread, "20", "3000.00"));
        world.use_shifts(&shop);
        let category = world.expense_category(&shop, "Suv");
        let seller = world.hire(&shop, Role::Seller);
        let client = server.client_of(&seller);
        let owner = server.client_of(&shop.owner);
        let body = json!({ "cash_start": "100000.00", "description": " Ertalabki ", "status": "closed", "id": 9 });

        let opened = client.post(SHIFTS, &body);
        let path = format!("{SHIFTS}{}/", opened.integer("/data/id"));
        world.clock.advance(TimeDelta::minutes(12));
        let sold = world.sell(&seller, sale(&shop, &[(bread, "3")])).sale.id;
        let undone = world.sell(&shop.owner, sale(&shop, &[(bread, "1")])).sale.id;
        world.spend(&shop, expense(&shop, category));
        owner.act(&format!("/api/v1/sales/{undone}/cancel/"));
        client.get(&path);
        client.get(&format!("{path}x-report/"));
        client.get(&format!("{path}z-report/"));
        client.get(&format!("/api/v1/sales/{sold}/"));
        owner.get(&format!("/api/v1/stores/{}/", shop.store_id));
        world.clock.advance(TimeDelta::minutes(11));
        client.patch(
            &format!("{path}close/"),
            &json!({ "cash_counted": 101500.5, "description": "Kam chiqdi" }),
        );
        client.get(&path);
        client.get(&format!("{path}x-report"));
        client.get(&format!("{path}z-report/"));
        client.act(&format!("{path}close/"));
        owner.get("/api/v1/audit-logs/?model=shift");
    });
}

#[test]
fn what_a_shift_is_refused_for() {
    same_on_both!(|server: &Server| {
        let world = &server.world;
        let shop = world.shop();
        let bread = world.product(&shop, Goods::named("Non"));
        world.receive(&shop, receipt(&shop, bread, "20", "3000.00"));
        let owner = server.client_of(&shop.owner);
        let seller = server.client_of(&world.hire(&shop, Role::Seller));
        let other = server.client_of(&world.hire(&shop, Role::Seller));
        let courier = server.client_of(&world.hire(&shop, Role::Courier));
        let sold =
            json!({ "payment_type": "cash", "branch": shop.branch_id, "items": [{ "product": bread, "quantity": 1 }] });

        seller.post(SHIFTS, &json!({}));
        world.use_shifts(&shop);
        let counted = SettingsPatch {
            require_cash_count: Some(true),
            ..SettingsPatch::default()
        };
        with_settings(server, &shop, counted);
        owner.post("/api/v1/sales/", &sold);
        courier.post(SHIFTS, &json!({}));
        owner.post(SHIFTS, &json!({ "cash_start": 0 }));
        owner.post(SHIFTS, &json!({ "branch": 999, "cash_start": 0 }));
        seller.post(SHIFTS, &json!({}));
        seller.post(SHIFTS, &json!({ "cash_start": "-1", "description": "x".repeat(1_001) }));
        seller.post(SHIFTS, &json!({ "cash_start": "0.001" }));
        let opened = seller.post(SHIFTS, &json!({ "cash_start": "0" }));
        let close = format!("{SHIFTS}{}/close/", opened.integer("/data/id"));
        seller.post(SHIFTS, &json!({ "cash_start": "0" }));
        owner.delete(&format!("/api/v1/branches/{}/", shop.branch_id));
        owner.delete(&format!("/api/v1/stores/{}/", shop.store_id));
        other.post(&close, &json!({ "cash_end": 0 }));
        seller.act(&close);
        seller.post(&close, &json!({ "cash_end": "10000000000.00" }));
        seller.post(&close, &json!({ "cash_end": 0 }));
        seller.post(SHIFTS, &json!({ "cash_start": "0" }));
        owner.post(&format!("{SHIFTS}999/close/"), &json!({}));
        owner.get(&format!("{SHIFTS}me/"));
        owner.delete(&format!("{SHIFTS}1/"));
    });
}

#[test]
fn shifts_are_listed() {
    same_on_both!(|server: &Server| {
        let world = &server.world;
        let shop = world.shop();
        world.use_shifts(&shop);
        let client = server.client_of(&shop.owner);
        let body = json!({ "branch": shop.branch_id });
        let first = client.unnoted().post(SHIFTS, &body).integer("/data/id");
        world.clock.advance(TimeDelta::days(1));
        let client = server.client_of(&shop.owner);
        client.unnoted().act(&format!("{SHIFTS}{first}/close/"));
        client.unnoted().post(SHIFTS, &body);

        client.get(SHIFTS);
        client.get("/api/v1/shifts?status=open&ordering=start_time");
        client.get("/api/v1/shifts/?date_from=2026-03-12&date_to=2026-03-12&page_size=1");
        client.get(&format!("{SHIFTS}?branch=999"));
        client.get(&format!("{SHIFTS}?date_from=2026-03-13&date_to=2026-03-12"));
        client.get(&format!("{SHIFTS}?status=late"));
        client.get(&format!("{SHIFTS}?ordering=cash_start"));
    });
}

#[test]
fn a_shift_that_is_opened_twice_with_one_key_is_one() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.use_shifts(&shop);
        let client = server.client_of(&shop.owner);
        let body = json!({ "branch": shop.branch_id });

        let first = client
            .with_header("idempotency-key", "smena-1")
            .post(SHIFTS, &body)
            .expect_status(201);
        let again = client
            .with_header("idempotency-key", "smena-1")
            .post(SHIFTS, &body)
            .expect_status(201);

        assert_eq!(
            (again.header("idempotent-replayed"), &again.text),
            ("true", &first.text)
        );
        client.with_header("idempotency-key", "smena-2").post(SHIFTS, &body);
    });
}
