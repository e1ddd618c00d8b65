//! An order is paid by Click.

use chrono::TimeDelta;
use savdo_domain::Money;
use savdo_domain::ids::{OrderId, StoreId, TransactionId};
use savdo_domain::order::HistorySource;
use savdo_domain::payment::click::ClickDesk;
use savdo_domain::payment::desk::Desk;
use savdo_domain::payment::payme::Fault;
use savdo_persistence::on_both;
use savdo_services::payments::click::Tries;
use savdo_services::testing::Mailbox;
use savdo_services::{Clock, orders};

use crate::attempts::{call_beside, click_desk, completing, preparing, told, with_amount};
use crate::support::{TOTAL, Town};

const A: i64 = 3_000_000_001;
const B: i64 = 3_000_000_002;

/// A desk of one store.
fn desk_of(store_id: StoreId) -> ClickDesk {
    let plain = click_desk();
    ClickDesk {
        desk: Desk {
            store_id: Some(store_id),
            ..plain.desk
        },
        service_id: "7".to_owned(),
        ..plain
    }
}

fn is_over_after_its_half_hour(town: &Town, meanwhile: impl Fn()) {
    let number = town.prepared(A);
    town.world
        .clock
        .advance(TimeDelta::minutes(30) + TimeDelta::milliseconds(1));
    meanwhile();

    assert_eq!(town.complete(A, number, 0), (-9, None));
    assert_eq!(town.prepare(A), (-9, None));

    assert_eq!(town.story(), "awaiting_payment unpaid; click cancelled; cancelled 4");
    let second = town.prepared(B);
    assert_eq!(town.complete(B, second, 0), (0, Some(second)));
    town.agrees();
}

on_both! {
    fn an_order_is_paid_by_prepare_and_complete(database: TestDatabase) {
        let town = Town::on(database);

        let number = town.prepared(A);
        assert_eq!(town.story(), "awaiting_payment pending; click processing; open");
        town.world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(town.complete(A, number, 0), (0, Some(number)));

        assert_eq!(town.story(), "paid paid; click success; performed");
        assert_eq!(town.log(), "created click_prepare completed click_complete");
        assert_eq!(["order.paid", "payment.succeeded"].map(|event| town.told(event)), [1, 1]);
        let row = "SELECT desk || ' ' || external_id || ' ' || paydoc_id || ' ' || account AS line FROM provider_transactions";
        assert_eq!(town.world.database.lines(row), ["test:85335 3000000001 3000001001 "]);
        let order = orders::view(&town.world.context, &town.customer, town.id()).unwrap().order;
        assert_eq!((order.paid_at, order.expires_at), (Some(town.world.clock.now()), None));
        let last = orders::history(&town.world.context, &town.customer, town.id()).unwrap().steps.pop().unwrap();
        assert_eq!((last.source, last.actor), (HistorySource::Payment, None));
        town.agrees();
    }

    fn a_call_that_comes_again_has_no_second_effect(database: TestDatabase) {
        let town = Town::on(database);
        let rows = || town.world.database.dump_of(&["orders", "payments", "provider_transactions", "outbox", "order_history", "stock_levels"]);
        let number = town.prepared(A);
        let prepared = rows();
        town.world.clock.advance(TimeDelta::minutes(30));
        assert_eq!(town.prepare(A), (0, Some(number)));
        assert_eq!(rows(), prepared);

        assert_eq!(town.complete(A, number, 0), (0, Some(number)));
        let completed = rows();
        for _ in 0..3 {
            town.world.clock.advance(TimeDelta::days(1));
            assert_eq!(town.complete(A, number, 0), (-4, Some(number)));
            assert_eq!((town.prepare(A), town.prepare(B)), ((-4, None), (-4, None)));
        }

        assert_eq!(rows(), completed);
        town.agrees();
    }

    fn a_second_attempt_takes_over_the_hold_and_pays(database: TestDatabase) {
        let town = Town::on(database);
        let first = town.prepared(A);
        let second = town.prepared(B);
        assert_eq!(town.story(), "awaiting_payment pending; click processing; taken_over, open");
        assert_eq!(town.prepare(A), (0, Some(first)));

        assert_eq!(town.complete(B, second, 0), (0, Some(second)));

        assert_eq!(town.story(), "paid paid; click success; taken_over, performed");
        town.agrees();
    }

    fn the_first_of_two_attempts_pays_as_well(database: TestDatabase) {
        let town = Town::on(database);
        let first = town.prepared(A);
        town.prepared(B);

        assert_eq!(town.complete(A, first, 0), (0, Some(first)));

        assert_eq!(town.story(), "paid paid; click success; performed, taken_over");
        town.agrees();
    }

    fn money_of_a_second_confirmed_attempt_is_late_and_queued_for_its_reversal(database: TestDatabase) {
        let town = Town::on(database);
        let (first, second) = (town.prepared(A), town.prepared(B));
        assert_eq!(town.complete(A, first, 0), (0, Some(first)));

        assert_eq!(town.complete(B, second, 0), (-4, None));
        assert_eq!(town.complete(B, second, 0), (-4, None));

        assert_eq!(town.story(), "paid paid; click success, click success; performed, performed");
        let late = "SELECT CASE WHEN is_late THEN 'late' ELSE 'due' END AS line FROM payments ORDER BY id";
        assert_eq!(town.world.database.lines(late), ["due", "late"]);
        let events = ["payment.reversal_requested", "payment.late_money", "order.paid", "payment.succeeded"];
        assert_eq!(events.map(|event| town.told(event)), [1, 1, 1, 1]);
        assert!(town.log().contains("late_money"), "{}", town.log());
        town.agrees();
    }

    fn an_attempt_that_click_could_not_debit_lets_the_order_go(database: TestDatabase) {
        let town = Town::on(database);
        let expires_at = || orders::view(&town.world.context, &town.customer, town.id()).unwrap().order.expires_at.unwrap();
        let of_its_own = expires_at();
        let number = town.prepared(A);
        town.world.clock.advance(TimeDelta::minutes(20));

        assert_eq!(town.complete(A, number, -5017), (-9, None));
        let least = town.world.clock.now() + TimeDelta::minutes(15);
        town.world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(town.complete(A, number, -5017), (-9, None));
        assert_eq!(town.complete(A, number, 0), (-9, None), "a cancelled attempt is not confirmed");

        assert_eq!(town.story(), "awaiting_payment unpaid; click failed; cancelled -5017");
        assert_eq!(town.told("payment.failed"), 1);
        let errors = "SELECT event || ': ' || error_message AS line FROM payment_logs WHERE event LIKE 'click_%' ORDER BY id";
        let refused = "click_complete: -9 Transaction cancelled";
        assert_eq!(town.world.database.lines(errors), ["click_prepare: ", refused, refused, refused]);
        assert!(least < of_its_own, "it has longer by itself");
        assert_eq!(expires_at(), of_its_own);

        town.world.clock.advance(TimeDelta::minutes(30));
        let number = town.prepared(B);
        assert_eq!(town.complete(B, number, -5017), (-9, None));
        let least = town.world.clock.now() + TimeDelta::minutes(15);
        town.world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(town.complete(B, number, -5017), (-9, None));

        assert!(least > of_its_own);
        assert_eq!(expires_at(), least, "from when it was let go");
        town.create("a1").unwrap();
        town.perform("a1").unwrap();
        assert_eq!(town.story(), "paid paid; click failed, click failed, payme success; cancelled -5017, cancelled -5017, performed");
        town.agrees();
    }

    fn an_attempt_that_click_calls_failed_after_it_was_confirmed_is_looked_into_once(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        town.complete(A, number, 0);

        for error in [-9, -5017] {
            assert_eq!(town.complete(A, number, error), (-9, None));
        }

        assert_eq!(town.story(), "paid paid; click success; performed -9");
        assert_eq!(["payment.status_questioned", "payment.doubtful"].map(|event| town.told(event)), [1, 1]);
        assert_eq!(town.complete(A, number, 0), (-4, Some(number)));
        town.agrees();
    }

    fn an_attempt_is_over_after_its_half_hour(database: TestDatabase) {
        is_over_after_its_half_hour(&Town::on(database), || {});
    }

    fn an_attempt_that_the_worker_ended_is_answered_as_one_that_nobody_did(database: TestDatabase) {
        let town = Town::on(database);
        is_over_after_its_half_hour(&town, || {
            town.world.runner(&Mailbox::default()).run_due_jobs().unwrap();
            assert_eq!(town.story(), "awaiting_payment unpaid; click cancelled; cancelled 4");
        });
    }

    fn an_order_that_is_given_up_takes_its_attempts_with_it(database: TestDatabase) {
        let town = Town::on(database);
        let (first, second) = (town.prepared(A), town.prepared(B));

        town.give_up(&town.customer).unwrap();

        assert_eq!(town.story(), "cancelled unpaid; click cancelled; cancelled 3, cancelled 3");
        assert_eq!((town.complete(A, first, 0), town.complete(B, second, 0)), ((-9, None), (-9, None)));
        assert_eq!(town.prepare(A + 9), (-9, None));
        assert_eq!(town.told("payment.reversal_requested"), 0);
        town.agrees();
    }

    fn money_of_an_order_that_staff_cancel_is_queued_for_its_reversal(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        town.complete(A, number, 0);

        town.give_up(&town.shop.owner).unwrap();

        assert_eq!(town.story(), "cancelled refund_pending; click success; performed");
        assert_eq!(town.told("payment.reversal_requested"), 1);
        assert_eq!(town.complete(A, number, 0), (-4, Some(number)));
        town.agrees();
    }

    fn who_holds_an_order_keeps_the_other_provider_out(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        assert_eq!(town.create("a1"), Err(Fault::NotPossible));
        town.complete(A, number, -1);
        town.create("a2").unwrap();

        assert_eq!(town.prepare(B), (-9, None));

        assert_eq!(town.story(), "awaiting_payment pending; click failed, payme processing; cancelled -1, open");
        town.agrees();
    }

    fn an_older_attempt_that_was_debited_wins_over_payme(database: TestDatabase) {
        let town = Town::on(database);
        let (first, second) = (town.prepared(A), town.prepared(B));
        town.complete(B, second, -1);
        town.create("a1").unwrap();

        assert_eq!(town.complete(A, first, 0), (0, Some(first)));

        assert_eq!(town.perform("a1"), Err(Fault::NotPossible));
        let stands = "paid paid; click failed, payme cancelled, click success; performed, cancelled -1, cancelled 3";
        assert_eq!(town.story(), stands);
        town.agrees();
    }

    fn what_is_refused_leaves_nothing(database: TestDatabase) {
        let town = Town::on(database);
        let (order, other) = (town.id(), town.another());
        let unknown = OrderId::new(i64::MAX);
        let one_off = Money::from_tiyin(TOTAL.tiyin() + 1);
        let before = town.world.everything();
        assert_eq!(town.click(preparing(unknown, A)), (-5, None));
        assert_eq!(town.click(with_amount(preparing(order, A), one_off)), (-2, None));
        assert_eq!(town.click(completing(unknown, A, TransactionId::new(1), 0)), (-5, None));
        assert_eq!(town.click(completing(order, A, TransactionId::new(1), 0)), (-6, None));
        assert_eq!(town.world.everything(), before);

        let number = town.prepared(A);
        let rows = || town.world.database.dump_of(&["orders", "payments", "provider_transactions", "outbox"]);
        let prepared = rows();
        assert_eq!(town.click(preparing(other, A)), (-8, None), "it is an attempt of another order");
        assert_eq!(town.click(completing(other, A, number, 0)), (-6, None));
        assert_eq!(town.click(completing(order, B, number, 0)), (-6, None));
        let wrong = TransactionId::new(number.get() + 1);
        assert_eq!(town.click(completing(order, A, wrong, 0)), (-6, None));
        assert_eq!(town.click(with_amount(completing(order, A, number, 0), one_off)), (-2, None));
        assert_eq!(rows(), prepared);
        town.agrees();
    }

    fn an_attempt_of_another_desk_is_none_of_this_one(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        // The store gets a desk of its own, which serves the order from here on.
        let (own, stores) = (desk_of(town.shop.store_id), [town.shop.store_id]);
        let by_own = |call| told(call_beside(&town.world.context, (&own, &stores), call, Tries::default()).unwrap());
        let before = town.world.everything();

        assert_eq!(by_own(preparing(town.id(), A)), (-8, None));
        for error in [0, -5017] {
            assert_eq!(by_own(completing(town.id(), A, number, error)), (-6, None), "{error}");
        }
        assert_eq!(town.world.everything(), before);

        let by_default = |call| told(call_beside(&town.world.context, (&click_desk(), &stores), call, Tries::default()).unwrap());
        assert_eq!(by_default(completing(town.id(), A, number, 0)), (0, Some(number)), "its payer was debited");
        town.agrees();
    }

    fn a_desk_sees_the_orders_of_the_stores_that_it_serves(database: TestDatabase) {
        let town = Town::on(database);
        let elsewhere = town.world.shop();
        let (own, foreign) = (desk_of(town.shop.store_id), desk_of(elsewhere.store_id));
        let stores = [town.shop.store_id];
        let ask = |desk: &ClickDesk, stores: &[StoreId], call| {
            told(call_beside(&town.world.context, (desk, stores), call, Tries::default()).unwrap())
        };

        assert_eq!(ask(&foreign, &[elsewhere.store_id], preparing(town.id(), A)), (-5, None));
        assert_eq!(ask(&click_desk(), &stores, preparing(town.id(), A)), (-5, None));
        let (code, number) = ask(&own, &stores, preparing(town.id(), A));
        assert_eq!(code, 0);
        assert_eq!(ask(&foreign, &stores, completing(town.id(), A, number.unwrap(), 0)), (-5, None));
        assert_eq!(ask(&own, &stores, completing(town.id(), A, number.unwrap(), 0)), (0, number));
        // What another desk calls an attempt cannot be an attempt of this one, and nobody is told why.
        let other = town.another();
        assert_eq!(ask(&click_desk(), &[], preparing(other, A)), (-8, None));
        town.agrees();
    }

    fn an_attempt_is_completed_though_its_store_has_a_desk_of_its_own_by_then(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        let stores = [town.shop.store_id];
        let ask = |call| told(call_beside(&town.world.context, (&click_desk(), &stores), call, Tries::default()).unwrap());

        assert_eq!(ask(preparing(town.id(), B)), (-5, None));
        assert_eq!(ask(completing(town.id(), A, number, 0)), (0, Some(number)));
        assert_eq!(town.story(), "paid paid; click success; performed");
    }

    fn a_try_after_one_whose_commit_was_lost_is_answered_as_that_one(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        let tries = Tries::default();
        let complete = |tries: &Tries| {
            let call = completing(town.id(), A, number, 0);
            told(call_beside(&town.world.context, (&click_desk(), &[]), call, tries.clone()).unwrap())
        };

        assert_eq!(complete(&tries), (0, Some(number)));
        assert_eq!(complete(&tries), (0, Some(number)), "it finds what it did itself");

        assert_eq!(complete(&Tries::default()), (-4, Some(number)), "another call finds the attempt confirmed");
        let answers = town.world.database.lines("SELECT response AS line FROM payment_logs WHERE event = 'click_complete' ORDER BY id");
        assert_eq!((answers.len(), answers[0] == answers[1], answers[0] == answers[2]), (3, true, false));
        assert_eq!(town.told("order.paid"), 1);
        town.agrees();
    }
}
