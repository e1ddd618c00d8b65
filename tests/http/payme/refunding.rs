//! The row of pharmacy.md 2.9 about money that was given back by hand.

use savdo_domain::access::Role;
use savdo_tests::Answer;
use serde_json::{Value, json};

use super::{ID, ORDERS, Till, on_both};

/// A payment whose order was cancelled after it was paid: where it is refunded.
fn owed(till: &Till) -> String {
    let order = till.paid();
    let payments = till.buyer.get(&format!("/api/v1/pharmacy/payments/?order_id={order}"));
    let path = format!(
        "/api/v1/pharmacy/payments/{}/refund/",
        payments.text("/results/0/payment_id")
    );
    let owner = till.server.client_of(&till.shop.owner).unnoted();
    let refused = owner.post(&path, &json!({ "reason": "Erta" })).expect_status(409);
    assert_eq!(refused.text("/code"), "not_refundable");
    let _ = owner
        .post(&format!("{ORDERS}{order}/cancel/"), &json!({ "reason": "Dori tugadi" }))
        .expect_status(200);
    assert_eq!(till.stands(order).1, "refund_pending");
    path
}

fn by_owner(till: &Till, path: &str, body: &Value) -> Answer {
    till.server.client_of(&till.shop.owner).unnoted().post(path, body)
}

#[test]
fn money_that_was_given_back_is_marked_once() {
    on_both(|till| {
        let path = owed(till);
        let body = json!({ "reason": "Mijozga o'tkazildi", "reference": "MT-17" });

        let refunded = by_owner(till, &path, &body).expect_status(200);

        let at = refunded.at("/refunded_at");
        assert_eq!(
            (refunded.text("/status"), refunded.text("/status_display")),
            ("refunded", "Qaytarilgan")
        );
        assert!(at.is_string() && refunded.at("/completed_at").is_string(), "{at}");
        let again = by_owner(till, &path, &body).expect_status(409);
        assert_eq!(again.text("/code"), "not_refundable");
        assert_eq!(
            till.fault("CancelTransaction", &json!({ "id": ID, "reason": 5 })),
            -31007
        );
        let order = savdo_domain::ids::OrderId::new(refunded.integer("/order_id"));
        assert_eq!(till.stands(order), ("cancelled".to_owned(), "refunded".to_owned()));
        let logs = by_logs(till, &path).join(" ");
        assert!(logs.ends_with(" refund_requested refunded payme_cancel"), "{logs}");
    });
}

fn by_logs(till: &Till, path: &str) -> Vec<String> {
    let path = path.replace("/refund/", "/logs/");
    let logs = till
        .server
        .client_of(&till.shop.owner)
        .unnoted()
        .get(&path)
        .expect_status(200);
    let logs = logs.body.as_array().unwrap().clone();
    let events = logs.iter().map(|log| log["event_type"].as_str().unwrap().to_owned());
    events.collect()
}

#[test]
fn what_a_refund_refuses() {
    on_both(|till| {
        let path = owed(till);
        let field = |body: Value| {
            let answer = by_owner(till, &path, &body).expect_status(400);
            answer.body.as_object().unwrap().keys().next().unwrap().clone()
        };

        for body in [
            json!({}),
            json!({ "reason": "" }),
            json!({ "reason": "x".repeat(256) }),
            json!({ "reason": null }),
        ] {
            assert_eq!(field(body.clone()), "reason", "{body}");
        }
        assert_eq!(
            field(json!({ "reason": "x", "reference": "y".repeat(101) })),
            "reference"
        );
        let body = json!({ "reason": "Qaytarildi" });
        let operator = till.server.world.hire(&till.shop, Role::Operator);
        for stranger in [operator, till.customer.clone()] {
            let refused = till
                .server
                .client_of(&stranger)
                .unnoted()
                .post(&path, &body)
                .expect_status(403);
            assert_eq!(refused.text("/code"), "forbidden");
        }
        let elsewhere = till.server.world.shop();
        let _ = till
            .server
            .client_of(&elsewhere.owner)
            .unnoted()
            .post(&path, &body)
            .expect_status(404);
        let _ = by_owner(till, "/api/v1/pharmacy/payments/PAY-0000000000000000/refund/", &body).expect_status(404);
        let _ = by_owner(till, &path, &body).expect_status(200);
    });
}
