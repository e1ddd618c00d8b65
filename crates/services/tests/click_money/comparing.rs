//! The attempts of each day are compared with what Click says of them.

use chrono::{DateTime, Utc};
use savdo_domain::payment::desk::DeskSecret;
use savdo_persistence::on_both;
use savdo_services::Clock;
use savdo_services::desks::{AddDesk, ClickTerms, DeskIds};
use savdo_services::testing::{CLICK_SECRET, ClickFails};

use crate::support::{Town, both_told};

impl Town {
    /// The jobs run at that moment.
    fn compare_at(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().unwrap();
        self.world.clock.advance(moment - self.world.clock.now());
        self.runner.run_due_jobs().unwrap();
    }

    /// From here on the store is paid through a desk of its own.
    fn opens_desk(&self, service_id: &str) {
        self.world.desk(AddDesk {
            store_id: Some(self.shop.store_id),
            environment: None,
            ids: DeskIds::Click {
                service_id: service_id.to_owned(),
                terms: ClickTerms {
                    merchant_id: "46".to_owned(),
                    merchant_user_id: "47".to_owned(),
                },
            },
            secret: DeskSecret::new(format!("own{CLICK_SECRET}")),
        });
    }

    /// How far which day is.
    fn days(&self) -> Vec<String> {
        self.world.database.lines(
            "SELECT desk || ' ' || CAST(day AS TEXT) || ' ' || compared || ' ' || differing || \
             CASE WHEN finished_at IS NULL THEN '' ELSE ' finished' END AS line FROM payment_comparisons WHERE compared > 0 ORDER BY day",
        )
    }
}

on_both! {
    fn what_click_says_otherwise_is_told_and_changes_nothing(database: TestDatabase) {
        let town = Town::on(database);
        let (_paid, lost) = (town.paid(1), town.paid(2));
        // Click took nothing of the second; it took the money of one that failed here.
        town.click.has(2, -1);
        let failed = town.order();
        let number = town.prepare(failed, 3);
        town.complete(failed, (3, number), -1);
        town.click.has(3, 2);
        // One that was never paid, and that Click does not know.
        town.prepare(town.order(), 4);
        town.run();
        let before = town.story();

        town.compare_at("2026-03-12T19:59:00Z");
        assert_eq!(town.click.asked(), [""; 0], "attempts may still be under way");
        town.compare_at("2026-03-12T20:05:00Z");

        assert_eq!(town.click.asked(), ["85335 status 1", "85335 status 2", "85335 status 3", "85335 status 4"]);
        assert_eq!(town.days(), ["test:85335 2026-03-12 4 2 finished"]);
        assert_eq!(town.told(), [both_told("payment_differs"), both_told("payment_differs")].concat());
        assert_eq!(town.log(), ["click_status: failed", "click_status: successful"]);
        let about = town.world.database.lines("SELECT DISTINCT payload AS line FROM outbox WHERE event = 'payment.differs' ORDER BY 1");
        assert!(about[0].contains(&format!("\"order_id\":{lost}")) && about[1].contains(&format!("\"order_id\":{failed}")), "{about:?}");
        let after = town.story().replace("cancelled unpaid", "awaiting_payment unpaid");
        assert_eq!(after.split(';').next(), before.replace("awaiting_payment pending", "awaiting_payment unpaid").split(';').next());
        town.compare_at("2026-03-12T21:05:00Z");
        assert_eq!(town.click.asked().len(), 4, "each is asked for once");
        town.agrees();
    }

    fn money_without_a_number_is_looked_for_by_its_order(database: TestDatabase) {
        let town = Town::on(database);
        let (first, second) = (town.order(), town.order());
        // One whose other attempt was paid, and one that Click has the money of, which we never heard of.
        town.prepare_called(first, 1, None);
        let number = town.prepare(first, 2);
        town.complete(first, (2, number), 0);
        town.prepare_called(second, 3, None);
        town.click.has_of_order(first, 2, 2);
        town.click.has_of_order(second, 3, 2);

        town.compare_at("2026-03-13T05:00:00Z");

        let asked = ["85335 of order 1 2026-03-12", "85335 status 2", "85335 of order 2 2026-03-12"];
        assert_eq!(town.click.asked(), asked);
        assert_eq!(town.days(), ["test:85335 2026-03-12 3 1 finished"]);
        town.agrees();
    }

    fn money_that_went_back_by_hand_went_through_click_or_past_it(database: TestDatabase) {
        let town = Town::on(database);
        for (paydoc, status) in [(1, 2), (2, -1)] {
            town.given_up(paydoc);
            town.click.has(paydoc, status);
        }
        town.refund_by_hand();
        // One that Click said to have given back.
        town.given_up(3);
        town.run();
        town.click.has(3, 2);

        town.compare_at("2026-03-13T05:00:00Z");

        assert_eq!(town.days(), ["test:85335 2026-03-12 3 1 finished"]);
        assert_eq!(town.log(), ["click_reversal: done", "click_status: successful"]);
        assert_eq!(town.told(), both_told("payment_differs"));
        town.agrees();
    }

    fn a_day_is_gone_on_with_where_click_fell_silent(database: TestDatabase) {
        let town = Town::on(database);
        for paydoc in 1..=4 {
            town.paid(paydoc);
        }
        town.click.will_fail([None, Some(ClickFails::RequestLost), Some(ClickFails::NotNow)]);
        town.compare_at("2026-03-13T05:00:00Z");
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 0"]);

        town.compare_at("2026-03-13T05:05:00Z");

        let asked: Vec<_> = [1, 2, 3, 2, 3, 4].map(|paydoc| format!("85335 status {paydoc}")).into();
        assert_eq!(town.click.asked(), asked);
        assert_eq!(town.days(), ["test:85335 2026-03-12 4 0 finished"]);
        town.agrees();
    }

    fn one_attempt_that_click_says_nothing_of_holds_up_no_other(database: TestDatabase) {
        let town = Town::on(database);
        for paydoc in 1..=3 {
            town.paid(paydoc);
        }
        town.click.will_always_fail("85335 status 1", ClickFails::RequestLost);

        town.compare_at("2026-03-13T05:00:00Z");

        assert_eq!(town.click.asked(), [1, 2, 1, 3].map(|paydoc| format!("85335 status {paydoc}")));
        assert_eq!(town.days(), ["test:85335 2026-03-12 3 1 finished"]);
        assert_eq!(town.log(), ["click_status: not_found no answer in time"]);
        let errors = "SELECT error_message AS line FROM payment_logs WHERE event = 'click_status'";
        assert_eq!(town.world.database.lines(errors), ["no answer in time"]);
        assert_eq!(town.told(), both_told("payment_differs"));
    }

    fn a_call_that_was_lost_is_made_again(database: TestDatabase) {
        let town = Town::on(database);
        town.paid(1);
        town.paid(2);
        town.click.will_fail([Some(ClickFails::RequestLost)]);

        town.compare_at("2026-03-13T05:00:00Z");

        assert_eq!(town.click.asked(), [1, 2, 1].map(|paydoc| format!("85335 status {paydoc}")));
        assert_eq!(town.days(), ["test:85335 2026-03-12 2 0 finished"]);
        assert_eq!(town.world.context.comparison_failures(), 0);
    }

    fn a_click_that_keeps_failing_is_left_alone(database: TestDatabase) {
        let town = Town::on(database);
        town.paid(1);
        town.paid(2);
        town.click.will_fail([Some(ClickFails::NotNow); 9]);
        for minutes in ["00", "05", "10"] {
            town.compare_at(&format!("2026-03-13T05:{minutes}:00Z"));
        }
        // Five in a row: the sixth was not asked, nor is a reversal.
        assert_eq!(town.click.asked().len(), 5);
        town.given_up(3);

        town.run();

        assert_eq!(town.click.asked().len(), 5);
        assert_eq!(town.messages(), ["waiting 0 "]);
    }

    fn days_that_were_missed_are_made_up_for_and_older_ones_are_not(database: TestDatabase) {
        let town = Town::on(database);
        town.paid(1);
        town.compare_at("2026-03-13T05:00:00Z");
        town.paid(2);
        town.compare_at("2026-03-19T05:00:00Z");
        town.paid(3);
        town.compare_at("2026-03-30T05:00:00Z");

        town.compare_at("2026-03-30T05:05:00Z");

        assert_eq!(town.click.asked(), ["85335 status 1", "85335 status 2"]);
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 0 finished", "test:85335 2026-03-13 1 0 finished"]);
        assert_eq!(town.world.context.comparison_failures(), 1, "the day that was given up is told of once");
    }

    fn a_desk_that_click_does_not_let_in_holds_up_no_other(database: TestDatabase) {
        let town = Town::on(database);
        let first = town.paid(1);
        town.opens_desk("7");
        town.given_up(2);
        town.paid(3);
        town.click.will_always_fail("7 ", ClickFails::NoEntry);

        for minutes in ["00", "05", "10", "15", "20", "25", "30"] {
            town.compare_at(&format!("2026-03-13T05:{minutes}:00Z"));
        }
        town.give_up(first).unwrap();
        town.run();

        assert_eq!(town.click.asked()[..3], ["7 status 2", "85335 status 1", "7 status 2"], "each run asks it once");
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 0 finished"]);
        assert_eq!(town.world.context.comparison_failures(), 7);
        assert_eq!(town.messages(), ["waiting 1 401: the log-in is refused", "sent 1 "]);
        assert_eq!(town.click.reversals(), 1);
        town.agrees();
    }

    fn the_last_attempt_of_a_day_that_click_says_nothing_of_is_asked_for_until_the_day_is_given_up(database: TestDatabase) {
        let town = Town::on(database);
        town.paid(1);
        town.paid(2);
        town.click.will_always_fail("85335 status 2", ClickFails::RequestLost);
        town.compare_at("2026-03-13T05:00:00Z");
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 0"]);
        town.paid(3);

        town.compare_at("2026-03-14T05:00:00Z");

        let other_day = "test:85335 2026-03-13 1 0 finished";
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 0", other_day], "it holds up no other day");
        assert_eq!(town.world.context.comparison_failures(), 2);
        town.compare_at("2026-03-21T05:00:00Z");
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 0 finished", other_day]);
        assert_eq!(town.world.context.comparison_failures(), 3, "the day that was given up");
        assert_eq!(town.told(), [""; 0]);
        town.agrees();
    }

    fn a_log_in_that_is_refused_between_two_calls_makes_no_difference(database: TestDatabase) {
        let town = Town::on(database);
        town.paid(1);
        town.paid(2);
        town.click.will_fail([Some(ClickFails::RequestLost), None, Some(ClickFails::NoEntry)]);

        town.compare_at("2026-03-13T05:00:00Z");

        assert_eq!(town.days(), [""; 0]);
        assert_eq!(town.world.context.comparison_failures(), 1);
        town.compare_at("2026-03-13T05:05:00Z");
        assert_eq!(town.days(), ["test:85335 2026-03-12 2 0 finished"]);
    }

    fn a_worker_that_is_to_stop_asks_no_more(database: TestDatabase) {
        let town = Town::on(database);
        for paydoc in 1..=3 {
            town.paid(paydoc);
        }
        let moment: DateTime<Utc> = "2026-03-13T05:00:00Z".parse().unwrap();
        town.world.clock.advance(moment - town.world.clock.now());

        town.runner.run_due_jobs_until(|| town.click.asked().len() == 2).unwrap();

        assert_eq!(town.days(), ["test:85335 2026-03-12 2 0"]);
        assert_eq!(town.world.context.comparison_failures(), 0);
        town.compare_at("2026-03-13T05:05:00Z");
        assert_eq!(town.days(), ["test:85335 2026-03-12 3 0 finished"]);
    }

    fn an_attempt_that_may_still_be_paid_is_waited_for(database: TestDatabase) {
        let town = Town::on(database);
        town.prepare(town.order(), 1);
        town.paid(2);
        // A day more than it would have; Click took its money in the end.
        town.world.database.execute("UPDATE provider_transactions SET open_until = open_until + 86400000 WHERE id = 1");
        town.click.has(1, 2);
        town.compare_at("2026-03-12T20:05:00Z");
        assert_eq!((town.click.asked(), town.days()), (vec![], vec![]));

        town.compare_at("2026-03-14T05:00:00Z");

        assert_eq!(town.click.asked(), ["85335 status 1", "85335 status 2"]);
        assert_eq!(town.days(), ["test:85335 2026-03-12 2 1 finished"]);
        assert_eq!(town.told(), both_told("payment_differs"));
        assert_eq!(town.world.context.comparison_failures(), 0);
    }

    fn money_that_came_after_midnight_is_found_by_the_order(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        town.prepare_called(order_id, 1, None);
        town.click.has_of_order_on((order_id, "2026-03-13".parse().unwrap()), 1, 2);

        town.compare_at("2026-03-13T05:00:00Z");

        assert_eq!(town.click.asked(), ["85335 of order 1 2026-03-12", "85335 of order 1 2026-03-13"]);
        assert_eq!(town.days(), ["test:85335 2026-03-12 1 1 finished"]);
        town.agrees();
    }

    fn how_a_day_went_is_forgotten_after_a_year(database: TestDatabase) {
        let town = Town::on(database);
        town.paid(1);
        town.compare_at("2026-03-13T05:00:00Z");

        town.compare_at("2027-03-12T20:00:00Z");
        assert_eq!(town.days().len(), 1);
        town.compare_at("2027-03-13T20:00:00Z");

        assert_eq!(town.days(), [""; 0]);
    }
}
