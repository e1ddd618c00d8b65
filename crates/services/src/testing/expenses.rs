//! Expenses of a test.

use chrono::NaiveDate;
use savdo_domain::Money;
use savdo_domain::expense::Tender;
use savdo_domain::ids::ExpenseCategoryId;

use super::people::done;
use super::{Shop, World};
use crate::expense_categories::{self, CreateExpenseCategory};
use crate::expenses::{self, CreateExpense, ExpenseView};
use crate::once::Unkeyed;

/// Ten thousand in cash on the day that the world begins, in the branch of the shop.
#[must_use]
pub fn expense(shop: &Shop, category: ExpenseCategoryId) -> CreateExpense {
    CreateExpense {
        category,
        amount: Money::from_tiyin(1_000_000),
        day: NaiveDate::from_ymd_opt(2026, 3, 12).unwrap_or_default(),
        branch: Some(shop.branch_id),
        payment_type: Tender::Cash,
        description: String::new(),
        receipt: None,
    }
}

impl World {
    /// A category of a shop's expenses.
    pub fn expense_category(&self, shop: &Shop, name: &str) -> ExpenseCategoryId {
        let command = CreateExpenseCategory { name: name.to_owned() };
        done(expense_categories::create(
            &self.context,
            &shop.owner,
            command,
            &Unkeyed,
        ))
        .id
    }

    /// An expense of a shop, written down by its owner.
    pub fn spend(&self, shop: &Shop, command: CreateExpense) -> ExpenseView {
        done(expenses::create(&self.context, &shop.owner, command, &Unkeyed))
    }
}
