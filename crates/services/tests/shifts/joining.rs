//! What joins a shift, and what becomes of it there.

use savdo_domain::access::{Role, RowStatus};
use savdo_domain::ids::ShiftId;
use savdo_domain::settings::SettingsPatch;
use savdo_domain::shift::ShiftRefusal;
use savdo_persistence::on_both;
use savdo_services::expenses::{self, ChangeExpense, ListExpenses};
use savdo_services::once::Unkeyed;
use savdo_services::sales::{self, ListSales};
use savdo_services::testing::{World, end, expense, money, refusal, sale, shift};
use savdo_services::{Page, Period};

use super::{cancel, change, check, pass, shop_with_bread};

fn sales_of(shift: ShiftId) -> ListSales {
    ListSales {
        period: Period::default(),
        branch: None,
        worker: None,
        customer: None,
        shift: Some(shift),
        payment_type: None,
        statuses: Vec::new(),
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

fn expenses_of(shift: ShiftId) -> ListExpenses {
    ListExpenses {
        period: Period::default(),
        branch: None,
        category: None,
        shift: Some(shift),
        worker: None,
        payment_type: None,
        statuses: Vec::new(),
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

on_both! {
    fn a_sale_joins_the_open_shift_of_its_branch_and_is_none_without_one(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        let one = || sale(&shop, &[(bread, "1")]);
        let before = world.database.dump();

        let without = sales::sell(&world.context, &shop.owner, one(), &Unkeyed);
        assert_eq!(refusal(without), ShiftRefusal::NoneOpen.into());
        assert!(world.database.dump() == before, "something is left of it");
        let first = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let sold = world.sell(&shop.owner, one());
        world.close_shift(&shop.owner, end(first));
        let after = sales::sell(&world.context, &shop.owner, one(), &Unkeyed);
        let second = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let later = world.sell(&shop.owner, one());

        assert_eq!(refusal(after), ShiftRefusal::NoneOpen.into());
        assert_eq!((sold.shift_id, later.shift_id), (Some(first), Some(second)));
        assert_eq!(sales::view(&world.context, &shop.owner, sold.sale.id).unwrap(), sold);
        let listed = |shift| {
            let listed = sales::list(&world.context, &shop.owner, sales_of(shift)).unwrap();
            listed.rows.iter().map(|sale| sale.id).collect::<Vec<_>>()
        };
        assert_eq!((listed(first), listed(second)), (vec![sold.sale.id], vec![later.sale.id]));
        assert_eq!(listed(ShiftId::new(999)), []);
        check(&world);
    }

    fn a_store_without_shifts_joins_none_even_where_one_was_left_open(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let inside = world.sell(&shop.owner, sale(&shop, &[(bread, "1")]));
        change(&world, &shop, SettingsPatch { shift_enabled: Some(false), ..SettingsPatch::default() });
        let category = world.expense_category(&shop, "Suv");

        let sold = world.sell(&shop.owner, sale(&shop, &[(bread, "2")]));
        let spent = world.spend(&shop, expense(&shop, category));
        cancel(&world, &shop.owner, sold.sale.id).unwrap();
        cancel(&world, &shop.owner, inside.sale.id).unwrap();
        let closed = world.close_shift(&shop.owner, end(id));

        assert_eq!((sold.shift_id, spent.stored.shift_id), (None, None));
        // The sale that had joined it leaves it; the other was never there.
        let report = closed.report;
        assert_eq!((report.sales_count, report.cancelled_count, report.cancel_refunds.count), (0, 1, 0));
        assert_eq!((report.cancelled_total, report.cash_expected), (money("10000.00"), money("0.00")));
        check(&world);
    }

    fn a_sale_undone_in_its_shift_leaves_it_and_undone_later_is_money_of_the_later_shift(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        let sold = |pieces| {
            pass(&world);
            world.sell(&shop.owner, sale(&shop, &[(bread, pieces)])).sale.id
        };
        let first = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let (own, kept, later, never) = (sold("1"), sold("2"), sold("3"), sold("4"));
        cancel(&world, &shop.owner, own).unwrap();
        let frozen = world.close_shift(&shop.owner, end(first));
        pass(&world);
        cancel(&world, &shop.owner, never).unwrap();
        let second = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        pass(&world);

        cancel(&world, &shop.owner, later).unwrap();
        let closed = world.close_shift(&shop.owner, end(second));

        let report = &frozen.report;
        assert_eq!((report.sales_count, report.sales_total), (3, money("90000.00")));
        assert_eq!((report.cancelled_count, report.cancelled_total), (1, money("10000.00")));
        assert_eq!((report.cancel_refunds.count, report.cash_expected), (0, money("90000.00")));
        let report = &closed.report;
        assert_eq!((report.sales_count, report.cancelled_count), (0, 0));
        assert_eq!((report.cancel_refunds.count, report.cancel_refunds.cash), (1, money("30000.00")));
        assert_eq!((report.cash_expected, report.net_income), (money("-30000.00"), money("-30000.00")));
        let again = savdo_services::shifts::z_report(&world.context, &shop.owner, first).unwrap();
        assert_eq!(again, frozen);
        let _ = kept;
        check(&world);
    }

    fn an_expense_joins_the_open_shift_if_there_is_one_and_is_frozen_with_it(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let seller = world.hire(&shop, Role::Manager);
        let category = world.expense_category(&shop, "Suv");
        let other = world.expense_category(&shop, "Aloqa");
        let loose = world.spend(&shop, expense(&shop, category));
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let spent = world.spend(&shop, expense(&shop, category)).stored;
        let aside = world.spend(&shop, expense(&shop, category)).stored;
        expenses::put_aside(&world.context, &seller, aside.id).unwrap();
        let closed = world.close_shift(&shop.owner, end(id));
        let before = world.database.dump();

        let amount = ChangeExpense { amount: Some(money("1.00")), ..ChangeExpense::default() };
        let tender = ChangeExpense {
            payment_type: Some(savdo_domain::expense::Tender::Card),
            ..ChangeExpense::default()
        };
        let back = ChangeExpense { status: Some(RowStatus::Active), ..ChangeExpense::default() };
        let refused = [
            expenses::change(&world.context, &seller, spent.id, amount.clone()),
            expenses::change(&world.context, &seller, spent.id, tender),
            expenses::put_aside(&world.context, &seller, spent.id),
            expenses::change(&world.context, &seller, aside.id, back),
        ];

        for outcome in refused {
            assert_eq!(refusal(outcome), ShiftRefusal::AlreadyClosed.into());
        }
        assert!(world.database.dump() == before, "something changed");
        assert_eq!((loose.stored.shift_id, spent.shift_id), (None, Some(id)));
        let report = closed.report;
        assert_eq!((report.expenses_total, report.expenses_cash), (money("10000.00"), money("10000.00")));
        assert_eq!(report.cash_expected, money("-10000.00"));
        let told = ChangeExpense {
            category: Some(other),
            description: Some("Suv emas, aloqa".to_owned()),
            amount: Some(spent.expense.amount),
            ..ChangeExpense::default()
        };
        let changed = expenses::change(&world.context, &seller, spent.id, told).unwrap();
        assert_eq!((changed.category_name.as_str(), changed.stored.shift_id), ("Aloqa", Some(id)));
        expenses::put_aside(&world.context, &seller, aside.id).unwrap();
        expenses::change(&world.context, &seller, loose.stored.id, amount).unwrap();
        let listed = expenses::list(&world.context, &shop.owner, expenses_of(id)).unwrap();
        let listed: Vec<_> = listed.rows.iter().map(|row| row.stored.id).collect();
        assert_eq!(listed, [aside.id, spent.id]);
        check(&world);
    }

    fn joining_a_shift_costs_one_statement(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        let statements = || {
            let before = world.database.probe().statements();
            world.sell(&shop.owner, sale(&shop, &[(bread, "1")]));
            world.database.probe().statements() - before
        };
        world.open_shift(&shop.owner, shift(&shop));

        let within = statements();
        change(&world, &shop, SettingsPatch { shift_enabled: Some(false), ..SettingsPatch::default() });
        let without = statements();

        assert_eq!(within, without + 1);
    }
}
