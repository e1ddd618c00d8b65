//! An order is paid by Payme, and its money goes back by Payme.

use chrono::TimeDelta;
use savdo_domain::order::HistorySource;
use savdo_domain::payment::payme::{Answer, Fault};
use savdo_domain::payment::{Millis, TransactionState, Which};
use savdo_persistence::on_both;
use savdo_services::Clock;
use savdo_services::orders;

use crate::support::{Town, ours};

on_both! {
    fn an_order_is_paid_by_create_and_perform(database: TestDatabase) {
        let town = Town::on(database);

        let created = town.create("a1").unwrap();
        assert_eq!(town.story(), "awaiting_payment pending; payme processing; open");
        let create_time = town.now();
        let transaction = ours(created);
        let state = TransactionState::Open;
        assert_eq!(created, Answer::Created { create_time, transaction: Which::Known(transaction), state });
        town.world.clock.advance(TimeDelta::minutes(1));
        let perform_time = town.now();
        let state = TransactionState::Performed;
        assert_eq!(town.perform("a1"), Ok(Answer::Performed { transaction, perform_time, state }));

        assert_eq!(town.story(), "paid paid; payme success; performed");
        assert_eq!(town.log(), "created payme_create completed payme_perform");
        assert_eq!(["order.paid", "payment.succeeded"].map(|event| town.told(event)), [1, 1]);
        let cancel_time = Millis::NONE;
        let checked = Answer::Checked { create_time, perform_time, cancel_time, transaction, state, reason: None };
        assert_eq!(town.check("a1"), Ok(checked));
        let order = orders::view(&town.world.context, &town.customer, town.id()).unwrap().order;
        assert_eq!((order.paid_at, order.expires_at), (Some(town.world.clock.now()), None));
        let last = orders::history(&town.world.context, &town.customer, town.id()).unwrap().steps.pop().unwrap();
        assert_eq!((last.source, last.actor), (HistorySource::Payment, None));
        town.agrees();
    }

    fn a_call_that_comes_again_is_answered_as_the_first_time_and_has_no_second_effect(database: TestDatabase) {
        let town = Town::on(database);
        let minute = || town.world.clock.advance(TimeDelta::minutes(1));
        let creating = town.creating("a1");
        let create = || town.ask(savdo_domain::payment::payme::Call::Create(creating.clone()));
        // The log of the payment tells of every call; all else stays.
        let rows = || town.world.database.dump_of(&["orders", "payments", "provider_transactions", "outbox", "order_history", "stock_levels"]);

        let calls: [&dyn Fn() -> Result<Answer, Fault>; 3] = [&create, &|| town.perform("a1"), &|| town.cancel("a1", 5)];
        for call in calls {
            let first = call();
            assert!(first.is_ok());
            let before = rows();
            minute();
            assert_eq!(call(), first);
            assert_eq!(rows(), before);
        }

        assert_eq!(town.story(), "cancelled refunded; payme refunded; reversed 5");
        assert_eq!((create(), town.perform("a1")), (Err(Fault::NotPossible), Err(Fault::NotPossible)));
        let answers = town.world.database.lines("SELECT response AS line FROM payment_logs WHERE event = 'payme_perform' ORDER BY id");
        assert_eq!((answers.len(), answers[0] == answers[1], answers[0] == answers[2]), (3, true, false));
        town.agrees();
    }

    fn an_order_that_payme_let_go_waits_on_and_is_paid_by_another_transaction(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        town.world.clock.advance(TimeDelta::minutes(50));

        let cancelled = town.cancel("a1", 2).unwrap();
        town.world.clock.advance(TimeDelta::seconds(1));

        assert_eq!(town.cancel("a1", 3), Ok(cancelled));
        assert_eq!(town.story(), "awaiting_payment unpaid; payme cancelled; cancelled 2");
        let order = orders::view(&town.world.context, &town.customer, town.id()).unwrap().order;
        let quarter = town.world.clock.now() - TimeDelta::seconds(1) + TimeDelta::minutes(15);
        assert_eq!(order.expires_at, Some(quarter));
        assert_eq!((town.perform("a1"), town.create("a1")), (Err(Fault::NotPossible), Err(Fault::NotPossible)));
        town.create("a2").unwrap();
        town.perform("a2").unwrap();
        assert_eq!(town.story(), "paid paid; payme cancelled, payme success; cancelled 2, performed");
        town.agrees();
    }

    fn money_that_payme_takes_back_cancels_the_order_and_gives_its_goods_back_once(database: TestDatabase) {
        let town = Town::paid(database);
        town.set_status("preparing").unwrap();

        town.cancel("a1", 5).unwrap();

        assert_eq!(town.story(), "cancelled refunded; payme refunded; reversed 5");
        assert_eq!(["order.cancelled", "payment.refunded"].map(|event| town.told(event)), [1, 1]);
        let order = orders::view(&town.world.context, &town.customer, town.id()).unwrap().order;
        assert_eq!(order.cancel_reason, "Payme to'lovni qaytardi");
        let back = "SELECT CAST(quantity AS TEXT) AS line FROM stock_movements WHERE reason = 'order_cancel'";
        assert_eq!(town.world.database.lines(back).len(), 1);
        town.agrees();
    }

    fn goods_on_their_way_are_not_taken_back(database: TestDatabase) {
        let town = Town::paid(database);
        let courier = town.world.hire(&town.shop, savdo_domain::access::Role::Courier);
        town.set_status("preparing").unwrap();
        town.set_status("ready_for_delivery").unwrap();
        let command = savdo_services::deliveries::AssignCourier { order_id: town.id(), courier_id: courier.user_id };
        savdo_services::deliveries::assign(&town.world.context, &town.shop.owner, command, &savdo_services::once::Unkeyed).unwrap();
        town.set_status("on_the_way").unwrap();
        let before = town.story();

        assert_eq!(town.cancel("a1", 5), Err(Fault::CannotCancel));
        town.set_status("delivered").unwrap();
        assert_eq!(town.cancel("a1", 5), Err(Fault::CannotCancel));

        assert_eq!((before.as_str(), town.story().as_str()), ("on_the_way paid; payme success; performed", "delivered paid; payme success; performed"));
        town.agrees();
    }

    fn money_of_an_order_that_staff_cancelled_goes_back_by_payme(database: TestDatabase) {
        let town = Town::paid(database);
        town.give_up(&town.shop.owner).unwrap();
        assert_eq!(town.story(), "cancelled refund_pending; payme success; performed");
        town.agrees();

        town.cancel("a1", 5).unwrap();

        assert_eq!(town.story(), "cancelled refunded; payme refunded; reversed 5");
        assert_eq!(town.told("order.cancelled"), 1);
        let refunds = town.world.database.lines("SELECT description AS line FROM audit_entries WHERE action = 'refund'");
        assert_eq!(refunds, ["Buyurtma №1: 10000.00 so'm qaytarildi"]);
        town.agrees();
    }
}
