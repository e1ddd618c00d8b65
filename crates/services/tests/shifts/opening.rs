//! Who opens and closes a shift, and where there is none.

use chrono::TimeDelta;
use savdo_domain::access::{AccessRefusal, Module, Role, RowStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::coded::Coded;
use savdo_domain::settings::SettingsPatch;
use savdo_domain::shift::{ShiftRefusal, ShiftStatus};
use savdo_domain::{FieldProblem, Money, Refusal};
use savdo_persistence::on_both;
use savdo_services::branches::{self, ChangeBranch};
use savdo_services::once::Unkeyed;
use savdo_services::shifts::{self, CloseShift, ListShifts, OpenShift, ShiftColumn};
use savdo_services::stores::{self, ChangeStore};
use savdo_services::testing::{World, end, money, refusal, shift};
use savdo_services::{Page, Period, SortBy};

use super::{change, check, close, open, shop_with_bread};

on_both! {
    fn a_shift_is_opened_shown_and_closed(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let seller = world.hire(&shop, Role::Seller);
        let begin = world.context.now();
        let command = OpenShift {
            branch: None,
            cash_start: Some(money("100000.00")),
            description: "Ertalabki".to_owned(),
        };

        let opened = world.open_shift(&seller, command);
        world.clock.advance(TimeDelta::hours(8));
        let id = opened.shift.id;
        let command = CloseShift { id, cash_end: Some(money("99500.00")), description: "Kam chiqdi".to_owned() };
        let closed = world.close_shift(&shop.owner, command);

        let worker = seller.worker.as_ref().unwrap().id;
        assert_eq!(
            (opened.shift.status, opened.shift.opened_by, opened.shift.opened_at, opened.shift.cash_start),
            (ShiftStatus::Open, worker, begin, money("100000.00"))
        );
        assert_eq!((opened.report, opened.shift.closed_by, opened.shift.cash_end), (None, None, None));
        let mut expected = opened.shift;
        expected.status = ShiftStatus::Closed;
        expected.closed_by = shop.owner.worker.as_ref().map(|worker| worker.id);
        expected.closed_by_name = Some(shop.owner.name.clone());
        expected.closed_at = Some(begin + TimeDelta::hours(8));
        expected.cash_end = Some(money("99500.00"));
        expected.description = "Ertalabki\nKam chiqdi".to_owned();
        expected.z_report = closed.seen.shift.z_report.clone();
        assert_eq!(closed.seen.shift, expected);
        let report = closed.report;
        assert_eq!((report.cash_expected, report.cash_difference), (money("100000.00"), Some(money("-500.00"))));
        assert_eq!(shifts::detail(&world.context, &seller, id).unwrap(), closed.seen);
        let told = world.database.lines(
            "SELECT action || ': ' || description || ' ' || details AS line FROM audit_entries \
             WHERE subject_type = 'shift' ORDER BY id",
        );
        assert_eq!(told, [
            "open: Smena ochildi: Markaz, kassada 100000.00 so'm ",
            "close: Smena yopildi: Markaz {\"cash_difference\":\"-500.00\",\"cash_end\":\"99500.00\",\
             \"cash_expected\":\"100000.00\",\"changes\":{\"status\":{\"new\":\"closed\",\"old\":\"open\"}},\
             \"sales_total\":\"0.00\"}",
        ]);
        check(&world);
    }

    fn no_shift_is_opened_where_there_are_none_or_one_is_open(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let without = open(&world, &shop.owner, &shop);
        world.use_shifts(&shop);
        let nowhere = shifts::open(&world.context, &shop.owner, OpenShift { branch: None, ..shift(&shop) }, &Unkeyed);
        let foreign = open(&world, &shop.owner, &other);
        let shift_id = world.open_shift(&shop.owner, shift(&shop)).shift.id;

        let again = open(&world, &shop.owner, &shop);

        assert_eq!(refusal(without), AccessRefusal::ModuleDisabled { module: Module::Shift }.into());
        assert_eq!(refusal(nowhere), Refusal::field("branch", FieldProblem::Required));
        assert_eq!(refusal(foreign), Refusal::field("branch", FieldProblem::UnknownObject));
        assert_eq!(refusal(again), ShiftRefusal::AlreadyOpen { shift_id }.into());
    }

    fn a_drawer_is_counted_where_the_store_wants_it(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let uncounted = || OpenShift { cash_start: None, ..shift(&shop) };
        let first = world.open_shift(&shop.owner, uncounted());
        world.close_shift(&shop.owner, end(first.shift.id));
        change(&world, &shop, SettingsPatch { require_cash_count: Some(true), ..SettingsPatch::default() });

        let refused = shifts::open(&world.context, &shop.owner, uncounted(), &Unkeyed);
        let second = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let unclosed = close(&world, &shop.owner, second);
        let counted = CloseShift { cash_end: Some(Money::ZERO), ..end(second) };
        let closed = world.close_shift(&shop.owner, counted);

        assert_eq!(first.shift.cash_start, Money::ZERO);
        assert_eq!(refusal(refused), Refusal::field("cash_start", FieldProblem::Required));
        assert_eq!(refusal(unclosed), Refusal::field("cash_end", FieldProblem::Required));
        assert_eq!(closed.report.cash_difference, Some(Money::ZERO));
    }

    fn a_seller_opens_as_many_shifts_a_day_as_the_store_says_and_who_leads_more(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let seller = world.hire(&shop, Role::Seller);
        let manager = world.hire(&shop, Role::Manager);
        change(&world, &shop, SettingsPatch { shifts_per_day: Some(2), ..SettingsPatch::default() });
        for worker in [&seller, &manager] {
            let id = world.open_shift(worker, shift(&shop)).shift.id;
            world.close_shift(worker, end(id));
        }

        let third = open(&world, &seller, &shop);
        let by_manager = world.open_shift(&manager, shift(&shop)).shift.id;
        world.close_shift(&manager, end(by_manager));
        world.clock.advance(TimeDelta::days(1));
        let tomorrow = open(&world, &seller, &shop);

        assert_eq!(refusal(third), ShiftRefusal::PerDayReached.into());
        assert_eq!(tomorrow.unwrap().shift.status, ShiftStatus::Open);
    }

    fn a_seller_closes_the_shift_he_opened_and_nobody_closes_one_twice(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let [one, two] = [(); 2].map(|()| world.hire(&shop, Role::Seller));
        let stranger = world.shop();
        let id = world.open_shift(&one, shift(&shop)).shift.id;

        let of_another = close(&world, &two, id);
        let by_stranger = close(&world, &stranger.owner, id);
        let closed = close(&world, &one, id);
        let again = close(&world, &one, id);
        let by_owner = close(&world, &shop.owner, id);

        assert_eq!(refusal(of_another), ShiftRefusal::NotYours.into());
        assert_eq!(refusal(by_stranger), Refusal::NotFound);
        assert_eq!(closed.unwrap().seen.shift.status, ShiftStatus::Closed);
        assert_eq!(refusal(again), ShiftRefusal::AlreadyClosed.into());
        assert_eq!(refusal(by_owner), ShiftRefusal::AlreadyClosed.into());
    }

    fn a_branch_or_store_with_an_open_shift_is_not_closed(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.use_shifts(&shop);
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let before = world.database.dump();
        let inactive = ChangeBranch { status: Some(RowStatus::Inactive), ..ChangeBranch::default() };
        let off = ChangeStore { status: Some(RowStatus::Inactive), ..ChangeStore::default() };
        let (context, owner) = (&world.context, &shop.owner);

        let refused = [
            branches::close(context, owner, shop.branch_id).map(|_| ()),
            branches::change(context, owner, shop.branch_id, inactive).map(|_| ()),
            stores::close(context, owner, shop.store_id).map(|_| ()),
            stores::change(context, owner, shop.store_id, off).map(|_| ()),
        ];
        let seen = stores::detail(context, owner, shop.store_id).unwrap();

        for outcome in refused {
            assert_eq!(refusal(outcome), CatalogRefusal::ShiftOpen.into());
        }
        assert_eq!(seen.open_shifts.iter().map(|shift| shift.id).collect::<Vec<_>>(), [id]);
        assert!(world.database.dump() == before, "something changed");
        world.close_shift(owner, end(id));
        branches::close(context, owner, shop.branch_id).unwrap();
        let closed = stores::close(context, owner, shop.store_id).unwrap();
        assert_eq!(closed.open_shifts, []);
    }

    fn a_list_of_shifts_is_filtered(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);
        let other = world.shop();
        let mut ids = Vec::new();
        for _ in 0..3 {
            let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
            ids.push(id);
            world.close_shift(&shop.owner, end(id));
            world.clock.advance(TimeDelta::days(1));
        }
        ids.push(world.open_shift(&shop.owner, shift(&shop)).shift.id);
        let all = || ListShifts {
            period: Period::default(),
            branch: None,
            statuses: Vec::new(),
            sort: Vec::new(),
            page: Page::new(1, 100),
        };
        let find = |query| -> Vec<usize> {
            let listed = shifts::list(&world.context, &shop.owner, query).unwrap();
            assert_eq!(usize::try_from(listed.total), Ok(listed.rows.len()));
            listed.rows.iter().map(|row| ids.iter().position(|id| *id == row.id).unwrap()).collect()
        };
        let day = |day: u32| chrono::NaiveDate::from_ymd_opt(2026, 3, day);

        assert_eq!(find(all()), [3, 2, 1, 0]);
        assert_eq!(find(ListShifts { statuses: vec![ShiftStatus::Open], ..all() }), [3]);
        assert_eq!(find(ListShifts { statuses: ShiftStatus::ALL.to_vec(), ..all() }), [3, 2, 1, 0]);
        assert_eq!(find(ListShifts { branch: Some(shop.branch_id), ..all() }), [3, 2, 1, 0]);
        assert_eq!(find(ListShifts { branch: Some(other.branch_id), ..all() }), [0; 0]);
        assert_eq!(find(ListShifts { period: Period { day: None, from: day(13), to: day(14) }, ..all() }), [2, 1]);
        let sort = vec![SortBy::ascending(ShiftColumn::StartTime)];
        assert_eq!(find(ListShifts { sort, ..all() }), [0, 1, 2, 3]);
        let of_other = shifts::list(&world.context, &other.owner, all()).unwrap();
        assert_eq!(of_other.rows, []);
        let turned = ListShifts { period: Period { day: None, from: day(14), to: day(13) }, ..all() };
        let turned = shifts::list(&world.context, &shop.owner, turned);
        assert_eq!(refusal(turned), Refusal::field("date_from", FieldProblem::EmptyPeriod));
    }

    fn a_shift_that_fails_to_open_or_close_at_any_statement_leaves_nothing_behind(database: TestDatabase) {
        let world = World::on(database);
        let (shop, _) = shop_with_bread(&world);

        let (opened, statements) = world.fails_at_every_statement(|| open(&world, &shop.owner, &shop));
        assert!(statements > 6, "only {statements} statements");
        let (_, statements) = world.fails_at_every_statement(|| close(&world, &shop.owner, opened.shift.id));
        assert!(statements > 6, "only {statements} statements");
        check(&world);
    }
}
