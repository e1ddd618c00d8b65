//! Shifts: one open in a branch, and what joined them is of that branch.
//!
//! What their reports say is compared by whoever can compute one.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new("shifts", "one alone is open in its branch", ALONE),
        of_branch("sales", "shift_id", "its shift is of its branch"),
        of_branch("sales", "cancel_shift_id", "it was undone in a shift of its branch"),
        of_branch("expenses", "shift_id", "its shift is of its branch"),
    ]
}

const ALONE: &str = "SELECT MIN(shift.id) AS id, 1 AS expected, COUNT(*) AS found FROM shifts AS shift \
    WHERE shift.status = 'open' GROUP BY shift.store_id, shift.branch_id";

fn of_branch(table: &'static str, column: &str, says: &'static str) -> Rule {
    let sql = format!(
        "SELECT document.id, document.branch_id AS expected, shift.branch_id AS found \
         FROM {table} AS document LEFT JOIN shifts AS shift \
            ON shift.store_id = document.store_id AND shift.id = document.{column} \
         WHERE document.{column} IS NOT NULL"
    );
    Rule::new(table, says, sql)
}
