//! `/api/v1/auth/`: registering, signing in and out, one's own account.

use savdo_persistence::on_both;
use savdo_services::testing::PASSWORD;
use savdo_tests::{Answer, Client, Server, same_on_both};
use serde_json::{Value, json};

fn register(client: &Client) -> Answer {
    let body = json!({
        "username": "Aziza", "password": PASSWORD, "password2": PASSWORD, "phone1": "90 123-45-67",
        "first_name": " Aziza ", "last_name": "Karimova", "email": "aziza@savdo.uz", "store_name": "Savdo  Dorixona",
        "is_superuser": true,
    });
    client
        .unnoted()
        .post("/api/v1/auth/register/", &body)
        .expect_status(201)
}

fn login(client: &Client) -> Answer {
    let body = json!({ "username": "aziza", "password": PASSWORD });
    client.unnoted().post("/api/v1/auth/login/", &body).expect_status(200)
}

fn refresh(client: &Client, token: &str) -> Answer {
    client
        .unnoted()
        .post("/api/v1/auth/token/refresh/", &json!({ "refresh": token }))
}

fn aziza() -> Value {
    let sections = [
        "boshqaruv",
        "dokonlar",
        "mahsulotlar",
        "mijozlar",
        "ombor",
        "savdolar",
        "sotuv",
        "sozlamalar",
        "xarajatlar",
        "xodimlar",
    ];
    json!({
        "id": 1, "username": "Aziza", "first_name": "Aziza", "last_name": "Karimova", "email": "aziza@savdo.uz",
        "phone1": "+998901234567", "phone2": "", "status": true, "store_id": 1, "store_name": "Savdo Dorixona",
        "worker": {
            "id": 1, "role": "owner", "role_display": "Ega", "permissions": sections,
            "extra_permissions": { "added": [], "removed": [] },
            "store_id": 1, "store_name": "Savdo Dorixona", "branch_id": null, "branch_name": null, "status": "active",
        },
    })
}

on_both! {
    fn an_owner_registers_and_signs_in(database: TestDatabase) {
        let server = Server::over(database);

        let registered = register(&server.client());
        let signed_in = login(&server.client());

        assert_eq!(registered.body["message"], "Ro'yxatdan o'tdingiz.");
        assert_eq!(registered.body["data"], aziza());
        assert_eq!(signed_in.body["user"], aziza());
        for token in [registered.text("/tokens/access"), signed_in.text("/access")] {
            let profile = server.client().signed_in(token).get("/api/v1/auth/profil/");
            assert_eq!((profile.status, profile.body), (200, aziza()));
        }
    }

    fn a_refresh_token_is_exchanged_once_under_both_addresses(database: TestDatabase) {
        let server = Server::over(database);
        let client = server.client();
        let first = register(&client).text("/tokens/refresh").to_owned();

        let second = refresh(&client, &first).expect_status(200);
        let spent = refresh(&client, &first).expect_status(401);
        let body = json!({ "refresh": second.text("/refresh") });
        let third = client.unnoted().post("/api/v1/auth/refresh", &body).expect_status(200);

        assert_eq!(spent.text("/code"), "token_rotated");
        assert_eq!(spent.header("www-authenticate"), "Bearer");
        let keys: Vec<_> = third.body.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["access", "refresh"]);
        for token in [first.as_str(), second.text("/refresh")] {
            assert_eq!(refresh(&client, token).text("/code"), "token_rotated");
        }
        assert_eq!(refresh(&client, third.text("/refresh")).status, 200);
    }

    fn of_two_parallel_refreshes_one_is_answered_with_a_pair(database: TestDatabase) {
        let server = Server::over(database);
        let client = server.client();
        let token = register(&client).text("/tokens/refresh").to_owned();

        let mut statuses: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| refresh(&client, &token).status)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }

    fn logging_out_ends_the_session_at_once(database: TestDatabase) {
        let server = Server::over(database);
        let tokens = register(&server.client());
        let client = server.client().signed_in(tokens.text("/tokens/access"));
        let body = json!({ "refresh": tokens.text("/tokens/refresh") });

        let left = client.unnoted().post("/api/v1/auth/logout/", &body);

        assert_eq!((left.status, left.body), (200, json!({ "message": "Tizimdan chiqdingiz." })));
        let profile = client.get("/api/v1/auth/profil/");
        assert_eq!((profile.status, profile.text("/code")), (401, "token_not_valid"));
        let refreshed = refresh(&client, tokens.text("/tokens/refresh"));
        assert_eq!((refreshed.status, refreshed.text("/code")), (401, "token_not_valid"));
        assert_eq!(client.unnoted().post("/api/v1/auth/logout/", &body).status, 401);
    }
}

#[test]
fn what_registering_signing_in_and_out_refuse() {
    same_on_both!(|server: &Server| {
        let client = server.client();
        register(&client);
        client.post("/api/v1/auth/register/", &json!({}));
        client.post(
            "/api/v1/auth/register/",
            &json!({
                "username": "a b", "password": "12345678", "password2": "87654321", "phone1": "1", "phone2": "2",
                "email": "x",
            }),
        );
        client.post(
            "/api/v1/auth/register/",
            &json!({
                "username": "AZIZA", "password": PASSWORD, "password2": PASSWORD, "phone1": "+998901234567",
                "email": "AZIZA@savdo.uz",
            }),
        );
        client.post("/api/v1/auth/register/", &json!({ "username": 1 }));
        client.post(
            "/api/v1/auth/login/",
            &json!({ "username": "aziza", "password": "tong-otguncha-8" }),
        );
        client.post(
            "/api/v1/auth/login/",
            &json!({ "username": "nobody", "password": PASSWORD }),
        );
        client.post("/api/v1/auth/login/", &json!({ "username": "aziza" }));
        client.post("/api/v1/auth/token/refresh/", &json!({ "refresh": "broken" }));
        client.post("/api/v1/auth/token/refresh/", &json!({}));
        client.post("/api/v1/auth/logout/", &json!({ "refresh": "broken" }));
        let owner = client.signed_in(login(&client).text("/access"));
        owner.post("/api/v1/auth/logout/", &json!({ "refresh": "broken" }));
        owner.post("/api/v1/auth/logout/", &json!({}));
        client.get("/api/v1/auth/profil/");
        client.signed_in("broken").get("/api/v1/auth/profil/");
        client
            .with_header("authorization", "Basic YTpi")
            .get("/api/v1/auth/profil/");
        client.get("/api/v1/auth/login/");
    });
}

#[test]
fn ones_own_account_changes_key_by_key() {
    same_on_both!(|server: &Server| {
        register(&server.client());
        let client = server.client().signed_in(login(&server.client()).text("/access"));
        client.patch(
            "/api/v1/auth/profil/",
            &json!({ "first_name": "Azizaxon", "phone2": "71 200 00 00" }),
        );
        client.put("/api/v1/auth/profil/", &json!({ "phone2": "", "email": "" }));
        client.patch("/api/v1/auth/profil/", &json!({}));
        client.patch("/api/v1/auth/profil/", &json!({ "username": "x", "id": 9 }));
        client.patch("/api/v1/auth/profil/", &json!({ "first_name": null, "phone1": "1" }));
        client.patch("/api/v1/auth/profil/", &json!({ "first_name": "x".repeat(151) }));
        client.get("/api/v1/auth/profil/");
        let buyer = server.client_of(&server.world.customer());
        buyer.get("/api/v1/auth/profil/");
        buyer.patch("/api/v1/auth/profil/", &json!({ "first_name": "X" }));
    });
}

#[test]
fn another_password_is_set_by_who_knows_the_one_before() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        let path = "/api/v1/auth/change-password/";
        let typed = |current: &str, new: &str, again: &str| json!({ "current_password": current, "password": new, "password2": again });

        server.client().post(path, &json!({}));
        client.post(path, &json!({}));
        client.post(path, &typed("wrong", "kech-kirguncha-8", "kech-kirguncha-8"));
        client.post(path, &typed(PASSWORD, "short", "other"));
        client.post(path, &typed(PASSWORD, PASSWORD, PASSWORD));
        let _ = client.unnoted().get("/api/v1/auth/profil/").expect_status(200);
        let changed = client.post(path, &typed(PASSWORD, "kech-kirguncha-8", "kech-kirguncha-8"));
        client.get("/api/v1/auth/profil/");
        let tokens = client.signed_in(changed.text("/tokens/access"));
        let _ = tokens.unnoted().get("/api/v1/auth/profil/").expect_status(200);
    });
}
