//! Workers (shop.md 2.2, 2.3, 4).

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_services::testing::PASSWORD;
use savdo_tests::{Answer, Client, Server, same_on_both};
use serde_json::{Value, json};

const WORKERS: &str = "/api/v1/workers/";
const ME: &str = "/api/v1/workers/me/";

fn aziza() -> Value {
    json!({
        "first_name": " Aziza ", "last_name": "Karimova", "username": "aziza", "phone1": "90 111-22-33",
        "password": PASSWORD, "role": "sotuvchi", "salary": 3000000, "permissions": ["sotuv", "sklad", "xarajatlar"],
    })
}

fn login(server: &Server, username: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "password": password });
    server.client().unnoted().post("/api/v1/auth/login/", &body)
}

fn signed_in(server: &Server, username: &str) -> Client {
    let token = login(server, username, PASSWORD)
        .expect_status(200)
        .text("/access")
        .to_owned();
    server.client().signed_in(&token)
}

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(Value::as_str);
    (answer.status, code.unwrap_or_default())
}

#[test]
fn a_worker_is_taken_on_shown_changed_and_let_go() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);

        let id = owner.post(WORKERS, &aziza()).integer("/data/id");
        let worker = format!("{WORKERS}{id}/");
        owner.get(WORKERS);
        owner.get(&worker);
        owner.patch(
            &worker,
            &json!({ "role": "manager", "branch": shop.branch_id, "salary": null, "email": "aziza@savdo.uz" }),
        );
        owner.post(
            &format!("{worker}permissions/"),
            &json!({ "add": ["mahsulotlar"], "remove": ["xodimlar"] }),
        );
        owner.patch(&format!("{worker}permissions"), &json!({ "remove": ["sklad"] }));
        owner.act(&format!("{worker}deactivate/"));
        owner.patch(&format!("{worker}deactivate/"), &json!({}));
        owner.get(WORKERS);
        owner.get(&format!("{WORKERS}?status=deactive"));
        owner.patch(&format!("{worker}activate/"), &json!({}));
        owner.act(&format!("{worker}activate/"));
        owner.delete(&worker);
        owner.delete(&worker);
    });
}

#[test]
fn what_workers_refuse() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        let manager = server.world.hire(&shop, Role::Manager);
        let manager_id = manager.worker.as_ref().unwrap().id;
        let manager = server.client_of(&manager);
        let _ = owner.unnoted().post(WORKERS, &aziza()).expect_status(201);

        owner.post(WORKERS, &json!({}));
        owner.post(WORKERS, &aziza());
        let mut unknown = aziza();
        unknown["permissions"] = json!(["sotuv", "kassa"]);
        owner.post(WORKERS, &unknown);
        let mut unknown = aziza();
        unknown["role"] = json!("boshliq");
        owner.post(WORKERS, &unknown);
        let mut wrong = aziza();
        wrong["branch"] = json!(999_999);
        wrong["username"] = json!("boshqa");
        wrong["phone1"] = json!("901112244");
        owner.post(WORKERS, &wrong);
        let mut boss = aziza();
        boss["role"] = json!("owner");
        manager.post(WORKERS, &boss);

        let other = format!("{WORKERS}{manager_id}/");
        owner.patch(&other, &json!({}));
        owner.patch(
            &other,
            &json!({ "username": "aziza", "phone1": "1", "password": "12345678" }),
        );
        owner.patch(&other, &json!({ "permissions": ["kassa"] }));
        owner.post(&format!("{other}permissions/"), &json!({}));
        owner.post(
            &format!("{other}permissions/"),
            &json!({ "add": ["sotuv"], "remove": ["sotuv", "ombor"] }),
        );
        owner.post(&format!("{other}permissions/"), &json!({ "add": ["sotuv", "kassa"] }));
        manager.patch(&other, &json!({ "role": "seller" }));
        manager.get(&format!("{WORKERS}?ordering=password"));
        manager.get(&format!("{WORKERS}?role=boshliq"));
        owner.get(&format!("{WORKERS}?branch=999999"));
    });
}

#[test]
fn one_sees_and_changes_oneself() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner).unnoted();
        let _ = owner.post(WORKERS, &aziza()).expect_status(201);
        let seller = signed_in(server, "aziza");

        seller.get(ME);
        seller.patch(
            ME,
            &json!({ "first_name": "Zuhra", "phone2": "901110000", "role": "owner", "salary": "1" }),
        );
        seller.patch(ME, &json!({ "role": "owner" }));
        seller.patch(ME, &json!({ "new_password": "kech-kuzda-11" }));
        let passwords = |current: &str, new: &str, again: &str| json!({ "current_password": current, "new_password": new, "new_password2": again });
        seller.patch(ME, &passwords("notogri-parol-1", "kech-kuzda-11", "kech-kuzda-11"));
        seller.patch(ME, &passwords(PASSWORD, "12345678", "kech-kuzda-11"));
        seller.patch(ME, &passwords(PASSWORD, PASSWORD, PASSWORD));
        let changed = seller.patch(ME, &passwords(PASSWORD, "kech-kuzda-11", "kech-kuzda-11"));
        seller.get(ME);
        let again = server.client().signed_in(changed.text("/tokens/access"));
        again.get(ME);
    });
}

on_both! {
    fn a_change_of_a_worker_counts_on_his_next_request(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        let id = owner.post(WORKERS, &aziza()).integer("/data/id");
        let worker = format!("{WORKERS}{id}/");
        let stocks = "/api/v1/warehouse/stocks/";
        let changes = [
            ("PATCH", worker.clone(), json!({ "role": "manager" })),
            ("POST", format!("{worker}permissions/"), json!({ "remove": ["ombor"] })),
            ("POST", format!("{worker}deactivate/"), json!({})),
            ("POST", format!("{worker}activate/"), json!({})),
            ("PATCH", worker.clone(), json!({ "status": "tatil" })),
            ("DELETE", worker.clone(), Value::Null),
        ];

        for (method, path, body) in changes {
            let seller = signed_in(&server, "aziza");
            assert_ne!(seller.get("/api/v1/auth/profil/").status, 401);
            let client = owner.with_header("content-type", "application/json");
            let _ = client.send(method, &path, Some(body.to_string().as_bytes())).expect_status(200);
            assert_eq!(told(&seller.get(stocks)), (401, "token_not_valid"), "{method} {path}");
        }
        let gone = signed_in(&server, "aziza");
        assert_eq!(told(&gone.get(stocks)), (403, "worker_inactive"));
        assert_eq!(told(&gone.patch(ME, &json!({ "first_name": "Ali" }))), (403, "worker_inactive"));
        for allowed in [ME, "/api/v1/auth/profil/"] {
            assert_eq!(gone.get(allowed).status, 200, "{allowed}");
        }
        assert_eq!(login(&server, "aziza", PASSWORD).text("/user/worker/status"), "ishdan_ketgan");
        assert_eq!(gone.patch("/api/v1/auth/profil/", &json!({ "first_name": "Ali" })).status, 200);
    }

    fn a_worker_is_taken_on_once_for_a_key(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner).with_header("idempotency-key", "aziza-1");

        let first = owner.post(WORKERS, &aziza()).expect_status(201);
        let again = owner.post(WORKERS, &aziza()).expect_status(201);

        assert_eq!(first.body, again.body);
        assert_eq!(again.header("idempotent-replayed"), "true");
        let count = server.world.database.lines("SELECT CAST(count(*) AS TEXT) AS line FROM workers");
        assert_eq!(count, ["2"]);
    }

    fn two_workers_of_one_phone_are_taken_on_once(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);

        let answers: Vec<_> = std::thread::scope(|scope| {
            let hire = |username: &str| {
                let mut body = aziza();
                body["username"] = json!(username);
                owner.post(WORKERS, &body)
            };
            let threads = ["aziza", "zuhra"].map(|username| scope.spawn(move || hire(username)));
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400]);
        let refused = answers.iter().find(|answer| answer.status == 400).unwrap();
        assert_eq!(refused.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["phone1"]);
    }

    fn what_an_owner_is_sent_of_sections_is_ignored(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        let mut second = aziza();
        second["role"] = json!("owner");

        let hired = owner.post(WORKERS, &second).expect_status(201);
        let worker = format!("{WORKERS}{}/", hired.integer("/data/id"));
        let taken = owner.post(&format!("{worker}permissions/"), &json!({ "remove": ["sotuv"] })).expect_status(200);

        assert_eq!(hired.at("/data/permissions").as_array().unwrap().len(), 10);
        assert_eq!(taken.at("/permissions"), hired.at("/data/permissions"));
        assert_eq!(taken.at("/extra_permissions"), &json!({ "added": [], "removed": [] }));
    }
}
