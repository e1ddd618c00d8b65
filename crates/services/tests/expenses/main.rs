//! Expenses: what a store spends, how it sorts that, and what remains of what is taken back.

#![cfg(test)]

mod categories;

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::access::{AccessRefusal, Actor, Role, RowStatus, Section};
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, ExpenseId, LocationId, ShiftId};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::branches::{self, ChangeBranch};
use savdo_services::expense_categories::{self, CreateExpenseCategory};
use savdo_services::expenses::{self, ChangeExpense, CreateExpense, ExpenseColumn, ListExpenses};
use savdo_services::files::Upload;
use savdo_services::once::Unkeyed;
use savdo_services::testing::{Mailbox, Shop, World, at_once, expense, money, picture, refusal};
use savdo_services::{Page, Period, SortBy};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn all() -> ListExpenses {
    ListExpenses {
        period: Period::default(),
        branch: None,
        category: None,
        shift: None,
        worker: None,
        payment_type: None,
        statuses: vec![RowStatus::Active],
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

fn during(on: Option<&str>, from: Option<&str>, to: Option<&str>) -> ListExpenses {
    let period = Period {
        day: on.map(day),
        from: from.map(day),
        to: to.map(day),
    };
    ListExpenses { period, ..all() }
}

fn listed(world: &World, actor: &Actor, query: ListExpenses) -> Vec<i64> {
    let listed = expenses::list(&world.context, actor, query).unwrap();
    assert_eq!(usize::try_from(listed.total), Ok(listed.rows.len()));
    listed.rows.iter().map(|row| row.stored.id.get()).collect()
}

fn pdf() -> Upload {
    Upload(b"%PDF-1.7\n1 0 obj <</JS (app.alert(1))>> endobj".to_vec())
}

fn change(world: &World, shop: &Shop, id: ExpenseId, command: ChangeExpense) -> expenses::ExpenseView {
    expenses::change(&world.context, &shop.owner, id, command).unwrap()
}

fn told(world: &World, action: &str) -> Vec<String> {
    world.database.lines(&format!(
        "SELECT details AS line FROM audit_entries WHERE subject_type = 'expense' AND action = '{action}' ORDER BY id"
    ))
}

on_both! {
    fn an_expense_is_written_down_where_its_worker_is(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        let manager = world.hire(&shop, Role::Manager);
        let command = CreateExpense {
            branch: None,
            payment_type: Tender::Transfer,
            description: "Mart".to_owned(),
            ..expense(&shop, rent)
        };

        let view = expenses::create(&world.context, &manager, command.clone(), &Unkeyed).unwrap();
        let nowhere = expenses::create(&world.context, &shop.owner, command, &Unkeyed);

        let expense = &view.stored.expense;
        assert_eq!((expense.amount, expense.payment_type, expense.status), (money("10000"), Tender::Transfer, RowStatus::Active));
        assert_eq!((expense.day, view.stored.created_at), (day("2026-03-12"), world.context.now()));
        assert_eq!((view.category_name.as_str(), view.branch_name.as_str(), view.stored.shift_id), ("Ijara", "Markaz", None));
        assert_eq!((view.stored.branch_id, Some(view.stored.worker_id)), (shop.branch_id, manager.worker.as_ref().map(|worker| worker.id)));
        assert_eq!(refusal(nowhere), Refusal::field("branch", FieldProblem::Required));
        assert_eq!(expenses::detail(&world.context, &shop.owner, view.stored.id).unwrap(), view);
    }

    fn everything_wrong_with_an_expense_is_named_at_once(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let foreign = world.expense_category(&other, "Ijara");
        let closed = world.expense_category(&shop, "Soliq");
        expense_categories::put_aside(&world.context, &shop.owner, closed).unwrap();
        let before = world.everything();
        let wrong = |category, branch| {
            let command = CreateExpense {
                amount: money("0"),
                day: day("2026-03-14"),
                branch: Some(branch),
                ..expense(&shop, category)
            };
            refusal(expenses::create(&world.context, &shop.owner, command, &Unkeyed))
        };
        let mut expected = FieldErrors::one("amount", FieldProblem::NotPositive);
        expected.add("branch", FieldProblem::UnknownObject);
        expected.add("category", FieldProblem::UnknownObject);
        expected.add("date", FieldProblem::TooLate { latest: "2026-03-13".to_owned() });

        for category in [foreign, closed, ExpenseCategoryId::new(999)] {
            for branch in [other.branch_id, LocationId::new(999)] {
                assert_eq!(wrong(category, branch), Refusal::Fields(expected.clone()));
            }
        }
        assert!(world.everything() == before);
    }

    fn a_closed_branch_spends_nothing_new(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        let close = ChangeBranch { status: Some(RowStatus::Inactive), ..ChangeBranch::default() };
        branches::change(&world.context, &shop.owner, shop.branch_id, close).unwrap();

        let refused = expenses::create(&world.context, &shop.owner, expense(&shop, rent), &Unkeyed);

        assert_eq!(refusal(refused), Refusal::field("branch", FieldProblem::UnknownObject));
    }

    fn a_day_is_that_of_the_store(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        // In Tashkent it is past midnight already: 00:30 on the 13th.
        world.clock.advance(TimeDelta::minutes(14 * 60 + 30));
        let on = |text| expenses::create(&world.context, &shop.owner, CreateExpense { day: day(text), ..expense(&shop, rent) }, &Unkeyed);

        assert_eq!(on("2026-03-14").unwrap().stored.expense.day, day("2026-03-14"));
        assert_eq!(on("1999-12-31").unwrap().stored.expense.day, day("1999-12-31"));
        let latest = "2026-03-14".to_owned();
        assert_eq!(refusal(on("2026-03-15")), Refusal::field("date", FieldProblem::TooLate { latest }));
    }

    fn rights_over_expenses_follow_section_and_role(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        let spent = world.spend(&shop, expense(&shop, rent)).stored.id;
        let seller = world.hire(&shop, Role::Seller);
        let create = |actor: &Actor| expenses::create(&world.context, actor, expense(&shop, rent), &Unkeyed);
        let section = AccessRefusal::SectionRequired { section: Section::Expenses };
        assert_eq!(refusal(create(&seller)), section.into());
        assert_eq!(refusal(expenses::list(&world.context, &seller, all())), section.into());
        assert_eq!(refusal(expenses::receipt(&world.context, &seller, spent)), section.into());

        let id = seller.worker.as_ref().unwrap().id;
        world.database.execute(&format!("UPDATE workers SET sections_added = 'xarajatlar' WHERE id = {id}"));
        let seller = world.again(&seller);

        assert_eq!(create(&seller).unwrap().stored.worker_id, id);
        assert_eq!(listed(&world, &seller, all()).len(), 2);
        let role = AccessRefusal::RoleRequired { roles: Role::MANAGERS };
        let refused = [
            expenses::change(&world.context, &seller, spent, ChangeExpense::default()).map(|_| ()),
            expenses::put_aside(&world.context, &seller, spent).map(|_| ()),
            expense_categories::put_aside(&world.context, &seller, rent).map(|_| ()),
            expense_categories::create(&world.context, &seller, CreateExpenseCategory { name: "x".to_owned() }, &Unkeyed).map(|_| ()),
        ];
        for outcome in refused {
            assert_eq!(refusal(outcome), role.into());
        }
    }

    fn only_what_changes_of_an_expense_is_judged_anew(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [rent, tax] = ["Ijara", "Soliq"].map(|name| world.expense_category(&shop, name));
        let id = world.spend(&shop, expense(&shop, rent)).stored.id;
        expense_categories::put_aside(&world.context, &shop.owner, rent).unwrap();
        let only = |command| expenses::change(&world.context, &shop.owner, id, command);

        let kept = only(ChangeExpense { category: Some(rent), amount: Some(money("5")), ..ChangeExpense::default() }).unwrap();
        let moved = only(ChangeExpense { category: Some(tax), ..ChangeExpense::default() }).unwrap();
        let back = only(ChangeExpense { category: Some(rent), ..ChangeExpense::default() });
        let nothing = only(ChangeExpense { amount: Some(money("0")), ..ChangeExpense::default() });
        let late = only(ChangeExpense { day: Some(day("2026-03-14")), ..ChangeExpense::default() });
        let unknown = expenses::change(&world.context, &shop.owner, ExpenseId::new(999), ChangeExpense::default());

        assert_eq!((kept.stored.expense.amount, kept.category_name.as_str()), (money("5"), "Ijara"));
        assert_eq!((moved.stored.expense.amount, moved.category_name.as_str()), (money("5"), "Soliq"));
        assert_eq!(refusal(back), Refusal::field("category", FieldProblem::UnknownObject));
        assert_eq!(refusal(nothing), Refusal::field("amount", FieldProblem::NotPositive));
        assert_eq!(refusal(late), Refusal::field("date", FieldProblem::TooLate { latest: "2026-03-13".to_owned() }));
        assert_eq!(refusal(unknown), Refusal::NotFound);
        assert_eq!(told(&world, "update"), [
            "{\"changes\":{\"amount\":{\"new\":\"5.00\",\"old\":\"10000.00\"}}}",
            "{\"changes\":{\"category\":{\"new\":2,\"old\":1}}}",
        ]);
    }

    fn an_expense_that_is_put_aside_stays_in_the_audit_log_whole(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        let command = CreateExpense { description: "Mart".to_owned(), ..expense(&shop, rent) };
        let id = world.spend(&shop, command).stored.id;

        let gone = expenses::put_aside(&world.context, &shop.owner, id).unwrap();
        let again = expenses::put_aside(&world.context, &shop.owner, id).unwrap();

        assert_eq!((gone.stored.expense.status, &again), (RowStatus::Inactive, &gone));
        let worker = shop.owner.worker.as_ref().unwrap().id;
        let row = |status: &str| {
            format!(
                "{{\"amount\":\"10000.00\",\"branch\":{},\"category\":{rent},\"date\":\"2026-03-12\",\"description\":\"Mart\",\
                 \"payment_type\":\"cash\",\"receipt_image\":\"\",\"smena\":null,\"status\":\"{status}\",\"worker\":{worker}}}",
                shop.branch_id
            )
        };
        assert_eq!(told(&world, "create"), [row("active")]);
        let changes = "{\"changes\":{\"status\":{\"new\":\"inactive\",\"old\":\"active\"}}";
        assert_eq!(told(&world, "delete"), [format!("{changes},\"row\":{}}}", row("inactive"))]);
        assert_eq!(listed(&world, &shop.owner, all()), [0_i64; 0]);
        assert_eq!(listed(&world, &shop.owner, ListExpenses { statuses: vec![RowStatus::Inactive], ..all() }), [id.get()]);
        let count = |world: &World| expense_categories::detail(&world.context, &shop.owner, rent).unwrap().expense_count;
        assert_eq!(count(&world), 0);

        let back = ChangeExpense { status: Some(RowStatus::Active), ..ChangeExpense::default() };
        change(&world, &shop, id, back);
        assert_eq!((listed(&world, &shop.owner, all()), count(&world)), (vec![id.get()], 1));
    }

    fn a_receipt_is_a_picture_made_anew_or_a_document_as_it_came(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let rent = world.expense_category(&shop, "Ijara");
        let receipt_of = |id| {
            let mut found = expenses::receipt(&world.context, &shop.owner, id).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut found.file, &mut bytes).unwrap();
            (found.extension, bytes)
        };
        let put = |receipt| ChangeExpense { receipt: Some(receipt), ..ChangeExpense::default() };
        let id = world.spend(&shop, CreateExpense { receipt: Some(pdf()), ..expense(&shop, rent) }).stored.id;

        assert_eq!(receipt_of(id), ("pdf".to_owned(), pdf().0));
        change(&world, &shop, id, put(Some(picture(1))));
        let (extension, bytes) = receipt_of(id);
        assert!(extension == "jpg" && bytes.starts_with(b"\xff\xd8\xff"));
        assert_eq!(world.context.stored_files().len(), 1);
        assert_eq!(refusal(expenses::receipt(&world.context, &other.owner, id)), Refusal::NotFound);

        let html = expenses::change(&world.context, &shop.owner, id, put(Some(Upload(b"<html>".to_vec()))));
        let allowed = "JPEG, PNG, WebP, PDF";
        assert_eq!(refusal(html), Refusal::field("receipt_image", FieldProblem::WrongFile { allowed }));
        change(&world, &shop, id, put(None));
        assert_eq!(refusal(expenses::receipt(&world.context, &shop.owner, id)), Refusal::NotFound);
        assert_eq!(world.context.stored_files(), [""; 0]);
    }

    fn a_receipt_is_swept_only_when_no_expense_names_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        world.spend(&shop, CreateExpense { receipt: Some(pdf()), ..expense(&shop, rent) });
        let lost = world.spend(&shop, CreateExpense { receipt: Some(pdf()), ..expense(&shop, rent) }).stored.id;
        world.database.execute(&format!("UPDATE expenses SET receipt_file = '' WHERE id = {lost}"));
        world.clock.advance(TimeDelta::hours(2));

        world.runner(&Mailbox::default()).run_due_jobs().unwrap();

        let named = world.database.lines("SELECT 'receipts/' || receipt_file AS line FROM expenses WHERE receipt_file <> ''");
        assert_eq!((world.context.stored_files(), named.len()), (named, 1));
    }

    fn an_expense_that_fails_anywhere_leaves_neither_row_nor_file(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");

        let command = CreateExpense { receipt: Some(picture(1)), ..expense(&shop, rent) };
        let create = || expenses::create(&world.context, &shop.owner, command.clone(), &Unkeyed);
        let (created, of_create) = world.fails_at_every_statement(create);
        world.fails_at_every_file_step(create);
        let id = created.stored.id;
        let put = ChangeExpense { receipt: Some(Some(pdf())), amount: Some(money("7")), ..ChangeExpense::default() };
        let (_, of_change) = world.fails_at_every_statement(|| expenses::change(&world.context, &shop.owner, id, put.clone()));
        let (_, of_delete) = world.fails_at_every_statement(|| expenses::put_aside(&world.context, &shop.owner, id));
        let make = || expense_categories::create(&world.context, &shop.owner, CreateExpenseCategory { name: "Suv".to_owned() }, &Unkeyed);
        let (_, of_category) = world.fails_at_every_statement(make);
        let (_, of_rename) = world.fails_at_every_statement(|| expense_categories::change(&world.context, &shop.owner, rent, categories::rename("Ijaralar")));

        for statements in [of_create, of_change, of_delete, of_category, of_rename] {
            assert!(statements >= 3, "only {statements} statements");
        }
    }

    fn expenses_are_found_by_all_that_is_said_of_them(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let manager = world.hire(&shop, Role::Manager);
        let [rent, tax] = ["Ijara", "Soliq"].map(|name| world.expense_category(&shop, name));
        world.spend(&shop, CreateExpense { description: "Mart oyi uchun".to_owned(), ..expense(&shop, rent) });
        world.spend(&shop, CreateExpense { day: day("2026-03-13"), amount: money("5"), ..expense(&shop, tax) });
        let card = CreateExpense { payment_type: Tender::Card, amount: money("70"), ..expense(&shop, rent) };
        expenses::create(&world.context, &manager, card, &Unkeyed).unwrap();
        let worker = manager.worker.as_ref().unwrap().id;
        let found = |query| listed(&world, &shop.owner, query);

        assert_eq!(found(all()), [2, 3, 1]);
        assert_eq!(found(ListExpenses { category: Some(rent), ..all() }), [3, 1]);
        assert_eq!(found(ListExpenses { branch: Some(shop.branch_id), ..all() }), [2, 3, 1]);
        assert_eq!(found(ListExpenses { branch: Some(LocationId::new(99)), ..all() }), [0_i64; 0]);
        assert_eq!(found(ListExpenses { worker: Some(worker), ..all() }), [3]);
        assert_eq!(found(ListExpenses { payment_type: Some(Tender::Card), ..all() }), [3]);
        assert_eq!(found(ListExpenses { shift: Some(ShiftId::new(1)), ..all() }), [0_i64; 0]);
        assert_eq!(found(during(Some("2026-03-13"), None, None)), [2]);
        assert_eq!(found(during(None, Some("2026-03-13"), None)), [2]);
        assert_eq!(found(during(None, None, Some("2026-03-12"))), [3, 1]);
        assert_eq!(found(ListExpenses { search: "МАРТ".to_owned(), ..all() }), [1]);
        assert_eq!(found(ListExpenses { search: "oy".to_owned(), ..all() }), [1]);
        assert_eq!(found(ListExpenses { search: "yi".to_owned(), ..all() }), [0_i64; 0]);
        assert_eq!(found(ListExpenses { sort: vec![SortBy::ascending(ExpenseColumn::Amount)], ..all() }), [2, 3, 1]);
        assert_eq!(found(ListExpenses { sort: vec![SortBy::descending(ExpenseColumn::Amount)], ..all() }), [1, 3, 2]);
        let empty = during(None, Some("2026-03-13"), Some("2026-03-12"));
        assert_eq!(refusal(expenses::list(&world.context, &shop.owner, empty)), Refusal::field("date_from", FieldProblem::EmptyPeriod));
    }

    fn changes_at_once_of_one_expense_follow_each_other(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let rent = world.expense_category(&shop, "Ijara");
        let id = world.spend(&shop, expense(&shop, rent)).stored.id;
        let retries = world.database.probe().retries();

        at_once(8, |number| {
            let command = match number % 4 {
                0 => ChangeExpense { status: Some(RowStatus::Inactive), ..ChangeExpense::default() },
                1 => ChangeExpense { receipt: Some(Some(pdf())), ..ChangeExpense::default() },
                2 => ChangeExpense { status: Some(RowStatus::Active), ..ChangeExpense::default() },
                _ => ChangeExpense { amount: Some(money(&(number + 1).to_string())), ..ChangeExpense::default() },
            };
            change(&world, &shop, id, command)
        });

        let view = expenses::detail(&world.context, &shop.owner, id).unwrap();
        assert_eq!(world.context.stored_files(), [format!("receipts/{}", view.stored.expense.receipt_file)]);
        assert!([money("4"), money("8")].contains(&view.stored.expense.amount));
        // What each entry calls new is what the next one calls old.
        let amounts = world.database.lines(
            "SELECT details AS line FROM audit_entries WHERE subject_type = 'expense' AND details LIKE '%\"amount\":{%' ORDER BY id",
        );
        let first = &amounts[0];
        assert!(first.contains("\"old\":\"10000.00\""), "{first}");
        assert_eq!(amounts.len(), 2);
        assert_eq!(world.database.probe().retries(), retries);
    }
}
