//! What a hand can do to deliveries and payments.

use crate::breaks::{Break, broken};

pub(crate) const BREAKS_OF_DELIVERIES: &[Break] = &[
    broken(
        "UPDATE deliveries SET status = 'on_the_way' WHERE id = 1",
        "UPDATE deliveries SET status = 'ready' WHERE id = 1",
    ),
    broken(
        "UPDATE deliveries SET status = 'canceled' WHERE id = 1",
        "UPDATE deliveries SET status = 'ready' WHERE id = 1",
    ),
    broken(
        "UPDATE deliveries SET status = 'canceled' WHERE id = 2",
        "UPDATE deliveries SET status = 'delivered' WHERE id = 2",
    ),
    broken(
        "UPDATE deliveries SET courier_id = 1 WHERE id = 2",
        "UPDATE deliveries SET courier_id = 2 WHERE id = 2",
    ),
    broken(
        "UPDATE orders SET courier_id = NULL WHERE id = 1",
        "UPDATE orders SET courier_id = 2 WHERE id = 1",
    ),
    broken(
        "UPDATE delivery_history SET to_status = 'canceled' WHERE id = 1",
        "UPDATE delivery_history SET to_status = 'ready' WHERE id = 1",
    ),
    broken(
        "UPDATE payments SET amount = amount + 1 WHERE status = 'success'",
        "UPDATE payments SET amount = amount - 1 WHERE status = 'success'",
    ),
    broken(
        "UPDATE payments SET status = 'refunded' WHERE id = 3",
        "UPDATE payments SET status = 'success' WHERE id = 3",
    ),
    broken(
        "UPDATE payments SET status = 'success' WHERE id = 1",
        "UPDATE payments SET status = 'pending' WHERE id = 1",
    ),
    broken(
        "UPDATE payments SET status = 'cancelled' WHERE id = 1",
        "UPDATE payments SET status = 'pending' WHERE id = 1",
    ),
    broken(
        "UPDATE products SET order_count = order_count + 1 WHERE id = 2",
        "UPDATE products SET order_count = order_count - 1 WHERE id = 2",
    ),
    broken(
        "UPDATE outbox SET subject_id = 999 WHERE event = 'payment.succeeded'",
        "UPDATE outbox SET subject_id = 3 WHERE event = 'payment.succeeded'",
    ),
    broken(
        "UPDATE outbox SET subject_id = 999 WHERE event = 'delivery.status_changed' AND id = (SELECT MIN(id) FROM outbox \
         WHERE event = 'delivery.status_changed')",
        "UPDATE outbox SET subject_id = 2 WHERE event = 'delivery.status_changed' AND subject_id = 999",
    ),
    broken(
        "UPDATE audit_entries SET subject_id = 999 WHERE subject_type = 'delivery' AND subject_id = 1",
        "UPDATE audit_entries SET subject_id = 1 WHERE subject_type = 'delivery' AND subject_id = 999",
    ),
    broken(
        "UPDATE outbox SET event = 'order.paid' WHERE event = 'order.delivered'",
        "UPDATE outbox SET event = 'order.delivered' WHERE event = 'order.paid' AND id < (SELECT MAX(id) FROM outbox \
         WHERE event = 'order.paid')",
    ),
];
