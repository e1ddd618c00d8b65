//! `/api/v1/stores/`.

use savdo_domain::access::Role;
use savdo_services::accounts::{self, Register};
use savdo_services::testing::{Goods, origin, receipt, register};
use savdo_tests::{Client, Server, same_on_both};
use serde_json::json;

fn owner_without_store(server: &Server) -> Client {
    let command = Register {
        store_name: None,
        ..register(1)
    };
    let signed_in = accounts::register(&server.world.context, &origin(), command).unwrap();
    server.client().signed_in(&signed_in.tokens.access)
}

#[test]
fn an_owner_makes_his_store_and_changes_it() {
    same_on_both!(|server: &Server| {
        let owner = owner_without_store(server);
        owner.get("/api/v1/stores/");
        let made = owner.post(
            "/api/v1/stores/",
            &json!({ "name": " Savdo  Dorixona ", "address": "Chilonzor 5", "id": 9, "status": "blocked" }),
        );
        let path = format!("/api/v1/stores/{}/", made.integer("/data/id"));
        owner.post("/api/v1/branches/", &json!({ "name": "Markaz" }));
        owner.get("/api/v1/stores");
        owner.get(&path);
        owner.patch(&path, &json!({ "phone": "71 200 00 00", "timezone": "Europe/Berlin" }));
        owner.put(&path, &json!({ "name": "Savdo" }));
        owner.get("/api/v1/auth/profil/");
        owner.get("/api/v1/audit-logs/?model=store");
    });
}

#[test]
fn one_request_for_a_store_that_is_sent_twice_makes_one() {
    same_on_both!(|server: &Server| {
        let owner = owner_without_store(server).with_header("idempotency-key", "dokon-1");
        let body = json!({ "name": "Savdo Dorixona" });

        let first = owner.post("/api/v1/stores/", &body).expect_status(201);
        let again = owner.post("/api/v1/stores/", &body).expect_status(201);

        assert_eq!(
            (again.header("idempotent-replayed"), &again.text),
            ("true", &first.text)
        );
        owner
            .with_header("idempotency-key", "dokon-2")
            .post("/api/v1/stores/", &body);
    });
}

#[test]
fn a_store_that_is_switched_off_is_read_and_nothing_else() {
    same_on_both!(|server: &Server| {
        let world = &server.world;
        let shop = world.shop();
        let product = world.online_product(&shop, Goods::named("Aspirin"));
        world.receive(&shop, receipt(&shop, product, "5", "100"));
        let owner = server.client_of(&shop.owner);
        let seller = server.client_of(&world.hire(&shop, Role::Seller));
        let buyer = server.client_of(&world.customer());
        let item = json!({ "product_id": product, "quantity": 1 });
        let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
        let quiet = buyer.unnoted();
        let _ = quiet.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
        let ordered = quiet.post("/api/v1/pharmacy/orders/", &checkout).expect_status(201);
        let _ = quiet.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);

        owner.delete("/api/v1/stores/1/");
        owner.delete("/api/v1/stores/1/");
        owner.get("/api/v1/stores/");
        owner.post("/api/v1/stores/", &json!({ "name": "Ikkinchi" }));
        owner.post("/api/v1/branches/", &json!({ "name": "Chorsu" }));
        owner.patch("/api/v1/settings/1/", &json!({ "allow_debt": true }));
        seller.get("/api/v1/branches/?page_size=1");
        seller.post(
            "/api/v1/sales/",
            &json!({ "branch": 1, "payment_type": "cash", "items": [{ "product": product, "quantity": 1 }] }),
        );
        buyer.get("/api/v1/pharmacy/stores/");
        buyer.post("/api/v1/pharmacy/orders/", &checkout);
        let _ = owner
            .unnoted()
            .post(
                &format!("/api/v1/pharmacy/orders/{}/status/", ordered.integer("/id")),
                &json!({ "status": "ready_for_delivery" }),
            )
            .expect_status(200);
        owner.patch("/api/v1/stores/1/", &json!({ "status": "active" }));
        let _ = quiet.post("/api/v1/pharmacy/orders/", &checkout).expect_status(201);
        owner.post("/api/v1/branches/", &json!({ "name": "Chorsu" }));
    });
}

#[test]
fn what_stores_refuse() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let other = server.world.shop();
        let manager = server.world.hire(&shop, Role::Manager);
        let seller = server.world.hire(&shop, Role::Seller);
        let owner = server.client_of(&shop.owner);
        let path = "/api/v1/stores/1/";
        owner.post("/api/v1/stores/", &json!({ "name": "Ikkinchi" }));
        owner.post("/api/v1/stores/", &json!({ "name": " ", "phone": "x".repeat(21) }));
        owner.post("/api/v1/stores/", &json!({}));
        owner.patch(path, &json!({}));
        owner.patch(path, &json!({ "owner": 3 }));
        owner.patch(path, &json!({ "timezone": "Mars/Olympus", "status": "blocked" }));
        owner.patch(path, &json!({ "timezone": "Mars/Olympus", "name": null }));
        owner.patch(path, &json!({ "timezone": "asia/tashkent" }));
        owner.patch(path, &json!({ "timezone": "", "name": "" }));
        owner.patch(path, &json!({ "timezone": "x".repeat(65), "address": null }));
        owner.patch(path, &json!({ "status": "inactive", "name": 5 }));
        let foreign = format!("/api/v1/stores/{}/", other.store_id);
        owner.get(&foreign);
        owner.patch(&foreign, &json!({ "name": "Meniki" }));
        owner.delete(&foreign);
        owner.get("/api/v1/stores/99/");
        let manager = server.client_of(&manager);
        manager.get("/api/v1/stores/");
        manager.patch(path, &json!({ "name": "Meniki" }));
        server.client_of(&seller).get(path);
        server
            .client_of(&server.world.customer())
            .post("/api/v1/stores/", &json!({ "name": "Meniki" }));
        server.client().get("/api/v1/stores/");
        server
            .world
            .database
            .execute("UPDATE stores SET status = 'blocked' WHERE id = 1");
        owner.patch(path, &json!({ "status": "active" }));
        owner.delete(path);
        owner.get(path);
    });
}
