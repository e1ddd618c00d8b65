//! `/api/v1/warehouse/warehouses/`.

use savdo_services::testing::{Goods, receipt};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const WAREHOUSES: &str = "/api/v1/warehouse/warehouses/";

#[test]
fn warehouses_are_made_changed_closed_and_listed() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let rice = server.world.product(&shop, Goods::named("Guruch"));
        let client = server.client_of(&shop.owner);
        let first = "/api/v1/warehouse/warehouses/2/";

        client.post(
            WAREHOUSES,
            &json!({ "name": "  Katta   ombor ", "address": "Sergeli 4" }),
        );
        client.post(WAREHOUSES, &json!({ "name": "katta ombor" }));
        client.post(WAREHOUSES, &json!({ "name": "" }));
        client.post(
            "/api/v1/warehouse/movements/",
            &json!({ "product": rice, "movement_type": "in", "quantity": "10", "warehouse": 2, "unit_cost": "100.55" }),
        );
        client.get(first);
        client.get(WAREHOUSES);
        client.patch(first, &json!({}));
        client.patch(first, &json!({ "phone": "+998712000000" }));
        client.patch(first, &json!({ "address": "Yunusobod 1" }));
        client.delete(first);
        client.post(
            "/api/v1/warehouse/movements/",
            &json!({ "product": rice, "movement_type": "out", "quantity": "10", "warehouse": 2 }),
        );
        client.delete(first);
        client.get(WAREHOUSES);
        client.get(&format!("{WAREHOUSES}?status=all"));
        client.get("/api/v1/branches/2/");
        client.get("/api/v1/warehouse/warehouses/1/");
    });
}

/// Branches and warehouses share one id space (shop.md 7).
#[test]
fn a_warehouse_is_no_branch_wherever_one_is_named() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let rice = server.world.product(&shop, Goods::named("Guruch"));
        server.world.receive(&shop, receipt(&shop, rice, "5", "10.00"));
        let category = server.world.expense_category(&shop, "Ijara");
        let warehouse = server.world.warehouse(&shop, "Ombor");
        let client = server.client_of(&shop.owner);
        let worker = json!({
            "first_name": "Botir", "last_name": "Aliyev", "username": "botir", "phone1": "+998901234567",
            "password": "tong-otguncha-7", "role": "seller", "branch": warehouse,
        });
        let sale =
            json!({ "branch": warehouse, "payment_type": "cash", "items": [{ "product": rice, "quantity": "1" }] });
        let spent = json!({ "category": category, "amount": "1000", "date": "2026-03-12", "branch": warehouse });

        client.post("/api/v1/sales/", &sale);
        client.post("/api/v1/workers/", &worker);
        client.post("/api/v1/expenses/", &spent);
        client.patch("/api/v1/settings/1/", &json!({ "online_location": warehouse }));
        for place in [json!({ "branch": warehouse }), json!({ "warehouse": shop.branch_id })] {
            let of = |other: serde_json::Value| {
                let mut body = place.clone();
                let keys = other.as_object().cloned().unwrap_or_default();
                body.as_object_mut().unwrap().extend(keys);
                body
            };
            client.post(
                "/api/v1/warehouse/movements/",
                &of(json!({ "product": rice, "movement_type": "in", "quantity": "1" })),
            );
            client.post(
                "/api/v1/warehouse/movements/bulk/",
                &of(json!({ "movement_type": "in", "items": [{ "product": rice, "quantity": "1" }] })),
            );
            client.post(
                "/api/v1/warehouse/stocks/",
                &of(json!({ "product": rice, "quantity": "1" })),
            );
        }
    });
}
