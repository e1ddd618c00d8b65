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

#[test]
fn levels_are_opened_corrected_and_put_aside() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let [rice, oil] = ["Guruch", "Yog'"].map(|name| server.world.product(&shop, Goods::named(name)));
        let client = server.client_of(&shop.owner);
        let branch = shop.branch_id.get();
        let stocks = "/api/v1/warehouse/stocks/";

        client.post(
            stocks,
            &json!({ "product": rice, "branch": branch, "quantity": "10", "unit_cost": "100.55" }),
        );
        client.post(stocks, &json!({ "product": oil, "branch": branch, "quantity": 0 }));
        client.post(stocks, &json!({ "product": rice, "branch": branch, "quantity": "1" }));
        client.get("/api/v1/warehouse/stocks/1/");
        client.patch(
            "/api/v1/warehouse/stocks/1/",
            &json!({ "quantity": "4", "expected_quantity": "9" }),
        );
        client.patch(
            "/api/v1/warehouse/stocks/1/",
            &json!({ "quantity": "4", "expected_quantity": "10", "description": "Sanoq" }),
        );
        client.get("/api/v1/warehouse/movements/2/");
        client.get("/api/v1/warehouse/stocks/low-stock/");
        client.get("/api/v1/warehouse/stocks/by-product/?page_size=1");
        client.delete("/api/v1/warehouse/stocks/1/");
        client.delete("/api/v1/warehouse/stocks/2/");
        client.get(stocks);
        client.get("/api/v1/warehouse/stocks/99/");
    });
}

/// Cases 33 and 36 of the abuse cases, and what a PATCH is refused for.
#[test]
fn quantities_and_costs_that_cannot_be_are_refused_at_stock_by_hand() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let rice = server.world.product(&shop, Goods::named("Guruch"));
        server.world.receive(&shop, receipt(&shop, rice, "2", "10.00"));
        let client = server.client_of(&shop.owner);
        let before = server.world.database.dump();
        let wrong = [
            json!(-1),
            json!("1.0001"),
            json!("1e3"),
            json!(true),
            json!(null),
            json!("2 ta"),
            json!("\u{0661}"),
            json!(2_147_483_648_i64 * 5),
            json!(i64::MAX),
            json!("9".repeat(400)),
            json!("NaN"),
        ];
        for quantity in wrong {
            let body = json!({ "product": rice, "branch": shop.branch_id, "quantity": quantity });
            client.post("/api/v1/warehouse/stocks/", &body);
            client.patch("/api/v1/warehouse/stocks/1/", &json!({ "quantity": quantity }));
        }
        client.post(
            "/api/v1/warehouse/stocks/",
            &json!({ "product": rice, "branch": shop.branch_id, "quantity": "9999999.999", "unit_cost": "9999999999.99" }),
        );
        client.patch("/api/v1/warehouse/stocks/1/", &json!({}));
        client.patch("/api/v1/warehouse/stocks/1/", &json!({ "description": "Sanoq" }));
        client.patch("/api/v1/warehouse/stocks/1/", &json!({ "product": 7 }));
        assert!(server.world.database.dump() == before, "something changed");
    });
}
