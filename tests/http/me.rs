//! `/api/v1/pharmacy/me/`: one's own account (pharmacy.md 2.1).

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_services::testing::{Goods, PASSWORD, receipt};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const ME: &str = "/api/v1/pharmacy/me/";
const LOGIN: &str = "/api/v1/pharmacy/auth/login/";

#[test]
fn a_customer_says_what_he_likes_of_himself() {
    same_on_both!(|server: &Server| {
        let buyer = server.client_of(&server.world.customer());
        buyer.get(ME);
        buyer.patch(
            ME,
            &json!({
                "first_name": "  Aziza  ", "last_name": "Karimova", "address": "Toshkent, Navoiy 1",
                "email": "aziza@savdo.uz", "language": "ru", "phone_number": "901112233", "role": "admin", "is_verified": false,
            }),
        );
        buyer.patch(ME, &json!({ "email": "", "address": "" }));
        buyer.patch(ME, &json!({}));
        buyer.patch(ME, &json!({ "role": "admin" }));
        buyer.patch(
            ME,
            &json!({ "first_name": "", "last_name": "x".repeat(51), "address": "y".repeat(501), "email": "aziza", "language": "de" }),
        );
        buyer.patch(
            ME,
            &json!({ "first_name": "A".repeat(51), "last_name": "", "address": "y".repeat(501) }),
        );
        buyer.patch(ME, &json!({ "email": "aziza@savdo" }));
        buyer.patch(ME, &json!({ "first_name": null, "email": null, "language": null }));
        buyer.put(ME, &json!({ "first_name": "Aziza" }));
        server.client().get(ME);
    });
}

#[test]
fn staff_are_who_they_are_in_the_pharmacy_too() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        for role in [Role::Manager, Role::Operator, Role::Courier, Role::Seller] {
            let hired = server.world.hire(&shop, role);
            server.client_of(&hired).get(ME);
        }
        server.client_of(&server.world.admin()).get(ME);
        let owner = server.client_of(&shop.owner);
        owner.get(ME);
        owner.patch(ME, &json!({ "address": "Toshkent, Navoiy 1", "language": "en" }));
        owner.patch(ME, &json!({ "email": "owner@savdo.uz" }));
    });
}

#[test]
fn another_password_is_set_by_who_knows_the_one_before() {
    same_on_both!(|server: &Server| {
        let customer = server.world.customer();
        let buyer = server.client_of(&customer);
        let path = "/api/v1/pharmacy/me/password/";
        let words = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });
        buyer.post(path, &json!({}));
        buyer.post(path, &words("boshqa-parol-1975", "yangi-parol-1975"));
        buyer.post(path, &words(PASSWORD, "short"));
        buyer.post(path, &words(PASSWORD, "900000001"));

        let quiet = buyer.unnoted();
        let tokens = quiet
            .post(path, &words(PASSWORD, "yangi-parol-1975"))
            .expect_status(200);
        assert_eq!(tokens.header("cache-control"), "no-store");
        assert_eq!(tokens.body["data"].as_object().unwrap().len(), 2);
        buyer.get(ME);
        let signed_in = quiet.signed_in(tokens.text("/data/access"));
        assert_eq!(signed_in.get(ME).status, 200);
        // The same once more ends the tokens as well.
        let again = signed_in
            .post(path, &words("yangi-parol-1975", "yangi-parol-1975"))
            .expect_status(200);
        assert_eq!(signed_in.get(ME).text("/code"), "token_not_valid");
        assert_eq!(quiet.signed_in(again.text("/data/access")).get(ME).status, 200);
        let name = json!({ "phone_number": "900000001", "password": PASSWORD });
        assert_eq!(quiet.post(LOGIN, &name).text("/error_code"), "invalid_credentials");
    });
}

#[test]
fn whoever_asks_gets_all_that_is_kept_of_him_and_nothing_of_others() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = server.world.online_product(&shop, Goods::named("Analgin"));
        server.world.receive(&shop, receipt(&shop, product, "10", "5000.00"));
        let [first, second] = [server.world.customer(), server.world.customer()].map(|actor| server.client_of(&actor));
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        for client in [first.unnoted(), second.unnoted()] {
            let item = json!({ "product_id": product, "quantity": 2 });
            let _ = client.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
            let order = json!({ "delivery_address": "Toshkent, Navoiy 1", "comment": "Tez" });
            let _ = client.post("/api/v1/pharmacy/orders/", &order).expect_status(201);
        }
        let device = json!({ "token": "fcm-token", "platform": "android" });
        let _ = first
            .unnoted()
            .post("/api/v1/pharmacy/me/devices/", &device)
            .expect_status(201);
        let cancelled = operator
            .unnoted()
            .post("/api/v1/pharmacy/orders/1/cancel/", &json!({ "reason": "Qolmagan" }));
        assert_eq!(cancelled.status, 200);

        let mine = first.get("/api/v1/pharmacy/me/export/");
        assert_eq!(
            mine.header("content-disposition"),
            "attachment; filename=\"savdo.json\""
        );
        operator.get("/api/v1/pharmacy/me/export/");
        server.client().get("/api/v1/pharmacy/me/export/");
    });
}

#[test]
fn a_device_is_known_as_that_of_who_is_signed_in_at_it() {
    same_on_both!(|server: &Server| {
        let [first, second] = [server.world.customer(), server.world.customer()].map(|actor| server.client_of(&actor));
        let path = "/api/v1/pharmacy/me/devices/";
        let device = |token: &str, platform: &str| json!({ "token": token, "platform": platform });
        first.post(path, &device("fcm-token", "android"));
        first.post(path, &device("fcm-token", "android"));
        first.post(path, &device(&"t".repeat(4096), "ios"));
        let of_first = format!("{path}1/");
        second.delete(&of_first);
        second.post(path, &device("fcm-token", "web"));
        first.delete(&of_first);
        second.delete(&of_first);
        second.delete(&of_first);
        first.post(path, &device(&"t".repeat(4097), "windows"));
        first.post(path, &device("", "android"));
        first.post(path, &json!({}));
        server.client().post(path, &device("fcm-token", "android"));
        server.client().delete(&of_first);
    });
}

on_both! {
    fn a_device_is_made_known_once_for_its_key(database: TestDatabase) {
        let server = Server::over(database);
        let buyer = server.client_of(&server.world.customer()).with_header("idempotency-key", "a");
        let body = json!({ "token": "fcm-token", "platform": "android" });

        let first = buyer.post("/api/v1/pharmacy/me/devices/", &body).expect_status(201);
        let again = buyer.post("/api/v1/pharmacy/me/devices/", &body).expect_status(201);

        assert_eq!(first.body, again.body);
        assert_eq!(again.header("idempotent-replayed"), "true");
    }
}
