DELETE FROM notification_templates WHERE notice_type = 'fiscal_failed';

CREATE TABLE notification_templates_next (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT,
    notice_type TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT notification_templates_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT notification_templates_type_check CHECK (notice_type IN (
        'otp', 'password_reset', 'order_created', 'order_awaiting_prescription', 'order_awaiting_payment', 'order_paid',
        'order_preparing', 'order_ready_for_delivery', 'order_on_the_way', 'order_delivered', 'order_cancelled', 'prescription_approved', 'prescription_rejected',
        'late_money', 'payment_doubtful', 'reversal_failed', 'payment_differs')),
    CONSTRAINT notification_templates_channel_check CHECK (channel IN ('system', 'sms', 'push', 'email')),
    CONSTRAINT notification_templates_language_check CHECK (language IN ('uz', 'ru', 'en')),
    CONSTRAINT notification_templates_code_check CHECK (store_id IS NULL OR notice_type NOT IN ('otp', 'password_reset')),
    CONSTRAINT notification_templates_is_active_boolean CHECK (is_active IN (0, 1))
);

INSERT INTO notification_templates_next (id, store_id, notice_type, channel, language, text, is_active, created_at, updated_at)
SELECT id, store_id, notice_type, channel, language, text, is_active, created_at, updated_at
FROM notification_templates;

DROP TABLE notification_templates;
ALTER TABLE notification_templates_next RENAME TO notification_templates;

CREATE UNIQUE INDEX notification_templates_default_unique
    ON notification_templates (notice_type, channel, language) WHERE store_id IS NULL;
CREATE UNIQUE INDEX notification_templates_store_unique
    ON notification_templates (store_id, notice_type, channel, language) WHERE store_id IS NOT NULL;
