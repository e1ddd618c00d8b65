//! `/api/v1/branches/`.

use savdo_domain::access::Role;
use savdo_services::accounts::{self, Register};
use savdo_services::testing::{Goods, origin, receipt, register};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn branches_are_opened_listed_and_shown() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let seller = server.world.hire(&shop, Role::Seller);
        let owner = server.client_of(&shop.owner);
        owner.post(
            "/api/v1/branches/",
            &json!({ "name": " Yangi  yo'l ", "address": "Chilonzor 5", "phone": "71 200 00 00", "store_id": 9 }),
        );
        let seller = server.client_of(&seller);
        seller.get("/api/v1/branches/");
        seller.get("/api/v1/branches/1/");
        seller.get("/api/v1/branches/2");
        owner.get("/api/v1/branches/?search=%D1%8F%D0%BD%D0%B3%D0%B8&ordering=-created_on,id&page_size=1");
        owner.get("/api/v1/branches/?page_size=1&ordering=-name/");
        owner.get("/api/v1/branches/?page=3");
        owner.get("/api/v1/branches/?status=inactive");
        owner.get("/api/v1/branches/?status=all&search=");
    });
}

#[test]
fn a_branch_is_changed_closed_and_opened_again() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        let path = "/api/v1/branches/1/";
        owner.patch(
            path,
            &json!({ "name": " Eski  Markaz ", "phone": "71 200 00 00", "id": 9, "store": 9 }),
        );
        owner.put(path, &json!({ "address": "Chilonzor 5" }));
        owner.delete("/api/v1/branches/1");
        owner.delete(path);
        owner.get(path);
        owner.get("/api/v1/branches/");
        owner.get("/api/v1/branches/?status=inactive");
        owner.post("/api/v1/branches/", &json!({ "name": "eski markaz" }));
        owner.patch(path, &json!({ "status": "active" }));
        owner.patch(path, &json!({ "status": "active", "name": "Markaz" }));
        owner.get("/api/v1/audit-logs/?model=branch");
    });
}

#[test]
fn what_changes_of_branches_are_refused() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let other = server.world.shop();
        let seller = server.world.hire(&shop, Role::Seller);
        let product = server.world.product(&shop, Goods::named("Non"));
        server.world.receive(&shop, receipt(&shop, product, "1", "100"));
        let owner = server.client_of(&shop.owner);
        let path = "/api/v1/branches/1/";
        owner.post("/api/v1/branches/", &json!({ "name": "Chorsu" }));
        owner.delete(path);
        owner.patch(path, &json!({ "status": "inactive" }));
        owner.patch(path, &json!({ "name": "CHORSU" }));
        owner.patch(
            path,
            &json!({ "name": " ", "address": "x".repeat(301), "phone": "x".repeat(21) }),
        );
        owner.patch(path, &json!({ "name": null, "status": null }));
        owner.patch(path, &json!({ "status": "blocked" }));
        owner.patch(path, &json!({ "store": 2 }));
        owner.patch(path, &json!({}));
        owner.delete(&format!("/api/v1/branches/{}/", other.branch_id));
        owner.patch("/api/v1/branches/99/", &json!({ "name": "Bozor" }));
        server.client_of(&seller).delete(path);
        server.client().delete(path);
    });
}

#[test]
fn what_branches_refuse() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let other = server.world.shop();
        let seller = server.world.hire(&shop, Role::Seller);
        let owner = server.client_of(&shop.owner);
        owner.post("/api/v1/branches/", &json!({ "name": "markaz" }));
        owner.post("/api/v1/branches/", &json!({}));
        owner.post("/api/v1/branches/", &json!({ "name": "  ", "phone": "x".repeat(21) }));
        owner.post("/api/v1/branches/", &json!({ "name": 5 }));
        owner.get(&format!("/api/v1/branches/{}/", other.branch_id));
        owner.get("/api/v1/branches/0/");
        owner.get("/api/v1/branches/?status=gone");
        owner.get("/api/v1/branches/?ordering=phone");
        owner.get("/api/v1/branches/?page=0&page_size=501");
        owner.delete("/api/v1/branches/");
        server
            .client_of(&seller)
            .post("/api/v1/branches/", &json!({ "name": "Chorsu" }));
        server.client().get("/api/v1/branches/");
        server.client_of(&server.world.customer()).get("/api/v1/branches/");
    });
}

#[test]
fn an_owner_without_a_store_has_no_branches_yet() {
    same_on_both!(|server: &Server| {
        let command = Register {
            store_name: None,
            ..register(1)
        };
        let signed_in = accounts::register(&server.world.context, &origin(), command).unwrap();
        let owner = server.client().signed_in(&signed_in.tokens.access);
        owner.get("/api/v1/branches/");
        owner.get("/api/v1/settings/");
        owner.get("/api/v1/branches/1/");
        owner.post("/api/v1/branches/", &json!({ "name": "Markaz" }));
        owner.patch("/api/v1/settings/1/", &json!({ "allow_debt": true }));
    });
}
