//! Who asks too often waits (shop.md 1.7, pharmacy.md 1.3 and 1.4).

use chrono::TimeDelta;
use savdo_persistence::testing::Backend;
use savdo_services::limits::Limit;
use savdo_services::testing::Goods;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn too_many_failed_log_ins_are_told_in_both_dialects() {
    same_on_both!(|server: &Server| {
        let _ = server.world.shop();
        let client = server.client();
        let in_shop = json!({ "username": "owner1", "password": "wrong" });
        for _ in 0..10 {
            assert_eq!(client.unnoted().post("/api/v1/auth/login/", &in_shop).status, 400);
        }

        client.post("/api/v1/auth/login/", &in_shop);
        client.post(
            "/api/v1/pharmacy/auth/login/",
            &json!({ "phone_number": "+998900000001", "password": "wrong" }),
        );
    });
}

#[test]
fn registrations_are_counted_by_address() {
    let server = Server::configured(&[("SAVDO_SERVER__TRUSTED_PROXIES", "127.0.0.1")]);
    let register = |address: &str| {
        let client = server.client().with_header("x-forwarded-for", address);
        client.post("/api/v1/auth/register/", &json!({})).status
    };

    let statuses: Vec<_> = (0..11).map(|_| register("1.2.3.4")).collect();

    assert_eq!(statuses, [[400; 10].as_slice(), &[429]].concat());
    assert_eq!(register("1.2.3.5"), 400);
    server.world.clock.advance(TimeDelta::seconds(61));
    assert_eq!(register("1.2.3.4"), 400);
}

#[test]
fn a_forwarded_address_of_a_stranger_escapes_no_limit() {
    let server = Server::on(Backend::Sqlite);
    let register = |number: u8| {
        let client = server
            .client()
            .with_header("x-forwarded-for", &format!("1.2.3.{number}"));
        client.post("/api/v1/auth/register/", &json!({})).status
    };

    let statuses: Vec<_> = (0..11).map(register).collect();

    assert_eq!(statuses, [[400; 10].as_slice(), &[429]].concat());
}

#[test]
fn everybody_is_counted_by_himself_or_by_his_address() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let (nobody, owner) = (server.client(), server.client_of(&shop.owner));
    let stranger = nobody.signed_in("no token");

    for number in 0..600 {
        // Unknown addresses, other methods and wrong tokens count as well.
        let answer = match number % 4 {
            0 => nobody.get("/nothing/"),
            1 => nobody.delete("/api/v1/pharmacy/products/"),
            2 => stranger.get("/api/v1/pharmacy/products/"),
            _ => stranger.get("/api/v1/sales/"),
        };
        assert_ne!(answer.status, 429, "{number}");
    }

    let answer = nobody.get("/api/v1/pharmacy/products/");
    assert_eq!((answer.status, answer.text("/code")), (429, "throttled"));
    assert_eq!(answer.header("retry-after"), "61");
    assert_eq!(stranger.get("/api/v1/sales/").status, 429);
    assert_eq!(nobody.get("/health/ready/").status, 200);
    assert_eq!(
        owner.get("/api/v1/branches/").status,
        200,
        "who is signed in has a count of his own"
    );
    server.world.clock.advance(TimeDelta::seconds(61));
    assert_eq!(nobody.get("/api/v1/pharmacy/products/").status, 200);
}

#[test]
fn who_is_signed_in_browses_the_catalogue_on_his_own_count() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    server.world.open_online(&shop);
    let id = server.world.online_product(&shop, Goods::named("Un"));
    let category = server
        .world
        .database
        .lines("SELECT CAST(id AS TEXT) AS line FROM categories")
        .concat();
    let (nobody, customer) = (server.client(), server.client_of(&server.world.customer()));
    for _ in 0..600 {
        assert_eq!(nobody.get("/nothing/").status, 404);
    }

    for path in [
        "/api/v1/pharmacy/stores/",
        "/api/v1/pharmacy/categories/",
        &format!("/api/v1/pharmacy/categories/{category}/"),
        "/api/v1/pharmacy/products/",
        &format!("/api/v1/pharmacy/products/{id}/"),
    ] {
        let statuses = [nobody.get(path).status, customer.get(path).status];
        assert_eq!(statuses, [429, 200], "{path}");
    }
}

#[test]
fn a_user_has_one_limit_however_many_tokens_he_has() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let clients = [server.client_of(&shop.owner), server.client_of(&shop.owner)];
    let count = |_| {
        server
            .world
            .context
            .admit(Limit::RequestsOfUser, &shop.owner.user_id.to_string())
    };
    assert!((0..1190).map(count).all(|counted| counted.is_ok()));

    let statuses: Vec<_> = (0..11)
        .map(|number| clients[number % 2].get("/api/v1/branches/").status)
        .collect();

    assert_eq!(statuses, [[200; 10].as_slice(), &[429]].concat());
}

#[test]
fn wishes_for_a_new_password_are_counted_by_the_hour() {
    let server = Server::on(Backend::Sqlite);
    let ask = |email: &str| {
        server
            .client()
            .post("/api/v1/auth/send-reset-email/", &json!({ "email": email }))
            .status
    };

    let of_one: Vec<_> = (0..6).map(|_| ask("Ali@savdo.uz")).collect();
    assert_eq!(of_one, [[200; 5].as_slice(), &[429]].concat());
    assert_eq!(ask("ali@SAVDO.uz"), 429);
    let of_all: Vec<_> = (7..21).map(|number| ask(&format!("ali{number}@savdo.uz"))).collect();
    assert_eq!(of_all, [[200; 13].as_slice(), &[429]].concat());

    server.world.clock.advance(TimeDelta::minutes(61));
    assert_eq!(ask("ali@savdo.uz"), 200);
}
