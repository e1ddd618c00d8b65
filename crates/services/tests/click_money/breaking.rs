//! Statements that fail: money goes back once all the same, and its order learns of it.

use savdo_persistence::on_both;

use crate::support::Town;

/// More statements than a reversal takes, with all the looks for work around it.
const STATEMENTS_MAX: u64 = 200;

on_both! {
    fn a_reversal_survives_a_failure_of_any_statement(database: TestDatabase) {
        let town = Town::on(database);
        for nth in 1..STATEMENTS_MAX {
            let paydoc = i64::try_from(nth).unwrap();
            let order_id = town.given_up(paydoc);
            town.world.database.probe().fail_at(nth);
            // What fails is reported, and due again.
            let _ = town.runner.send_due(|| false);
            let went_through = town.world.database.probe().disarm();
            for _ in 0..4 {
                town.run_after(75);
            }

            assert_eq!(town.click.reversals(), usize::try_from(nth).unwrap(), "statement {nth}");
            let sql = format!("SELECT payment_status AS line FROM orders WHERE id = {order_id}");
            assert_eq!(town.world.database.lines(&sql), ["refunded"], "statement {nth}");
            if went_through {
                assert!(nth > 20, "{nth}");
                let ends = town.world.database.lines("SELECT DISTINCT status AS line FROM outbox_dispatches WHERE sink = 'click'");
                assert_eq!(ends, ["sent"]);
                assert_eq!(town.told(), [""; 0]);
                town.agrees();
                return;
            }
        }
        panic!("it never went through");
    }

    fn a_refusal_is_told_once_whatever_statement_fails(database: TestDatabase) {
        let town = Town::on(database);
        for nth in 1..STATEMENTS_MAX {
            let paydoc = i64::try_from(nth).unwrap();
            town.given_up(paydoc);
            // Click does not know it.
            town.click.has(paydoc, 7);
            town.world.database.probe().fail_at(nth);
            let _ = town.runner.send_due(|| false);
            let went_through = town.world.database.probe().disarm();
            for _ in 0..3 {
                town.run_after(75);
            }

            assert_eq!(town.told().len(), 2 * usize::try_from(nth).unwrap(), "statement {nth}");
            if went_through {
                assert!(nth > 20, "{nth}");
                assert!(town.messages().iter().all(|message| message.starts_with("dead ")));
                assert_eq!(town.click.reversals(), 0);
                town.agrees();
                return;
            }
        }
        panic!("it never went through");
    }
}
