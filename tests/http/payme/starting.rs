//! Each row of pharmacy.md 2.9 but the refund: a buyer starts a payment, and people look at it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use savdo_domain::access::Role;
use savdo_services::testing::PAYME_MERCHANT;
use savdo_tests::{Answer, Client};
use serde_json::{Value, json};

use super::{ID, ORDERS, TOTAL, Till, on_both};

const PAYMENTS: &str = "/api/v1/pharmacy/payments/";
const OLDER: &str = "/api/v6/payments/";

fn start(client: &Client, body: &Value) -> Answer {
    client.post(PAYMENTS, body)
}

fn by_payme(till: &Till, order: impl serde::Serialize) -> Answer {
    start(&till.buyer, &json!({ "order_id": order, "provider": "payme" }))
}

/// What a link to Payme's checkout says.
pub(super) fn said(pay_url: &str) -> String {
    let encoded = pay_url.strip_prefix("https://test.paycom.uz/").unwrap();
    let encoded = encoded.replace("%3D", "=").replace("%2B", "+").replace("%2F", "/");
    String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
}

#[test]
fn a_payment_is_made_once_and_says_where_it_is_paid() {
    on_both(|till| {
        let order = till.order();

        let first = by_payme(till, order).expect_status(201);
        let again = by_payme(till, order.to_string()).expect_status(200);

        assert_eq!(first.text, again.text);
        let phone = till
            .server
            .world
            .database
            .lines("SELECT phone AS line FROM users WHERE kind = 'customer'");
        let (id, now) = (first.text("/payment_id"), first.text("/created_at"));
        assert!(
            id.starts_with("PAY-") && id.len() == 20 && now.ends_with("+05:00"),
            "{id} {now}"
        );
        let expected = json!({
            "id": first.integer("/id"), "payment_id": id, "order_id": order, "user_phone": phone[0], "provider": "payme",
            "provider_display": "Payme", "status": "pending", "status_display": "Kutilmoqda", "amount": "12000.00",
            "pay_url": first.text("/pay_url"), "click_trans_id": null, "payme_transaction_id": null, "error_message": "",
            "late": false, "created_at": now, "completed_at": null, "cancelled_at": null, "refunded_at": null,
        });
        assert_eq!(first.body, expected);
        let link = format!(
            "m={PAYME_MERCHANT};ac.order_id={order};a={TOTAL};l=uz;c=https://dorixona.uz/orders/{order}/;ct=15"
        );
        assert_eq!(said(first.text("/pay_url")), link);
        let path = format!("{PAYMENTS}{id}/");
        assert_eq!(till.buyer.get(&path).expect_status(200).body, expected);
    });
}

#[test]
fn a_link_is_in_the_payers_language_and_leads_back_where_he_asked() {
    on_both(|till| {
        let order = till.order();
        let body =
            json!({ "order_id": order, "provider": "payme", "return_url": "https://dorixona.uz/b?o=:transaction" });

        let english = till.buyer.with_header("accept-language", "en");
        let said = said(start(&english, &body).expect_status(201).text("/pay_url"));

        assert!(
            said.ends_with(";l=en;c=https://dorixona.uz/b?o=:transaction;ct=15"),
            "{said}"
        );
    });
}

#[test]
fn what_a_start_refuses() {
    on_both(|till| {
        let order = till.order();
        let refused = |body: Value| {
            let answer = start(&till.buyer, &body);
            let field = answer
                .body
                .as_object()
                .unwrap()
                .keys()
                .next()
                .cloned()
                .unwrap_or_default();
            let code = answer.body.get("code").and_then(Value::as_str).map(str::to_owned);
            (answer.status, code.unwrap_or(field))
        };
        let with = |order: Value, provider: Value| refused(json!({ "order_id": order, "provider": provider }));

        for provider in [json!("cash"), json!("uzum"), json!(1), json!(null)] {
            assert_eq!(
                with(json!(order), provider.clone()),
                (400, "provider".to_owned()),
                "{provider}"
            );
        }
        for id in [
            json!("x"),
            json!("-1"),
            json!(0),
            json!(1.0),
            json!(true),
            json!(""),
            json!(null),
        ] {
            assert_eq!(with(id.clone(), json!("payme")), (400, "order_id".to_owned()), "{id}");
        }
        for url in [
            "https://yomon.uz/",
            "https://dorixona.uz.yomon.uz/",
            "https://dorixona.uz/a;b",
            "javascript:alert(1)",
        ] {
            let body = json!({ "order_id": order, "provider": "payme", "return_url": url });
            assert_eq!(refused(body), (400, "return_url".to_owned()), "{url}");
        }
        assert_eq!(with(json!(999_999), json!("payme")), (404, "not_found".to_owned()));
        let in_cash = till.placed(
            &json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" }),
            false,
        );
        assert_eq!(
            with(json!(in_cash), json!("payme")),
            (409, "order_not_awaiting_payment".to_owned())
        );
        till.create(ID, order);
        assert_eq!(
            with(json!(order), json!("click")),
            (409, "payment_in_progress".to_owned())
        );
        let stranger = till.server.client_of(&till.server.world.customer()).unnoted();
        let owner = till.server.client_of(&till.shop.owner).unnoted();
        for other in [stranger, owner] {
            assert_eq!(
                start(&other, &json!({ "order_id": order, "provider": "payme" })).status,
                404
            );
        }
    });
}

#[test]
fn a_key_has_one_effect_at_the_address_of_today_and_at_the_older_one() {
    on_both(|till| {
        let body = json!({ "order_id": till.order(), "provider": "payme" });
        let keyed = till.buyer.with_header("idempotency-key", "bir");

        let first = keyed.post(PAYMENTS, &body).expect_status(201);
        let again = keyed.post(&format!("{OLDER}create/"), &body).expect_status(201);
        let third = till.buyer.post(&format!("{OLDER}create/"), &body).expect_status(201);

        assert_eq!(
            (first.text.as_str(), again.header("idempotent-replayed")),
            (again.text.as_str(), "true")
        );
        assert_eq!(
            first.text, third.text,
            "one that is there is as new at the older address"
        );
        assert_eq!(till.rows("payments"), 1);
    });
}

#[test]
fn a_payment_follows_its_transaction() {
    on_both(|till| {
        let order = till.order();
        let id = by_payme(till, order).text("/payment_id").to_owned();
        let path = format!("{PAYMENTS}{id}/");

        till.create(ID, order);
        let taken = till.buyer.get(&path);
        till.call("PerformTransaction", &json!({ "id": ID }));
        let paid = till.buyer.get(&path);
        till.call("CancelTransaction", &json!({ "id": ID, "reason": 5 }));
        let back = till.buyer.get(&path);

        let stands = |answer: &Answer| {
            let is_there = |key: &str| !answer.at(key).is_null();
            let times = ["/pay_url", "/completed_at", "/cancelled_at", "/refunded_at"].map(is_there);
            (
                answer.text("/status").to_owned(),
                answer.text("/payme_transaction_id").to_owned(),
                times,
            )
        };
        assert_eq!(
            stands(&taken),
            ("processing".to_owned(), ID.to_owned(), [true, false, false, false])
        );
        assert_eq!(
            stands(&paid),
            ("success".to_owned(), ID.to_owned(), [false, true, false, false])
        );
        assert_eq!(
            stands(&back),
            ("refunded".to_owned(), ID.to_owned(), [false, true, false, true])
        );
        assert_eq!(by_payme(till, order).status, 409);
    });
}

#[test]
fn lists_are_the_buyers_own_and_the_stores() {
    on_both(|till| {
        let (first, second) = (till.paid(), till.order());
        let _ = by_payme(till, second).expect_status(201);
        let operator = till
            .server
            .client_of(&till.server.world.hire(&till.shop, Role::Operator))
            .unnoted();
        let stranger = till.server.client_of(&till.server.world.customer()).unnoted();
        let orders = |client: &Client, query: &str| {
            let answer = client.get(&format!("{PAYMENTS}{query}")).expect_status(200);
            let rows = answer.at("/results").as_array().unwrap().clone();
            rows.iter().map(|row| row["order_id"].clone()).collect::<Vec<_>>()
        };

        let (first, second) = (json!(first), json!(second));
        for client in [&till.buyer, &operator] {
            assert_eq!(orders(client, ""), [second.clone(), first.clone()]);
            assert_eq!(orders(client, "?status=success&provider=payme"), vec![first.clone()]);
            assert_eq!(orders(client, &format!("?order_id={second}")), vec![second.clone()]);
            assert_eq!(
                orders(client, "?created_from=2001-01-01&created_to=2001-01-02"),
                [""; 0]
            );
            assert_eq!(orders(client, "?page=2&page_size=1"), vec![first.clone()]);
        }
        assert_eq!(orders(&stranger, ""), [""; 0]);
        for wrong in ["?status=ok", "?provider=uzum", "?order_id=x", "?created_from=kecha"] {
            assert_eq!(till.buyer.get(&format!("{PAYMENTS}{wrong}")).status, 400, "{wrong}");
        }
        let older = till.buyer.get(OLDER).expect_status(200);
        assert_eq!(
            (older.header("x-total-count"), older.body.as_array().unwrap().len()),
            ("2", 2)
        );
        assert_eq!(operator.get(OLDER).expect_status(200).body, json!([]));
    });
}

#[test]
fn the_log_is_for_staff_of_the_store_and_shows_no_secret() {
    on_both(|till| {
        let order = till.order();
        let id = by_payme(till, order).text("/payment_id").to_owned();
        let mut params = till.creating(ID, order);
        params["card"] = json!({ "number": "8600123412341234" });
        till.call("CreateTransaction", &params);
        let (path, owner) = (
            format!("{PAYMENTS}{id}/logs/"),
            till.server.client_of(&till.shop.owner).unnoted(),
        );
        let elsewhere = till.server.client_of(&till.server.world.shop().owner).unnoted();

        let log = owner.get(&path).expect_status(200);

        let rows = log.body.as_array().unwrap();
        let events: Vec<_> = rows.iter().map(|row| row["event_type"].as_str().unwrap()).collect();
        assert_eq!(events, ["created", "payme_create"]);
        assert_eq!(
            (&rows[0]["request_data"], &rows[0]["response_data"]),
            (&json!({}), &json!({}))
        );
        assert_eq!(rows[1]["request_data"]["params"]["amount"], json!(TOTAL));
        assert_eq!(rows[1]["response_data"]["result"]["state"], json!(1));
        assert_eq!(rows[0]["error_message"], json!(""));
        assert!(
            log.text.contains("\"card\":\"***\"") && !log.text.contains("8600"),
            "{}",
            log.text
        );
        let told = |client: &Client, path: &str| {
            let answer = client.get(path);
            (answer.status, answer.text("/code").to_owned())
        };
        assert_eq!(told(&till.buyer, &path), (403, "forbidden".to_owned()));
        assert_eq!(told(&elsewhere, &path), (404, "not_found".to_owned()));
        assert_eq!(told(&till.server.client().unnoted(), &path).0, 401);
    });
}

#[test]
fn older_clients_are_told_of_failures_twice() {
    on_both(|till| {
        let order = till.order();
        let _ = till
            .buyer
            .post(&format!("{ORDERS}{order}/cancel/"), &json!({}))
            .expect_status(200);
        let create = |body: Value| till.buyer.post(&format!("{OLDER}create/"), &body);

        let over = create(json!({ "order_id": order, "provider": "payme" })).expect_status(400);
        let unknown = till
            .buyer
            .get(&format!("{OLDER}PAY-0000000000000000/"))
            .expect_status(404);
        let fields = create(json!({ "order_id": order, "provider": "uzum" })).expect_status(400);

        for (answer, code) in [(&over, "order_not_awaiting_payment"), (&unknown, "not_found")] {
            assert_eq!(answer.text("/code"), code);
            assert_eq!(answer.at("/error"), answer.at("/detail"));
        }
        assert_eq!(
            fields.body.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["provider"]
        );
    });
}
