//! Returns and shifts: which shift a return joins, and what its report tells.

use savdo_domain::access::Role;
use savdo_domain::shift::{ByWorker, ReturnedGoods, ShiftRefusal};
use savdo_persistence::on_both;
use savdo_services::sale_returns::CreateSaleReturn;
use savdo_services::shifts;
use savdo_services::testing::{World, back, end, money, refusal, sale, shift};

use super::{another_branch, by_card, check, confirm, drop_it, shop_with};

on_both! {
    fn a_return_is_confirmed_only_in_an_open_shift_and_counts_there_whatever_shift_sold(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let seller = world.hire(&shop, Role::Seller);
        world.use_shifts(&shop);
        let first = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let by_seller = world.sell(&seller, sale(&shop, &[(product, "5")])).sale.id;
        let of_card = world.sell(&shop.owner, by_card(sale(&shop, &[(product, "2")]))).sale.id;
        let frozen = world.close_shift(&shop.owner, end(first));
        let ids = [(by_seller, "2"), (by_seller, "1"), (of_card, "1"), (by_seller, "1")]
            .map(|(sale, pieces)| world.bring_back(&seller, back(sale, &[(product, pieces)])).sale_return.id);
        world.clock.advance(chrono::TimeDelta::hours(1));

        let without = confirm(&world, &shop.owner, ids[0]);
        drop_it(&world, &shop.owner, ids[3]).unwrap();
        let second = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        world.clock.advance(chrono::TimeDelta::hours(1));
        let joined = [0, 1, 2].map(|index: usize| world.confirm_return(&shop.owner, ids[index]).sale_return.shift_id);
        let sold_now = world.sell(&seller, sale(&shop, &[(product, "4")]));
        let x_report = shifts::x_report(&world.context, &shop.owner, second).unwrap().report;
        let z_report = world.close_shift(&shop.owner, end(second)).report;

        assert_eq!(refusal(without), ShiftRefusal::NoneOpen.into());
        assert_eq!(joined, [Some(second); 3]);
        assert_eq!(x_report, z_report);
        let refunds = ReturnedGoods { cash: money("300.00"), card: money("100.00"), debt: money("0") };
        assert_eq!((z_report.returns_count, z_report.returns_total, z_report.refunds), (3, money("400.00"), refunds));
        assert_eq!((z_report.sales_total, z_report.net_sales_total), (money("400.00"), money("0")));
        assert_eq!((z_report.cash_expected, z_report.net_income), (money("100.00"), money("100.00")));
        let worker = |worker_id, name: &str, sales_count, sales_total, returns_total| ByWorker {
            worker_id,
            name: name.to_owned(),
            sales_count,
            sales_total: money(sales_total),
            returns_total: money(returns_total),
        };
        let owner = shop.owner.worker.as_ref().unwrap().id;
        assert_eq!(z_report.by_worker, [
            worker(owner, &shop.owner.name, 0, "0", "100.00"),
            worker(sold_now.sale.worker_id, &seller.name, 1, "400.00", "300.00"),
        ]);
        // What was frozen before knows nothing of what came back later.
        let again = shifts::z_report(&world.context, &shop.owner, first).unwrap();
        assert_eq!((again.report.returns_count, again), (0, frozen));
        check(&world);
    }

    fn a_return_elsewhere_joins_the_shift_of_that_branch(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let branch = another_branch(&world, &shop);
        world.use_shifts(&shop);
        let here = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "2")])).sale.id;
        let command = CreateSaleReturn { branch: Some(branch), ..back(sold, &[(product, "1")]) };
        let id = world.bring_back(&shop.owner, command).sale_return.id;

        let without = confirm(&world, &shop.owner, id);
        let open_there = shifts::OpenShift { branch: Some(branch), ..shift(&shop) };
        let there = world.open_shift(&shop.owner, open_there).shift.id;
        let joined = world.confirm_return(&shop.owner, id).sale_return.shift_id;

        assert_eq!(refusal(without), ShiftRefusal::NoneOpen.into());
        assert_eq!(joined, Some(there));
        let counts = [here, there].map(|id| world.close_shift(&shop.owner, end(id)).report.returns_count);
        assert_eq!(counts, [0, 1]);
        check(&world);
    }
}
