//! What a hand can do to what the audit log and the outbox tell.

use crate::breaks::{Break, broken};

pub(crate) const BREAKS_OF_LOGS: &[Break] = &[
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'sale' AND subject_id = 1 AND action = 'create'",
        "UPDATE audit_entries SET action = 'create' WHERE subject_type = 'sale' AND subject_id = 1 AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'sale' AND subject_id = 2 AND action = 'cancel'",
        "UPDATE audit_entries SET action = 'cancel' WHERE subject_type = 'sale' AND subject_id = 2 AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET subject_id = 1 WHERE subject_type = 'sale' AND subject_id = 2 AND action = 'create'",
        "UPDATE audit_entries SET subject_id = 2 WHERE subject_type = 'sale' AND subject_id = 1 AND action = 'create' \
         AND id = (SELECT MAX(id) FROM audit_entries WHERE subject_type = 'sale' AND subject_id = 1 AND action = 'create')",
    ),
    broken(
        "UPDATE audit_entries SET action = 'update' WHERE subject_type = 'order' AND subject_id = 1 AND action = 'create'",
        "UPDATE audit_entries SET action = 'create' WHERE subject_type = 'order' AND subject_id = 1 AND action = 'update'",
    ),
    broken(
        "UPDATE audit_entries SET subject_type = 'x' WHERE subject_type = 'order' AND subject_id = 2 AND action = 'cancel'",
        "UPDATE audit_entries SET subject_type = 'order' WHERE subject_type = 'x'",
    ),
    broken(
        "UPDATE audit_entries SET subject_type = 'x' WHERE subject_type = 'stock_movement' AND subject_id = 1",
        "UPDATE audit_entries SET subject_type = 'stock_movement' WHERE subject_type = 'x'",
    ),
    broken(
        "UPDATE audit_entries SET subject_id = 999 WHERE subject_type = 'stock_movement' AND subject_id = 1",
        "UPDATE audit_entries SET subject_id = 1 WHERE subject_type = 'stock_movement' AND subject_id = 999",
    ),
    broken(
        "UPDATE audit_entries SET subject_id = 999 WHERE subject_type = 'expense' AND subject_id = 1",
        "UPDATE audit_entries SET subject_id = 1 WHERE subject_type = 'expense' AND subject_id = 999",
    ),
    broken(
        "INSERT INTO audit_entries (id, store_id, actor_name, action, subject_type, subject_id, description, details, ip, \
         user_agent, request_id, created_at) SELECT 9999, store_id, actor_name, action, subject_type, subject_id, \
         description, details, ip, user_agent, request_id, created_at FROM audit_entries \
         WHERE subject_type = 'order' AND subject_id = 2 AND action = 'cancel'",
        "UPDATE audit_entries SET subject_type = 'x' WHERE id = 9999",
    ),
    broken(
        "UPDATE outbox SET event = 'x' WHERE event = 'sale.completed' AND subject_id = 1",
        "UPDATE outbox SET event = 'sale.completed' WHERE event = 'x'",
    ),
    broken(
        "UPDATE outbox SET subject_id = 1 WHERE event = 'sale.cancelled'",
        "UPDATE outbox SET subject_id = 2 WHERE event = 'sale.cancelled'",
    ),
    broken(
        "UPDATE outbox SET event = 'sale.completed' WHERE event = 'sale.cancelled'",
        "UPDATE outbox SET event = 'sale.cancelled' WHERE event = 'sale.completed' AND subject_id = 2 \
         AND id = (SELECT MAX(id) FROM outbox WHERE event = 'sale.completed' AND subject_id = 2)",
    ),
    broken(
        "UPDATE outbox SET subject_id = 999 WHERE event = 'sale.returned' AND subject_id = 1",
        "UPDATE outbox SET subject_id = 1 WHERE event = 'sale.returned' AND subject_id = 999",
    ),
    broken(
        "UPDATE outbox SET subject_id = 3 WHERE event = 'sale.returned' AND subject_id = 1",
        "UPDATE outbox SET subject_id = 1 WHERE event = 'sale.returned' AND subject_id = 3",
    ),
    broken(
        "UPDATE outbox SET subject_id = 999 WHERE event = 'order.created' AND subject_id = 1",
        "UPDATE outbox SET subject_id = 1 WHERE event = 'order.created' AND subject_id = 999",
    ),
    broken(
        "UPDATE outbox SET event = 'order.delivered' WHERE event = 'order.cancelled' AND subject_id = 2",
        "UPDATE outbox SET event = 'order.cancelled' WHERE event = 'order.delivered' AND subject_id = 2",
    ),
    broken(
        "UPDATE outbox SET subject_id = 5 WHERE event = 'stock.changed' AND subject_id = 1",
        "UPDATE outbox SET subject_id = 1 WHERE event = 'stock.changed' AND subject_id = 5",
    ),
    broken(
        "UPDATE outbox SET subject_id = 999 WHERE event = 'stock.changed' AND subject_id = 1",
        "UPDATE outbox SET subject_id = 1 WHERE event = 'stock.changed' AND subject_id = 999",
    ),
    broken(
        "UPDATE outbox_dispatches SET sink = 'x' WHERE sink = 'notices' AND id = (SELECT MIN(id) FROM outbox_dispatches)",
        "UPDATE outbox_dispatches SET sink = 'notices' WHERE sink = 'x'",
    ),
    broken(
        "INSERT INTO notifications (id, event_id, user_id, notice_type, channel, status, message, metadata, retries, is_read, created_at, \
         updated_at) SELECT 9999, MIN(id), 1, 'order_paid', 'sms', 'pending', '', '{}', 0, FALSE, MIN(created_at), MIN(created_at) \
         FROM outbox WHERE event = 'order.created'",
        "DELETE FROM notifications WHERE id = 9999",
    ),
    broken(
        "UPDATE outbox_dispatches SET notification_id = (SELECT MIN(id) FROM notifications) WHERE sink = 'notices' \
         AND id = (SELECT MIN(id) FROM outbox_dispatches)",
        "UPDATE outbox_dispatches SET notification_id = NULL WHERE sink = 'notices'",
    ),
    broken(
        "UPDATE notifications SET status = 'failed', sent_at = NULL WHERE channel = 'sms'",
        "UPDATE notifications SET status = 'sent', sent_at = created_at WHERE channel = 'sms'",
    ),
];
