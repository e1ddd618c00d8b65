//! `savdo verify` finds money that does not agree with its transactions.

use savdo_persistence::on_both;
use savdo_services::verify::verify;

use crate::support::Town;

on_both! {
    fn money_that_a_hand_moved_is_found(database: TestDatabase) {
        let town = Town::paid(database);
        let differences = || {
            let report = verify(&town.world.context).unwrap();
            report.differences.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let hands = [
            (
                "UPDATE provider_transactions SET amount = amount + 1",
                "UPDATE provider_transactions SET amount = amount - 1",
                "provider_transactions 1: it is about as much as its payment: expected 1000000, found 1000001",
            ),
            (
                "UPDATE provider_transactions SET state = 'reversed', cancel_time = 1",
                "UPDATE provider_transactions SET state = 'performed', cancel_time = 0",
                "provider_transactions 1: its payment stands where it says: expected refunded, found success",
            ),
            (
                "UPDATE provider_transactions SET state = 'cancelled', cancel_time = 1",
                "UPDATE provider_transactions SET state = 'performed', cancel_time = 0",
                "payments 1: one transaction brought what a provider took: expected 1, found 0",
            ),
            (
                "UPDATE orders SET payment_status = 'pending'",
                "UPDATE orders SET payment_status = 'paid'",
                "orders 1: one transaction holds it while a provider takes its money: expected 1, found 0",
            ),
            (
                "UPDATE orders SET payment_status = 'unpaid'",
                "UPDATE orders SET payment_status = 'paid'",
                "orders 1: it goes on once it is paid online: expected paid, found unpaid",
            ),
        ];

        for (hand, repair, expected) in hands {
            town.world.database.execute(hand);
            let found = differences();
            assert!(found.iter().any(|line| line == expected), "{hand}: {found:#?}");
            town.world.database.execute(repair);
            assert_eq!(differences(), [""; 0], "{repair}");
        }
    }
}
