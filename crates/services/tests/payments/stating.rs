//! GetStatement.

use chrono::TimeDelta;
use savdo_domain::payment::payme::{Call, Statement};
use savdo_domain::payment::{Millis, TransactionState};
use savdo_persistence::on_both;
use savdo_services::payments::payme::{Reply, StatementRow};

use crate::support::{ACCOUNT, TOTAL, Town, ask, called, desk, desk_of};

fn rows(town: &Town, desk: &savdo_domain::payment::payme::PaymeDesk, from: Millis, to: Millis) -> Vec<StatementRow> {
    let call = Call::Statement(Statement { from, to });
    match ask(&town.world.context, desk, call).unwrap() {
        Ok(Reply::Statement(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

on_both! {
    fn a_statement_lists_the_transactions_of_the_desk_by_paymes_time(database: TestDatabase) {
        let town = Town::on(database);
        let first = town.now();
        town.create("a1").unwrap();
        town.cancel("a1", 2).unwrap();
        town.world.clock.advance(TimeDelta::seconds(1));
        let second = town.now();
        town.create("a2").unwrap();
        town.perform("a2").unwrap();

        let listed = rows(&town, &desk(), first, second);
        let [one, two] = listed.as_slice() else { panic!("{listed:?}") };
        let expected = StatementRow {
            id: called("a1"),
            time: first,
            amount: TOTAL,
            account: ACCOUNT.to_owned(),
            create_time: first,
            perform_time: Millis::NONE,
            cancel_time: first,
            transaction: one.transaction,
            state: TransactionState::Cancelled,
            reason: Some(2),
        };
        assert_eq!(one, &expected);
        assert_eq!((&two.id, two.time, two.state, two.reason), (&called("a2"), second, TransactionState::Performed, None));
        let ids = |from, to| rows(&town, &desk(), from, to).into_iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(first, first), [called("a1")]);
        assert_eq!(ids(second, second), [called("a2")]);
        assert_eq!(ids(second, first), []);
        assert_eq!(ids(Millis::NONE, Millis::new(first.get() - 1)), []);
        assert_eq!(rows(&town, &desk_of(town.shop.store_id), first, second), []);
    }

    fn a_statement_says_what_a_check_would(database: TestDatabase) {
        let town = Town::on(database);
        let first = town.now();
        town.create("a1").unwrap();
        town.world.clock.advance(TimeDelta::hours(13));

        let listed = rows(&town, &desk(), first, first);

        let states: Vec<_> = listed.iter().map(|row| (row.state, row.reason, row.cancel_time)).collect();
        assert_eq!(states, [(TransactionState::Cancelled, Some(4), town.now())]);
        assert_eq!(town.story(), "cancelled unpaid; payme cancelled; cancelled 4");
        town.agrees();
    }
}
