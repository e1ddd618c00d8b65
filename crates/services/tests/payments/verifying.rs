//! `savdo verify` finds money that does not agree with its transactions.

use savdo_persistence::on_both;
use savdo_services::verify::verify;

use crate::support::Town;

const A: i64 = 3_000_000_001;
const B: i64 = 3_000_000_002;

/// What a hand does, what undoes it, and the line that tells of it.
type Hand<'a> = (&'a str, &'a str, &'a str);

fn finds_each(town: &Town, hands: &[Hand<'_>]) {
    let differences = || {
        let report = verify(&town.world.context).unwrap();
        report.differences.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (hand, repair, expected) in hands {
        town.world.database.execute(hand);
        let found = differences();
        assert!(found.iter().any(|line| line == expected), "{hand}: {found:#?}");
        town.world.database.execute(repair);
        assert_eq!(differences(), [""; 0], "{repair}");
    }
}

on_both! {
    fn money_that_a_hand_moved_is_found(database: TestDatabase) {
        let town = Town::paid(database);
        town.another();
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
                "UPDATE orders SET payment_status = 'pending' WHERE id = 1",
                "UPDATE orders SET payment_status = 'paid' WHERE id = 1",
                "orders 1: one transaction holds it while a provider takes its money: expected 1, found 0",
            ),
            (
                "UPDATE orders SET payment_status = 'unpaid' WHERE id = 1",
                "UPDATE orders SET payment_status = 'paid' WHERE id = 1",
                "orders 1: it goes on once it is paid online: expected paid, found unpaid",
            ),
            (
                "UPDATE provider_transactions SET order_id = 2",
                "UPDATE provider_transactions SET order_id = 1",
                "provider_transactions 1: its payment is of its own order and provider: expected 1 payme, found 2 payme",
            ),
            (
                "UPDATE provider_transactions SET provider = 'click'",
                "UPDATE provider_transactions SET provider = 'payme'",
                "provider_transactions 1: its payment is of its own order and provider: expected 1 payme, found 1 click",
            ),
            (
                "UPDATE payments SET refund_reason = 'Adashdi'",
                "UPDATE payments SET refund_reason = NULL",
                "payments 1: a refund has one cause, nothing else has any: expected 0, found 1",
            ),
        ];
        finds_each(&town, &hands);
    }

    fn a_payment_that_nothing_takes_any_more_is_found(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();

        let hand = (
            "UPDATE provider_transactions SET state = 'taken_over'",
            "UPDATE provider_transactions SET state = 'open'",
            "payments 1: one transaction is open while its provider takes it: expected 1, found 0",
        );
        finds_each(&town, &[hand]);
    }

    fn a_refund_without_its_cause_is_found(database: TestDatabase) {
        let town = Town::paid(database);
        town.cancel("a1", 5).unwrap();

        let hand = (
            "UPDATE provider_transactions SET state = 'performed'",
            "UPDATE provider_transactions SET state = 'reversed'",
            "payments 1: a refund has one cause, nothing else has any: expected 1, found 0",
        );
        finds_each(&town, &[hand]);
    }

    fn money_that_click_was_never_asked_for_is_found(database: TestDatabase) {
        let town = Town::on(database);
        let number = town.prepared(A);
        town.complete(A, number, 0);
        let lock = if town.world.database.is_postgres() { "outbox_append_only ON outbox" } else { "outbox_no_update" };
        town.world.database.execute(&format!("DROP TRIGGER {lock}"));
        town.give_up(&town.shop.owner).unwrap();

        let says = "Click was asked once for money that is to go back, never for other";
        let lost = format!("provider_transactions 1: {says}: expected 1, found 0");
        let wish = "UPDATE outbox SET subject_id = 999 WHERE event = 'payment.reversal_requested'";
        let undone = "UPDATE outbox SET subject_id = 1 WHERE event = 'payment.reversal_requested'";
        finds_each(&town, &[(wish, undone, lost.as_str())]);

        // Asked for though the order is paid.
        town.world.database.execute("UPDATE orders SET status = 'paid', cancelled_at = NULL, payment_status = 'paid'");
        let report = verify(&town.world.context).unwrap();
        let found: Vec<_> = report.differences.iter().map(ToString::to_string).collect();
        assert!(found.contains(&format!("provider_transactions 1: {says}: expected 0, found 1")), "{found:#?}");
    }

    fn late_money_of_an_order_that_nothing_paid_is_found(database: TestDatabase) {
        let town = Town::on(database);
        let (first, second) = (town.prepared(A), town.prepared(B));
        town.complete(A, first, 0);
        town.complete(B, second, 0);

        let hand = (
            "UPDATE payments SET status = 'failed', completed_at = NULL WHERE id = 1",
            "UPDATE payments SET status = 'success', completed_at = created_at WHERE id = 1",
            "payments 2: it came late to an order that is cancelled or paid: expected 1, found 0",
        );
        finds_each(&town, &[hand]);
    }
}
