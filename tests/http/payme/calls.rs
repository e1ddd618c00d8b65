//! Each row of payments.md 2.4: what a call answers, and what stands after it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ID, ORDERS, OTHER_ID, TOTAL, Till, number, on_both};

fn stood(order: &str, money: &str) -> (String, String) {
    (order.to_owned(), money.to_owned())
}

fn check_perform(till: &Till, order: &str, amount: Value) -> i64 {
    let params = json!({ "amount": amount, "account": { "order_id": order } });
    till.fault("CheckPerformTransaction", &params)
}

#[test]
fn check_perform_judges_account_then_order_then_amount_and_changes_nothing() {
    on_both(|till| {
        let order = till.order();
        let number = order.to_string();

        assert_eq!(check_perform(till, &number, json!(TOTAL)), 0);
        assert_eq!(check_perform(till, "x", json!("x")), -31054);
        assert_eq!(check_perform(till, "999999", json!("x")), -31050);
        for amount in [
            json!(TOTAL - 1),
            json!(TOTAL + 1),
            json!(TOTAL.to_string()),
            json!(0),
            json!(-TOTAL),
            json!(0.5),
        ] {
            assert_eq!(check_perform(till, &number, amount.clone()), -31001, "{amount}");
        }
        assert_eq!(till.stands(order), stood("awaiting_payment", "unpaid"));
        assert_eq!(till.rows("payments"), 0);

        let in_cash = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
        let in_cash = till.placed(&in_cash, false).to_string();
        assert_eq!(check_perform(till, &in_cash, json!("x")), -31052);
        let waiting = till
            .placed(&json!({ "delivery_address": "Toshkent, Navoiy 1" }), true)
            .to_string();
        assert_eq!(check_perform(till, &waiting, json!(TOTAL)), -31052);

        till.create(ID, order);
        assert_eq!(check_perform(till, &number, json!(TOTAL)), -31053);
        till.call("PerformTransaction", &json!({ "id": ID }));
        assert_eq!(check_perform(till, &number, json!(TOTAL)), -31051);

        let expired = till.order().to_string();
        till.server.world.clock.advance(TimeDelta::minutes(61));
        assert_eq!(check_perform(till, &expired, json!(TOTAL)), -31052);
    });
}

#[test]
fn create_holds_the_order_and_repeats_its_answer_to_the_byte() {
    on_both(|till| {
        let order = till.order();
        let params = till.creating(ID, order);

        let first = till.call("CreateTransaction", &params);
        till.server.world.clock.advance(TimeDelta::minutes(5));
        let again = till.call("CreateTransaction", &params);

        let now = params["time"].as_i64().unwrap();
        assert_eq!(
            (first.integer("/result/create_time"), first.integer("/result/state")),
            (now, 1)
        );
        assert!(!first.text("/result/transaction").is_empty());
        assert_eq!(first.text, again.text);
        assert_eq!(till.stands(order), stood("awaiting_payment", "pending"));
        assert_eq!(till.state(ID), (1, None));
    });
}

#[test]
fn create_of_a_known_id_with_other_words_is_refused_and_changes_nothing() {
    on_both(|till| {
        let order = till.opened();
        let other = till.order();
        let with = |key: &str, value: Value| {
            let mut params = till.creating(ID, order);
            params[key] = value;
            till.fault("CreateTransaction", &params)
        };

        assert_eq!(with("amount", json!(TOTAL + 1)), -31001);
        assert_eq!(with("account", json!({ "order_id": other.to_string() })), -31050);
        assert_eq!(with("account", json!({ "order_id": "x" })), -31054);
        assert_eq!(till.state(ID), (1, None));
        assert_eq!(till.rows("provider_transactions"), 1);
    });
}

#[test]
fn create_of_an_expired_ended_or_foreign_hold_is_31008() {
    on_both(|till| {
        let order = till.order();
        let params = till.creating(ID, order);
        till.call("CreateTransaction", &params);

        assert_eq!(
            till.fault("CreateTransaction", &till.creating(OTHER_ID, order)),
            -31008,
            "held"
        );
        till.server
            .world
            .clock
            .advance(TimeDelta::hours(12) + TimeDelta::milliseconds(1));
        assert_eq!(till.fault("CreateTransaction", &params), -31008, "expired");
        assert_eq!(till.state(ID), (-1, Some(4)));
        assert_eq!(till.fault("CreateTransaction", &params), -31008, "cancelled");
        assert_eq!(
            till.fault("CheckTransaction", &json!({ "id": OTHER_ID })),
            -31003,
            "stored nothing"
        );
    });
}

#[test]
fn create_whose_time_is_older_than_twelve_hours_is_31008() {
    on_both(|till| {
        let order = till.order();
        let mut params = till.creating(ID, order);
        let now = params["time"].as_i64().unwrap();

        params["time"] = json!(now - 43_200_001);
        assert_eq!(till.fault("CreateTransaction", &params), -31008);
        params["time"] = json!(now - 43_200_000);
        assert_eq!(till.fault("CreateTransaction", &params), 0);
    });
}

#[test]
fn create_for_an_order_that_takes_no_money_is_refused_and_stored_nowhere() {
    on_both(|till| {
        let paid = till.paid();
        let cancelled = till.order();
        let _ = till
            .buyer
            .post(&format!("{ORDERS}{cancelled}/cancel/"), &json!({}))
            .expect_status(200);
        let mut unknown = till.creating(OTHER_ID, paid);
        unknown["account"] = json!({ "order_id": "999999" });
        let mut cheaper = till.creating(OTHER_ID, till.order());
        cheaper["amount"] = json!(TOTAL - 1);

        assert_eq!(till.fault("CreateTransaction", &till.creating(OTHER_ID, paid)), -31051);
        assert_eq!(
            till.fault("CreateTransaction", &till.creating(OTHER_ID, cancelled)),
            -31052
        );
        assert_eq!(till.fault("CreateTransaction", &unknown), -31050);
        assert_eq!(till.fault("CreateTransaction", &cheaper), -31001);
        assert_eq!(till.fault("CheckTransaction", &json!({ "id": OTHER_ID })), -31003);
    });
}

#[test]
fn perform_pays_the_order_once_and_repeats_its_answer() {
    on_both(|till| {
        let order = till.opened();
        let params = json!({ "id": ID });

        let first = till.call("PerformTransaction", &params);
        till.server.world.clock.advance(TimeDelta::days(2));
        let again = till.call("PerformTransaction", &params);

        assert_eq!(first.integer("/result/state"), 2);
        assert_eq!(first.text, again.text);
        assert_eq!(till.stands(order), stood("paid", "paid"));
        assert_eq!(
            till.server.world.database.lines("SELECT status AS line FROM payments"),
            ["success"]
        );
        assert_eq!(till.fault("CreateTransaction", &till.creating(ID, order)), -31008);
    });
}

#[test]
fn perform_of_what_is_over_or_unknown_is_refused() {
    on_both(|till| {
        assert_eq!(till.fault("PerformTransaction", &json!({ "id": ID })), -31003);
        let order = till.opened();
        till.server
            .world
            .clock
            .advance(TimeDelta::hours(12) + TimeDelta::milliseconds(1));

        assert_eq!(
            till.fault("PerformTransaction", &json!({ "id": ID })),
            -31008,
            "expired"
        );
        assert_eq!(till.state(ID), (-1, Some(4)));
        assert_eq!(
            till.fault("PerformTransaction", &json!({ "id": ID })),
            -31008,
            "cancelled"
        );
        assert_ne!(till.stands(order).1, "paid");
    });
}

#[test]
fn cancel_before_the_money_lets_the_order_be_paid_again() {
    on_both(|till| {
        let order = till.opened();

        let first = till.call("CancelTransaction", &json!({ "id": ID, "reason": 3 }));
        till.server.world.clock.advance(TimeDelta::minutes(1));
        let again = till.call("CancelTransaction", &json!({ "id": ID, "reason": 5 }));

        assert_eq!(first.integer("/result/state"), -1);
        assert_eq!(first.text, again.text);
        assert_eq!(till.state(ID), (-1, Some(3)), "the stored reason stays");
        assert_eq!(till.stands(order).0, "awaiting_payment");
        assert_eq!(till.fault("PerformTransaction", &json!({ "id": ID })), -31008);
        assert_eq!(number(&till.create(OTHER_ID, order)), 0);
    });
}

#[test]
fn cancel_after_the_money_cancels_the_order_and_gives_it_back() {
    on_both(|till| {
        let order = till.paid();

        let first = till.call("CancelTransaction", &json!({ "id": ID, "reason": 5 }));
        let again = till.call("CancelTransaction", &json!({ "id": ID, "reason": 5 }));

        assert_eq!(first.integer("/result/state"), -2);
        assert_eq!(first.text, again.text);
        assert_eq!(till.state(ID), (-2, Some(5)));
        assert_eq!(till.stands(order), stood("cancelled", "refunded"));
        assert_eq!(till.fault("PerformTransaction", &json!({ "id": ID })), -31008);
    });
}

#[test]
fn cancel_of_an_unknown_transaction_or_with_an_unlisted_reason() {
    on_both(|till| {
        let cancel = |reason: Value| till.fault("CancelTransaction", &json!({ "id": ID, "reason": reason }));
        assert_eq!(cancel(json!(3)), -31003);
        till.opened();

        assert_eq!(cancel(json!(null)), -32600);
        assert_eq!(cancel(json!(42)), 0);
        assert_eq!(till.state(ID), (-1, Some(42)));
    });
}

#[test]
fn check_tells_all_six_always() {
    on_both(|till| {
        let order = till.opened();
        let now = till.server.world.context.now().timestamp_millis();
        let open = till.call("CheckTransaction", &json!({ "id": ID }));
        let expected = json!({
            "create_time": now, "perform_time": 0, "cancel_time": 0, "transaction": open.text("/result/transaction"), "state": 1, "reason": null,
        });

        assert_eq!(open.at("/result"), &expected);
        assert_eq!(till.fault("CheckTransaction", &json!({ "id": OTHER_ID })), -31003);
        assert_eq!(till.fault("CheckTransaction", &json!({ "id": "x".repeat(65) })), -31003);
        assert_eq!(till.stands(order).0, "awaiting_payment");
    });
}

#[test]
fn a_statement_lists_a_period_with_both_ends_as_it_was_received() {
    on_both(|till| {
        let order = till.order();
        let mut params = till.creating(ID, order);
        params["account"] = json!({ "order_id": order.to_string(), "extra": "1.0" });
        let time = params["time"].as_i64().unwrap();
        till.call("CreateTransaction", &params);
        let listed = |from: i64, to: i64| {
            let answer = till.call("GetStatement", &json!({ "from": from, "to": to }));
            answer.at("/result/transactions").as_array().unwrap().clone()
        };

        let rows = listed(time, time);
        assert_eq!(rows.len(), 1);
        let row = &rows[0];
        assert_eq!(
            (&row["id"], &row["time"], &row["amount"]),
            (&json!(ID), &json!(time), &json!(TOTAL))
        );
        assert_eq!((&row["account"], &row["receivers"]), (&params["account"], &Value::Null));
        assert_eq!((&row["state"], &row["perform_time"]), (&json!(1), &json!(0)));
        assert!(listed(time + 1, i64::MAX).is_empty() && listed(0, time - 1).is_empty());
        assert!(listed(time, time - 1).is_empty());
    });
}

#[test]
fn a_receipt_is_kept_twice_over_and_for_known_transactions_alone() {
    on_both(|till| {
        let kept = |id: &str, kind: &str, data: Value| {
            till.fault("SetFiscalData", &json!({ "id": id, "type": kind, "fiscal_data": data }))
        };
        assert_eq!(kept(ID, "PERFORM", json!({})), -32001);
        till.paid();

        assert_eq!(
            kept(
                ID,
                "PERFORM",
                json!({ "receipt_id": 5, "status_code": 0, "date": "20261121120000" })
            ),
            0
        );
        assert_eq!(kept(ID, "PERFORM", json!({ "receipt_id": "6", "message": "\u{0}" })), 0);
        assert_eq!(kept(ID, "CANCEL", json!({})), 0);
        assert_eq!(till.rows("fiscal_records"), 2);
        assert_eq!(kept(ID, "RETURN", json!({})), -32602);
        assert_eq!(kept(ID, "PERFORM", json!([])), -32602);
    });
}

#[test]
fn what_we_cancel_is_told_when_payme_asks() {
    on_both(|till| {
        let order = till.opened();
        let _ = till
            .buyer
            .post(&format!("{ORDERS}{order}/cancel/"), &json!({}))
            .expect_status(200);

        assert_eq!(till.state(ID), (-1, Some(3)));
        assert_eq!(till.fault("PerformTransaction", &json!({ "id": ID })), -31008);
        let told = till.call("CancelTransaction", &json!({ "id": ID, "reason": 5 }));
        assert_eq!(told.integer("/result/state"), -1);
    });
}

#[test]
fn goods_that_left_are_31007() {
    on_both(|till| {
        let order = till.paid();
        till.leaves(order);

        assert_eq!(
            till.fault("CancelTransaction", &json!({ "id": ID, "reason": 5 })),
            -31007
        );
        assert_eq!(till.state(ID), (2, None));
        assert_eq!(till.stands(order), stood("on_the_way", "paid"));
    });
}

#[test]
fn the_log_of_a_payment_keeps_calls_without_what_is_secret() {
    on_both(|till| {
        let order = till.order();
        let mut params = till.creating(ID, order);
        params["card"] = json!({ "number": "8600123412341234" });
        till.call("CreateTransaction", &params);

        let lines = "SELECT event || ' ' || COALESCE(request, '-') || ' ' || COALESCE(response, '-') AS line FROM payment_logs ORDER BY id";
        let log = till.server.world.database.lines(lines).join("\n");
        assert!(
            log.contains("payme_create {") && log.contains(r#""card":"***""#),
            "{log}"
        );
        assert!(
            log.contains(r#"{"result":{"create_time":"#) && !log.contains("8600"),
            "{log}"
        );
    });
}
