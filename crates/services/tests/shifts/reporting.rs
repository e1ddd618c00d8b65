//! X while a shift is open, Z when it is closed.

use savdo_domain::access::Role;
use savdo_domain::sale::PaymentType;
use savdo_domain::shift::{ByCategory, ByPayment, ByWorker, Cancelled, ReturnedGoods, ShiftRefusal, ShiftReport};
use savdo_persistence::on_both;
use savdo_services::expense_categories::{self, ChangeExpenseCategory};
use savdo_services::sales::Sell;
use savdo_services::shifts::{self, OpenShift};
use savdo_services::testing::{World, end, expense, money, refusal, sale, shift};

use super::{cancel, check, pass, shop_with_bread};

on_both! {
    fn a_report_tells_all_that_joined(database: TestDatabase) {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        let seller = world.hire(&shop, Role::Seller);
        let water = world.expense_category(&shop, "Suv");
        let command = OpenShift { cash_start: Some(money("5000.00")), ..shift(&shop) };
        let id = world.open_shift(&seller, command).shift.id;
        pass(&world);
        world.sell(&seller, sale(&shop, &[(bread, "3")]));
        world.sell(&shop.owner, Sell { discount: money("1000.00"), ..sale(&shop, &[(bread, "2")]) });
        let by_card = world.sell(&seller, Sell { payment_type: PaymentType::Card, ..sale(&shop, &[(bread, "1")]) });
        let undone = world.sell(&seller, sale(&shop, &[(bread, "4")]));
        cancel(&world, &shop.owner, undone.sale.id).unwrap();
        world.spend(&shop, expense(&shop, water));

        let x = shifts::x_report(&world.context, &seller, id).unwrap();
        let not_yet = shifts::z_report(&world.context, &seller, id);
        let closed = world.close_shift(&seller, end(id));

        let name = |actor: &savdo_domain::access::Actor| actor.name.clone();
        let worker = |actor: &savdo_domain::access::Actor, sales_count, total: &str| ByWorker {
            worker_id: actor.worker.as_ref().unwrap().id,
            name: name(actor),
            sales_count,
            sales_total: money(total),
            returns_total: money("0"),
        };
        let Cancelled { count, total } = Cancelled { count: 1, total: money("40000.00") };
        let expected = ShiftReport {
            sales_count: 3,
            gross_total: money("60000.00"),
            discount_total: money("1000.00"),
            sales_total: money("59000.00"),
            by_payment: ByPayment { cash: money("49000.00"), card: by_card.sale.net_total, ..ByPayment::default() },
            cancelled_count: count,
            cancelled_total: total,
            net_sales_total: money("59000.00"),
            expenses_total: money("10000.00"),
            expenses_cash: money("10000.00"),
            expenses_by_category: vec![ByCategory { category: "Suv".to_owned(), total: money("10000.00"), count: 1 }],
            by_worker: vec![worker(&shop.owner, 1, "19000.00"), worker(&seller, 2, "40000.00")],
            cash_start: money("5000.00"),
            cash_expected: money("44000.00"),
            net_income: money("39000.00"),
            ..ShiftReport::default()
        };
        assert_eq!(x.report, expected);
        assert_eq!((x.until, x.seen.report), (world.context.now(), None));
        assert_eq!(refusal(not_yet), ShiftRefusal::StillOpen.into());
        assert_eq!(closed.report, expected);
        let z = shifts::z_report(&world.context, &seller, id).unwrap();
        assert_eq!(z, closed);
        assert_eq!(shifts::x_report(&world.context, &seller, id).unwrap(), z);
        check(&world);
    }

    fn a_frozen_report_keeps_the_names_of_its_day(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let water = world.expense_category(&shop, "Suv");
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        world.spend(&shop, expense(&shop, water));
        let frozen = world.close_shift(&shop.owner, end(id));

        let renamed = ChangeExpenseCategory { name: Some("Choy".to_owned()), ..ChangeExpenseCategory::default() };
        expense_categories::change(&world.context, &shop.owner, water, renamed).unwrap();
        world.database.execute("UPDATE users SET first_name = 'Boshqa'");

        let told = shifts::z_report(&world.context, &shop.owner, id).unwrap();
        assert_eq!(told.report, frozen.report);
        assert_eq!(told.report.expenses_by_category.first().unwrap().category, "Suv");
        check(&world);
    }

    fn a_shift_of_another_store_is_nowhere(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let other = world.shop();
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;

        let detail = shifts::detail(&world.context, &other.owner, id).map(|_| ());
        let x = shifts::x_report(&world.context, &other.owner, id).map(|_| ());
        let z = shifts::z_report(&world.context, &other.owner, id).map(|_| ());

        for outcome in [detail, x, z] {
            assert_eq!(refusal(outcome), savdo_domain::Refusal::NotFound);
        }
    }
}

/// Reports stay as they were frozen, and later parts add figures to new ones.
#[test]
fn a_report_that_was_frozen_before_a_figure_was_known_is_still_read() {
    let frozen = r#"{"sales_count":2,"sales_total":"300.00","by_payment":{"cash":"100.00","card":"200.00"},
        "refunds":{"cash":"10.00"},"cash_start":"5.00","unknown_today":7}"#;

    let report: ShiftReport = serde_json::from_str(frozen).unwrap();

    let expected = ShiftReport {
        sales_count: 2,
        sales_total: money("300.00"),
        by_payment: ByPayment {
            cash: money("100.00"),
            card: money("200.00"),
            ..ByPayment::default()
        },
        refunds: ReturnedGoods {
            cash: money("10.00"),
            ..ReturnedGoods::default()
        },
        cash_start: money("5.00"),
        ..ShiftReport::default()
    };
    assert_eq!(report, expected);
}
