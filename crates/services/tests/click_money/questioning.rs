//! Click calls a payment failed that it had confirmed: it is asked, and people are told.

use savdo_persistence::on_both;
use savdo_services::testing::ClickFails;

use crate::support::{Town, both_told};

const PAID: &str = "paid paid; click success; performed";

/// A paid order whose payment Click calls failed.
fn doubted(town: &Town) {
    let order_id = town.order();
    let number = town.prepare(order_id, 77);
    assert_eq!(town.complete(order_id, (77, number), 0), 0);
    assert_eq!(town.complete(order_id, (77, number), -5017), -9);
}

on_both! {
    fn a_payment_that_click_has_after_all_is_one_notice(database: TestDatabase) {
        let town = Town::on(database);
        doubted(&town);
        town.click.has(77, 2);

        town.run();

        assert_eq!(town.click.asked(), ["85335 status 77"]);
        assert_eq!((town.story().as_str(), town.log()), (PAID, vec!["click_status: successful".to_owned()]));
        assert_eq!(town.told(), both_told("payment_doubtful"));
        assert_eq!(town.messages(), ["sent 1 "]);
        town.agrees();
    }

    fn a_payment_that_click_has_no_more_is_told_and_changes_nothing(database: TestDatabase) {
        let town = Town::on(database);
        doubted(&town);
        town.click.has(77, -1);
        town.click.will_fail([Some(ClickFails::NotNow), Some(ClickFails::RequestLost)]);

        for seconds in [0, 13, 73] {
            town.run_after(seconds);
        }

        assert_eq!(town.click.asked().len(), 3);
        assert_eq!((town.story().as_str(), town.log()), (PAID, vec!["click_status: failed".to_owned()]));
        assert_eq!(town.told(), [both_told("payment_doubtful"), both_told("payment_differs")].concat());
        assert_eq!(town.world.context.differing_payments(), 1);
        town.agrees();
    }

    fn a_payment_that_click_does_not_know_is_told_as_well(database: TestDatabase) {
        let town = Town::on(database);
        doubted(&town);

        town.run();

        assert_eq!(town.log(), ["click_status: not_found 404"]);
        assert_eq!(town.told().len(), 4);
        town.agrees();
    }
}
