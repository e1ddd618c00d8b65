ALTER TABLE payment_logs DISABLE TRIGGER payment_logs_append_only;
DELETE FROM payment_logs WHERE event IN ('click_status', 'click_reversal');
ALTER TABLE payment_logs ENABLE TRIGGER payment_logs_append_only;
ALTER TABLE payment_logs
    DROP CONSTRAINT payment_logs_event_check,
    ADD CONSTRAINT payment_logs_event_check CHECK (event IN (
        'created', 'payme_create', 'payme_perform', 'payme_cancel', 'payme_expired', 'payme_fiscal', 'click_prepare', 'click_complete',
        'cash_received', 'completed', 'failed', 'cancelled', 'refund_requested', 'refunded', 'late_money'));
