//! What else moves an order with its money: its buyer, staff, time.

use chrono::TimeDelta;
use savdo_domain::payment::TransactionState;
use savdo_domain::payment::payme::{Answer, Fault};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, ReceiveCash};
use savdo_services::testing::Mailbox;

use crate::support::{TOTAL, Town, ours};

on_both! {
    fn an_order_that_its_buyer_cancels_takes_its_open_transaction_with_it(database: TestDatabase) {
        let town = Town::on(database);
        let transaction = ours(town.create("a1").unwrap());

        town.give_up(&town.customer).unwrap();

        assert_eq!(town.story(), "cancelled unpaid; payme cancelled; cancelled 3");
        let cancel_time = town.now();
        town.world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(town.perform("a1"), Err(Fault::NotPossible));
        let state = TransactionState::Cancelled;
        assert_eq!(town.cancel("a1", 5), Ok(Answer::Cancelled { transaction, cancel_time, state }));
        assert_eq!(town.told("order.cancelled"), 1);
        town.agrees();
    }

    fn a_transaction_outlives_the_time_of_its_order_and_ends_with_its_own(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        let runner = town.world.runner(&Mailbox::default());

        town.world.clock.advance(TimeDelta::hours(12));
        runner.run_due_jobs().unwrap();
        assert_eq!(town.story(), "awaiting_payment pending; payme processing; open");
        town.world.clock.advance(TimeDelta::minutes(1));
        runner.run_due_jobs().unwrap();

        assert_eq!(town.story(), "cancelled unpaid; payme cancelled; cancelled 4");
        assert_eq!(town.log(), "created payme_create payme_expired cancelled");
        assert_eq!(town.perform("a1"), Err(Fault::NotPossible));
        town.agrees();
    }

    fn a_transaction_that_is_over_is_cancelled_by_being_asked_for(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        town.world.clock.advance(TimeDelta::hours(12) + TimeDelta::milliseconds(1));

        let checked = town.check("a1").unwrap();

        let is_over = matches!(checked, Answer::Checked { state: TransactionState::Cancelled, reason: Some(4), .. });
        assert!(is_over, "{checked:?}");
        assert_eq!(town.story(), "awaiting_payment unpaid; payme cancelled; cancelled 4");
        town.world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(town.check("a1"), Ok(checked), "it was cancelled then");
        assert_eq!(orders::expire_due(&town.world.context).unwrap(), 1);
        assert_eq!(town.story(), "cancelled unpaid; payme cancelled; cancelled 4");
        town.agrees();
    }

    fn cash_at_the_counter_waits_for_an_open_transaction(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        let receive = || {
            let command = ReceiveCash { order_id: town.id(), amount: TOTAL };
            orders::receive_cash(&town.world.context, &town.shop.owner, command, &Unkeyed)
        };

        let refusal = savdo_services::testing::refusal(receive());
        assert_eq!(refusal.code(), Some("payment_in_progress"));
        town.cancel("a1", 2).unwrap();
        receive().unwrap();

        assert_eq!(town.story(), "paid paid; payme cancelled, cash success; cancelled 2");
        assert_eq!(["order.paid", "payment.succeeded"].map(|event| town.told(event)), [1, 1]);
        assert_eq!(town.create("a2"), Err(Fault::Account(savdo_domain::payment::payme::AccountFault::Paid)));
        town.agrees();
    }
}
