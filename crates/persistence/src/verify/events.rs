//! The outbox: subscribers are told of each thing that was done once, and of nothing else.

use super::Rule;
use super::logs::OUTBOX;

pub(super) fn rules() -> Vec<Rule> {
    let cancelled = "one event tells of its cancel, none without one";
    let in_state = |state| ("status", state);
    vec![
        OUTBOX.once("sales", "one event tells of the sale", ("sale", "sale.completed")),
        OUTBOX.once_where("sales", cancelled, ("sale", "sale.cancelled"), in_state("cancelled")),
        OUTBOX.real("sales", "the sale that an event names exists", "sale"),
        OUTBOX.once_where(
            "sale_returns",
            "one event tells of its confirmation, none without one",
            ("sale_return", "sale.returned"),
            in_state("confirmed"),
        ),
        OUTBOX.real("sale_returns", "the return that an event names exists", "sale_return"),
        OUTBOX.once("orders", "one event tells of the order", ("order", "order.created")),
        OUTBOX.once_where("orders", cancelled, ("order", "order.cancelled"), in_state("cancelled")),
        OUTBOX.once_where(
            "orders",
            "one event tells of its delivery, none without one",
            ("order", "order.delivered"),
            in_state("delivered"),
        ),
        OUTBOX.real("orders", "the order that an event names exists", "order"),
        OUTBOX.once_where(
            "stock_movements",
            "one event tells of goods moved by hand, none of others",
            ("stock_movement", "stock.changed"),
            ("document_type", "manual"),
        ),
        OUTBOX.real(
            "stock_movements",
            "the movement that an event names exists",
            "stock_movement",
        ),
    ]
}
