//! `/api/v1/pharmacy/substances/`, and what stands in for a product.

use savdo_domain::access::Role;
use savdo_services::testing::{Goods, receipt};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn a_store_keeps_its_list_of_substances_and_customers_browse_it() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let substances = "/api/v1/pharmacy/substances/";
        let kept = operator.with_header("idempotency-key", "bir");
        let body = json!({ "name": "  Ibuprofen ", "description": "Og'riq qoldiradi", "store": 99 });
        kept.post(substances, &body);
        kept.post(substances, &body);
        operator.post(substances, &json!({ "name": "Kofein" }));
        server.client().get(substances);
        let medicine = server.world.online_product(&shop, Goods::named("Nurofen"));
        let other = server.world.online_product(&shop, Goods::named("Sitramon"));
        server.world.receive(&shop, receipt(&shop, other, "3", "1"));
        operator.patch(
            &format!("/api/v1/pharmacy/products/{other}/"),
            &json!({ "active_substances": [2, 1, 2] }),
        );
        operator.patch(
            &format!("/api/v1/pharmacy/products/{medicine}/"),
            &json!({ "active_substances": [1] }),
        );
        operator.patch("/api/v1/pharmacy/substances/1/", &json!({ "name": "Ибупрофен" }));
        let anybody = server.client();
        anybody.get("/api/v1/pharmacy/substances/?search=ibupro&store=1&page_size=1");
        let known = anybody.get("/api/v1/pharmacy/substances/1/");
        anybody
            .with_header("if-none-match", known.header("etag"))
            .get("/api/v1/pharmacy/substances/1/");
        anybody.get("/api/v1/pharmacy/products/?substance=1&search=ibu&ordering=name");
        anybody.get(&format!("/api/v1/pharmacy/products/{medicine}/alternatives/"));
        operator.patch(
            &format!("/api/v1/pharmacy/products/{other}/"),
            &json!({ "active_substances": [] }),
        );
        operator.delete("/api/v1/pharmacy/substances/2/");
    });
}

#[test]
fn what_is_refused_of_substances() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let substances = "/api/v1/pharmacy/substances/";
        let id = server.world.substance(&shop, "Kofein");
        let product = server.world.product(&shop, Goods::named("Sitramon"));
        server.world.give_substances(&shop, product, &[id]);
        let owner = server.client_of(&shop.owner);
        owner.post(substances, &json!({}));
        owner.post(substances, &json!({ "name": " ", "store": "1" }));
        owner.post(substances, &json!({ "name": "KOFEIN" }));
        owner.patch("/api/v1/pharmacy/substances/1/", &json!({}));
        owner.patch("/api/v1/pharmacy/substances/1/", &json!({ "name": null }));
        owner.delete("/api/v1/pharmacy/substances/1/");
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "active_substances": [9] }));
        let many: Vec<i64> = (1..=21).collect();
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "active_substances": many }));
        owner.patch("/api/v1/pharmacy/products/1/", &json!({ "active_substances": null }));
        let admin = server.client_of(&server.world.admin());
        admin.post(substances, &json!({ "name": "Mentol" }));
        admin.post(substances, &json!({ "name": "Mentol", "store": 99 }));
        let anybody = server.client();
        anybody.get("/api/v1/pharmacy/substances/1/");
        anybody.get("/api/v1/pharmacy/substances/?page=2");
        anybody.get("/api/v1/pharmacy/products/1/alternatives/");
        anybody.get("/api/v1/pharmacy/products/?substance=1");
        anybody.post(substances, &json!({ "name": "Mentol" }));
        let customer = server.client_of(&server.world.customer());
        customer.post(substances, &json!({ "name": "Mentol" }));
        customer.delete("/api/v1/pharmacy/substances/1/");
        let stranger = server.client_of(&server.world.shop().owner);
        stranger.patch("/api/v1/pharmacy/substances/1/", &json!({ "name": "Mentol" }));
        stranger.delete("/api/v1/pharmacy/substances/1/");
    });
}
