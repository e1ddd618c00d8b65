//! What becomes of attempts (payments.md 3.4).

use chrono::TimeDelta;
use savdo_domain::ids::OrderId;
use serde_json::json;

use super::{Call, TRANS, Till, code, on_both, paid, prepared, stands, told};
use crate::payme::ORDERS;

fn row(till: &Till, sql: &str) -> Vec<String> {
    till.server.world.database.lines(sql)
}

const STATES: &str = "SELECT state || '' AS line FROM provider_transactions ORDER BY id";

#[test]
fn prepare_holds_the_order_for_half_an_hour() {
    on_both(|till| {
        let order = till.order();
        till.server.world.clock.advance(TimeDelta::minutes(59));
        let number = prepared(till, order);
        assert_eq!(stands(till, order), "awaiting_payment pending");
        assert_eq!(row(till, "SELECT status || '' AS line FROM payments"), ["processing"]);

        till.server.world.clock.advance(TimeDelta::minutes(30));
        assert_eq!(told(&Call::complete(order, number).send(till)), (0, Some(number)));
    });
}

#[test]
fn an_attempt_that_is_over_is_cancelled() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        till.server.world.clock.advance(TimeDelta::minutes(31));

        assert_eq!(told(&Call::complete(order, number).send(till)), (-9, None));
        assert_eq!(told(&Call::prepare(order).send(till)), (-9, None));
        assert_eq!(row(till, STATES), ["cancelled"]);
    });
}

#[test]
fn the_same_attempt_again_is_the_same_number_and_a_new_one_takes_over() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let again = Call::prepare(order).send(till);
        let second = told(&Call::prepare(order).attempt(TRANS + 1).send(till));

        assert_eq!(told(&again), (0, Some(number)));
        assert!(second.0 == 0 && second.1 != Some(number), "{second:?}");
        assert_eq!(row(till, STATES), ["taken_over", "open"]);
        assert_eq!(Call::prepare(order).send(till).text, again.text);
        assert_eq!(
            told(&Call::complete(order, number).send(till)),
            (0, Some(number)),
            "it stayed prepared"
        );
    });
}

#[test]
fn complete_pays_and_its_repeat_changes_nothing() {
    on_both(|till| {
        let (order, number) = paid(till);
        let repeated = Call::complete(order, number).send(till);
        let rows = || {
            till.server
                .world
                .database
                .dump_of(&["orders", "payments", "provider_transactions", "outbox"])
        };
        let before = rows();

        for _ in 0..3 {
            till.server.world.clock.advance(TimeDelta::hours(1));
            assert_eq!(Call::complete(order, number).send(till).text, repeated.text);
        }

        assert_eq!(told(&repeated), (-4, Some(number)));
        assert_eq!(rows(), before);
        assert_eq!(
            row(till, "SELECT status || ' ' || amount AS line FROM payments"),
            ["success 1200000"]
        );
    });
}

#[test]
fn a_failed_complete_lets_the_order_go_and_stays_failed() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let failed = Call::complete(order, number)
            .with("error", "-5017")
            .with("error_note", "Mablag' yetarli emas");

        assert_eq!((code(till, &failed), code(till, &failed)), (-9, -9));
        assert_eq!(
            code(till, &Call::complete(order, number)),
            -9,
            "confirming a cancelled attempt"
        );

        assert_eq!(stands(till, order), "awaiting_payment unpaid");
        assert_eq!(row(till, "SELECT status || '' AS line FROM payments"), ["failed"]);
        assert_eq!(row(till, STATES), ["cancelled"]);
    });
}

#[test]
fn an_error_for_a_confirmed_attempt_leaves_the_order_paid_and_is_looked_into() {
    on_both(|till| {
        let (order, number) = paid(till);

        let failed = Call::complete(order, number).with("error", "-1");
        assert_eq!((code(till, &failed), code(till, &failed)), (-9, -9));

        assert_eq!(stands(till, order), "paid paid");
        let questions = "SELECT event AS line FROM outbox WHERE event = 'payment.status_questioned'";
        assert_eq!(row(till, questions).len(), 1);
        assert_eq!(code(till, &Call::complete(order, number)), -4);
    });
}

#[test]
fn an_order_that_is_cancelled_between_the_calls_is_cancelled() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let _ = till
            .buyer
            .post(&format!("{ORDERS}{order}/cancel/"), &json!({}))
            .expect_status(200);

        assert_eq!(told(&Call::complete(order, number).send(till)), (-9, None));
        assert_eq!(stands(till, order), "cancelled unpaid");
    });
}

#[test]
fn money_of_a_second_confirmed_attempt_is_already_paid_and_queued_for_reversal_by_its_paydoc() {
    on_both(|till| {
        let order = till.order();
        let first = prepared(till, order);
        let second = told(&Call::prepare(order).attempt(TRANS + 1).send(till)).1.unwrap();
        assert_eq!(code(till, &Call::complete(order, first)), 0);

        let late = Call::complete(order, second)
            .attempt(TRANS + 1)
            .with("click_paydoc_id", "78");
        assert_eq!(
            (told(&late.send(till)), told(&late.send(till))),
            ((-4, None), (-4, None))
        );

        assert_eq!(stands(till, order), "paid paid");
        assert_eq!(row(till, STATES), ["performed", "performed"]);
        let kept = "SELECT paydoc_id || '' AS line FROM provider_transactions ORDER BY id";
        assert_eq!(row(till, kept), ["77", "78"]);
        let reversals = "SELECT event AS line FROM outbox WHERE event = 'payment.reversal_requested'";
        assert_eq!(row(till, reversals).len(), 1);
    });
}

/// A new order with an attempt, as a call that confirms it.
fn another(till: &Till, attempt: i64) -> (OrderId, Call) {
    let order = till.order();
    let number = told(&Call::prepare(order).attempt(attempt).send(till)).1.unwrap();
    (order, Call::complete(order, number).attempt(attempt))
}

#[test]
fn the_acceptance_order_that_click_publishes() {
    on_both(|till| {
        let first = till.order();
        let prepare = Call::prepare(first);
        let prepared: Vec<_> = [prepare.clone().signed_by("x"), Call::of("0", "999999")]
            .iter()
            .map(|call| code(till, call))
            .collect();
        let complete = Call::complete(first, super::prepared(till, first));
        let completed: Vec<_> = [
            complete.clone().signed_by("x"),
            complete.clone().with("amount", "300"),
            complete.clone(),
            complete.clone(),
            complete.with("error", "-9"),
        ]
        .iter()
        .map(|call| code(till, call))
        .collect();
        assert_eq!((prepared, completed), (vec![-1, -5], vec![-1, -2, 0, -4, -9]));
        assert_eq!(stands(till, first), "paid paid");

        let (second, complete) = another(till, TRANS + 1);
        let unknown = complete.clone().with("merchant_prepare_id", "999999");
        assert_eq!([unknown, complete].map(|call| code(till, &call)), [-6, 0]);
        assert_eq!(stands(till, second), "paid paid");

        let (third, complete) = another(till, TRANS + 2);
        let cancel = complete.clone().with("error", "-5017");
        assert_eq!(
            [cancel.clone(), cancel, complete].map(|call| code(till, &call)),
            [-9, -9, -9]
        );
        assert_eq!(stands(till, third), "awaiting_payment unpaid");
    });
}

#[test]
fn twenty_completes_at_once_pay_once() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);

        let codes = savdo_services::testing::at_once(20, |_| told(&Call::complete(order, number).send(till)));

        let count = |wanted| codes.iter().filter(|told| **told == (wanted, Some(number))).count();
        assert_eq!((count(0), count(-4)), (1, 19), "{codes:?}");
        let told = row(till, "SELECT event AS line FROM outbox WHERE event = 'order.paid'");
        assert_eq!(told.len(), 1);
    });
}
