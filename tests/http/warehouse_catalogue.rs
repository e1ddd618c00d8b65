//! `/api/v1/warehouse/categories/` and `/api/v1/warehouse/products/`.

use savdo_domain::access::Role;
use savdo_services::testing::Goods;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn a_catalogue_is_filled_and_changed() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        owner.post(
            "/api/v1/warehouse/categories/",
            &json!({ "name": " Non  mahsulotlari ", "description": "Tandirdan", "icon": "bread" }),
        );
        owner.get("/api/v1/warehouse/categories/?search=%D0%BD%D0%BE%D0%BD&ordering=-created_on,name");
        let made = owner.post(
            "/api/v1/warehouse/products/",
            &json!({
                "name": "Non", "category": 1, "purchase_price": 4000, "sale_price": "5000.50", "barcode": "",
                "mxik_code": "12345678901234567", "price_currency": 1, "currency_code": "USD", "image": null,
                "stock_total": 9,
            }),
        );
        assert_eq!(made.body["data"]["barcode"], "2000001000014");
        owner.post(
            "/api/v1/warehouse/products/",
            &json!({ "name": "Suv", "unit": "litr", "barcode": "4780001" }),
        );
        owner.get("/api/v1/warehouse/products/1/");
        owner.patch(
            "/api/v1/warehouse/products/1/",
            &json!({ "sale_price": 5500, "category": null, "mxik_code": null, "barcode": null }),
        );
        owner.get("/api/v1/warehouse/products/?ordering=-sale_price&page_size=1");
        owner.get("/api/v1/warehouse/products/?status=inactive,active&barcode=4780001");
        owner.get("/api/v1/warehouse/products?unit=kg");
        server
            .client_of(&server.world.hire(&shop, Role::Seller))
            .get("/api/v1/warehouse/products/?search=no");
    });
}

#[test]
fn what_a_catalogue_refuses() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let other = server.world.shop();
        server.world.product(&shop, Goods::named("O'g'it"));
        let foreign = server.world.product(&other, Goods::named("Boshqa"));
        let category = server.world.category(&other, "Boshqa");
        let owner = server.client_of(&shop.owner);
        owner.post("/api/v1/warehouse/categories/", &json!({ "name": " " }));
        owner.post("/api/v1/warehouse/products/", &json!({ "unit": "dona" }));
        owner.post(
            "/api/v1/warehouse/products/",
            &json!({ "name": "OʻGʻIT", "category": category, "subcategory": 1, "price_currency": 2, "mxik_code": "1" }),
        );
        owner.post(
            "/api/v1/warehouse/products/",
            &json!({ "name": "Non", "sale_price": "0.001" }),
        );
        owner.post("/api/v1/warehouse/products/", &json!({ "name": "Non", "unit": "pud" }));
        owner.post(
            "/api/v1/warehouse/products/",
            &json!({ "name": "Non", "image": "non.png" }),
        );
        owner.patch("/api/v1/warehouse/products/1/", &json!({ "id": 5 }));
        owner.patch(
            "/api/v1/warehouse/products/1/",
            &json!({ "name": null, "status": null }),
        );
        owner.patch(
            &format!("/api/v1/warehouse/products/{foreign}/"),
            &json!({ "name": "Meniki" }),
        );
        owner.get(&format!("/api/v1/warehouse/products/{foreign}/"));
        owner.get(&format!("/api/v1/warehouse/products/?category={category}"));
        owner.get("/api/v1/warehouse/products/?ordering=password");
        owner.get("/api/v1/warehouse/products/?status=gone");
        owner.get(&format!("/api/v1/warehouse/products/?search={}", "x".repeat(101)));
        owner.post("/api/v1/warehouse/products/1/", &json!({ "name": "Non" }));
        server.client().get("/api/v1/warehouse/products/");
        server
            .client_of(&server.world.hire(&shop, Role::Seller))
            .post("/api/v1/warehouse/products/", &json!({ "name": "Non" }));
        server
            .client_of(&server.world.hire(&shop, Role::Courier))
            .get("/api/v1/warehouse/categories/");
    });
}
