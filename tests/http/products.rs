//! Products put aside, brought back and scanned: `/api/v1/warehouse/products/`.

use savdo_domain::access::Role;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{Goods, receipt, sale};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const PRODUCTS: &str = "/api/v1/warehouse/products/";
const FIRST: &str = "/api/v1/warehouse/products/1/";

#[test]
fn products_are_put_aside_and_brought_back() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let id = server.world.product(&shop, Goods::named("Non"));
        server.world.receive(&shop, receipt(&shop, id, "1", "4000"));
        let client = server.client_of(&shop.owner);
        let seller = server.client_of(&server.world.hire(&shop, Role::Seller));
        let foreign = server.world.product(&server.world.shop(), Goods::named("Non"));

        client.delete(FIRST);
        client.patch(FIRST, &json!({ "status": "inactive" }));
        let sold = server.world.sell(&shop.owner, sale(&shop, &[(id, "1")]));
        seller.delete(FIRST);
        client.delete(&format!("{PRODUCTS}{foreign}/"));
        client.delete(FIRST);
        client.delete(FIRST);
        client.get(FIRST);
        client.get(PRODUCTS);
        client.get("/api/v1/warehouse/products/?status=all&ordering=status,-id");
        let line = json!({ "product": id, "quantity": "1" });
        let body = json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [line] });
        client.post("/api/v1/sales/", &body);
        client.act(&format!("/api/v1/sales/{}/cancel/", sold.sale.id));
        client.post(PRODUCTS, &json!({ "name": "NON", "barcode": "2000001000014" }));
        client.patch(FIRST, &json!({ "status": "active" }));
        client.patch(
            FIRST,
            &json!({ "status": "active", "name": "Oq non", "barcode": "4780001" }),
        );
        client.act(&format!("/api/v1/sales/{}/cancel/", sold.sale.id));
        client.get("/api/v1/audit-logs/?model=product&ordering=created_at");
    });
}

#[test]
fn a_scanner_asks_by_barcode_or_by_the_own_code_of_a_product() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.product(&shop, Goods::named("Non"));
        let foreign = server.world.product(&server.world.shop(), Goods::named("Suv"));
        let client = server.client_of(&server.world.hire(&shop, Role::Seller));

        client.get("/api/v1/warehouse/products/scan/?code=2000001000014");
        client.get("/api/v1/warehouse/products/scan?code=%20P1%20");
        client.get(&format!("/api/v1/warehouse/products/scan/?code=P{foreign}"));
        client.get("/api/v1/warehouse/products/scan/?code=2000002000011");
        client.get("/api/v1/warehouse/products/scan/");
        client.get("/api/v1/warehouse/products/scan/?code=");
        client.get(&format!("/api/v1/warehouse/products/scan/?code={}", "1".repeat(101)));
        client.get("/api/v1/warehouse/products/scan/?code=%27%20OR%201=1--");
        client.get("/api/v1/warehouse/products/scan/?code=a%00b");
        client.delete("/api/v1/warehouse/products/scan/");
        server
            .client_of(&server.world.hire(&shop, Role::Courier))
            .get("/api/v1/warehouse/products/scan/?code=P1");
    });
}

/// The keys of shop.md 9, in its order, and no others.
#[test]
fn lists_and_details_hold_the_keys_of_the_contract() {
    let in_list = "id, name, category_name, subcategory_name, unit, unit_display, sale_price, currency_code, active_promotion, barcode, \
         barcode_image_url, status, status_display, image";
    let in_detail = "id, name, description, category_id, category_name, subcategory_id, subcategory_name, unit, unit_display, \
         purchase_price, sale_price, currency_id, currency_code, currency_symbol, sale_price_uzs, active_promotion, barcode, \
         barcode_image_url, image, mxik_code, is_medicine, store_name, status, status_display, stock_total, created_on";
    let categories = "id, name, status, status_display, product_count, subcategory_count";
    let category = format!("{categories}, description, icon, store_name, created_on");
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    server.world.category(&shop, "Non");
    server.world.product(&shop, Goods::named("Non"));
    let client = server.client_of(&shop.owner);
    let answer = |path: &str| {
        let answer = client.get(path).expect_status(200);
        // As they were written: a parsed object would sort them.
        let text = answer.text.trim_start_matches('[').to_owned();
        let mut keys = Vec::new();
        for piece in text.split(",\"").map(|piece| piece.trim_start_matches(['{', '"'])) {
            keys.push(piece.split('"').next().unwrap_or_default().to_owned());
        }
        keys.join(", ")
    };

    assert_eq!(answer(PRODUCTS), in_list);
    assert_eq!(answer(FIRST), in_detail);
    assert_eq!(answer("/api/v1/warehouse/products/scan/?code=P1"), in_detail);
    assert_eq!(answer("/api/v1/warehouse/categories/"), categories);
    assert_eq!(answer("/api/v1/warehouse/categories/1/"), category);
}

#[test]
fn what_a_product_may_be_called_and_cost_has_bounds_that_are_named() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let category = server.world.category(&shop, "Non");
        let client = server.client_of(&shop.owner);
        let edge = json!({
            "name": "n".repeat(300), "barcode": "b".repeat(100), "description": "d".repeat(2000), "sale_price": "9999999999.99",
            "purchase_price": 0, "unit": "quti", "mxik_code": "12345678901234567", "is_medicine": true, "category": category,
        });
        let beyond = json!({
            "name": "n".repeat(301), "barcode": "b".repeat(101), "description": "d".repeat(2001),
        });

        let _ = client.post(PRODUCTS, &edge).expect_status(201);
        client.post(PRODUCTS, &beyond);
        client.patch(FIRST, &beyond);
        for price in [
            json!(-1),
            json!("-0.01"),
            json!("10000000000"),
            json!("1e3"),
            json!("0.001"),
            json!(true),
            json!("1 000"),
        ] {
            client.post(PRODUCTS, &json!({ "name": "Un", "sale_price": price }));
            client.patch(FIRST, &json!({ "purchase_price": price }));
        }
        for code in ["1234567890123456", "123456789012345678", "1234567890123456a", ""] {
            client.patch(FIRST, &json!({ "mxik_code": code }));
        }
        client.patch(FIRST, &json!({ "is_medicine": "ha", "unit": "pud", "category": "Non" }));
        client.patch(
            FIRST,
            &json!({ "barcode": "", "price_currency": null, "currency_code": "uzs", "subcategory": null }),
        );
        client.patch(
            FIRST,
            &json!({ "barcode": null, "category": null, "mxik_code": null, "image": null, "is_medicine": false }),
        );
        client.get(FIRST);
    });
}
