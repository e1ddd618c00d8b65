//! CreateTransaction, row by row of its table, on rows that stand.

use chrono::TimeDelta;
use savdo_domain::Money;
use savdo_domain::ids::OrderId;
use savdo_domain::order::PaymentMethod;
use savdo_domain::payment::Millis;
use savdo_domain::payment::payme::{AccountFault, Call, Create, Fault};
use savdo_persistence::on_both;

use crate::support::{TOTAL, Town, answer, ask, ask_beside, called, desk, desk_of, order};

on_both! {
    fn a_refused_create_stores_nothing(database: TestDatabase) {
        let town = Town::on(database);
        let in_cash = order(&town.world, &town.customer, PaymentMethod::Cash).order.id;
        let before = town.world.everything();
        let creating = town.creating("a1");
        let long_ago = Millis::new(town.now().get() - 43_200_001);

        let refused = [
            (Create { order: Err(AccountFault::Malformed), ..creating.clone() }, Fault::Account(AccountFault::Malformed)),
            (Create { order: Ok(OrderId::new(999)), ..creating.clone() }, Fault::Account(AccountFault::NotFound)),
            (Create { order: Ok(in_cash), ..creating.clone() }, Fault::Account(AccountFault::NotPayable)),
            (Create { amount: Some(Money::from_tiyin(1)), ..creating.clone() }, Fault::WrongAmount),
            (Create { amount: None, ..creating.clone() }, Fault::WrongAmount),
            (Create { time: long_ago, ..creating }, Fault::NotPossible),
        ];
        for (create, fault) in refused {
            assert_eq!(town.ask(Call::Create(create)), Err(fault));
        }

        assert_eq!(town.world.everything(), before);
        assert_eq!(town.check("a1"), Err(Fault::TransactionNotFound));
    }

    fn an_order_that_is_paid_cancelled_or_over_takes_no_transaction(database: TestDatabase) {
        let town = Town::paid(database);
        assert_eq!(town.create("a2"), Err(Fault::Account(AccountFault::Paid)));
        town.give_up(&town.shop.owner).unwrap();
        assert_eq!(town.create("a2"), Err(Fault::Account(AccountFault::NotPayable)));
        let over = town.another();
        town.world.clock.advance(TimeDelta::minutes(61));

        let late = Create { order: Ok(over), ..town.creating("a2") };

        assert_eq!(town.ask(Call::Create(late)), Err(Fault::Account(AccountFault::NotPayable)));
    }

    fn an_order_that_is_held_takes_no_other_transaction(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        let before = town.world.everything();

        assert_eq!(town.create("a2"), Err(Fault::NotPossible));

        assert_eq!(town.world.everything(), before);
    }

    fn a_known_id_with_another_account_or_amount_changes_no_row(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        let another = town.another();
        let before = town.story();

        let other_amount = Create { amount: Some(Money::from_tiyin(1)), ..town.creating("a1") };
        let other_account = Create { order: Ok(another), ..town.creating("a1") };

        assert_eq!(town.ask(Call::Create(other_amount)), Err(Fault::WrongAmount));
        assert_eq!(town.ask(Call::Create(other_account)), Err(Fault::Account(AccountFault::NotFound)));
        assert_eq!(town.story(), before);
    }

    fn a_desk_sees_no_order_of_a_store_that_it_does_not_serve(database: TestDatabase) {
        let town = Town::on(database);
        let store_id = town.shop.store_id;
        let create = || Call::Create(town.creating("a1"));
        let unknown = Err(Fault::Account(AccountFault::NotFound));

        let by_default = ask_beside(&town.world.context, (&desk(), &[store_id]), create());
        assert_eq!(answer(by_default.unwrap()), unknown);
        let of_another = world_of(&town);
        assert_eq!(answer(ask(&town.world.context, &desk_of(of_another), create()).unwrap()), unknown);
        let own = ask_beside(&town.world.context, (&desk_of(store_id), &[store_id]), create());
        assert!(answer(own.unwrap()).is_ok());
        assert_eq!(town.check("a1"), Err(Fault::TransactionNotFound), "it is of another desk");
    }

    fn an_id_that_another_desk_gave_is_not_possible(database: TestDatabase) {
        let town = Town::on(database);
        town.create("a1").unwrap();
        let another = Create { id: called("a1"), time: town.now(), amount: Some(TOTAL), order: Ok(town.another()) };
        let before = town.story();

        let outcome = ask(&town.world.context, &desk_of(town.shop.store_id), Call::Create(another));

        assert_eq!(answer(outcome.unwrap()), Err(Fault::NotPossible));
        assert_eq!(town.story(), before);
    }
}

/// A store of somebody else.
fn world_of(town: &Town) -> savdo_domain::ids::StoreId {
    town.world.shop().store_id
}
