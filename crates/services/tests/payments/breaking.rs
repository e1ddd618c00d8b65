//! Statements that fail: nothing of the call remains, and the provider's repeat gets the right answer.

use savdo_domain::payment::click;
use savdo_domain::payment::payme::Call;
use savdo_persistence::on_both;

use crate::attempts::{call_click, click_desk, completing, preparing, told};
use crate::support::{Town, answer, ask, cancelling, desk, performing};

impl Town {
    /// Statements that any call takes at least. PostgreSQL gets in a single one what is left behind.
    fn fewest(&self) -> u64 {
        if self.world.database.is_postgres() { 6 } else { 7 }
    }
}

on_both! {
    fn calls_that_fail_anywhere_leave_nothing_and_their_repeats_go_through(database: TestDatabase) {
        let town = Town::on(database);
        let creating = town.creating("a1");
        let call = |call: Call| town.world.fails_at_every_statement(|| ask(&town.world.context, &desk(), call.clone()));

        let (created, of_create) = call(Call::Create(creating));
        assert!(answer(created).is_ok());
        assert_eq!(town.story(), "awaiting_payment pending; payme processing; open");
        let (performed, of_perform) = call(performing("a1"));
        assert!(answer(performed).is_ok());
        assert_eq!(town.story(), "paid paid; payme success; performed");
        let (cancelled, of_cancel) = call(cancelling("a1", 5));
        assert!(answer(cancelled).is_ok());
        assert_eq!(town.story(), "cancelled refunded; payme refunded; reversed 5");

        assert!([of_create, of_perform, of_cancel].iter().all(|count| *count >= town.fewest()), "{of_create} {of_perform} {of_cancel}");
        assert_eq!(town.told("order.paid"), 1);
        town.agrees();
    }

    fn calls_of_click_that_fail_anywhere_leave_nothing_and_their_repeats_go_through(database: TestDatabase) {
        let town = Town::on(database);
        let call = |call: click::Call| {
            let (answered, count) = town.world.fails_at_every_statement(|| call_click(&town.world.context, &click_desk(), call.clone()));
            let (code, number) = told(answered);
            (code, number, count)
        };

        let (code, first, of_prepare) = call(preparing(town.id(), 1));
        assert_eq!(code, 0);
        assert_eq!(town.story(), "awaiting_payment pending; click processing; open");
        let (code, second, of_take_over) = call(preparing(town.id(), 2));
        assert_eq!(code, 0);
        let (code, third, _) = call(preparing(town.id(), 3));
        assert_eq!(code, 0);
        let (code, _, of_failure) = call(completing(town.id(), 3, third.unwrap(), -5017));
        assert_eq!(code, -9);
        assert_eq!(town.story(), "awaiting_payment unpaid; click failed; taken_over, taken_over, cancelled -5017");
        let (code, _, of_complete) = call(completing(town.id(), 2, second.unwrap(), 0));
        assert_eq!(code, 0);
        assert_eq!(town.story(), "paid paid; click failed, click success; taken_over, performed, cancelled -5017");
        let (code, _, of_late) = call(completing(town.id(), 1, first.unwrap(), 0));
        assert_eq!(code, -4);
        let (code, _, of_doubt) = call(completing(town.id(), 2, second.unwrap(), -1));
        assert_eq!(code, -9);

        assert_eq!(town.story(), "paid paid; click failed, click success, click success; performed, performed -1, cancelled -5017");
        let counts = [of_prepare, of_take_over, of_failure, of_complete, of_late, of_doubt];
        assert!(counts.iter().all(|count| *count >= town.fewest()), "{counts:?}");
        assert_eq!(["order.paid", "payment.reversal_requested", "payment.status_questioned"].map(|event| town.told(event)), [1, 1, 1]);
        town.agrees();
    }
}
