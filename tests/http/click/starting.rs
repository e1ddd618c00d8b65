//! Buyers pay by Click (pharmacy.md 2.9, payments.md 3.5), and staff read what it asked.

use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::testing::{PAYME_KEY, desks};
use savdo_tests::{Log, Server};
use serde_json::{Value, json};

use super::{Call, TRANS, Till, code, on_both, prepared, told};

const PAYMENTS: &str = "/api/v1/pharmacy/payments/";

#[test]
fn a_payment_by_click_says_where_it_is_paid_and_follows_its_attempt() {
    on_both(|till| {
        let order = till.order();
        let body =
            json!({ "order_id": order, "provider": "click", "return_url": "https://dorixona.uz/rahmat?o=1&til=o'z" });

        let started = till.buyer.post(PAYMENTS, &body).expect_status(201);

        assert_eq!(
            started.text("/pay_url"),
            format!(
                "https://my.click.uz/services/pay/?service_id=85335&merchant_id=46&amount=12000.00&transaction_param={order}\
                 &return_url=https%3A%2F%2Fdorixona.uz%2Frahmat%3Fo%3D1%26til%3Do%27z&merchant_user_id=9"
            )
        );
        assert_eq!(
            (started.text("/provider"), started.at("/click_trans_id")),
            ("click", &Value::Null)
        );
        let path = format!("{PAYMENTS}{}/", started.text("/payment_id"));
        let number = prepared(till, order);
        let taken = till.buyer.get(&path);
        assert_eq!(
            (taken.text("/status"), taken.text("/click_trans_id")),
            ("processing", "3000000001")
        );
        assert!(taken.at("/pay_url").is_string());
        assert_eq!(code(till, &Call::complete(order, number)), 0);
        let paid = till.buyer.get(&path);
        assert_eq!(
            (paid.text("/status"), paid.text("/click_trans_id")),
            ("success", "3000000001")
        );
        assert!(paid.at("/pay_url").is_null() && paid.at("/payme_transaction_id").is_null());
    });
}

#[test]
fn without_a_desk_nobody_pays_by_click() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let till = Till::open(Server::with_desks(TestDatabase::new(backend), desks(PAYME_KEY, "")));
        let order = till.order();

        let refused = till
            .buyer
            .post(PAYMENTS, &json!({ "order_id": order, "provider": "click" }))
            .expect_status(409);

        assert_eq!(refused.text("/code"), "provider_not_configured");
        assert_eq!(till.rows("payments"), 0);
    }
}

#[test]
fn the_log_tells_staff_what_click_asked_and_shows_no_secret() {
    on_both(|till| {
        let order = till.order();
        let prepare = Call::prepare(order).and("card", "8600123412341234");
        let number = told(&prepare.send(till)).1.unwrap();
        let complete = Call::complete(order, number)
            .with("error", "-5017")
            .with("error_note", "Mablag' yetarli emas");
        assert_eq!(code(till, &complete), -9);
        assert_eq!(code(till, &Call::complete(order, number).signed_by("x")), -1);
        let owner = till.server.client_of(&till.shop.owner).unnoted();
        let id = till
            .server
            .world
            .database
            .lines("SELECT public_id AS line FROM payments")
            .remove(0);

        let log = owner.get(&format!("{PAYMENTS}{id}/logs/")).expect_status(200);

        let rows = log.body.as_array().unwrap();
        let events: Vec<_> = rows.iter().map(|row| row["event_type"].as_str().unwrap()).collect();
        assert_eq!(events, ["created", "click_prepare", "failed", "click_complete"]);
        let asked = json!({
            "click_trans_id": TRANS.to_string(), "service_id": "85335", "click_paydoc_id": "77", "merchant_trans_id": order.to_string(),
            "amount": "12000.00", "action": "0", "error": "0", "error_note": "", "sign_time": "2026-11-21 12:00:00",
            "sign_string": "***", "card": "***",
        });
        assert_eq!(rows[1]["request_data"], asked);
        let answered = json!({
            "click_trans_id": TRANS, "merchant_trans_id": order.to_string(), "merchant_prepare_id": number, "error": 0, "error_note": "Success",
        });
        assert_eq!(rows[1]["response_data"], answered);
        assert_eq!(rows[3]["request_data"]["error_note"], "Mablag' yetarli emas");
        for secret in [
            prepare.signature().as_str(),
            complete.signature().as_str(),
            "8600",
            "clicksecret",
        ] {
            assert!(!log.text.contains(secret), "{}", log.text);
        }
    });
}

#[test]
fn the_call_that_brought_late_money_stands_in_the_log_of_that_money() {
    on_both(|till| {
        let order = till.order();
        let first = prepared(till, order);
        let second = told(&Call::prepare(order).attempt(TRANS + 1).send(till)).1.unwrap();
        let pays = Call::complete(order, second).attempt(TRANS + 1);
        let comes_late = Call::complete(order, first);
        assert_eq!((code(till, &pays), code(till, &comes_late)), (0, -4));
        let ids = "SELECT public_id AS line FROM payments ORDER BY id";
        let ids = till.server.world.database.lines(ids);
        let owner = till.server.client_of(&till.shop.owner).unnoted();
        let calls = |id: &str| -> Vec<String> {
            let log = owner.get(&format!("{PAYMENTS}{id}/logs/")).expect_status(200);
            let call = |row: &Value| {
                let (asked, told) = (&row["request_data"], &row["response_data"]);
                let attempt: i64 = asked["click_trans_id"].as_str()?.parse().ok()?;
                Some(format!(
                    "{} {} {}",
                    row["event_type"].as_str()?,
                    attempt - TRANS,
                    told["error"]
                ))
            };
            log.body.as_array().unwrap().iter().filter_map(call).collect()
        };

        let of_paid = ["click_prepare 0 0", "click_prepare 1 0", "click_complete 1 0"];
        assert_eq!(ids.len(), 2);
        assert_eq!(
            (calls(&ids[0]), calls(&ids[1])),
            (
                of_paid.map(str::to_owned).into(),
                vec!["click_complete 0 -4".to_owned()]
            )
        );

        assert_eq!(code(till, &comes_late), -4);
        assert_eq!(
            (calls(&ids[0]).len(), calls(&ids[1])),
            (3, vec!["click_complete 0 -4".to_owned(); 2])
        );
    });
}

#[test]
fn a_call_about_no_payment_stands_in_the_log_of_requests_by_its_numbers_alone() {
    let log = Log::of_providers();
    let till = super::till();
    let attempt = TRANS + 4_002;
    let of = |order: &str| {
        let call = Call::of("0", order).attempt(attempt);
        call.and("card", "8600123412341234")
            .with("error_note", "8600123412341234")
    };

    let unknown = code(&till, &of("00999999"));
    let forged = code(&till, &of("999999").signed_by("x"));
    let malformed = code(&till, &of("8600-1234"));

    assert_eq!((unknown, forged, malformed), (-5, -1, -5));
    let logged = |number: i64, order: Value| {
        let mut line = json!({
            "level": "INFO", "target": "savdo_api::providers::click", "message": format!("Click asked Prepare and was told {number}"),
            "method": "Prepare", "number": number, "click_trans_id": attempt, "order_id": order,
        });
        line.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        line
    };
    let mut lines = log.lines("click_trans_id", attempt);
    for line in &mut lines {
        line.as_object_mut().unwrap().remove("timestamp");
    }
    assert_eq!(
        lines,
        [
            logged(-5, json!(999_999)),
            logged(-1, json!(999_999)),
            logged(-5, Value::Null)
        ]
    );
}
