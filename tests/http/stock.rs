//! Goods taken in, and what lies where (shop.md 11).

use savdo_domain::access::Role;
use savdo_domain::ids::ProductId;
use savdo_services::testing::{Goods, money, receipt};
use savdo_tests::{Server, same_on_both};
use serde_json::{Value, json};

fn receiving(product: ProductId, branch: i64) -> Value {
    json!({ "product": product, "movement_type": "in", "quantity": "2.500", "branch": branch, "unit_cost": 999.99 })
}

#[test]
fn goods_are_taken_in() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = server.world.product(&shop, Goods::named("Guruch"));
        let seller = server.world.hire(&shop, Role::Seller);
        let client = server.client_of(&seller);
        let branch = shop.branch_id.get();

        let mut whole = receiving(product, branch);
        whole["series"] = json!("A-17");
        whole["expires_on"] = json!("2027-01-31");
        whole["description"] = json!("nakladnoy 5");
        client.post("/api/v1/warehouse/movements/", &whole);
        let mut cheap = receiving(product, branch);
        cheap["unit_cost"] = Value::Null;
        client.post("/api/v1/warehouse/movements", &cheap);
    });
}

#[test]
fn goods_that_cannot_be_taken_in_are_refused() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let other = server.world.shop();
        let medicine = Goods {
            is_medicine: true,
            ..Goods::named("Aspirin")
        };
        let medicine = server.world.product(&shop, medicine);
        let client = server.client_of(&shop.owner);
        let path = "/api/v1/warehouse/movements/";
        let branch = shop.branch_id.get();

        client.post(path, &json!({}));
        client.post(path, &receiving(medicine, branch));
        client.post(path, &receiving(medicine, other.branch_id.get()));
        let mut wrong = receiving(medicine, branch);
        wrong["movement_type"] = json!("out");
        wrong["quantity"] = json!("0");
        wrong["warehouse"] = json!(1);
        wrong["supplier"] = json!(1);
        client.post(path, &wrong);
        let mut too_much = receiving(medicine, branch);
        too_much["series"] = json!("A");
        too_much["expires_on"] = json!("2027-01-31");
        too_much["quantity"] = json!("9999999.999");
        too_much["unit_cost"] = json!("9999999999.99");
        client.post(path, &too_much);
        let courier = server.world.hire(&shop, Role::Courier);
        server.client_of(&courier).post(path, &receiving(medicine, branch));
        server.client().post(path, &receiving(medicine, branch));
    });
}

#[test]
fn stock_is_listed() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let other = server.world.shop();
        let [rice, oil] = ["Guruch", "Yog'"].map(|name| server.world.product(&shop, Goods::named(name)));
        server.world.receive(&shop, receipt(&shop, rice, "2.5", "999.99"));
        let expires_on = "2026-03-11".parse().ok();
        let expired = savdo_services::stock::MoveGoods {
            expires_on,
            ..receipt(&shop, oil, "3", "10.00")
        };
        server.world.receive(&shop, expired);
        let client = server.client_of(&shop.owner);

        client.get("/api/v1/warehouse/stocks/");
        client.get("/api/v1/warehouse/stocks/?ordering=-quantity&page_size=1");
        client.get("/api/v1/warehouse/stocks/?search=%D0%B3%D1%83%D1%80%D1%83%D1%87");
        client.get(&format!("/api/v1/warehouse/stocks/?product={oil}&nonzero=true"));
        client.get("/api/v1/warehouse/stocks/?nonzero=false");
        client.get("/api/v1/warehouse/stocks/?branch=999");
        client.get("/api/v1/warehouse/stocks/?ordering=price");
        server.client_of(&other.owner).get("/api/v1/warehouse/stocks/");
    });
}

#[test]
fn goods_leave_one_by_one_and_together() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let first = server.world.product(&shop, Goods::named("Choy").at(money("12000.00")));
        let second = server.world.product(&shop, Goods::named("Un").at(money("7000.00")));
        let client = server.client_of(&shop.owner);
        let branch = shop.branch_id;
        let line = |product, quantity: &str| json!({ "product": product, "quantity": quantity, "unit_cost": "100.55" });
        client.post(
            "/api/v1/warehouse/movements/bulk/",
            &json!({
                "movement_type": "in", "branch": branch, "description": "Nakladnoy 7",
                "items": [line(second, "5"), line(first, "10")],
            }),
        );
        client.post(
            "/api/v1/warehouse/movements/",
            &json!({ "product": first, "movement_type": "out", "quantity": "2.5", "branch": branch, "batch": 1 }),
        );
        client.get("/api/v1/warehouse/movements/?movement_type=out&date=2026-03-12");
        client.get("/api/v1/warehouse/movements/3/");
        client.post(
            "/api/v1/warehouse/movements/bulk/",
            &json!({
                "movement_type": "out", "branch": branch,
                "items": [line(second, "5"), line(first, "8"), line(second, "1")],
            }),
        );
        client.post(
            "/api/v1/warehouse/movements/bulk/",
            &json!({ "movement_type": "out", "items": [line(second, "0"), line(first, "1"), { "product": 99 }] }),
        );
        client.post(
            "/api/v1/warehouse/movements/bulk/",
            &json!({ "movement_type": "side", "items": [] }),
        );
        client.get("/api/v1/warehouse/movements/?reason=gone&ordering=quantity&date_from=12.03.2026");
        client.get("/api/v1/warehouse/movements/99/");
    });
}
