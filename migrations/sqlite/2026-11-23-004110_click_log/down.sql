DROP TRIGGER payment_logs_no_update;
DROP TRIGGER payment_logs_no_delete;

CREATE TABLE payment_logs_next (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    request TEXT NOT NULL,
    response TEXT NOT NULL,
    error_message TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT payment_logs_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT payment_logs_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT payment_logs_payment_fkey FOREIGN KEY (store_id, payment_id) REFERENCES payments (store_id, id),
    CONSTRAINT payment_logs_event_check CHECK (event IN (
        'created', 'payme_create', 'payme_perform', 'payme_cancel', 'payme_expired', 'payme_fiscal', 'click_prepare', 'click_complete',
        'cash_received', 'completed', 'failed', 'cancelled', 'refund_requested', 'refunded', 'late_money'))
);

INSERT INTO payment_logs_next (id, store_id, payment_id, event, request, response, error_message, created_at)
SELECT id, store_id, payment_id, event, request, response, error_message, created_at
FROM payment_logs
WHERE event NOT IN ('click_status', 'click_reversal');

DROP TABLE payment_logs;
ALTER TABLE payment_logs_next RENAME TO payment_logs;

CREATE INDEX payment_logs_payment_index ON payment_logs (store_id, payment_id, id);

CREATE TRIGGER payment_logs_no_update BEFORE UPDATE ON payment_logs
BEGIN SELECT RAISE(ABORT, 'payment_logs is append-only'); END;
CREATE TRIGGER payment_logs_no_delete BEFORE DELETE ON payment_logs
BEGIN SELECT RAISE(ABORT, 'payment_logs is append-only'); END;
