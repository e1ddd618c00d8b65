//! `/api/v1/pharmacy/stores/`, `categories/` and `products/`.

use savdo_domain::access::Role;
use savdo_services::testing::Goods;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn anybody_browses_what_is_offered() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.online_product(&shop, Goods::named("Parasetamol"));
        server.world.product(&shop, Goods::named("Yashirin"));
        let anybody = server.client();
        anybody.get("/api/v1/pharmacy/stores/");
        anybody.get("/api/v1/pharmacy/categories/");
        anybody.get("/api/v1/pharmacy/categories/1/");
        anybody.get("/api/v1/pharmacy/products/?search=%D0%BF%D0%B0%D1%80%D0%B0%D1%81%D0%B5%D1%82&manufacturer=NIKA%20PHARM&in_stock=false");
        anybody.get("/api/v1/pharmacy/products/1/");
        anybody.get("/api/v1/pharmacy/products/2/");
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        operator.get("/api/v1/pharmacy/products/?include_hidden=true&ordering=name&page_size=1&page=2");
        operator.get("/api/v1/pharmacy/products/2/");
        anybody
            .signed_in("broken")
            .get("/api/v1/pharmacy/products/?page_size=1&ordering=-price");
        let known = server.client().unnoted().get("/api/v1/pharmacy/stores/");
        let known = server.client().with_header("if-none-match", known.header("etag"));
        known.get("/api/v1/pharmacy/stores/");
    });
}

#[test]
fn what_the_public_catalogue_refuses() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let anybody = server.client();
        anybody.get("/api/v1/pharmacy/products/?category=9&substance=1");
        anybody.get("/api/v1/pharmacy/products/?ordering=stock");
        anybody.get("/api/v1/pharmacy/products/?price_min=-1");
        anybody.get("/api/v1/pharmacy/products/?in_stock=maybe");
        anybody.get("/api/v1/pharmacy/products/?price_min=5&price_max=1");
        anybody.get("/api/v1/pharmacy/products/?page=2");
        anybody.get("/api/v1/pharmacy/products/1/");
        anybody.get("/api/v1/pharmacy/categories/1/");
        server.world.product(&shop, Goods::named("Parasetamol"));
        let owner = server.client_of(&shop.owner);
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "is_active": true }));
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "nothing": 1 }));
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "sku": " ", "manufacturer": "x".repeat(256), "package_code": "x".repeat(21) }),
        );
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "category": null, "price": null, "active_substances": [1] }),
        );
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "active_substances": [1], "mxik_code": "1" }),
        );
        owner.patch(
            "/api/v1/pharmacy/products/1/",
            &json!({ "sku": "PAR-500", "usage": "Suv bilan", "vat_percent": "12", "package_code": null, "price": "0.50" }),
        );
        owner.get("/api/v1/warehouse/products/1/");
        let patch = json!({ "is_active": false });
        server.client().patch("/api/v1/pharmacy/products/1/", &patch);
        server
            .client_of(&server.world.customer())
            .patch("/api/v1/pharmacy/products/1/", &patch);
        server
            .client_of(&server.world.shop().owner)
            .patch("/api/v1/pharmacy/products/1/", &patch);
    });
}
