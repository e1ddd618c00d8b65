//! Money of orders that are given up goes back by Click, once.

use chrono::{DateTime, Utc};
use savdo_domain::access::Role;
use savdo_domain::ids::DeliveryId;
use savdo_persistence::on_both;
use savdo_services::Clock;
use savdo_services::deliveries::{self, AssignCourier, CancelDelivery};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder};
use savdo_services::testing::{ClickFails, Mailbox, at_once};

use crate::support::{Town, both_told};

const REFUNDED: &str = "cancelled refunded; click refunded; reversed";
const PENDING: &str = "cancelled refund_pending; click success; performed";

fn until(town: &Town, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    town.world.clock.advance(moment - town.world.clock.now());
}

/// A town whose money Click was asked to give back, and did not, while nobody knows; Click has it.
fn in_doubt(database: savdo_persistence::testing::TestDatabase) -> Town {
    let town = Town::on(database);
    town.given_up(77);
    town.click.will_fail([Some(ClickFails::RequestLost)]);
    town.run();
    town
}

on_both! {
    fn money_of_an_order_that_is_given_up_goes_back(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        assert_eq!((town.story().as_str(), town.click.asked().len()), (PENDING, 0), "no request asks Click");

        town.run();

        assert_eq!(town.click.asked(), ["85335 reverse 77"]);
        assert_eq!(town.story(), REFUNDED);
        assert_eq!(town.messages(), ["sent 1 "]);
        assert_eq!(town.log(), ["click_reversal: done"]);
        let told = town.world.database.lines("SELECT event AS line FROM outbox WHERE event LIKE 'payment.%' ORDER BY id");
        assert_eq!(told, ["payment.succeeded", "payment.reversal_requested", "payment.refunded"]);
        assert_eq!(town.told(), [""; 0]);
        assert_eq!(town.world.context.reversals()["done"], 1);
        town.run_after(86_400);
        assert_eq!(town.click.asked().len(), 1);
        town.agrees();
    }

    fn whoever_gives_the_order_up_its_money_goes_back(database: TestDatabase) {
        let town = Town::on(database);
        let advance = |order_id, status: &str| {
            let command = AdvanceOrder { order_id, status: status.to_owned(), comment: "Dori qolmadi".to_owned(), cash_received: None };
            orders::advance(&town.world.context, &town.shop.owner, command, &Unkeyed).unwrap();
        };
        let by_status = town.paid(1);
        advance(by_status, "cancelled");
        let on_the_road = town.paid(2);
        advance(on_the_road, "preparing");
        advance(on_the_road, "ready_for_delivery");
        let courier = town.world.hire(&town.shop, Role::Courier);
        let assigned = AssignCourier { order_id: on_the_road, courier_id: courier.user_id };
        deliveries::assign(&town.world.context, &town.shop.owner, assigned, &Unkeyed).unwrap();
        let found = town.world.database.lines("SELECT CAST(id AS TEXT) AS line FROM deliveries");
        let delivery_id = DeliveryId::new(found[0].parse().unwrap());
        let cancel = CancelDelivery { delivery_id, reason: "Kuryer kelmadi".to_owned(), cancel_order: true };
        deliveries::cancel(&town.world.context, &town.shop.owner, cancel, &Unkeyed).unwrap();

        town.run();

        let mut asked = town.click.asked();
        asked.sort();
        assert_eq!(asked, ["85335 reverse 1", "85335 reverse 2"]);
        town.agrees();
    }

    fn late_money_goes_back_and_its_order_stays_paid(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let (first, second) = (town.prepare(order_id, 1), town.prepare(order_id, 2));
        assert_eq!(town.complete(order_id, (1, first), 0), 0);
        assert_eq!(town.complete(order_id, (2, second), 0), -4);
        town.click.has(1, 2);
        town.click.has(2, 2);

        town.run();

        assert_eq!(town.click.asked(), ["85335 reverse 2"]);
        assert_eq!(town.story(), "paid paid; click success, click refunded; performed, reversed");
        assert_eq!(town.told(), both_told("late_money"));
        town.agrees();
    }

    fn what_may_have_been_done_is_asked_for_before_it_is_done_again(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.click.will_fail([Some(ClickFails::AnswerLost)]);
        town.run();
        assert_eq!((town.story().as_str(), town.click.reversals()), (PENDING, 1));
        assert_eq!(town.messages(), ["waiting 1 unknown: no answer in time"]);
        town.run_after(7);
        assert_eq!(town.click.asked().len(), 1);

        town.run_after(6);

        assert_eq!(town.click.asked(), ["85335 reverse 77", "85335 status 77"]);
        assert_eq!((town.story().as_str(), town.click.reversals()), (REFUNDED, 1));
        assert_eq!(town.log(), ["click_reversal: unknown no answer in time", "click_status: failed"]);
        town.agrees();
    }

    fn what_was_not_done_after_all_is_done_after_asking(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.click.will_fail([Some(ClickFails::RequestLost), Some(ClickFails::NotNow), None, Some(ClickFails::NotNow)]);

        for seconds in [0, 13, 73, 370] {
            town.run_after(seconds);
        }

        let (reverse, status) = ("85335 reverse 77", "85335 status 77");
        assert_eq!(town.click.asked(), [reverse, status, status, reverse, status, reverse]);
        assert_eq!((town.story().as_str(), town.click.reversals()), (REFUNDED, 1));
        assert_eq!(town.messages(), ["sent 4 "]);
        let counted = town.world.context.reversals();
        assert_eq!(["done", "not_now", "unknown", "refused"].map(|outcome| counted[outcome]), [1, 1, 1, 0]);
        town.agrees();
    }

    fn a_payment_that_click_does_not_speak_of_yet_is_asked_for_again_and_never_reversed_blindly(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.click.will_fail([Some(ClickFails::RequestLost)]);
        town.run();
        town.click.has(77, 1);
        town.run_after(13);
        assert_eq!(town.messages(), ["waiting 2 Click does not say yet whether the money went back"]);
        town.click.has(77, -99);

        town.run_after(73);

        assert_eq!(town.click.asked().iter().filter(|asked| asked.contains("reverse")).count(), 1);
        assert_eq!(town.story(), REFUNDED);
        town.agrees();
    }

    fn a_refusal_leaves_the_money_to_people(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.click.will_fail([Some(ClickFails::Refuses)]);

        town.run();

        assert_eq!(town.story(), PENDING);
        assert_eq!(town.messages(), ["dead 1 refused: 200 error -500: UZCARD"]);
        assert_eq!(town.log(), ["click_reversal: refused 200 error -500: UZCARD"]);
        assert_eq!(town.told(), both_told("reversal_failed"));
        town.run_after(86_400);
        assert_eq!(town.click.asked().len(), 1);
        assert_eq!(town.told().len(), 2, "people are told once");
        town.agrees();
        town.put_back();
        town.run();
        assert_eq!(town.story(), REFUNDED);
        town.agrees();
    }

    fn a_refusal_after_a_doubt_may_be_of_what_is_done(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.click.will_fail([Some(ClickFails::RequestLost), None, Some(ClickFails::BackAlready)]);

        town.run();
        town.run_after(13);

        assert_eq!(town.click.asked().len(), 4);
        assert_eq!(town.story(), REFUNDED);
        assert_eq!((town.messages(), town.told()), (vec!["sent 2 ".to_owned()], Vec::new()));
        town.agrees();
    }

    fn a_click_that_stays_away_is_tried_for_a_day_and_then_left_to_people(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.click.will_fail([Some(ClickFails::NotNow); 20]);

        for hours in [0; 10].map(|_: i32| 8) {
            town.run_after(hours * 3600);
        }

        assert_eq!(town.click.asked().len(), 10);
        assert!(town.click.asked().iter().all(|asked| asked == "85335 reverse 77"), "nothing is in doubt");
        assert_eq!((town.story().as_str(), town.messages()), (PENDING, vec!["dead 10 no connection".to_owned()]));
        assert_eq!(town.told(), both_told("reversal_failed"));
    }

    fn a_payment_of_an_earlier_month_goes_back_by_hand(database: TestDatabase) {
        let town = Town::on(database);
        let (first, second) = (town.paid(1), town.paid(2));
        until(&town, "2026-04-01T18:59:00Z");
        town.give_up(first).unwrap();
        town.run();
        assert_eq!(town.click.asked(), ["85335 reverse 1"]);
        // Midnight in Tashkent.
        until(&town, "2026-04-01T19:00:00Z");
        town.give_up(second).unwrap();

        town.run();

        assert_eq!(town.click.asked().len(), 1);
        assert_eq!(town.messages()[1], "dead 1 Click gives back payments of this month alone");
        assert_eq!(town.told(), both_told("reversal_failed"));
        town.agrees();
    }

    fn a_try_in_doubt_is_looked_into_though_the_money_went_back_by_hand(database: TestDatabase) {
        let town = in_doubt(database);
        town.refund_by_hand();
        town.click.has(77, -99);

        town.run_after(13);

        assert_eq!(town.click.asked(), ["85335 reverse 77", "85335 status 77"]);
        assert_eq!(town.told(), both_told("payment_differs"), "it is back twice");
    }

    fn a_try_in_doubt_that_did_nothing_is_given_up_when_the_money_went_back_by_hand(database: TestDatabase) {
        let town = in_doubt(database);
        town.refund_by_hand();

        town.run_after(13);

        assert_eq!(town.click.asked(), ["85335 reverse 77", "85335 status 77"]);
        assert_eq!(town.messages(), ["dismissed 2 the money is not owed any more"]);
        assert_eq!(town.told(), [""; 0]);
    }

    fn a_try_in_doubt_is_looked_into_though_the_month_is_over(database: TestDatabase) {
        let town = in_doubt(database);
        until(&town, "2026-05-02T00:00:00Z");
        town.click.has(77, -99);

        town.run();

        assert_eq!(town.click.asked(), ["85335 reverse 77", "85335 status 77"]);
        assert_eq!(town.story(), REFUNDED);
        assert_eq!(town.told(), [""; 0]);
        town.agrees();
    }

    fn a_try_in_doubt_that_did_nothing_is_for_people_when_the_month_is_over(database: TestDatabase) {
        let town = in_doubt(database);
        until(&town, "2026-05-02T00:00:00Z");

        town.run();

        assert_eq!(town.click.asked(), ["85335 reverse 77", "85335 status 77"]);
        assert_eq!(town.messages(), ["dead 2 Click gives back payments of this month alone"]);
        assert_eq!(town.told(), both_told("reversal_failed"));
    }

    fn a_refusal_after_a_doubt_is_believed_only_when_click_has_the_money(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        // The request got lost; then it stands as taken, is refused, and nobody answers whether it went back.
        town.click.will_fail([Some(ClickFails::RequestLost), None, Some(ClickFails::Refuses), Some(ClickFails::NotNow)]);
        town.run();
        town.run_after(13);
        assert_eq!(town.messages(), ["waiting 2 no connection"]);
        assert_eq!(town.told(), [""; 0]);

        town.run_after(73);

        assert_eq!((town.story().as_str(), town.click.reversals()), (REFUNDED, 1));
        town.agrees();
    }

    fn money_that_went_back_by_hand_is_not_asked_for(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.refund_by_hand();

        town.run();

        assert_eq!(town.click.asked(), [""; 0]);
        assert_eq!(town.messages(), ["dismissed 1 the money is not owed any more"]);
        assert_eq!(town.told(), [""; 0]);
    }

    fn a_payment_without_a_number_is_found_by_its_order(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let number = town.prepare_called(order_id, 77, None);
        assert_eq!(town.complete(order_id, (77, number), 0), 0);
        town.click.has_of_order(order_id, 77, 2);
        town.give_up(order_id).unwrap();

        town.run();

        assert_eq!(town.click.asked(), [format!("85335 of order {order_id} 2026-03-12"), "85335 reverse 77".to_owned()]);
        assert_eq!(town.story(), REFUNDED);
        town.agrees();
    }

    fn another_attempts_payment_is_never_taken_for_it(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let (first, second) = (town.prepare(order_id, 1), town.prepare_called(order_id, 2, None));
        assert_eq!(town.complete(order_id, (1, first), 0), 0);
        assert_eq!(town.complete(order_id, (2, second), 0), -4);
        town.click.has_of_order(order_id, 1, 2);

        town.run();

        assert_eq!(town.click.reversals(), 0);
        assert_eq!(town.messages(), ["dead 1 Click does not tell which payment it is"]);
    }

    fn money_waits_for_the_desk_that_took_it(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.world.database.execute("UPDATE provider_transactions SET desk = '85335'");

        town.run();

        assert_eq!((town.click.asked(), town.messages()), (Vec::new(), vec!["waiting 1 the desk at Click that took the money is off".to_owned()]));
        town.world.database.execute("UPDATE provider_transactions SET desk = 'test:85335'");
        town.run_after(13);
        // The try had begun.
        assert_eq!(town.story(), REFUNDED);
    }

    fn a_worker_that_died_after_the_call_leaves_a_question(database: TestDatabase) {
        let town = Town::on(database);
        town.given_up(77);
        town.world.database.execute(
            "UPDATE outbox_dispatches SET status = 'leased', attempts = 1, leased_by = 'dead', began_at = due_at, leased_until = due_at \
             WHERE sink = 'click'",
        );
        town.click.has(77, -1);

        town.run();

        assert_eq!(town.click.asked(), ["85335 status 77"]);
        assert_eq!((town.story().as_str(), town.messages()), (REFUNDED, vec!["sent 2 ".to_owned()]));
        town.agrees();
    }

    fn many_workers_have_each_payment_given_back_once(database: TestDatabase) {
        let town = Town::on(database);
        for paydoc in 1..=8 {
            town.given_up(paydoc);
        }
        let runners: Vec<_> = (0..4).map(|_| town.world.runner_at(&Mailbox::default(), &town.click)).collect();

        at_once(4, |number| runners[number].send_due(|| false).unwrap());

        let mut asked = town.click.asked();
        asked.sort();
        assert_eq!(asked, (1..=8).map(|paydoc| format!("85335 reverse {paydoc}")).collect::<Vec<_>>());
        assert!(town.messages().iter().all(|message| message == "sent 1 "), "{:?}", town.messages());
        town.agrees();
    }
}
