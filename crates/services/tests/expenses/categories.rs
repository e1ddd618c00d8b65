//! Categories of expenses.

use savdo_domain::access::RowStatus;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::expense_categories::{self, ChangeExpenseCategory, CreateExpenseCategory};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{World, at_once, refusal};

pub(crate) fn rename(name: &str) -> ChangeExpenseCategory {
    ChangeExpenseCategory {
        name: Some(name.to_owned()),
        status: None,
    }
}

fn with_status(status: RowStatus) -> ChangeExpenseCategory {
    ChangeExpenseCategory {
        name: None,
        status: Some(status),
    }
}

on_both! {
    fn the_name_of_a_category_is_one_among_those_in_use(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let first = world.expense_category(&shop, "Yo'l");
        let second = world.expense_category(&shop, "Soliq");
        world.expense_category(&other, "Yo'l");
        let taken = || Refusal::field("name", FieldProblem::Taken);
        let make = |name: &str| {
            expense_categories::create(&world.context, &shop.owner, CreateExpenseCategory { name: name.to_owned() }, &Unkeyed)
        };
        let alter = |id, command| expense_categories::change(&world.context, &shop.owner, id, command);

        assert_eq!(refusal(make("YO\u{2018}L")), taken());
        assert_eq!(refusal(alter(second, rename("yoʻl"))), taken());
        assert_eq!(alter(first, rename("YO'L")).unwrap().name, "YO'L");

        expense_categories::put_aside(&world.context, &shop.owner, first).unwrap();
        let third = make("Yo'l").unwrap().id;
        assert_eq!(refusal(alter(first, with_status(RowStatus::Active))), taken());
        alter(third, with_status(RowStatus::Inactive)).unwrap();
        assert_eq!(alter(first, with_status(RowStatus::Active)).unwrap().status, RowStatus::Active);
        assert_eq!(refusal(expense_categories::detail(&world.context, &other.owner, first)), Refusal::NotFound);
        assert_eq!(refusal(expense_categories::put_aside(&world.context, &other.owner, first)), Refusal::NotFound);
    }

    fn of_categories_made_at_once_under_one_name_one_is(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let retries = world.database.probe().retries();

        let made = at_once(8, |_| {
            let command = CreateExpenseCategory { name: "Ijara".to_owned() };
            expense_categories::create(&world.context, &shop.owner, command, &Unkeyed)
        });

        let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 7));
        for outcome in refused {
            assert_eq!(refusal(outcome), Refusal::field("name", FieldProblem::Taken));
        }
        assert_eq!(world.database.probe().retries(), retries);
    }
}
