//! Many at once at one sale: exactly as much comes back as may, once, and nobody waits for ever.

use savdo_domain::Refusal;
use savdo_domain::sale::SaleRefusal;
use savdo_domain::sale_return::SaleReturnRefusal;
use savdo_domain::shift::ShiftRefusal;
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::testing::{World, at_once, back, end, refusal, sale, shift};
use savdo_services::{Result, sales, shifts};

use super::{cancel_sale, check, confirm, create, drop_it, exceeded, shop_with, sold};

/// How many went through, and why the others did not.
fn counted<T>(outcomes: Vec<Result<T>>) -> (usize, Vec<Refusal>) {
    let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    (done.len(), refused.into_iter().map(refusal).collect())
}

on_both! {
    fn of_many_who_bring_the_last_piece_back_one_does(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "3").sale.id;
        world.bring_back(&shop.owner, back(sale, &[(product, "2")]));

        let outcomes = at_once(8, |_| create(&world, &shop.owner, back(sale, &[(product, "1")])));

        let refused = Refusal::from(SaleReturnRefusal::ExceedsSold(vec![exceeded(product, "3", "3", "1")]));
        assert_eq!(counted(outcomes), (1, vec![refused; 7]));
        check(&world);
    }

    fn of_many_who_confirm_a_return_one_does(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "6").sale.id;
        let id = world.bring_back(&shop.owner, back(sale, &[(product, "5")])).sale_return.id;

        let outcomes = at_once(8, |_| confirm(&world, &shop.owner, id));

        assert_eq!(counted(outcomes), (1, vec![Refusal::from(SaleReturnRefusal::NotPending); 7]));
        assert_eq!(world.batches(), ["1: 3000 15000", "2: 100000 700000"]);
        check(&world);
    }

    fn returns_of_one_sale_confirmed_at_once_all_come_back(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "99.99");
        let sale = sold(&world, &shop, product, "6").sale.id;
        let ids = [(); 6].map(|()| world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return.id);

        let outcomes = at_once(6, |who| confirm(&world, &shop.owner, ids[who]));

        assert_eq!(counted(outcomes), (6, Vec::new()));
        assert_eq!(world.batches(), ["1: 4000 20000", "2: 100000 700000"]);
        let view = sales::view(&world.context, &shop.owner, sale).unwrap().sale;
        assert_eq!(view.returned_amount, view.net_total);
        check(&world);
    }

    fn a_return_is_confirmed_or_dropped_never_both(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");

        for _ in 0..4 {
            let sale = sold(&world, &shop, product, "2").sale.id;
            let id = world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return.id;

            let outcomes = at_once(6, |who| match who % 2 {
                0 => confirm(&world, &shop.owner, id),
                _ => drop_it(&world, &shop.owner, id),
            });

            assert_eq!(counted(outcomes), (1, vec![Refusal::from(SaleReturnRefusal::NotPending); 5]));
        }
        check(&world);
    }

    fn a_sale_is_cancelled_or_has_returns_never_both(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");

        for _ in 0..6 {
            let sale = sold(&world, &shop, product, "1").sale.id;

            let outcomes = at_once(6, |who| match who % 2 {
                0 => create(&world, &shop.owner, back(sale, &[(product, "1")])).map(|view| Some(view.sale_return.id)),
                _ => cancel_sale(&world, &shop.owner, sale).map(|_| None),
            });

            let is_cancelled = outcomes.iter().any(|outcome| matches!(outcome, Ok(None)));
            let (done, refused) = counted(outcomes);
            assert_eq!((done, refused.len()), (1, 5));
            for refusal in refused {
                let expected = if is_cancelled {
                    [Refusal::from(SaleRefusal::AlreadyCancelled), SaleRefusal::AlreadyCancelled.into()]
                } else {
                    let exceeded = vec![exceeded(product, "1", "1", "1")];
                    [SaleRefusal::HasReturns.into(), SaleReturnRefusal::ExceedsSold(exceeded).into()]
                };
                assert!(expected.contains(&refusal), "{refusal:?}");
            }
        }
        check(&world);
    }

    fn returns_and_sales_of_the_same_batch_never_block_each_other(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let other = world.product(&shop, savdo_services::testing::Goods::named("Qand"));
        world.receive(&shop, savdo_services::testing::receipt(&shop, other, "100", "3.00"));
        let ids = [(); 6].map(|()| {
            let sold = world.sell(&shop.owner, sale(&shop, &[(other, "1"), (product, "1")])).sale.id;
            world.bring_back(&shop.owner, back(sold, &[(product, "1"), (other, "1")])).sale_return.id
        });

        let outcomes = at_once(12, |who| match ids.get(who) {
            Some(id) => confirm(&world, &shop.owner, *id).map(drop),
            None => {
                let mut items = [(product, "1"), (other, "1")];
                if who % 2 == 0 {
                    items.reverse();
                }
                sales::sell(&world.context, &shop.owner, sale(&shop, &items), &Unkeyed).map(drop)
            }
        });

        assert_eq!(counted(outcomes), (12, Vec::new()));
        assert_eq!(world.levels(), ["1: 98000 98000 -", "2: 94000 94000 -"]);
        check(&world);
    }

    fn the_last_piece_that_comes_back_is_sold_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, savdo_services::testing::Goods::named("Choynak"));
        world.receive(&shop, savdo_services::testing::receipt(&shop, product, "1", "3.00"));
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")])).sale.id;
        let id = world.bring_back(&shop.owner, back(sold, &[(product, "1")])).sale_return.id;

        let outcomes = at_once(7, |who| match who {
            3 => confirm(&world, &shop.owner, id).map(drop),
            _ => sales::sell(&world.context, &shop.owner, sale(&shop, &[(product, "1")]), &Unkeyed).map(drop),
        });

        let (done, refused) = counted(outcomes);
        assert!(done == 1 || done == 2, "{done} went through");
        assert!(refused.iter().all(|refusal| refusal.code() == Some("insufficient_stock")));
        let left = if done == 1 { "1: 1000 1000 -" } else { "1: 0 0 -" };
        assert_eq!(world.levels(), [left]);
        check(&world);
    }

    fn a_return_counts_in_the_shift_that_closes_or_not_at_all(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        world.use_shifts(&shop);

        for _ in 0..4 {
            let shift_id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
            let sale = sold(&world, &shop, product, "3").sale.id;
            let ids = [(); 3].map(|()| world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return.id);

            let outcomes = at_once(4, |who| match ids.get(who) {
                Some(id) => confirm(&world, &shop.owner, *id).map(|_| None),
                None => shifts::close(&world.context, &shop.owner, end(shift_id), &Unkeyed).map(|closed| Some(closed.reported.seen.report)),
            });

            let (mut confirmed, mut frozen) = (0, None);
            for outcome in outcomes {
                match outcome {
                    Ok(None) => confirmed += 1,
                    Ok(report) => frozen = report,
                    refused => assert_eq!(refusal(refused), ShiftRefusal::NoneOpen.into()),
                }
            }
            assert_eq!(frozen.flatten().unwrap().returns_count, confirmed);
        }
        check(&world);
    }
}
