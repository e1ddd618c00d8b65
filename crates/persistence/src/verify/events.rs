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
        OUTBOX.counted(
            "payments",
            "one event tells that the money is here, none before and none of late money",
            ("payment", "payment.succeeded"),
            (
                "status",
                "CASE WHEN document.status IN ('success', 'refunded') AND NOT document.is_late THEN 1 ELSE 0 END",
            ),
        ),
        OUTBOX.once_where(
            "payments",
            "one event tells that the provider gave it up, none unless it did",
            ("payment", "payment.failed"),
            in_state("failed"),
        ),
        OUTBOX.once_where(
            "payments",
            "one event tells that the money went back, none unless it did",
            ("payment", "payment.refunded"),
            in_state("refunded"),
        ),
        OUTBOX.real("payments", "the payment that an event names exists", "payment"),
        OUTBOX.real("deliveries", "the delivery that an event names exists", "delivery"),
        OUTBOX.once(
            "prescriptions",
            "one event tells that it was shown",
            ("prescription", "prescription.submitted"),
        ),
        OUTBOX.once_where(
            "prescriptions",
            "one event tells that it was approved, none without that",
            ("prescription", "prescription.approved"),
            in_state("approved"),
        ),
        // One that its order's cancel closed has no reviewer, and the cancel has an event of its own.
        OUTBOX.counted(
            "prescriptions",
            "one event tells that somebody rejected it, none without that",
            ("prescription", "prescription.rejected"),
            (
                "status",
                "CASE WHEN document.status = 'rejected' AND document.reviewed_by IS NOT NULL THEN 1 ELSE 0 END",
            ),
        ),
        OUTBOX.real(
            "prescriptions",
            "the prescription that an event names exists",
            "prescription",
        ),
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
        dispatched(
            "each event that somebody is told of has one message to the lists of who is told",
            (
                "'order.created', 'order.status_changed', 'order.paid', 'order.delivered', 'order.cancelled', \
                 'prescription.approved', 'prescription.rejected', 'delivery.assigned', 'payment.late_money', 'payment.doubtful', \
                 'payment.reversal_failed', 'payment.fiscal_failed', 'payment.differs'",
                "notices",
            ),
        ),
        dispatched(
            "each question to Click has one message",
            (
                "'payment.reversal_requested', 'payment.status_questioned', 'payment.fiscal_due'",
                "click",
            ),
        ),
        dispatched(
            "each wish for a new password has one letter",
            ("'account.reset_requested'", "email"),
        ),
        dispatched(
            "each code that somebody asked for has one message that its texts are made of",
            ("'account.code_requested'", "codes"),
        ),
        dispatched(
            "each phone that is told of its account has one short message",
            ("'account.known'", "sms"),
        ),
        Rule::new(
            "notifications",
            "a short message has one message to its provider, a row of a list none",
            "SELECT note.id, CASE note.channel WHEN 'sms' THEN 1 ELSE 0 END AS expected, COUNT(dispatch.id) AS found \
             FROM notifications AS note LEFT JOIN outbox_dispatches AS dispatch ON dispatch.notification_id = note.id \
                AND dispatch.outbox_id = note.event_id AND dispatch.sink = note.channel \
             GROUP BY note.id, note.channel",
        ),
        Rule::new(
            "notifications",
            "a short message stands where the message to its provider stands",
            "SELECT note.id, CASE dispatch.status WHEN 'sent' THEN 'sent' WHEN 'dismissed' THEN 'cancelled' \
                WHEN 'waiting' THEN 'open' WHEN 'leased' THEN 'open' ELSE 'failed' END AS expected, \
                CASE WHEN note.status IN ('pending', 'processing') THEN 'open' ELSE note.status END AS found \
             FROM notifications AS note JOIN outbox_dispatches AS dispatch ON dispatch.notification_id = note.id",
        ),
    ]
}

/// Each of these events has one message of its own to the sink.
fn dispatched(says: &'static str, (events, sink): (&str, &str)) -> Rule {
    let sql = format!(
        "SELECT event.id, 1 AS expected, COUNT(dispatch.id) AS found \
         FROM outbox AS event LEFT JOIN outbox_dispatches AS dispatch ON dispatch.outbox_id = event.id \
            AND dispatch.sink = '{sink}' AND dispatch.notification_id IS NULL \
         WHERE event.event IN ({events}) GROUP BY event.id"
    );
    Rule::new("outbox", says, sql)
}
