//! Statements that fail: nothing of the call remains, and Payme's repeat gets the right answer.

use savdo_domain::payment::payme::Call;
use savdo_persistence::on_both;

use crate::support::{Town, answer, ask, cancelling, desk, performing};

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

        assert!([of_create, of_perform, of_cancel].iter().all(|count| *count > 8), "{of_create} {of_perform} {of_cancel}");
        assert_eq!(town.told("order.paid"), 1);
        town.agrees();
    }
}
