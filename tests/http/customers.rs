//! Customers who come by a code to their phone (pharmacy.md 2.1), and what is tried against them.

use chrono::TimeDelta;
use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{Goods, Mailbox, PASSWORD, receipt};
use savdo_tests::{Answer, Server, same_on_both};
use serde_json::{Value, json};

const AUTH: &str = "/api/v1/pharmacy/auth/";
const PHONE: &str = "+998901112233";
const OTHER: &str = "kech-kirguncha-8";

/// A server whose phones can be read.
struct Phones<'a> {
    server: &'a Server,
    mailbox: Mailbox,
}

impl<'a> Phones<'a> {
    fn of(server: &'a Server) -> Self {
        let mailbox = Mailbox::default();
        Self { server, mailbox }
    }

    fn texts(&self) -> Vec<String> {
        self.server.world.runner(&self.mailbox).send_due(|| false).unwrap();
        self.mailbox.texts().into_iter().map(|sms| sms.text).collect()
    }

    fn code(&self) -> String {
        self.texts()
            .pop()
            .unwrap()
            .chars()
            .filter(char::is_ascii_digit)
            .collect()
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.server.client().unnoted().post(&format!("{AUTH}{path}"), body)
    }

    fn register(&self, phone: &str, password: &str) -> Answer {
        self.post("register/", &person(phone, password))
    }

    /// Registers and proves the phone; answers a token.
    fn proven(&self, phone: &str, password: &str) -> String {
        let _ = self.register(phone, password).expect_status(201);
        let body = json!({ "phone_number": phone, "code": self.code() });
        let answer = self.post("verify/", &body).expect_status(200);
        answer.text("/data/access").to_owned()
    }

    fn login(&self, phone: &str, password: &str) -> Answer {
        self.post("login/", &json!({ "phone_number": phone, "password": password }))
    }

    fn later(&self, seconds: i64) {
        self.server.world.clock.advance(TimeDelta::seconds(seconds));
    }
}

fn person(phone: &str, password: &str) -> Value {
    json!({ "phone_number": phone, "password": password, "first_name": "Aziza", "last_name": "Karimova" })
}

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("error_code").or_else(|| answer.body.get("code"));
    (answer.status, code.and_then(Value::as_str).unwrap_or_default())
}

#[test]
fn a_customer_comes_by_the_code_that_the_phone_gets() {
    same_on_both!(|server: &Server| {
        let phones = Phones::of(server);
        let client = server.client();
        let auth = |path: &str| format!("{AUTH}{path}");
        client.post(&auth("register/"), &person("90 111-22-33", PASSWORD));
        let code = phones.code();
        client.post(&auth("login/"), &json!({ "phone_number": PHONE, "password": PASSWORD }));
        client.post(&auth("verify/"), &json!({ "phone_number": PHONE, "code": "x" }));
        client.post(&auth("verify/"), &json!({ "phone_number": PHONE, "code": 1234 }));
        client.post(&auth("resend/"), &json!({ "phone_number": PHONE }));

        let proven = phones.post("verify/", &json!({ "phone_number": PHONE, "code": code }));
        assert_eq!((proven.status, proven.header("cache-control")), (200, "no-store"));
        assert_eq!(proven.text("/message"), "Telefon raqami tasdiqlandi.");
        let user = json!({
            "id": 1, "phone_number": PHONE, "first_name": "Aziza", "last_name": "Karimova", "address": "", "email": "",
            "language": "uz", "role": "customer", "store_role": null, "store": null, "is_verified": true,
        });
        assert_eq!(proven.body["data"]["user"], user);
        assert_eq!(proven.body["data"].as_object().unwrap().len(), 3);
        client
            .signed_in(proven.text("/data/access"))
            .get("/api/v1/pharmacy/me/");

        phones.later(60);
        client.post(&auth("password/forgot/"), &json!({ "phone_number": PHONE }));
        client.post(&auth("password/forgot/"), &json!({ "phone_number": PHONE }));
        let code = phones.code();
        let reset = |code: &str, new: &str| json!({ "phone_number": PHONE, "code": code, "new_password": new });
        client.post(&auth("password/reset/"), &reset("x", OTHER));
        client.post(&auth("password/reset/"), &reset("x", "short"));
        let done = phones.post("password/reset/", &reset(&code, OTHER));
        let message = "Parol yangilandi. Endi yangi parol bilan kiring.";
        assert_eq!(
            (done.status, done.body["data"].clone()),
            (200, Value::Null),
            "{message}"
        );
        client
            .signed_in(proven.text("/data/access"))
            .get("/api/v1/pharmacy/me/");
        assert_eq!(phones.login(PHONE, OTHER).status, 200);
    });
}

#[test]
fn what_is_wrong_with_a_code_or_who_asks_for_one() {
    same_on_both!(|server: &Server| {
        let client = server.client();
        let auth = |path: &str| format!("{AUTH}{path}");
        for path in ["register/", "verify/", "resend/", "password/forgot/", "password/reset/"] {
            client.post(&auth(path), &json!({}));
        }
        client.post(
            &auth("register/"),
            &json!({ "phone_number": "12", "password": "short", "first_name": "A", "last_name": "K" }),
        );
        client.post(
            &auth("register/"),
            &json!({ "phone_number": PHONE, "password": PASSWORD, "first_name": "", "last_name": "x".repeat(51) }),
        );
        client.post(&auth("verify/"), &json!({ "phone_number": "12", "code": "1234" }));
        client.post(&auth("resend/"), &json!({ "phone_number": PHONE, "purpose": "login" }));
        client.post(&auth("resend/"), &json!({ "phone_number": PHONE, "purpose": null }));
        client.post(&auth("password/forgot/"), &json!({ "phone_number": "12" }));
        client.post(
            &auth("password/reset/"),
            &json!({ "phone_number": "12", "code": "1", "new_password": "12345678" }),
        );
        client.get(&auth("verify/"));
    });
}

on_both! {
    /// Case 13 of the abuse cases.
    fn registering_and_forgetting_answer_alike_whoever_has_the_phone(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        let shop = server.world.shop();
        let _ = shop.owner;
        phones.proven(PHONE, PASSWORD);
        let _ = phones.register("904445566", PASSWORD).expect_status(201);
        // Of a customer, an unproven one, staff, nobody.
        let numbers = [PHONE, "904445566", "900000001", "907778899"];
        let plain = |answer: Answer| (answer.status, answer.text, answer.body["errors"].clone());
        phones.later(60);

        let registered = numbers.map(|phone| plain(phones.register(phone, OTHER)));
        let too_soon = numbers.map(|phone| plain(phones.register(phone, OTHER)));
        let forgot_too_soon = numbers.map(|phone| plain(phones.post("password/forgot/", &json!({ "phone_number": phone }))));
        phones.later(60);
        let forgot = numbers.map(|phone| plain(phones.post("password/forgot/", &json!({ "phone_number": phone }))));
        // The address, too, has asked often by now.
        phones.later(3600);
        let resent = numbers.map(|phone| plain(phones.post("resend/", &json!({ "phone_number": phone }))));
        let wrong = numbers.map(|phone| plain(phones.post("verify/", &json!({ "phone_number": phone, "code": "x" }))));

        for answers in [&registered, &too_soon, &forgot_too_soon, &forgot, &resent, &wrong] {
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        }
        let statuses = [registered, too_soon, forgot_too_soon, forgot, resent, wrong].map(|[(status, ..), ..]| status);
        assert_eq!(statuses, [201, 201, 429, 200, 200, 400]);
    }

    /// Case 12 of the abuse cases.
    fn a_failed_log_in_answers_alike_for_known_unknown_and_blocked(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        phones.proven(PHONE, PASSWORD);
        phones.proven("904445566", PASSWORD);
        server.world.database.execute("UPDATE users SET is_active = FALSE WHERE phone = '+998904445566'");
        let _ = phones.register("905556677", PASSWORD).expect_status(201);

        let answers = [
            phones.login(PHONE, OTHER),
            phones.login("904445566", PASSWORD),
            phones.login("904445566", OTHER),
            phones.login("905556677", OTHER),
            phones.login("907778899", OTHER),
            phones.login("nobody", OTHER),
        ];

        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (400, &answers[0].body));
        }
        assert_eq!(answers[0].text("/error_code"), "invalid_credentials");
        assert_eq!(answers[0].body["errors"]["non_field_errors"], answers[0].body["non_field_errors"]);
    }

    /// Case 10 of the abuse cases, in the pharmacy.
    fn after_ten_wrong_passwords_the_right_one_waits_too_and_nobody_else(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        phones.proven(PHONE, PASSWORD);
        phones.proven("904445566", PASSWORD);

        for _ in 0..10 {
            assert_eq!(told(&phones.login(PHONE, OTHER)), (400, "invalid_credentials"));
        }
        let refused = phones.login(PHONE, PASSWORD);
        assert_eq!(told(&refused), (429, "throttled"));
        let wait: i64 = refused.header("retry-after").parse().unwrap();
        assert_eq!(phones.login("904445566", PASSWORD).status, 200);
        phones.later(wait);
        assert_eq!(phones.login(PHONE, PASSWORD).status, 200);
    }

    /// Case 14 of the abuse cases.
    fn a_password_that_anyone_would_try_first_is_refused_without_hashing(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        let before = server.world.context.hashings();

        for weak in ["x", "        ", "password", "12345678", "+998 90 111-22-33", "Aziza Karimova", &"x".repeat(129)] {
            let answer = phones.register(PHONE, weak);
            assert_eq!(told(&answer), (400, "validation"), "{weak}");
            assert!(answer.body["errors"]["password"].is_array());
            let body = json!({ "phone_number": PHONE, "code": "1", "new_password": weak });
            if weak != "Aziza Karimova" {
                assert!(phones.post("password/reset/", &body).body["errors"]["new_password"].is_array(), "{weak}");
            }
        }
        let huge = "x".repeat(1024 * 1024 + 1);
        assert_eq!(told(&phones.register(PHONE, &huge)), (413, "body_too_large"));

        assert_eq!(server.world.context.hashings(), before);
        let shorter = "ж".repeat(63);
        let strange = format!("{shorter}\u{1F600}");
        phones.proven(PHONE, &strange);
        assert_eq!(phones.login(PHONE, &strange).status, 200);
        assert_eq!(told(&phones.login(PHONE, &shorter)), (400, "invalid_credentials"));
    }

    /// Case 96 of the abuse cases.
    fn however_a_phone_is_written_it_is_one_account(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);

        for phone in ["901112233", "998901112233", PHONE, "+998 90 111-22-33", "(90) 111 22 33"] {
            assert_eq!(phones.register(phone, PASSWORD).status, 201, "{phone}");
            phones.later(60);
        }
        for phone in ["٩٠١١١٢٢٣٣", "９０１１１２２３３", "+99890111223", "+7 901 112 23 33", "", "90111223a"] {
            let answer = phones.register(phone, PASSWORD);
            assert_eq!(told(&answer), (400, "validation"), "{phone}");
            assert!(answer.body["phone_number"].is_array());
        }

        let users = server.world.database.lines("SELECT phone AS line FROM users");
        assert_eq!(users, [PHONE]);
    }

    /// Case 95 of the abuse cases, for the names of people: they are cleaned, and need not be one's own alone.
    fn a_name_is_cleaned_and_may_be_anothers(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        let named = |phone: &str, first_name: &str| {
            let body = json!({ "phone_number": phone, "password": PASSWORD, "first_name": first_name, "last_name": "Oʻktam" });
            phones.post("register/", &body)
        };

        for (phone, name) in [("901110001", "  Aziza\u{a0}\u{a0}Gul "), ("901110002", "Aziza Gul"), ("901110003", "Ａziza Gul")] {
            assert_eq!(named(phone, name).status, 201);
            let body = json!({ "phone_number": phone, "code": phones.code() });
            assert_eq!(phones.post("verify/", &body).text("/data/user/first_name"), "Aziza Gul");
        }
        for name in [" ", "\u{a0}", "a\u{0}b"] {
            assert_eq!(named("901110004", name).status, 400, "{name:?}");
        }
    }

    /// Case 93 of the abuse cases: a line break ends in no message and no line of the log.
    fn a_line_break_in_a_name_or_a_phone_goes_nowhere(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        let body = json!({
            "phone_number": "901112233", "password": PASSWORD, "first_name": "Aziza\r\nBcc: evil", "last_name": "K",
        });

        let answer = phones.post("register/", &body);
        let phone = phones.register("90111\r\n2233", PASSWORD);

        assert_eq!(phone.status, 400);
        if answer.status == 201 {
            let body = json!({ "phone_number": "901112233", "code": phones.code() });
            let name = phones.post("verify/", &body).text("/data/user/first_name").to_owned();
            assert!(!name.contains(['\r', '\n']), "{name:?}");
        }
        assert!(phones.texts().iter().all(|text| !text.contains(['\r', '\n'])));
    }

    /// What an owner makes of a worker's account never reaches what that person ordered as a customer.
    fn a_password_that_an_owner_set_never_opens_the_orders_of_the_customer(database: TestDatabase) {
        let server = Server::over(database);
        let phones = Phones::of(&server);
        let shop = server.world.shop();
        let product = server.world.online_product(&shop, Goods::named("Analgin"));
        server.world.receive(&shop, receipt(&shop, product, "10", "5000.00"));
        let worker = server.world.hire(&shop, Role::Operator);
        let phone = "+998900000002";
        let buyer = server.client().unnoted().signed_in(&phones.proven(phone, OTHER));
        let line = json!({ "product_id": product, "quantity": 1 });
        let _ = buyer.post("/api/v1/pharmacy/cart/items/", &line).expect_status(201);
        let order = json!({ "delivery_address": "Toshkent, Navoiy 1" });
        let order = buyer.post("/api/v1/pharmacy/orders/", &order).expect_status(201).integer("/id");
        let change = json!({ "password": "oqshom-tushguncha-9", "phone1": phone });
        let worker = format!("/api/v1/workers/{}/", worker.worker.unwrap().id);
        let _ = server.client_of(&shop.owner).unnoted().patch(&worker, &change).expect_status(200);

        assert_eq!(told(&phones.login(phone, "oqshom-tushguncha-9")), (400, "invalid_credentials"));
        let as_worker = phones.login("worker2", "oqshom-tushguncha-9").expect_status(200);
        let client = server.client().unnoted().signed_in(as_worker.text("/data/access"));
        assert_eq!(as_worker.text("/data/user/role"), "operator");
        // As operator he sees the orders of his store; the customer's own things stay the customer's.
        assert_eq!(client.get("/api/v1/pharmacy/cart/").body["items"], json!([]));
        let cancelled = client.post(&format!("/api/v1/pharmacy/orders/{order}/cancel/"), &json!({}));
        assert_ne!(cancelled.status, 500);
        assert_eq!(buyer.get("/api/v1/pharmacy/me/").text("/data/phone_number"), phone);
        assert_eq!(phones.login(phone, OTHER).text("/data/user/role"), "customer");
    }
}

/// Case 94 of the abuse cases.
#[test]
fn a_forwarded_address_of_a_stranger_asks_for_no_more_codes() {
    let server = Server::on(Backend::Sqlite);
    let ask = |path: &str, number: u32, body: &Value| {
        let client = server
            .client()
            .with_header("x-forwarded-for", &format!("1.2.3.{number}"));
        client.post(&format!("{AUTH}{path}"), body).status
    };

    let forgot = |number: u32| json!({ "phone_number": format!("90111{number:04}") });
    let asked: Vec<_> = (0..21)
        .map(|number| ask("password/forgot/", number, &forgot(number)))
        .collect();
    let verify = |number: u32| json!({ "phone_number": format!("90111{number:04}"), "code": "x" });
    let tried: Vec<_> = (0..61).map(|number| ask("verify/", number, &verify(number))).collect();

    assert_eq!(asked, [[200; 20].as_slice(), &[429]].concat());
    assert_eq!(tried, [[400; 60].as_slice(), &[429]].concat());
}

/// A broken token is nothing at all where nobody needs one (pharmacy.md 1.2).
#[test]
fn a_broken_token_bothers_nobody_who_needs_none() {
    let server = Server::on(Backend::Sqlite);
    let client = server.client().signed_in("broken");

    let statuses = [
        client
            .post(&format!("{AUTH}register/"), &person(PHONE, PASSWORD))
            .status,
        client
            .post(
                &format!("{AUTH}password/forgot/"),
                &json!({ "phone_number": "904445566" }),
            )
            .status,
        client
            .post(
                &format!("{AUTH}verify/"),
                &json!({ "phone_number": PHONE, "code": "x" }),
            )
            .status,
        client
            .post(
                &format!("{AUTH}login/"),
                &json!({ "phone_number": PHONE, "password": OTHER }),
            )
            .status,
        client
            .post(&format!("{AUTH}logout/"), &json!({ "refresh": "x" }))
            .status,
    ];

    assert_eq!(statuses, [201, 200, 400, 400, 401]);
}
