//! `/api/v1/warehouse/categories/`.

use savdo_domain::access::Role;
use savdo_services::testing::Goods;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const CATEGORIES: &str = "/api/v1/warehouse/categories/";
const FIRST: &str = "/api/v1/warehouse/categories/1/";

#[test]
fn categories_are_changed_put_aside_and_brought_back() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let category = server.world.category(&shop, "Dorilar");
        let goods = Goods {
            category: Some(category),
            ..Goods::named("Aspirin")
        };
        server.world.product(&shop, goods);
        let client = server.client_of(&shop.owner);

        client.get(FIRST);
        client.patch(
            FIRST,
            &json!({ "name": " Dori  vositalari ", "icon": "pill", "id": 7, "product_count": 9 }),
        );
        client.with_header("content-type", "application/json").send(
            "PUT",
            FIRST,
            Some(br#"{"description": "Retseptsiz"}"#),
        );
        client.delete(FIRST);
        client.delete(FIRST);
        client.get(CATEGORIES);
        client.get("/api/v1/warehouse/categories/?status=inactive,active&search=dori&ordering=-status,id");
        client.get("/api/v1/warehouse/products/1/");
        client.get("/api/v1/warehouse/products/?category=1");
        client.post(
            "/api/v1/warehouse/products/",
            &json!({ "name": "Analgin", "category": 1 }),
        );
        client.post(CATEGORIES, &json!({ "name": "DORI VOSITALARI" }));
        client.patch(FIRST, &json!({ "status": "active" }));
        client.patch(FIRST, &json!({ "status": "active", "name": "Eski dorilar" }));
        client.get("/api/v1/audit-logs/?model=category&ordering=created_at");
    });
}

#[test]
fn what_changes_of_categories_are_refused() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.category(&shop, "Dorilar");
        let foreign = server.world.category(&server.world.shop(), "Dorilar");
        let foreign = format!("{CATEGORIES}{foreign}/");
        let client = server.client_of(&shop.owner);
        let seller = server.client_of(&server.world.hire(&shop, Role::Seller));

        client.patch(FIRST, &json!({ "unknown": 1 }));
        client.patch(
            FIRST,
            &json!({ "name": null, "description": null, "icon": null, "status": null }),
        );
        client.patch(
            FIRST,
            &json!({ "name": " ", "description": "x".repeat(1001), "icon": "x".repeat(101) }),
        );
        client.patch(FIRST, &json!({ "status": "gone" }));
        client.get(&foreign);
        client.patch(&foreign, &json!({ "name": "Meniki" }));
        client.delete(&foreign);
        client.post(FIRST, &json!({ "name": "Suvlar" }));
        client.get("/api/v1/warehouse/categories/?ordering=product_count");
        client.get("/api/v1/warehouse/categories/?status=gone");
        seller.get(FIRST);
        seller.patch(FIRST, &json!({ "name": "Meniki" }));
        seller.delete(FIRST);
        server.client_of(&server.world.hire(&shop, Role::Courier)).get(FIRST);
        client.get(FIRST);
    });
}
