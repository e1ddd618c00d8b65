//! Many at once at one shift.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::ShiftId;
use savdo_domain::shift::ShiftRefusal;
use savdo_persistence::on_both;
use savdo_services::branches;
use savdo_services::expenses::{self, ChangeExpense};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{World, at_once, end, expense, money, refusal, sale, shift};
use savdo_services::{Result, sales, stores};

use super::{cancel, check, close, open, shop_with_bread};

on_both! {
    fn of_many_who_open_a_shift_one_does(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);

        let outcomes = at_once(8, |_| open(&world, &shop.owner, &shop));

        let (opened, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let [opened] = <[_; 1]>::try_from(opened).unwrap();
        let shift_id = opened.unwrap().shift.id;
        let lost: Vec<_> = lost.into_iter().map(refusal).collect();
        assert_eq!(lost, vec![Refusal::from(ShiftRefusal::AlreadyOpen { shift_id }); 7]);
        check(&world);
    }

    fn of_many_who_close_a_shift_one_does(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        world.sell(&shop.owner, sale(&shop, &[(bread, "1")]));

        let outcomes = at_once(8, |_| close(&world, &shop.owner, id));

        let (closed, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let lost: Vec<_> = lost.into_iter().map(refusal).collect();
        assert_eq!((closed.len(), lost), (1, vec![Refusal::from(ShiftRefusal::AlreadyClosed); 7]));
        check(&world);
    }

    fn a_report_holds_exactly_the_sales_that_came_before_its_shift_closed(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);

        for _ in 0..6 {
            let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
            let outcomes = at_once(7, |who| match who {
                3 => close(&world, &shop.owner, id).map(|closed| Some(closed.report)),
                _ => sales::sell(&world.context, &shop.owner, sale(&shop, &[(bread, "1")]), &Unkeyed).map(|_| None),
            });

            let (mut sold, mut frozen) = (0, None);
            for outcome in outcomes {
                match outcome {
                    Ok(None) => sold += 1,
                    Ok(report) => frozen = report,
                    refused => assert_eq!(refusal(refused), ShiftRefusal::NoneOpen.into()),
                }
            }
            assert_eq!(frozen.unwrap().sales_count, sold);
        }
        check(&world);
    }

    fn a_cancel_counts_in_the_shift_that_closes_or_not_at_all(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);

        for _ in 0..6 {
            let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
            let ids = [(); 3].map(|()| world.sell(&shop.owner, sale(&shop, &[(bread, "1")])).sale.id);
            let reports = at_once(4, |who| match ids.get(who) {
                Some(sale) => cancel(&world, &shop.owner, *sale).map(|_| None),
                None => close(&world, &shop.owner, id).map(|closed| Some(closed.report)),
            });

            let report = reports.into_iter().find_map(|outcome| outcome.unwrap()).unwrap();
            let joined = world.database.lines(&format!("SELECT 'x' AS line FROM sales WHERE cancel_shift_id = {id}"));
            let joined = i64::try_from(joined.len()).unwrap();
            assert_eq!((report.cancelled_count, report.sales_count), (joined, 3 - joined));
        }
        check(&world);
    }

    fn an_expense_is_written_and_changed_before_its_shift_closes_or_not_in_it(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let category = world.expense_category(&shop, "Suv");
        let spend = || expenses::create(&world.context, &shop.owner, expense(&shop, category), &Unkeyed);

        for _ in 0..6 {
            let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
            let known = world.spend(&shop, expense(&shop, category)).stored.id;
            let dearer = || ChangeExpense { amount: Some(money("20000.00")), ..ChangeExpense::default() };
            let outcomes = at_once(4, |who| match who {
                0 | 1 => spend().map(|view| (view.stored.shift_id, None)),
                2 => expenses::change(&world.context, &shop.owner, known, dearer()).map(|_| (Some(id), None)),
                _ => close(&world, &shop.owner, id).map(|closed| (None, Some(closed.report))),
            });

            let (mut expected, mut found) = (money("10000.00"), None);
            for outcome in outcomes {
                match outcome {
                    Ok((_, Some(report))) => found = Some(report.expenses_total),
                    Ok((Some(joined), None)) => {
                        assert_eq!(joined, id);
                        expected = expected.checked_add(money("10000.00")).unwrap();
                    }
                    Ok((None, None)) => {}
                    refused => assert_eq!(refusal(refused), ShiftRefusal::AlreadyClosed.into()),
                }
            }
            assert_eq!(found, Some(expected));
        }
        check(&world);
    }

    fn neither_branch_nor_store_is_switched_off_under_a_shift_that_opens(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.use_shifts(&shop);
        let close_one = |which: usize, owner: &Actor| match which {
            0 => branches::close(&world.context, owner, shop.branch_id).map(|_| None),
            _ => stores::close(&world.context, owner, shop.store_id).map(|_| None),
        };

        for which in [0, 1, 0, 1, 0, 1] {
            let outcomes = at_once(2, |who| match who {
                0 => open(&world, &shop.owner, &shop).map(|seen| Some(seen.shift.id)),
                _ => close_one(which, &shop.owner),
            });

            let [opened, closed]: [Result<Option<ShiftId>>; 2] = outcomes.try_into().unwrap();
            match (opened, closed) {
                (Ok(id), closed) => {
                    assert_eq!(refusal(closed).code(), Some("shift_open"));
                    world.close_shift(&shop.owner, end(id.unwrap()));
                }
                (opened, Ok(_)) => {
                    let refused = refusal(opened);
                    assert!([None, Some("store_inactive")].contains(&refused.code()), "{refused:?}");
                }
                neither => panic!("neither won: {neither:?}"),
            }
            world.database.execute("UPDATE locations SET status = 'active'");
            world.database.execute("UPDATE stores SET status = 'active'");
        }
        check(&world);
    }
}
