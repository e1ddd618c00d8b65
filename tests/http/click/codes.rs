//! Every code and the order of judging (payments.md 3.3).

use chrono::TimeDelta;
use savdo_domain::ids::OrderId;
use serde_json::json;

use super::{Call, TRANS, Till, code, on_both, paid, prepared, stands, told};
use crate::payme::{self, ORDERS};

#[test]
fn code_0_is_success() {
    on_both(|till| {
        let (order, _) = paid(till);

        assert_eq!(stands(till, order), "paid paid");
    });
}

#[test]
fn code_1_is_a_wrong_signature() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);

        assert_eq!(code(till, &Call::prepare(order).signed_by("x")), -1);
        assert_eq!(code(till, &Call::complete(order, number).and("sign_string", "")), -1);
        assert_eq!(stands(till, order), "awaiting_payment pending");
    });
}

#[test]
fn code_2_is_a_wrong_amount_in_both_calls() {
    on_both(|till| {
        let order = till.order();
        assert_eq!(code(till, &Call::prepare(order).with("amount", "12000.01")), -2);
        assert_eq!(code(till, &Call::prepare(order).with("amount", "so'm")), -2);
        let number = prepared(till, order);

        assert_eq!(
            code(till, &Call::prepare(order).with("amount", "11999.99")),
            -2,
            "of a known attempt too"
        );
        assert_eq!(code(till, &Call::complete(order, number).with("amount", "1.00")), -2);
        assert_eq!(code(till, &Call::complete(order, number).with("amount", "")), -2);

        assert_eq!(stands(till, order), "awaiting_payment pending");
        assert_eq!(code(till, &Call::complete(order, number)), 0);
    });
}

#[test]
fn code_3_is_an_unknown_action() {
    on_both(|till| {
        let order = till.order();

        assert_eq!(code(till, &Call::of("2", &order.to_string())), -3);
        assert_eq!(
            code(
                till,
                &Call::of("2", &order.to_string()).with("merchant_prepare_id", "5")
            ),
            -3
        );
    });
}

#[test]
fn code_4_is_a_confirmed_attempt_or_a_paid_order() {
    on_both(|till| {
        let (order, number) = paid(till);

        assert_eq!(told(&Call::complete(order, number).send(till)), (-4, Some(number)));
        assert_eq!(told(&Call::prepare(order).send(till)), (-4, None));
        assert_eq!(told(&Call::prepare(order).attempt(TRANS + 1).send(till)), (-4, None));
        assert_eq!(stands(till, order), "paid paid");
    });
}

#[test]
fn code_5_is_an_order_that_is_unknown_or_malformed() {
    on_both(|till| {
        for order in ["999999", "x", "0", ""] {
            assert_eq!(code(till, &Call::of("0", order)), -5, "{order}");
            let complete = Call::of("1", order).with("merchant_prepare_id", "1");
            assert_eq!(code(till, &complete), -5, "{order}");
        }
        assert_eq!(till.rows("payments"), 0);
    });
}

#[test]
fn code_6_is_an_attempt_that_is_unknown_of_another_order_or_of_another_id() {
    on_both(|till| {
        let (order, other) = (till.order(), till.order());
        let number = prepared(till, order);

        assert_eq!(code(till, &Call::complete(order, number + 1)), -6);
        assert_eq!(code(till, &Call::complete(other, number)), -6);
        assert_eq!(code(till, &Call::complete(order, number).attempt(TRANS + 1)), -6);
        assert_eq!(code(till, &Call::complete(order, number + 1).with("error", "-1")), -6);
        assert_eq!(stands(till, order), "awaiting_payment pending");
    });
}

#[test]
fn code_8_is_a_malformed_call_a_foreign_service_or_an_attempt_of_another_order() {
    on_both(|till| {
        let (order, other) = (till.order(), till.order());
        prepared(till, order);

        assert_eq!(code(till, &Call::prepare(order).without("amount")), -8);
        assert_eq!(code(till, &Call::prepare(order).with("service_id", "1")), -8);
        assert_eq!(code(till, &Call::prepare(other)), -8);
        assert_eq!(stands(till, other), "awaiting_payment unpaid");
    });
}

#[test]
fn code_9_is_whatever_is_cancelled_expired_or_not_payable() {
    on_both(|till| {
        let cash = till.placed(
            &json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" }),
            false,
        );
        let unseen = till.placed(&json!({ "delivery_address": "Toshkent, Navoiy 1" }), true);
        let cancelled = till.order();
        let number = prepared(till, cancelled);
        let _ = till
            .buyer
            .post(&format!("{ORDERS}{cancelled}/cancel/"), &json!({}))
            .expect_status(200);
        let over = till.order();
        till.server.world.clock.advance(TimeDelta::minutes(61));

        for order in [cash, unseen, cancelled, over] {
            assert_eq!(code(till, &Call::prepare(order).attempt(TRANS + 5)), -9, "{order}");
        }
        assert_eq!(code(till, &Call::complete(cancelled, number)), -9);
        assert_eq!(stands(till, cancelled), "cancelled unpaid");
    });
}

#[test]
fn code_9_is_an_order_that_another_provider_holds() {
    on_both(|till| {
        let order = till.order();
        assert_eq!(payme::number(&till.create(payme::ID, order)), 0);

        assert_eq!(code(till, &Call::prepare(order)), -9);

        let _ = till.fault("CancelTransaction", &json!({ "id": payme::ID, "reason": 3 }));
        assert_eq!(code(till, &Call::prepare(order)), 0);
        let other = json!({ "id": "5305e3bab097f420a62ced0c", "time": till.server.world.context.now().timestamp_millis(),
            "amount": 1_200_000, "account": { "order_id": order.to_string() } });
        assert_eq!(
            till.fault("CreateTransaction", &other),
            -31008,
            "and the other way round"
        );
    });
}

/// A call that is wrong in every way, and what it is told as its faults are mended from the first to the last.
fn mended(till: &Till, broken: Call, mends: &[(&str, Option<&str>)]) -> Vec<i64> {
    let mut call = broken;
    let mut codes = vec![code(till, &call)];
    for (name, value) in mends {
        call = match (*name, value) {
            ("secret", Some(secret)) => call.signed_by(secret),
            (name, Some(value)) => call.with(name, value),
            (name, None) => call.without(name),
        };
        codes.push(code(till, &call));
    }
    codes
}

#[test]
fn prepare_is_judged_in_the_order_of_the_contract() {
    on_both(|till| {
        let (paid, _) = paid(till);
        let open = till.order();
        let secret = savdo_services::testing::CLICK_SECRET;
        let service = savdo_services::testing::CLICK_SERVICE;
        let next = (TRANS + 1).to_string();
        let broken = Call::of("7", "999999")
            .with("click_trans_id", "x")
            .with("service_id", "1")
            .with("error", "-1")
            .with("amount", "1")
            .signed_by("x");

        let codes = mended(
            till,
            broken,
            &[
                ("click_trans_id", Some(&next)),
                ("secret", Some(secret)),
                ("service_id", Some(service)),
                ("action", Some("0")),
                ("merchant_trans_id", Some(&paid.to_string())),
                ("error", Some("0")),
                ("merchant_trans_id", Some(&open.to_string())),
                ("amount", Some("12000")),
            ],
        );

        assert_eq!(codes, [-8, -1, -8, -3, -5, -9, -4, -2, 0]);
    });
}

#[test]
fn complete_is_judged_in_the_order_of_the_contract() {
    on_both(|till| {
        let (paid, confirmed) = paid(till);
        let cancelled = prepared_then(till, TRANS + 1, "-1");
        let open = prepared_then(till, TRANS + 2, "");
        let secret = savdo_services::testing::CLICK_SECRET;
        let service = savdo_services::testing::CLICK_SERVICE;
        let broken = Call::of("7", "999999")
            .with("click_trans_id", "x")
            .with("merchant_prepare_id", "x")
            .with("service_id", "1")
            .with("error", "-1")
            .with("amount", "1")
            .signed_by("x");

        let codes = mended(
            till,
            broken,
            &[
                ("click_trans_id", Some(&TRANS.to_string())),
                ("secret", Some(secret)),
                ("service_id", Some(service)),
                ("action", Some("1")),
                ("merchant_trans_id", Some(&paid.to_string())),
                ("merchant_prepare_id", Some(&confirmed.to_string())),
                ("error", Some("0")),
            ],
        );
        assert_eq!(codes, [-8, -1, -8, -3, -5, -6, -9, -4]);
        let wrong = |(order, number): (OrderId, i64), attempt| {
            code(
                till,
                &Call::complete(order, number).attempt(attempt).with("amount", "1"),
            )
        };
        assert_eq!((wrong(cancelled, TRANS + 1), wrong(open, TRANS + 2)), (-9, -2));
    });
}

/// An order with an attempt, which Click calls failed by this error unless that is empty.
fn prepared_then(till: &Till, attempt: i64, error: &str) -> (OrderId, i64) {
    let order = till.order();
    let number = told(&Call::prepare(order).attempt(attempt).send(till)).1.unwrap();
    if !error.is_empty() {
        let failed = Call::complete(order, number).attempt(attempt).with("error", error);
        assert_eq!(code(till, &failed), -9);
    }
    (order, number)
}
