//! The audit log: one entry for each thing that was done, and none for what was not.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        made("sales", "one audit entry tells of the sale", "sale"),
        cancelled("sales", "one audit entry tells of its cancel, none without one", "sale"),
        told("sales", "the sale that an audit entry names exists", "sale"),
        made("sale_returns", "one audit entry tells of the return", "sale_return"),
        confirmed(
            "sale_returns",
            "one audit entry tells of its confirmation, none without one",
            "sale_return",
        ),
        cancelled(
            "sale_returns",
            "one audit entry tells of its cancel, none without one",
            "sale_return",
        ),
        told(
            "sale_returns",
            "the return that an audit entry names exists",
            "sale_return",
        ),
        made("orders", "one audit entry tells of the order", "order"),
        cancelled(
            "orders",
            "one audit entry tells of its cancel, none without one",
            "order",
        ),
        told("orders", "the order that an audit entry names exists", "order"),
        made("expenses", "one audit entry tells of the expense", "expense"),
        told("expenses", "the expense that an audit entry names exists", "expense"),
        entered("shifts", "one audit entry tells of its beginning", "shift", "open"),
        Rule::new("shifts", "one audit entry tells of its end, none before it", CLOSED),
        told("shifts", "the shift that an audit entry names exists", "shift"),
        Rule::new("expenses", "its place is a branch", PLACE_OF_EXPENSE),
        Rule::new(
            "stock_movements",
            "one audit entry tells of the goods moved by hand",
            MANUAL,
        ),
        told(
            "stock_movements",
            "the movement that an audit entry names exists",
            "stock_movement",
        ),
    ]
}

const PLACE_OF_EXPENSE: &str = "SELECT expense.id, 'branch' AS expected, place.kind AS found FROM expenses AS expense \
    LEFT JOIN locations AS place ON place.store_id = expense.store_id AND place.id = expense.branch_id";

const MANUAL: &str = "SELECT movement.id, 1 AS expected, COUNT(entry.id) AS found \
    FROM stock_movements AS movement LEFT JOIN audit_entries AS entry ON entry.store_id = movement.store_id \
        AND entry.subject_type = 'stock_movement' AND entry.subject_id = movement.id \
    WHERE movement.document_type = 'manual' GROUP BY movement.id";

const CLOSED: &str = "SELECT shift.id, CASE shift.status WHEN 'closed' THEN 1 ELSE 0 END AS expected, COUNT(entry.id) AS found \
    FROM shifts AS shift LEFT JOIN audit_entries AS entry ON entry.store_id = shift.store_id \
        AND entry.subject_type = 'shift' AND entry.subject_id = shift.id AND entry.action = 'close' \
    GROUP BY shift.id, shift.status";

fn made(table: &'static str, says: &'static str, subject_type: &str) -> Rule {
    entered(table, says, subject_type, "create")
}

/// One entry of this action tells of each row.
fn entered(table: &'static str, says: &'static str, subject_type: &str, action: &str) -> Rule {
    let sql = format!(
        "SELECT document.id, 1 AS expected, COUNT(entry.id) AS found \
         FROM {table} AS document LEFT JOIN audit_entries AS entry ON entry.store_id = document.store_id \
            AND entry.subject_type = '{subject_type}' AND entry.subject_id = document.id AND entry.action = '{action}' \
         GROUP BY document.id"
    );
    Rule::new(table, says, sql)
}

fn cancelled(table: &'static str, says: &'static str, subject_type: &str) -> Rule {
    reached(table, says, subject_type, ("cancelled", "cancel"))
}

fn confirmed(table: &'static str, says: &'static str, subject_type: &str) -> Rule {
    reached(table, says, subject_type, ("confirmed", "confirm"))
}

fn reached(table: &'static str, says: &'static str, subject_type: &str, (status, action): (&str, &str)) -> Rule {
    let sql = format!(
        "SELECT document.id, CASE document.status WHEN '{status}' THEN 1 ELSE 0 END AS expected, \
            COUNT(entry.id) AS found \
         FROM {table} AS document LEFT JOIN audit_entries AS entry ON entry.store_id = document.store_id \
            AND entry.subject_type = '{subject_type}' AND entry.subject_id = document.id AND entry.action = '{action}' \
         GROUP BY document.id, document.status"
    );
    Rule::new(table, says, sql)
}

fn told(table: &'static str, says: &'static str, subject_type: &str) -> Rule {
    let sql = format!(
        "SELECT entry.id, entry.subject_id AS expected, document.id AS found \
         FROM audit_entries AS entry LEFT JOIN {table} AS document \
            ON document.store_id = entry.store_id AND document.id = entry.subject_id \
         WHERE entry.subject_type = '{subject_type}'"
    );
    Rule::new("audit_entries", says, sql)
}
