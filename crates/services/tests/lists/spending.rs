//! Expenses and their categories.

use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_persistence::on_both;
use savdo_services::expense_categories::{self, ExpenseCategoryColumn, ListExpenseCategories};
use savdo_services::expenses::{self, CreateExpense, ExpenseColumn, ListExpenses};
use savdo_services::testing::{World, expense, money};
use savdo_services::{Page, Period};

use super::{check, ids, sorts, told};

on_both! {
    fn expenses_and_their_categories_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        for number in 0..8_u32 {
            let category = world.expense_category(&shop, &format!("Xarajat {}", (number * 5) % 8));
            if number % 3 == 0 {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            let day = ["2026-03-10", "2026-03-12"][usize::from(number % 4 == 0)].parse().unwrap();
            let amount = money(["1", "2"][usize::from(number % 2 == 0)]);
            world.spend(&shop, CreateExpense { day, amount, ..expense(&shop, category) });
        }

        for sort in sorts::<ExpenseColumn>() {
            let list = |page: &Page| {
                let query = ListExpenses {
                    period: Period::default(),
                    branch: None,
                    category: None,
                    shift: None,
                    worker: None,
                    payment_type: None,
                    statuses: RowStatus::ALL.to_vec(),
                    search: String::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(expenses::list(&world.context, &shop.owner, query).unwrap(), |row| row.stored.id.get())
            };
            check(&told("expenses", &sort), list, || ());
        }
        for sort in sorts::<ExpenseCategoryColumn>() {
            let list = |page: &Page| {
                let query = ListExpenseCategories {
                    statuses: RowStatus::ALL.to_vec(),
                    search: String::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(expense_categories::list(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("categories of expenses", &sort), list, || ());
        }
    }
}
