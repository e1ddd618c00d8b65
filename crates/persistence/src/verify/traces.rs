//! The audit log: one entry for each thing that was done, and none for what was not.

use super::Rule;
use super::logs::AUDIT;

pub(super) fn rules() -> Vec<Rule> {
    let cancelled = "one audit entry tells of its cancel, none without one";
    let in_state = |state| ("status", state);
    vec![
        AUDIT.once("sales", "one audit entry tells of the sale", ("sale", "create")),
        AUDIT.once_where("sales", cancelled, ("sale", "cancel"), in_state("cancelled")),
        AUDIT.real("sales", "the sale that an audit entry names exists", "sale"),
        AUDIT.once(
            "sale_returns",
            "one audit entry tells of the return",
            ("sale_return", "create"),
        ),
        AUDIT.once_where(
            "sale_returns",
            "one audit entry tells of its confirmation, none without one",
            ("sale_return", "confirm"),
            in_state("confirmed"),
        ),
        AUDIT.once_where(
            "sale_returns",
            cancelled,
            ("sale_return", "cancel"),
            in_state("cancelled"),
        ),
        AUDIT.real(
            "sale_returns",
            "the return that an audit entry names exists",
            "sale_return",
        ),
        AUDIT.once("orders", "one audit entry tells of the order", ("order", "create")),
        AUDIT.once_where("orders", cancelled, ("order", "cancel"), in_state("cancelled")),
        AUDIT.real("orders", "the order that an audit entry names exists", "order"),
        AUDIT.real(
            "deliveries",
            "the delivery that an audit entry names exists",
            "delivery",
        ),
        AUDIT.once(
            "expenses",
            "one audit entry tells of the expense",
            ("expense", "create"),
        ),
        AUDIT.real("expenses", "the expense that an audit entry names exists", "expense"),
        AUDIT.once("shifts", "one audit entry tells of its beginning", ("shift", "open")),
        AUDIT.once_where(
            "shifts",
            "one audit entry tells of its end, none before it",
            ("shift", "close"),
            in_state("closed"),
        ),
        AUDIT.real("shifts", "the shift that an audit entry names exists", "shift"),
        AUDIT.once_where(
            "stock_movements",
            "one audit entry tells of goods moved by hand, none of others",
            ("stock_movement", "create"),
            ("document_type", "manual"),
        ),
        AUDIT.real(
            "stock_movements",
            "the movement that an audit entry names exists",
            "stock_movement",
        ),
    ]
}
