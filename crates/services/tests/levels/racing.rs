//! Many at once, and failures in the middle.

use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::stock::{self, CorrectStock};
use savdo_services::testing::{World, at_once, quantity, receipt, refusal, sale};

use super::{check, correct, counted, open, opening, product, shown};

on_both! {
    fn whichever_statement_fails_a_level_stays_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [first, second] = [1, 2].map(|id| product(&world, &shop, id, "500.00"));

        let (level, _) = world.fails_at_every_statement(|| open(&world, &shop, opening(&shop, first, "10")));
        let (_, up) = world.fails_at_every_statement(|| correct(&world, &shop, level.id, counted("12")));
        let (_, down) = world.fails_at_every_statement(|| correct(&world, &shop, level.id, counted("0")));
        let (_, hiding) = world.fails_at_every_statement(|| stock::hide(&world.context, &shop.owner, level.id));
        world.fails_at_every_statement(|| open(&world, &shop, opening(&shop, second, "0")));

        assert!(up > 8 && down > 8 && hiding > 4, "only {up}, {down} and {hiding} statements");
        check(&world);
    }

    fn of_many_who_open_a_level_one_does(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");

        let outcomes = at_once(8, |_| open(&world, &shop, opening(&shop, product, "3")));

        let (made, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let lost: Vec<_> = lost.into_iter().map(refusal).collect();
        let already = Refusal::from(FieldErrors::across(FieldProblem::AlreadyStocked));
        assert_eq!((made.len(), lost), (1, vec![already; 7]));
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        assert_eq!(world.levels(), ["1: 3000 3000 -"]);
        check(&world);
    }

    fn of_many_who_correct_what_they_saw_one_does(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "10")).unwrap().id;

        let outcomes = at_once(8, |who| {
            let command = CorrectStock { expected: Some(quantity("10")), ..counted(&(11 + who).to_string()) };
            correct(&world, &shop, level, command).map(|view| view.quantity)
        });

        let made: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).copied().collect();
        assert_eq!(made.len(), 1);
        for lost in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(lost), StockRefusal::Changed { quantity: made[0] }.into());
        }
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        check(&world);
    }

    fn sales_and_corrections_at_once_leave_what_was_counted_less_what_was_sold_after(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let level = open(&world, &shop, opening(&shop, product, "40")).unwrap().id;

        at_once(8, |who| {
            if who % 2 == 0 {
                world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
            } else {
                correct(&world, &shop, level, counted("20")).unwrap();
            }
        });

        let left = shown(&world, &shop)[0].quantity;
        assert!(quantity("16") <= left && left <= quantity("20"), "{left}");
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        check(&world);
    }

    fn a_level_is_never_hidden_over_goods_that_come_in_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..10 {
            let product = product(&world, &shop, round + 1, "500.00");
            let level = open(&world, &shop, opening(&shop, product, "0")).unwrap().id;
            let outcomes = at_once(2, |who| match who {
                0 => stock::hide(&world.context, &shop.owner, level),
                _ => stock::move_goods(&world.context, &shop.owner, receipt(&shop, product, "1", "10"), &Unkeyed).map(|_| ()),
            });
            for (who, outcome) in outcomes.into_iter().enumerate() {
                if let Err(error) = outcome {
                    assert_eq!((who, refusal::<()>(Err(error))), (0, CatalogRefusal::HasStock.into()));
                }
            }
            assert!(shown(&world, &shop).iter().any(|view| view.id == level), "round {round}");
        }
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        check(&world);
    }
}
