DELETE FROM outbox_dispatches WHERE notification_id IN (SELECT id FROM notifications WHERE notice_type = 'fiscal_failed');
DELETE FROM notifications WHERE notice_type = 'fiscal_failed';

CREATE TABLE notifications_next (
    id INTEGER PRIMARY KEY NOT NULL,
    event_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    store_id BIGINT,
    notice_type TEXT NOT NULL,
    channel TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    metadata TEXT NOT NULL,
    retries BIGINT NOT NULL,
    retried_at TIMESTAMP,
    is_read BOOLEAN NOT NULL,
    read_at TIMESTAMP,
    sent_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT notifications_once_unique UNIQUE (event_id, user_id, notice_type, channel),
    CONSTRAINT notifications_event_fkey FOREIGN KEY (event_id) REFERENCES outbox (id),
    CONSTRAINT notifications_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT notifications_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT notifications_type_check CHECK (notice_type IN (
        'otp', 'password_reset', 'order_created', 'order_awaiting_prescription', 'order_awaiting_payment', 'order_paid',
        'order_preparing', 'order_ready_for_delivery', 'order_on_the_way', 'order_delivered', 'order_cancelled', 'prescription_approved', 'prescription_rejected',
        'late_money', 'payment_doubtful', 'reversal_failed', 'payment_differs')),
    CONSTRAINT notifications_channel_check CHECK (channel IN ('system', 'sms', 'push', 'email')),
    CONSTRAINT notifications_status_check CHECK (status IN ('pending', 'processing', 'sent', 'failed', 'cancelled')),
    CONSTRAINT notifications_sent_check CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT notifications_read_check CHECK (is_read = (read_at IS NOT NULL)),

    CONSTRAINT notifications_retries_integer CHECK (typeof(retries) = 'integer'),
    CONSTRAINT notifications_is_read_boolean CHECK (is_read IN (0, 1))
);

INSERT INTO notifications_next (id, event_id, user_id, store_id, notice_type, channel, status, message, metadata, retries, retried_at, is_read, read_at, sent_at, created_at, updated_at)
SELECT id, event_id, user_id, store_id, notice_type, channel, status, message, metadata, retries, retried_at, is_read, read_at, sent_at, created_at, updated_at
FROM notifications;

DROP TABLE notifications;
ALTER TABLE notifications_next RENAME TO notifications;

CREATE INDEX notifications_user_index ON notifications (user_id, channel, id);
CREATE INDEX notifications_unread_index ON notifications (user_id, channel) WHERE NOT is_read;
CREATE INDEX notifications_failed_index ON notifications (user_id) WHERE status = 'failed';
