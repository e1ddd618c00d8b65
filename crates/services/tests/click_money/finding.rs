//! Money that Click has of an attempt which is cancelled here: somebody finds it, and it goes back once.

use savdo_domain::Money;
use savdo_domain::ids::{OrderId, TransactionId};
use savdo_persistence::on_both;
use savdo_services::payments::{self, FindMoney};
use savdo_services::testing::{ClickFails, at_once};

use crate::support::{TOTAL, Town, both_told};

impl Town {
    /// An order given up while its attempt was under way, which Click took the money of all the same.
    fn missed(&self, paydoc: i64) -> (OrderId, TransactionId) {
        let order_id = self.order();
        let id = self.prepare(order_id, paydoc);
        self.give_up(order_id).unwrap();
        self.click.has(paydoc, 2);
        self.click.tells_amount(paydoc, TOTAL);
        (order_id, id)
    }

    /// What comes of looking for the money of an attempt.
    fn found(&self, transaction_id: TransactionId, amount: Option<Money>) -> String {
        let command = FindMoney { transaction_id, amount };
        match payments::found(&self.world.context, &self.click, command).unwrap() {
            Ok(found) => format!("{found:?}"),
            Err(refusal) => refusal.to_string(),
        }
    }

    /// The entries of the audit log about payments.
    fn entries(&self) -> Vec<String> {
        self.world.database.lines(
            "SELECT action || ' ' || subject_id || ' ' || description || ' ' || details AS line FROM audit_entries WHERE subject_type = 'payment' ORDER BY id",
        )
    }
}

const FOUND: &str = "Late(Money(1000000))";

on_both! {
    fn money_of_a_cancelled_order_is_late_and_goes_back_once(database: TestDatabase) {
        let town = Town::on(database);
        let (order_id, id) = town.missed(77);

        assert_eq!(town.found(id, None), FOUND);

        let pending = "cancelled refund_pending; click cancelled, click success; performed";
        assert_eq!((town.story().as_str(), town.click.asked()), (pending, vec!["85335 status 77".to_owned()]));
        let entry = format!(
            "create 2 Buyurtma №{order_id}: bekor qilingan urinish bo'yicha Click olgan 10000.00 so'm topildi \
             {{\"amount\":\"10000.00\",\"transaction_id\":{id}}}"
        );
        assert_eq!(town.entries(), std::slice::from_ref(&entry));
        assert_eq!(town.log(), ["click_status: successful"]);
        assert_eq!(town.found(id, None), "Known");
        assert_eq!((town.story().as_str(), town.click.asked().len()), (pending, 1), "it is known without asking");

        assert_eq!(town.told(), both_told("late_money"));
        let refunded = "cancelled refunded; click cancelled, click refunded; reversed";
        assert_eq!((town.story().as_str(), town.click.reversals()), (refunded, 1));
        assert_eq!(town.found(id, None), "Known");
        assert_eq!((town.entries(), town.story().as_str()), (vec![entry], refunded));
        town.agrees();
    }

    fn money_of_an_order_that_was_paid_otherwise_leaves_it_paid(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let failed = town.prepare(order_id, 1);
        assert_eq!(town.complete(order_id, (1, failed), -1), -9);
        let paid = town.prepare(order_id, 2);
        assert_eq!(town.complete(order_id, (2, paid), 0), 0);
        town.click.has(1, 2);

        assert_eq!(town.found(failed, Some(TOTAL)), FOUND);
        town.run();

        let story = "paid paid; click failed, click success, click refunded; reversed, performed";
        assert_eq!((town.story().as_str(), town.click.reversals()), (story, 1));
        assert_eq!(town.told(), both_told("late_money"));
        town.agrees();
    }

    fn a_payment_without_a_number_is_found_by_its_order_and_reversed_by_its_number(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let id = town.prepare_called(order_id, 77, None);
        town.give_up(order_id).unwrap();
        town.click.has_of_order(order_id, 77, 2);
        town.click.tells_amount(77, TOTAL);

        assert_eq!(town.found(id, None), FOUND);
        town.run();

        assert_eq!(town.click.asked(), [format!("85335 of order {order_id} 2026-03-12"), "85335 reverse 77".to_owned()]);
        town.agrees();
    }

    fn what_click_does_not_confirm_is_refused_and_changes_nothing(database: TestDatabase) {
        let town = Town::on(database);
        let (order_id, id) = town.missed(77);
        let before = town.story();
        let refused = |why: &str, said: String| {
            assert_eq!(said, why);
            assert_eq!((town.story(), town.entries(), town.messages(), town.log()), (before.clone(), vec![], vec![], vec![]), "{why}");
        };

        for (status, word) in [(-5, "failed"), (0, "under_way"), (1, "under_way"), (3, "unknown")] {
            town.click.has(77, status);
            refused(&format!("Click has no money of transaction {id}: it says {word}"), town.found(id, None));
        }
        town.click.has(77, 2);
        let other = Money::from_tiyin(999_999);
        let why = format!("it is 9999.99 so'm, and transaction {id} is of 10000.00 so'm: give it back in Click's cabinet");
        refused(&why, town.found(id, Some(other)));
        town.click.tells_amount(77, other);
        refused(&why, town.found(id, Some(TOTAL)));
        town.click.will_fail([Some(ClickFails::NotNow), Some(ClickFails::RequestLost)]);
        refused("Click does not say where the payment stands: no connection", town.found(id, None));
        refused("Click does not say where the payment stands: no answer in time", town.found(id, None));
        town.world.database.execute("UPDATE provider_transactions SET desk = '85335'");
        refused(&format!("Click was not asked: the desk that made transaction {id} is off"), town.found(id, None));
        refused("there is no transaction 999", town.found(TransactionId::new(999), None));
        assert_eq!(town.told(), [""; 0], "order {order_id}");
        town.agrees();
    }

    fn an_amount_that_nobody_tells_is_asked_of_a_person(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let id = town.prepare(order_id, 77);
        let under_way = format!("transaction {id} is not cancelled: Click may still confirm it");
        assert_eq!(town.found(id, Some(TOTAL)), under_way);
        town.give_up(order_id).unwrap();
        assert_eq!(town.found(id, Some(TOTAL)), format!("Click has no money of transaction {id}: it says not_found: 404"));
        town.click.has(77, 2);

        assert_eq!(town.found(id, None), "Click does not say how much it took: see in its cabinet, and add --amount");

        assert_eq!(town.found(id, Some(TOTAL)), FOUND);
        town.run();
        town.agrees();
    }

    fn a_payment_of_another_attempt_is_never_taken_for_it(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let failed = town.prepare_called(order_id, 1, None);
        assert_eq!(town.complete(order_id, (1, failed), -1), -9);
        let paid = town.prepare(order_id, 2);
        assert_eq!(town.complete(order_id, (2, paid), 0), 0);
        town.click.has_of_order(order_id, 2, 2);

        let said = town.found(failed, Some(TOTAL));

        assert_eq!(said, format!("the payment that Click names came by another transaction of the order than {failed}, or may have"));
        assert_eq!(town.story(), "paid paid; click failed, click success; cancelled, performed");
        town.agrees();
    }

    fn a_payment_of_nobody_knows_which_attempt_is_never_taken_for_it(database: TestDatabase) {
        let town = Town::on(database);
        let order_id = town.order();
        let failed = town.prepare_called(order_id, 1, None);
        assert_eq!(town.complete(order_id, (1, failed), -1), -9);
        town.click.has_of_order(order_id, 2, 2);
        let waits = format!("order {order_id} still waits for its payment: cancel it first, or let it be paid");
        assert_eq!(town.found(failed, Some(TOTAL)), waits);
        let paid = town.prepare_called(order_id, 2, None);
        assert_eq!(town.complete(order_id, (2, paid), 0), 0);

        let said = town.found(failed, Some(TOTAL));

        assert_eq!(said, format!("the payment that Click names came by another transaction of the order than {failed}, or may have"));
        assert_eq!(town.story(), "paid paid; click failed, click success; cancelled, performed");
        assert_eq!(town.click.reversals(), 0);
        town.agrees();
    }

    fn many_at_once_find_it_once(database: TestDatabase) {
        let town = Town::on(database);
        let (_, id) = town.missed(77);

        let mut found = at_once(4, |_| town.found(id, None));

        found.sort();
        assert_eq!(found, ["Known", "Known", "Known", FOUND].map(str::to_owned));
        town.run();
        assert_eq!(town.click.reversals(), 1);
        assert_eq!(town.told(), both_told("late_money"));
        town.agrees();
    }
}
