//! Many at once, of whom one closes or opens a branch.

use savdo_domain::access::RowStatus;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::testing::{Goods, World, at_once, receipt, refusal, sale};
use savdo_services::{Result, branches, sales, stock};

use super::{another, buyer, cancel, change, check, close, now, open, order, serve_from, status};

on_both! {
    fn of_many_who_open_a_branch_of_one_name_one_does(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let outcomes = at_once(8, |_| open(&world, &shop, "Chorsu"));

        let (made, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let lost: Vec<_> = lost.into_iter().map(refusal).collect();
        let taken = Refusal::from(FieldErrors::one("name", FieldProblem::Taken));
        assert_eq!((made.len(), lost), (1, vec![taken; 7]));
    }

    fn of_two_closed_branches_of_one_name_one_opens_again(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        close(&world, &shop).unwrap();
        let second = open(&world, &shop, "Markaz").unwrap().branch.id;
        branches::close(&world.context, &shop.owner, second).unwrap();

        let ids = [shop.branch_id, second];
        let outcomes = at_once(2, |which| change(&world, &shop, ids[which], now(RowStatus::Active)));

        let lost: Vec<_> = outcomes.into_iter().filter(Result::is_err).map(refusal).collect();
        assert_eq!(lost, [Refusal::field("name", FieldProblem::Taken)]);
    }

    fn a_branch_never_closes_on_goods_that_come_in_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Non"));

        for round in 0..10 {
            let there = another(&world, &shop, &format!("Filial {round}"));
            let outcomes = at_once(2, |who| match who {
                0 => stock::move_goods(&world.context, &shop.owner, receipt(&there, product, "1", "10"), &Unkeyed).map(|_| ()),
                _ => close(&world, &there).map(|_| ()),
            });

            let [received, closed] = <[_; 2]>::try_from(outcomes).unwrap();
            match (received, closed) {
                (Ok(()), closed) => {
                    assert_eq!(refusal(closed), CatalogRefusal::HasStock.into());
                    assert_eq!(status(&world, &there), RowStatus::Active);
                }
                (received, Ok(())) => {
                    assert_eq!(refusal(received), Refusal::field("branch", FieldProblem::UnknownObject));
                    assert_eq!(status(&world, &there), RowStatus::Inactive);
                }
                neither => panic!("neither won: {neither:?}"),
            }
        }
        check(&world);
    }

    fn a_branch_closes_before_or_after_its_last_sale_and_never_meanwhile(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Non"));

        for round in 0..10 {
            let there = another(&world, &shop, &format!("Filial {round}"));
            world.receive(&there, receipt(&there, product, "1", "10"));
            let outcomes = at_once(2, |who| match who {
                0 => sales::sell(&world.context, &shop.owner, sale(&there, &[(product, "1")]), &Unkeyed).map(|_| ()),
                _ => close(&world, &there).map(|_| ()),
            });

            let [sold, closed] = <[_; 2]>::try_from(outcomes).unwrap();
            sold.unwrap();
            let expected = match closed {
                Ok(()) => RowStatus::Inactive,
                refused => {
                    assert_eq!(refusal(refused), CatalogRefusal::HasStock.into());
                    RowStatus::Active
                }
            };
            assert_eq!(status(&world, &there), expected);
        }
        check(&world);
    }

    fn a_branch_never_closes_on_an_order_that_is_placed_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.online_product(&shop, Goods::named("Aspirin"));

        for _ in 0..8 {
            world.receive(&shop, receipt(&shop, product, "1", "10"));
            let buyer = buyer(&world, product);
            let outcomes = at_once(2, |who| match who {
                0 => order(&world, &buyer).map(|placed| Some(placed.order.id)),
                _ => close(&world, &shop).map(|_| None),
            });

            let [placed, closed] = <[_; 2]>::try_from(outcomes).unwrap();
            let refused = refusal(closed).code().unwrap();
            assert!(["has_stock", "has_open_documents"].contains(&refused), "{refused}");
            assert_eq!(status(&world, &shop), RowStatus::Active);
            cancel(&world, &shop, placed.unwrap().unwrap()).unwrap();
            world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        }
        check(&world);
    }

    fn orders_and_the_closing_of_the_branch_that_serves_them_never_stand_in_each_others_way(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let second = another(&world, &shop, "Chorsu");
        let product = world.online_product(&shop, Goods::named("Aspirin"));
        world.receive(&second, receipt(&second, product, "8", "10"));
        serve_from(&world, &second).unwrap();
        let buyers: Vec<_> = (0..8).map(|_| buyer(&world, product)).collect();
        serve_from(&world, &shop).unwrap();

        let outcomes = at_once(10, |who| match who {
            8 => close(&world, &shop).map(|_| None),
            9 => serve_from(&world, &second).map(|()| None),
            buyer => order(&world, &buyers[buyer]).map(|placed| Some(placed.order.location_id)),
        });

        // The branch that was served from at first has nothing: who came before the change was told so.
        for outcome in outcomes {
            match outcome {
                Ok(served_from) => assert_eq!(served_from.unwrap_or(second.branch_id), second.branch_id),
                refused => assert_eq!(refusal(refused).code(), Some("insufficient_stock")),
            }
        }
        assert_eq!((status(&world, &shop), world.database.probe().retries()), (RowStatus::Inactive, 0));
        check(&world);
    }
}
